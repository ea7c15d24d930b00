import { shardIdFor } from '../../src';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { claimShards, create, idsOf, SHARD_COUNT } from './data';
import { ManyCommands } from './many-commands';

const commands = new ManyCommands();
afterAll(async () => await commands.end());

let fixture: StoreFixture;
beforeEach(async () => {
  fixture = await openStoreFixture();
  await claimShards(fixture);
});
afterEach(async () => await fixture.close());

const timers = (...args: string[]) =>
  commands.run(['timers', ...args], { DATABASE_URL: fixture.database.storeUrl });

/** Of what was listed as JSON. */
async function listed(...args: string[]): Promise<string[]> {
  const { exitCode, stdout } = await timers('list', '--json', ...args);
  expect(exitCode).toBe(0);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line).id);
}

function at(hour: number): Date {
  return new Date(Date.UTC(2030, 0, 1, hour));
}

describe('list', () => {
  test('timers of all shards come in order of time', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `timer-${index}`);
    await create(fixture, ...ids.map((id, index) => ({ id, executeAt: at(index) })).reverse());
    expect(new Set(ids.map((id) => shardIdFor(id, SHARD_COUNT))).size).toBe(SHARD_COUNT);
    expect(await listed()).toEqual(ids);
    expect(await listed('--from', at(5).toISOString(), '--before', at(7).toISOString())).toEqual([
      'timer-5',
      'timer-6',
    ]);
  });

  test('those of a namespace come in order of ids, as their bytes are', async () => {
    const ids = ['a', 'b', 'b\uffff', 'b😀', 'ba', 'bé', 'c'];
    await create(fixture, ...ids.map((id) => ({ id })), { id: 'b', namespace: 'other' });
    expect(await listed('--namespace', 'reminders')).toEqual(['a', 'b', 'ba', 'bé', 'b\uffff', 'b😀', 'c']);
    expect(await listed('--namespace', 'reminders', '--id', 'b')).toEqual([
      'b',
      'ba',
      'bé',
      'b\uffff',
      'b😀',
    ]);
    expect(await listed('--id', 'b')).toHaveLength(6);
    expect(await listed('--namespace', 'other', '--from', 'now')).toEqual(['b']);
  });

  test('a page ends in the middle of a namespace, and the next one goes on from there', async () => {
    const ids = Array.from({ length: 300 }, (_, index) => `timer-${String(index).padStart(3, '0')}`);
    await create(fixture, ...ids.map((id) => ({ id })));
    const { stdout, stderr } = await timers('list', '--json', '--namespace', 'reminders', '--limit', '250');
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).id),
    ).toEqual(ids.slice(0, 250));
    expect(stderr).toBe('pg-timer-store: there are more than 250: --limit\n');
  });

  test('people get a table, which no id can spoil', async () => {
    await create(fixture, { id: '\u001b[31mred\nnext', namespace: '支払い' });
    const { stdout } = await timers('list');
    const [titles = '', line = '', ...rest] = stdout.split('\n');
    expect(titles).toMatch(/^due +namespace +id +shard +attempts +last error$/);
    expect(line).toMatch(/^2030-01-01 00:00:00Z +支払い +\\u001b\[31mred\\nnext +\d +0 +–$/);
    expect(rest).toEqual(['']);
  });

  test('a row that cannot be read is told of, the others are listed, and the exit code is 5', async () => {
    await create(fixture, { id: 'good' }, { id: 'spoilt' });
    await fixture.direct.query(
      `UPDATE timers SET timer_callback_timeout_seconds = NULL WHERE timer_id = 'spoilt'`,
    );
    for (const args of [[], ['--namespace', 'reminders']]) {
      const { exitCode, stdout, stderr } = await timers('list', ...args);
      expect(exitCode).toBe(5);
      expect(stdout).toContain(' good ');
      expect(stderr).toContain('Cannot read timer "spoilt"');
    }
  });

  test('SIGINT, a bad value and nothing to list', async () => {
    expect((await timers('list')).exitCode).toBe(0);
    expect((await timers('list', '--from', 'tomorrow')).stderr).toContain(
      "option '--from <time>' argument 'tomorrow'",
    );
    expect((await timers('list', '--from', '2030-01-01T00:00:00.0001Z')).exitCode).toBe(2);
    expect((await timers('list', '--namespace', '')).stderr).toContain('It must not be empty.');
    expect((await timers('list', '--limit', '0')).exitCode).toBe(2);
  });
});

test('get shows all that a timer has', async () => {
  await create(fixture, { id: 'one', payload: { order: 42 }, callbackUrl: 'https://example.com/hook' });
  const { stdout } = await timers('get', 'reminders', 'one');
  expect(stdout).toMatch(/^executeAt +2030-01-01 00:00:00Z$/m);
  expect(stdout).toMatch(/^payload +\{"order":42\}$/m);
  const json = JSON.parse((await timers('get', 'reminders', 'one', '--json')).stdout);
  expect(json).toMatchObject({
    id: 'one',
    executeAt: '2030-01-01T00:00:00.000Z',
    shardId: shardIdFor('one', SHARD_COUNT),
  });
  expect(json).not.toHaveProperty('revision');
});

test.each([[['get']], [['delete', '--yes']], [['reschedule']]])(
  '%j of a timer that is not there ends by exit code 4',
  async (args) => {
    const time = args[0] === 'reschedule' ? ['now'] : [];
    const { exitCode, stdout, stderr } = await timers(...args, 'reminders', 'none', ...time);
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
    expect(stderr).toContain('there is no timer reminders/none');
  },
);

test('delete says what it would do, and does it with --yes', async () => {
  await create(fixture, { id: 'one' });
  const asked = await timers('delete', 'reminders', 'one');
  expect(asked).toMatchObject({ exitCode: 6, stdout: '' });
  expect(asked.stderr).toContain(
    'would delete 1 timer, reminders/one, due 2030-01-01 00:00:00Z; nothing was done',
  );
  expect(await idsOf(fixture, 2)).toEqual(['one']);
  expect(await timers('delete', 'reminders', 'one', '--yes')).toEqual({
    exitCode: 0,
    stdout: 'deleted reminders/one\n',
    stderr: '',
  });
  expect(await idsOf(fixture, 2)).toEqual([]);
});

test('reschedule gives it another time, and begins its attempts anew', async () => {
  await create(fixture, { id: 'one', attempts: 7 });
  const exact = await timers('reschedule', 'reminders', 'one', '2031-02-03T04:05:06.789+01:00');
  expect(exact.stdout).toBe('reminders/one: 2030-01-01 00:00:00Z → 2031-02-03 03:05:06.789Z\n');
  const { stdout } = await timers('reschedule', 'reminders', 'one', '+90s', '--json');
  const { executeAt, attempts } = JSON.parse(stdout);
  expect(attempts).toBe(0);
  expect(Math.abs(Date.parse(executeAt) - Date.now() - 90_000)).toBeLessThan(10_000);
});
