/** The program itself, which takes seconds to start, and looks at its file every two. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { untilBlocked } from '../../test/support/blocked-statements';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database';
import { newKey } from '../src/access/api-keys';

const PROGRAM = path.join(__dirname, '../src/cli.ts');
const TAKEN_OVER = 'keys and secrets were read again';

const keys = { old: newKey(), new: newKey() };
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pg-timer-service-'));
const file = path.join(folder, 'config.json');

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
  fs.rmSync(folder, { recursive: true });
});

/** As secrets are mounted: the file is another one from one moment to the next. */
function configure(...apiKeys: { hash: string }[]): void {
  const all = apiKeys.map(({ hash }, index) => ({ name: `key-${index}`, hash, rights: ['read'] }));
  fs.writeFileSync(`${file}.new`, JSON.stringify({ shardCount: 8, port: 0, apiKeys: all }));
  fs.renameSync(`${file}.new`, file);
}

class Program {
  readonly #child: ChildProcess;
  readonly #lines: { msg: string; url?: string }[] = [];
  #onLine = () => {};

  constructor() {
    this.#child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, '--config', file], {
      env: {
        PATH: process.env['PATH'],
        PG_TIMER_DATABASE_URL: database.storeUrl,
        PG_TIMER_DRAIN_DELAY: '0s',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    createInterface(this.#child.stdout as NodeJS.ReadableStream).on('line', (line) => {
      this.#lines.push(JSON.parse(line));
      this.#onLine();
    });
  }

  /** Resolves once this was logged, since it was last waited for. */
  async logged(message: string): Promise<{ url?: string }> {
    for (;;) {
      const place = this.#lines.findIndex(({ msg }) => msg.includes(message));
      const [found] = this.#lines.splice(0, place + 1).slice(-1);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.#onLine = resolve;
      });
    }
  }

  hangUp(): void {
    this.#child.kill('SIGHUP');
  }

  async end(): Promise<number | null> {
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exited;
    return this.#child.exitCode;
  }
}

test('keys are read again by SIGHUP and when their file changes, and what is no configuration changes nothing', async () => {
  configure(keys.old);
  const program = new Program();
  const { url } = await program.logged('listens on');
  const statusOf = async ({ key }: { key: string }) => {
    const { status } = await fetch(`${url}/api/v1/timers/list`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: '{"namespace":"n"}',
    });
    return status;
  };
  expect([await statusOf(keys.old), await statusOf(keys.new)]).toEqual([200, 401]);

  configure(keys.old, keys.new);
  program.hangUp();
  await program.logged(TAKEN_OVER);
  expect([await statusOf(keys.old), await statusOf(keys.new)]).toEqual([200, 200]);

  configure({ hash: 'no hash' });
  await program.logged('the configuration is not taken over');
  expect([await statusOf(keys.old), await statusOf(keys.new)]).toEqual([200, 200]);

  configure(keys.new);
  await program.logged(TAKEN_OVER);
  expect([await statusOf(keys.old), await statusOf(keys.new)]).toEqual([401, 200]);
  expect(await program.end()).toBe(0);
});

test('a SIGTERM that comes while it starts is heard when it has started, and it leaves as ever', async () => {
  configure(keys.old);
  const other = new Client({ connectionString: database.url });
  await other.connect();
  await other.query('BEGIN; LOCK TABLE timers IN ACCESS EXCLUSIVE MODE');
  const program = new Program();
  await untilBlocked(database.url);
  const ended = program.end();
  await other.query('COMMIT');
  expect(await ended).toBe(0);
  const { rows } = await other.query('SELECT FROM timer_members');
  await other.end();
  expect(rows).toEqual([]);
});

test('it says so where nothing names a database and none is there', () => {
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', PROGRAM], {
    // Where the driver looks by itself, on this port.
    env: { PATH: process.env['PATH'], PGPORT: '1' },
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^pg-timer-service: databaseUrl is not set \(PG_TIMER_DATABASE_URL\), nor is PGHOST\. Cannot connect .*ECONNREFUSED/,
  );
});
