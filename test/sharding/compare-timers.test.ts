/** What the comparison at the end of a move sees, and that nothing is activated if it sees something. */

import { moveShard } from '../../src';
import { statementsOf } from '../../src/postgres/store-statements';
import { compareTimers } from '../../src/sharding/move/copy-timers';
import { MoveServer } from '../../src/sharding/move/move-server';
import { newTimer } from '../support/new-timer';
import { type MovingServers, moveUpTo, openMovingServers, rawShard, rawTimers } from './moving-servers';

let servers: MovingServers;
beforeAll(async () => {
  servers = await openMovingServers();
});
afterAll(async () => await servers.close());

const CHANGES = [
  `timer_execute_at = timer_execute_at + interval '1 ms'`,
  `timer_uuid = '00000000-0000-0000-0000-000000000001'`,
  `timer_id = 'timer-2'`,
  `timer_id = NULL`,
  `timer_namespace = 'other'`,
  `timer_callback_url = 'https://example.com/Callback'`,
  `timer_payload = '[1.0]'`,
  `timer_payload = 'null'`,
  `timer_payload = NULL`,
  `timer_retry_policy = '{"maxAttempts": 2}'`,
  `timer_retry_policy = 'null'`,
  `timer_callback_timeout_seconds = 31`,
  `timer_callback_timeout_seconds = NULL`,
  `timer_created_at = timer_created_at + interval '1 ms'`,
  `timer_attempts = 1`,
  `shard_version = 0`,
  `shard_owner_addr = ''`,
  `shard_claimed_at = '-infinity'`,
  `shard_metadata = 'null'`,
];

async function copiedShard() {
  const { a, b } = servers;
  const { shardId, shardVersion } = await servers.claimedShard();
  await a.store.createTimers(shardId, shardVersion, [
    newTimer({ payload: [1] }),
    newTimer({ id: 'other', executeAt: new Date('2035-01-01T00:00:00.000Z') }),
  ]);
  await moveUpTo(shardId, a, b, 'compare');
  const server = (store: typeof a.store) => new MoveServer(statementsOf('store', store), shardId, undefined);
  const counts: number[] = [];
  const compare = () => compareTimers(server(a.store), server(b.store), (count) => counts.push(count));
  return { shardId, compare, counts };
}

test('finds no difference after a copy', async () => {
  const { compare, counts } = await copiedShard();
  await compare();
  expect(counts).toEqual([2]);
});

test.each(CHANGES)('finds that on the target %s', async (change) => {
  const { shardId, compare } = await copiedShard();
  const where = `WHERE shard_id = ${shardId} AND row_type = 2 AND timer_id = 'timer-1'`;
  const { rowCount } = await servers.b.direct.query(`UPDATE timers SET ${change} ${where}`);
  expect(rowCount).toBe(1);
  await expect(compare()).rejects.toMatchObject({
    code: 'SHARD_MOVE_FAILED',
    shardId,
    retryable: false,
    reason: expect.stringContaining('2030-01-01T00:00:00'),
  });
});

test.each(['timer_payload', 'timer_retry_policy', 'shard_metadata'])(
  'finds that %s is NULL on the target, and the JSON value null on the source',
  async (column) => {
    const { a, b } = servers;
    const { shardId, compare } = await copiedShard();
    const set = (value: string) =>
      `UPDATE timers SET ${column} = ${value} WHERE shard_id = ${shardId} AND timer_id = 'timer-1'`;
    await a.direct.query(set(`'null'`));
    await b.direct.query(set('NULL'));
    await expect(compare()).rejects.toMatchObject({ code: 'SHARD_MOVE_FAILED', shardId });
  },
);

test.each([
  ['lacks a timer', `DELETE FROM timers WHERE shard_id = $1 AND timer_id = 'timer-1'`],
  ['lacks the last timer', `DELETE FROM timers WHERE shard_id = $1 AND timer_id = 'other'`],
  ['lacks all timers', 'DELETE FROM timers WHERE shard_id = $1 AND row_type = 2'],
  [
    'has one too many, before all others',
    `INSERT INTO timers (shard_id, row_type, timer_execute_at, timer_uuid)
     VALUES ($1, 2, '-infinity', '00000000-0000-0000-0000-000000000000')`,
  ],
  [
    'has one too many, after all others',
    `INSERT INTO timers (shard_id, row_type, timer_execute_at, timer_uuid)
     VALUES ($1, 2, 'infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff')`,
  ],
])('finds that the target %s', async (_, change) => {
  const { shardId, compare } = await copiedShard();
  await servers.b.direct.query(change, [shardId]);
  await expect(compare()).rejects.toMatchObject({ code: 'SHARD_MOVE_FAILED', shardId });
});

test('a target that stores other than it is told is not activated, and keeps the source complete', async () => {
  const { a, b } = servers;
  const { shardId, shardVersion } = await servers.claimedShard();
  await a.store.createTimer(shardId, shardVersion, newTimer());
  const timers = await rawTimers(a, shardId);
  await b.direct.query(
    `CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN NEW.timer_attempts := 7; RETURN NEW; END $$`,
  );
  await b.direct.query(
    `CREATE TRIGGER spoil BEFORE INSERT ON timers FOR EACH ROW WHEN (NEW.shard_id = ${shardId} AND NEW.row_type = 2)
     EXECUTE FUNCTION spoil()`,
  );
  await expect(moveShard(shardId, a.store, b.store)).rejects.toMatchObject({
    code: 'SHARD_MOVE_FAILED',
    shardId,
  });
  expect(await rawShard(b, shardId)).toMatchObject({ version: null });
  expect(await rawTimers(a, shardId)).toEqual(timers);
  await b.direct.query('DROP FUNCTION spoil CASCADE');
  await moveShard(shardId, a.store, b.store);
  expect(await rawTimers(b, shardId)).toEqual(timers);
});
