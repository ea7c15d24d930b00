import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Pool } from 'undici';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';

jest.setTimeout(120_000);

const ROOT = path.join(__dirname, '../..');
const TIMERS = 10_000;
const CALLERS = 32;
/** So many are acknowledged when one of the processes is killed. */
const KILL_AT = 3_000;

let fixture: StoreFixture;
const processes: ReminderProcess[] = [];
beforeEach(async () => {
  fixture = await openStoreFixture();
});
afterEach(async () => {
  await Promise.all(processes.splice(0).map((each) => each.kill()));
  await fixture.close();
});

/** One process of the service; what it prints is an event. */
class ReminderProcess extends EventEmitter {
  readonly child: ChildProcessWithoutNullStreams;
  readonly delivered: string[] = [];
  isKilled = false;
  #pool: Pool | undefined;

  constructor() {
    super();
    const program = path.join(ROOT, 'examples/two-processes.mts');
    this.child = spawn(process.execPath, ['--import', require.resolve('tsx'), program], {
      env: { PATH: process.env['PATH'], DATABASE_URL: fixture.database.storeUrl },
    });
    this.child.stderr.pipe(process.stderr);
    createInterface(this.child.stdout).on('line', (line) => {
      const [word, id = ''] = line.split(/[ :]+/);
      if (word === 'delivered') {
        this.delivered.push(id);
      }
      this.emit(word as string, line.split(' ').at(-1));
    });
    processes.push(this);
  }

  async listening(): Promise<void> {
    const [address] = await once(this, 'listening');
    this.#pool = new Pool(`http://${address}`, { connections: CALLERS });
  }

  /** Whether it was acknowledged. */
  async create(id: string): Promise<boolean> {
    const body = JSON.stringify({ id, executeAt: new Date().toISOString() });
    try {
      const answer = await (this.#pool as Pool).request({ method: 'POST', path: '/', body });
      await answer.body.dump();
      return answer.statusCode === 201;
    } catch {
      return false;
    }
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<number | null> {
    this.isKilled = true;
    await this.#pool?.destroy();
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const closed = once(this.child, 'close');
      this.child.kill(signal);
      await closed;
    }
    return this.child.exitCode;
  }
}

// Some ten seconds: those of the killed process are its own until it has missed three beats.
test('a process is killed while 10,000 timers are created, and each that was acknowledged is delivered', async () => {
  const [killed, survivor] = [new ReminderProcess(), new ReminderProcess()];
  await Promise.all([killed.listening(), survivor.listening()]);
  const acknowledged = new Set<string>();
  let next = 0;
  const createAll = async () => {
    for (let number = next++; number < TIMERS; number = next++) {
      const id = `timer-${number}`;
      const first = number % 2 === 0 ? killed : survivor;
      let isAcknowledged = !first.isKilled && (await first.create(id));
      while (!isAcknowledged) {
        isAcknowledged = await survivor.create(id);
      }
      acknowledged.add(id);
      if (acknowledged.size === KILL_AT) {
        void killed.kill();
      }
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, createAll));
  expect(acknowledged.size).toBe(TIMERS);

  const delivered = () => new Set([...killed.delivered, ...survivor.delivered]);
  while (delivered().size < TIMERS) {
    await once(survivor, 'delivered');
  }
  expect(killed.delivered.length).toBeGreaterThan(0);
  expect(await survivor.kill('SIGTERM')).toBe(0);
  const { rows } = await fixture.direct.query('SELECT FROM timers WHERE row_type = 2');
  expect(rows).toEqual([]);
  // Once more at most: what was under way at the kill, and a create that was made again.
  expect(killed.delivered.length + survivor.delivered.length).toBeLessThanOrEqual(TIMERS + 1_000 + CALLERS);
});
