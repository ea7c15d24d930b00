import { newTimer } from '../support/new-timer';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { ManyCommands } from './many-commands';

const commands = new ManyCommands();
afterAll(async () => await commands.end());

let fixture: StoreFixture;
beforeEach(async () => {
  fixture = await openStoreFixture();
});
afterEach(async () => await fixture.close());

const env = () => ({ DATABASE_URL: fixture.database.storeUrl });

/** Two timers in shard 0, one of them due for an hour; a dead one in shard 1; nobody has ever used shard 2. */
async function fill(): Promise<void> {
  const { store } = fixture;
  for (const shardId of [0, 1]) {
    await store.claimShardOwnership(shardId, `host-${shardId}:7000`);
  }
  await store.updateShardMetadata(0, 1, { shardCount: 3 });
  const anHourAgo = new Date(Date.now() - 3_600_000);
  await store.createTimers(0, 1, [newTimer({ id: 'due', executeAt: anHourAgo }), newTimer({ id: 'later' })]);
  await store.createTimer(1, 1, newTimer({ id: 'dead', executeAt: anHourAgo }));
  const timer = await store.getTimer(1, 'reminders', 'dead');
  if (timer === null) throw new Error('it was just created');
  const dead = { outcome: 'dead', firstAttemptAt: null, attempts: 1, lastError: 'no' } as const;
  await store.settleTimers([{ shardId: 1, shardVersion: 1, timer, ...dead }]);
}

test('each shard of the data has a line, and the last one is the total', async () => {
  await fill();
  const { exitCode, stdout, stderr } = await commands.run(['shards'], env());
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const claimed = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{3})?Z`;
  expect(stdout.split('\n')).toEqual([
    expect.stringMatching(/^shard +owner +version +claimed +backlog +due +late +dead$/),
    expect.stringMatching(new RegExp(`^ +0  host-0:7000 +1  ${claimed} +2 +1 +1.0 h +0$`)),
    expect.stringMatching(new RegExp(`^ +1  host-1:7000 +1  ${claimed} +0 +0 +– +1$`)),
    expect.stringMatching(/^ +2 {2}– +– {2}– +0 +0 +– +0$/),
    expect.stringMatching(/^total +2 +1 +1.0 h +1$/),
    '',
  ]);
});

test('--json has the same, with times and milliseconds', async () => {
  await fill();
  const { stdout } = await commands.run(['shards', '--json'], env());
  const { shardCount, countedUpTo, shards, totals } = JSON.parse(stdout);
  expect({ shardCount, countedUpTo }).toEqual({ shardCount: 3, countedUpTo: 10_000 });
  expect(shards[0]).toMatchObject({
    shardId: 0,
    ownerAddr: 'host-0:7000',
    shardVersion: 1,
    backlog: 2,
    due: 1,
  });
  expect(shards[2]).toMatchObject({
    ownerAddr: null,
    shardVersion: null,
    isMoved: false,
    nextExecuteAt: null,
  });
  expect(totals.oldestLatenessMs).toBeGreaterThanOrEqual(3_600_000);
});

test('beyond 10,000 it counts no further, unless --exact', async () => {
  const timers = Array.from({ length: 10_001 }, (_, index) => newTimer({ id: `timer-${index}` }));
  await fixture.store.createTimersNoLock(0, timers);
  const lines = async (...args: string[]) =>
    (await commands.run(['shards', '--shards', '1', ...args], env())).stdout;
  expect(await lines()).toMatch(/ 10,000\+ .*\ntotal .* 10,000\+ /);
  expect(await lines('--exact')).toMatch(/ 10,001 .*\ntotal .* 10,001 /);
});

test('a shard that is sealed is told from one that nobody owns', async () => {
  await fill();
  await fixture.direct.query('UPDATE timers SET shard_version = NULL WHERE shard_id = 1 AND row_type = 1');
  const { stdout } = await commands.run(['shards'], env());
  expect(stdout).toMatch(/^ +1 +\(moved, or moving\) +– /m);
});

test('the number of shards comes from the data; another one is refused', async () => {
  const unsaid = await commands.run(['shards'], env());
  expect(unsaid).toMatchObject({ exitCode: 2, stdout: '' });
  expect(unsaid.stderr).toContain('say so by --shards N');
  await fill();
  const other = await commands.run(['shards', '--shards', '4'], env());
  expect(other).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: 'pg-timer-store: --shards must be 3, which the data was made with, not 4\n',
  });
});

test('an owner address does nothing to a terminal', async () => {
  await fixture.store.claimShardOwnership(0, '\u001b[2Jhost\r\n');
  const { stdout } = await commands.run(['shards', '--shards', '1'], env());
  expect(stdout).toContain('\\u001b[2Jhost\\r\\n');
});
