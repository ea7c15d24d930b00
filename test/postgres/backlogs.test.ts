import { readBacklogs } from '../../src';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await openStoreFixture();
});
afterAll(async () => await fixture.close());

test.each([
  ['shardIds', 7, 1],
  ['shardIds[1]', [0, 0.5], 1],
  ['shardIds[0]', ['1'], 1],
  ['shardIds[0]', [2 ** 31], 1],
  ['limit', [0], 0],
  ['limit', [0], 0.5],
  ['limit', [0], null],
  ['limit', [0], 2 ** 31],
])('readBacklogs refuses a wrong %s by name: %j, %j', async (argument, shardIds, limit) => {
  const reading = readBacklogs(fixture.store, shardIds as number[], limit as number);
  await expect(reading).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', argument });
});

test('readBacklogs reads the shards that it was given, whatever becomes of the list', async () => {
  const shardIds = Array.from({ length: 40 }, (_, index) => index);
  const reading = readBacklogs(fixture.store, shardIds, 10);
  shardIds.fill(7);
  const { shards } = await reading;
  expect(shards.map(({ shardId }) => shardId)).toEqual(Array.from({ length: 40 }, (_, index) => index));
});

test.each(['10000-01-01 00:00:00+00', '294276-12-31 23:59:59+00', 'infinity'])(
  'readBacklogs expects nothing of a row whose time no timer has: %s',
  async (executeAt) => {
    const { shardId } = await fixture.claimedShard();
    await fixture.direct.query(
      'INSERT INTO timers (shard_id, row_type, timer_execute_at, timer_uuid) VALUES ($1, 2, $2, gen_random_uuid())',
      [shardId, executeAt],
    );
    const { shards } = await readBacklogs(fixture.store, [shardId], 10);
    expect(shards).toMatchObject([{ backlog: 1, due: 0, oldestLatenessMs: 0, nextExecuteAt: null }]);
  },
);
