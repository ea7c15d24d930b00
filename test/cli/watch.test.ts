import { once } from 'node:events';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { CommandLine, run } from './command-line';
import { claimShards, create, createDead } from './data';

let fixture: StoreFixture;
beforeEach(async () => {
  fixture = await openStoreFixture();
  await claimShards(fixture);
});
afterEach(async () => await fixture.close());

const env = () => ({ DATABASE_URL: fixture.database.storeUrl });

// Two looks, a second apart.
test('each look is a line, with rates from the second one on', async () => {
  await create(fixture, { id: 'due', executeAt: new Date(Date.now() - 3_600_000) }, { id: 'later' });
  await createDead(fixture, 'dead', 'x');
  const { exitCode, stdout, stderr } = await run(['watch', '--interval', '1', '--count', '2'], env());
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const lines = stdout.trim().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^time +backlog +due +late +dead +created\/s +changed\/s +deleted\/s$/);
  expect(lines[1]).toMatch(/Z +2 +1 +1\.0 h +1 +– +– +–$/);
  expect(lines[2]).toMatch(/Z +2 +1 +1\.0 h +1 +\d+ +\d+ +\d+$/);
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
});

test('--json writes an object each', async () => {
  const { stdout } = await run(['watch', '--count', '1', '--json'], env());
  expect(JSON.parse(stdout)).toEqual({
    now: expect.stringMatching(/Z$/),
    countedUpTo: 10_000,
    backlog: 0,
    due: 0,
    dead: 0,
    oldestLatenessMs: 0,
    createdPerSecond: null,
    changedPerSecond: null,
    deletedPerSecond: null,
  });
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s is how it ends', async (signal) => {
  const line = new CommandLine(['watch', '--interval', '3600'], env());
  await once(line.child.stdout, 'data');
  line.child.kill(signal);
  expect(await line.end()).toMatchObject({ exitCode: 0, stderr: '' });
});

// Looks are a second apart.
test('a database that cannot be used for now is said, and looked at again', async () => {
  const { direct, database } = fixture;
  const line = new CommandLine(['watch', '--interval', '1', '--json'], env());
  await once(line.child.stdout, 'data');
  await direct.query('ALTER TABLE timers RENAME TO away');
  await once(line.child.stderr, 'data');
  await direct.query('ALTER TABLE away RENAME TO timers');
  await once(line.child.stdout, 'data');
  line.child.kill('SIGINT');
  expect(await line.end()).toMatchObject({ exitCode: 0 });
  expect(database.name).toBeDefined();
});
