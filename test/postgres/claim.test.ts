import { cursorAtEndOf, type ShardClaim, ShardConditionFailedError, UnreadableRowError } from '../../src';
import { untilBlocked } from '../support/blocked-statements';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await openStoreFixture();
});
afterAll(async () => await fixture.close());

const OFFSET = {
  committedOffset: {
    executeAt: new Date('2026-03-08T06:59:59.999Z'),
    uuid: '6f9619ff-8b86-4011-b42d-00c04fc964ff',
  },
};

describe('the first claim of a shard', () => {
  test('makes version 1, without a previous owner and with empty metadata', async () => {
    const claim = await fixture.store.claimShardOwnership(1001, 'host-a:7000');
    expect(claim).toEqual({
      previous: null,
      current: {
        shardId: 1001,
        ownerAddr: 'host-a:7000',
        shardVersion: 1,
        metadata: {},
        claimedAt: expect.any(Date),
      },
    });
    expect(await fixture.store.getShard(1001)).toEqual(claim.current);
  });

  test('is stamped with the clock of the server, rounded down to a millisecond', async () => {
    const { rows: before } = await fixture.direct.query('SELECT extract(epoch FROM now()) * 1000 AS ms');
    const { current } = await fixture.store.claimShardOwnership(1002, 'host-a:7000');
    const { rows: after } = await fixture.direct.query('SELECT extract(epoch FROM now()) * 1000 AS ms');
    expect(current.claimedAt.getTime()).toBeGreaterThanOrEqual(Math.floor(Number(before[0].ms)));
    expect(current.claimedAt.getTime()).toBeLessThanOrEqual(Number(after[0].ms));
  });
});

describe('the next claim', () => {
  test('adds one to the version and returns the previous owner exactly', async () => {
    const first = await fixture.store.claimShardOwnership(1003, 'host-a:7000');
    const second = await fixture.store.claimShardOwnership(1003, 'host-b:7000');
    expect(second.previous).toEqual(first.current);
    expect(second.current).toMatchObject({ ownerAddr: 'host-b:7000', shardVersion: 2 });
  });

  test('by the same owner is a new version too', async () => {
    const first = await fixture.store.claimShardOwnership(1004, 'host-a:7000');
    const second = await fixture.store.claimShardOwnership(1004, 'host-a:7000');
    expect(second.previous).toEqual(first.current);
    expect(second.current.shardVersion).toBe(2);
  });

  test('keeps the metadata, and shows it in both the previous and the current owner', async () => {
    const first = await fixture.store.claimShardOwnership(1005, 'host-a:7000');
    await fixture.store.updateShardMetadata(1005, 1, OFFSET);
    const second = await fixture.store.claimShardOwnership(1005, 'host-b:7000');
    expect(second.previous).toEqual({ ...first.current, metadata: OFFSET });
    expect(second.current.metadata).toEqual(OFFSET);
  });

  test('returns the metadata that the previous owner committed while the claim was waiting', async () => {
    await fixture.store.claimShardOwnership(1006, 'host-a:7000');
    await fixture.direct.query('BEGIN');
    await fixture.direct.query(
      'UPDATE timers SET shard_metadata = $1 WHERE shard_id = 1006 AND row_type = 1 AND shard_version = 1',
      [JSON.stringify(OFFSET)],
    );
    const claiming = fixture.store.claimShardOwnership(1006, 'host-b:7000');
    await untilBlocked(fixture.database.url);
    await fixture.direct.query('COMMIT');
    const { previous, current } = await claiming;
    expect(previous?.metadata).toEqual(OFFSET);
    expect(current.metadata).toEqual(OFFSET);
  });

  test('takes over a version that only a bigint holds', async () => {
    await fixture.store.claimShardOwnership(1007, 'host-a:7000');
    await fixture.direct.query('UPDATE timers SET shard_version = 4294967296 WHERE shard_id = 1007');
    const { current } = await fixture.store.claimShardOwnership(1007, 'host-b:7000');
    expect(current.shardVersion).toBe(4294967297);
  });
});

