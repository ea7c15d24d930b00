/** Members that are processes of their own: killed, stopped, started anew, and left to themselves. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import readline from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { PostgresMembershipOptions } from '../../src/engine';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { ObservedMember } from './observed-member';

/** A machine that stops for a moment loses none of them. */
const QUICK = { beatMs: 250, missedBeats: 6 };
const ALLOWANCE_MS = 1500;
/** It looks when somebody may have died, and not by beats of its own. */
const WATCHER = { beatMs: 60_000 };

let fixture: StoreFixture;
let watcher: ObservedMember;
const processes = new Set<MemberProcess>();
beforeAll(async () => {
  fixture = await openStoreFixture();
});
beforeEach(async () => {
  watcher = new ObservedMember(fixture.store, WATCHER);
  await watcher.membership.join('watcher', watcher);
  expect(await watcher.next()).toEqual(['watcher']);
});
afterEach(async () => {
  for (const each of processes) {
    await each.kill();
  }
  processes.clear();
  await watcher.membership.leave();
  await fixture.direct.query('DELETE FROM timer_members');
});
afterAll(async () => {
  await fixture.close();
});

class MemberProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;
  readonly #ended: Promise<unknown>;

  constructor(address: string, options: PostgresMembershipOptions, ...flags: string[]) {
    const program = path.join(__dirname, 'member-program.cjs');
    const args = [program, fixture.database.storeUrl, address, JSON.stringify(options), ...flags];
    this.#child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = readline.createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    this.#ended = once(this.#child, 'exit');
    processes.add(this);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.#ended;
  }

  async untilEnded(): Promise<unknown> {
    return await this.#ended;
  }

  /** The members that it was told next, or the name of the error by which it was lost. */
  async next(): Promise<unknown> {
    const { value } = await this.#lines.next();
    return JSON.parse(value);
  }
}

/** Two members, of which one is a process that is told of both. */
async function startOther(): Promise<MemberProcess> {
  const other = new MemberProcess('other', QUICK, '--stay');
  expect(await other.next()).toEqual(['other', 'watcher']);
  await watcher.membership.refresh();
  expect(await watcher.next()).toEqual(['other', 'watcher']);
  return other;
}

async function silenceOf(address: string): Promise<number> {
  const { rows } = await fixture.direct.query(
    `SELECT date_part('epoch', clock_timestamp() - member_beat_at) * 1000 AS ms
     FROM timer_members WHERE member_address = $1`,
    [address],
  );
  return rows[0].ms;
}

test('a process that is killed is dead when its time is over, and not long after', async () => {
  const other = await startOther();
  await other.kill();
  expect(await watcher.next()).toEqual(['watcher']);
  const silence = await silenceOf('other');
  expect(silence).toBeGreaterThanOrEqual(ALLOWANCE_MS);
  expect(silence).toBeLessThan(ALLOWANCE_MS + 5000);
});

test('a process that is stopped and goes on learns first that it was lost', async () => {
  const other = await startOther();
  other.signal('SIGSTOP');
  expect(await watcher.next()).toEqual(['watcher']);
  other.signal('SIGCONT');
  expect(await other.next()).toBe('MembershipLostError');
  expect(await other.next()).toEqual(['other', 'watcher']);
  await watcher.membership.refresh();
  expect(await watcher.next()).toEqual(['other', 'watcher']);
});

test('a process that is started anew has the address of its former self at once', async () => {
  const former = await startOther();
  await former.kill();
  const other = new MemberProcess('other', QUICK, '--stay');
  expect(await other.next()).toEqual(['other', 'watcher']);
  await watcher.membership.refresh();
  expect(watcher.events.at(-1)).toEqual(['other', 'watcher']);
});

test('a process whose address another has taken while it was stopped does not take it back', async () => {
  const former = await startOther();
  former.signal('SIGSTOP');
  const other = new MemberProcess('other', QUICK, '--stay');
  expect(await other.next()).toEqual(['other', 'watcher']);
  expect(await silenceOf('other')).toBeLessThan(ALLOWANCE_MS);
  former.signal('SIGCONT');
  // If it was stopped for as long, the first is that it was lost.
  const told = await former.next();
  expect(told === 'MembershipLostError' ? await former.next() : told).toBe('AddressTakenError');
  await watcher.membership.refresh();
  // On a machine that stops now and then, the other may have been missing in between.
  expect(watcher.events.at(-1)).toEqual(['other', 'watcher']);
});

test('membership keeps no process alive', async () => {
  const other = new MemberProcess('other', QUICK);
  expect(await other.next()).toEqual(['other', 'watcher']);
  expect(await other.untilEnded()).toEqual([0, null]);
});
