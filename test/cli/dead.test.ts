import { untilBlocked } from '../support/blocked-statements';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { CommandLine } from './command-line';
import { claimShards, create, createDead, idsOf } from './data';
import { ManyCommands } from './many-commands';

const commands = new ManyCommands();
afterAll(async () => await commands.end());

let fixture: StoreFixture;
beforeEach(async () => {
  fixture = await openStoreFixture();
  await claimShards(fixture);
});
afterEach(async () => await fixture.close());

const env = () => ({ DATABASE_URL: fixture.database.storeUrl });
const dead = (...args: string[]) => commands.run(['dead', ...args], env());

test('list shows when and why each died', async () => {
  await createDead(fixture, 'one', 'connect ECONNREFUSED');
  await createDead(fixture, 'two', 'answered 500');
  const { exitCode, stdout } = await dead('list');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^died +namespace +id +due +shard +attempts +last error$/m);
  expect(stdout).toMatch(/ reminders +one .* 3 +connect ECONNREFUSED$/m);
  const json = await dead('list', '--json', '--error', 'answered');
  expect(
    json.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    { id: 'two', lastError: 'answered 500', attempts: 3, diedAt: expect.stringMatching(/^\d{4}-.*Z$/) },
  ]);
});

test('filters are joined by "and"', async () => {
  await createDead(fixture, 'a-1', 'one error');
  await createDead(fixture, 'a-2', 'another');
  await createDead(fixture, 'b-1', 'one error', 'other');
  const ids = async (...args: string[]) => {
    const { stdout } = await dead('list', '--json', ...args);
    return stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line).id);
  };
  expect(await ids('--namespace', 'reminders')).toEqual(['a-1', 'a-2']);
  expect(await ids('--id', 'a', '--error', 'one')).toEqual(['a-1']);
  expect(await ids('--since', '-1h', '--error', 'one')).toEqual(['a-1', 'b-1']);
  expect(await ids('--before', '-1h')).toEqual([]);
});

test('revive counts what it would revive, and revives it with --yes', async () => {
  await createDead(fixture, 'one', 'x');
  await createDead(fixture, 'two', 'x');
  await createDead(fixture, 'three', 'y');
  const asked = await dead('revive', '--error', 'x');
  expect(asked).toEqual({
    exitCode: 6,
    stdout: '',
    stderr: 'pg-timer-store: would revive 2 dead timers; nothing was done: --yes does it\n',
  });
  expect(await idsOf(fixture, 3)).toHaveLength(3);
  expect(await dead('revive', '--error', 'x', '--yes')).toEqual({
    exitCode: 0,
    stdout: 'revived 2 of 2\n',
    stderr: '',
  });
  expect(await idsOf(fixture, 3)).toEqual(['three']);
  expect(await idsOf(fixture, 2)).toEqual(['one', 'two']);
});

test('one is revived by its key, at a time', async () => {
  await createDead(fixture, 'one', 'x');
  await createDead(fixture, 'one-more', 'x');
  const { exitCode } = await dead('revive', 'reminders', 'one', '--at', '2030-01-01T00:00:00Z', '--yes');
  expect(exitCode).toBe(0);
  expect(await idsOf(fixture, 3)).toEqual(['one-more']);
  const { rows } = await fixture.direct.query('SELECT timer_execute_at AS at FROM timers WHERE row_type = 2');
  expect(rows).toEqual([{ at: new Date('2030-01-01T00:00:00Z') }]);
  expect(await dead('delete', 'reminders', 'one', '--yes')).toMatchObject({ exitCode: 4 });
});

test('one whose id lives again is left and named, the others are revived, and the exit code is 5', async () => {
  await createDead(fixture, 'one', 'x');
  await createDead(fixture, 'two', 'x');
  await create(fixture, { id: 'one' });
  const { exitCode, stdout, stderr } = await dead('revive', '--all', '--yes', '--json');
  expect(exitCode).toBe(5);
  expect(JSON.parse(stdout)).toEqual({ found: 2, revived: 1 });
  expect(stderr).toMatch(/^pg-timer-store: left reminders\/one: timerId is that of a living timer.*\n$/);
});

test('delete deletes many at once', async () => {
  for (let index = 0; index < 250; index++) {
    await createDead(fixture, `timer-${index}`, 'x');
  }
  await createDead(fixture, 'kept', 'y');
  expect((await dead('delete', '--error', 'x')).stderr).toContain('would delete 250 dead timers');
  expect(await dead('delete', '--error', 'x', '--yes')).toMatchObject({
    exitCode: 0,
    stdout: 'deleted 250 of 250\n',
  });
  expect(await idsOf(fixture, 3)).toEqual(['kept']);
});

test('nothing to change is no fault', async () => {
  expect(await dead('delete', '--all', '--yes')).toMatchObject({ exitCode: 0, stdout: 'deleted 0 of 0\n' });
});

test.each([
  [['revive']],
  [['revive', 'reminders']],
  [['delete', '--all', '--error', 'x']],
  [['delete', 'reminders', 'one', '--namespace', 'reminders']],
  [['delete', 'reminders', 'one', '--all']],
])('%j does not say which, or says it twice', async (args) => {
  const { exitCode, stdout, stderr } = await dead(...args, '--yes');
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain('say which dead timers');
});

test('ended in the middle, it says how many were changed', async () => {
  await createDead(fixture, 'one', 'x');
  await fixture.direct.query(`BEGIN; SELECT FROM timers WHERE timer_id = 'one' FOR UPDATE`);
  const line = new CommandLine(['dead', 'delete', '--all', '--yes'], env());
  await untilBlocked(fixture.database.url);
  line.child.kill('SIGINT');
  const { exitCode, stderr } = await line.end();
  expect({ exitCode, stderr }).toEqual({
    exitCode: 130,
    stderr: 'pg-timer-store: ended by SIGINT; 0 of 1 dead timers deleted\n',
  });
  await fixture.direct.query('ROLLBACK');
  expect(await idsOf(fixture, 3)).toEqual(['one']);
});