describe('racing claims', () => {
  test.each(['a new shard', 'a claimed shard'])('of %s have one winner for each version', async (kind) => {
    const shardId = kind === 'a new shard' ? 1010 : 1011;
    const firstVersion = kind === 'a new shard' ? 1 : 2;
    if (kind === 'a claimed shard') {
      await fixture.store.claimShardOwnership(shardId, 'first');
    }
    const racers = await Promise.allSettled(
      Array.from({ length: 16 }, (_, index) => fixture.store.claimShardOwnership(shardId, `racer-${index}`)),
    );
    const won = racers.flatMap((racer) => (racer.status === 'fulfilled' ? [racer.value] : []));
    const lost = racers.flatMap((racer) => (racer.status === 'rejected' ? [racer.reason] : []));
    won.sort((a: ShardClaim, b: ShardClaim) => a.current.shardVersion - b.current.shardVersion);

    expect(won.length).toBeGreaterThan(0);
    expect(won.map((claim) => claim.current.shardVersion)).toEqual(
      won.map((_, index) => firstVersion + index),
    );
    for (const [index, claim] of won.entries()) {
      if (index > 0) {
        expect(claim.previous).toEqual(won[index - 1]?.current);
      }
    }
    for (const error of lost) {
      expect(error).toBeInstanceOf(ShardConditionFailedError);
      expect(error).toMatchObject({ shardId, retryable: false });
    }
    expect(await fixture.store.getShard(shardId)).toEqual(won.at(-1)?.current);
  });

  test('that saw the same version: the second fails and says which version it saw', async () => {
    await fixture.store.claimShardOwnership(1012, 'first');
    await fixture.direct.query('BEGIN');
    await fixture.direct.query('UPDATE timers SET shard_version = 2 WHERE shard_id = 1012 AND row_type = 1');
    const claiming = fixture.store.claimShardOwnership(1012, 'second');
    await untilBlocked(fixture.database.url);
    await fixture.direct.query('COMMIT');
    await expect(claiming).rejects.toMatchObject({
      code: 'SHARD_CONDITION_FAILED',
      shardId: 1012,
      expectedVersion: 1,
    });
    expect(await fixture.store.getShard(1012)).toMatchObject({ ownerAddr: 'first', shardVersion: 2 });
  });
});

describe('the metadata of a shard', () => {
  test('is replaced as a whole, and an empty one clears the offset', async () => {
    const { shardId, shardVersion } = await fixture.claimedShard();
    await fixture.store.updateShardMetadata(shardId, shardVersion, OFFSET);
    expect((await fixture.store.getShard(shardId))?.metadata).toEqual(OFFSET);
    await fixture.store.updateShardMetadata(shardId, shardVersion, {});
    expect((await fixture.store.getShard(shardId))?.metadata).toEqual({});
  });

  test('keeps an offset at the end of a millisecond', async () => {
    const { shardId, shardVersion } = await fixture.claimedShard();
    const metadata = { committedOffset: cursorAtEndOf(new Date('2026-11-01T05:30:00.001Z')) };
    await fixture.store.updateShardMetadata(shardId, shardVersion, metadata);
    expect((await fixture.store.getShard(shardId))?.metadata).toEqual(metadata);
  });

  test.each([
    ['null', null],
    ['an array', []],
    ['an offset that is a string', { committedOffset: 'yesterday' }],
    ['an offset without a uuid', { committedOffset: { executeAt: '2026-01-01T00:00:00.000Z' } }],
    [
      'a time with microseconds',
      { committedOffset: { ...OFFSET.committedOffset, executeAt: '2026-01-01T00:00:00.123456Z' } },
    ],
    [
      'a time without a zone',
      { committedOffset: { ...OFFSET.committedOffset, executeAt: '2026-01-01T00:00:00.000' } },
    ],
    ['no time at all', { committedOffset: { ...OFFSET.committedOffset, executeAt: 'soon' } }],
    ['a broken uuid', { committedOffset: { executeAt: '2026-01-01T00:00:00.000Z', uuid: 'x' } }],
  ])('that another program wrote as %s is an error, never an offset of zero', async (_, stored) => {
    const { shardId } = await fixture.claimedShard();
    await fixture.direct.query('UPDATE timers SET shard_metadata = $2 WHERE shard_id = $1', [
      shardId,
      JSON.stringify(stored),
    ]);
    await expect(fixture.store.getShard(shardId)).rejects.toBeInstanceOf(UnreadableRowError);
    await expect(fixture.store.claimShardOwnership(shardId, 'next')).rejects.toMatchObject({
      code: 'UNREADABLE_ROW',
      shardId,
    });
  });
});

test.each([
  ['shard_version = 9007199254740992', 'its version'],
  ['shard_version = NULL', 'its version'],
  ['shard_owner_addr = NULL', 'its owner'],
  ['shard_claimed_at = NULL', 'the time of its claim'],
  [`shard_claimed_at = 'infinity'`, 'the time of its claim'],
  [`shard_claimed_at = '-infinity'`, 'the time of its claim'],
  [`shard_claimed_at = '294276-12-31'`, 'the time of its claim'],
])('a shard row in which another program set %s is an error that names the fault', async (change, reason) => {
  const { shardId } = await fixture.claimedShard();
  await fixture.direct.query(`UPDATE timers SET ${change} WHERE shard_id = $1`, [shardId]);
  await expect(fixture.store.getShard(shardId)).rejects.toMatchObject({
    code: 'UNREADABLE_ROW',
    shardId,
    timer: undefined,
    reason: expect.stringContaining(reason),
  });
});

test('a shard that was never claimed is null', async () => {
  expect(await fixture.store.getShard(-2147483648)).toBeNull();
});
