import { cursorAtEndOf, type NewTimer, type Timer, type TimerCursor, ZERO_CURSOR } from '../../src';
import { untilBlocked } from '../support/blocked-statements';
import { newTimer } from '../support/new-timer';
import { ALL, openStoreFixture, type StoreFixture } from '../support/store-fixture';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await openStoreFixture();
});
afterAll(async () => await fixture.close());

const T0 = new Date('2030-01-01T00:00:00.000Z');
const T1 = new Date('2030-01-01T00:00:00.001Z');
const T2 = new Date('2030-01-01T00:00:00.002Z');
const T3 = new Date('2030-01-01T00:00:00.003Z');

/** uuid(n) < uuid(n + 1) */
function uuid(n: number): string {
  return `${n.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
}

/** Three timers at each of three instants. */
const NINE: NewTimer[] = [T0, T1, T2].flatMap((executeAt, i) =>
  [1, 2, 3].map((n) => newTimer({ id: `t${i}-u${n}`, executeAt, uuid: uuid(n) })),
);

async function shardWithNine() {
  const shard = await fixture.claimedShard();
  await fixture.store.createTimers(shard.shardId, shard.shardVersion, NINE.toReversed());
  return shard;
}

function ids(timers: readonly Timer[]): string[] {
  return timers.map((timer) => timer.id);
}

async function idsIn(shardId: number): Promise<string[]> {
  return ids(await fixture.store.rangeGetTimers(shardId, ALL, 10_000));
}

function cursorOf(timer: Timer): TimerCursor {
  return { executeAt: timer.executeAt, uuid: timer.uuid };
}

describe('a range', () => {
  test('is read in order of time, then of uuid', async () => {
    const { shardId } = await shardWithNine();
    expect(await idsIn(shardId)).toEqual(NINE.map((timer) => timer.id));
  });

  test('excludes its start and includes its end, within one instant', async () => {
    const { shardId } = await shardWithNine();
    const range = { after: { executeAt: T1, uuid: uuid(1) }, upTo: { executeAt: T1, uuid: uuid(3) } };
    expect(ids(await fixture.store.rangeGetTimers(shardId, range, 100))).toEqual(['t1-u2', 't1-u3']);
  });

  test('compares time before uuid: a later time with a lower uuid is later', async () => {
    const { shardId } = await shardWithNine();
    const range = { after: { executeAt: T0, uuid: uuid(2) }, upTo: { executeAt: T1, uuid: uuid(1) } };
    expect(ids(await fixture.store.rangeGetTimers(shardId, range, 100))).toEqual(['t0-u3', 't1-u1']);
  });

  test('from the zero cursor to the end of an instant holds all that is due by then', async () => {
    const { shardId } = await shardWithNine();
    const range = { after: ZERO_CURSOR, upTo: cursorAtEndOf(T1) };
    expect(await fixture.store.rangeGetTimers(shardId, range, 100)).toHaveLength(6);
  });

  test('after the end of an instant starts with the next one', async () => {
    const { shardId } = await shardWithNine();
    const range = { after: cursorAtEndOf(T0), upTo: cursorAtEndOf(T1) };
    expect(ids(await fixture.store.rangeGetTimers(shardId, range, 100))).toEqual(['t1-u1', 't1-u2', 't1-u3']);
  });

  test('that ends where it starts is empty', async () => {
    const { shardId } = await shardWithNine();
    const at = { executeAt: T1, uuid: uuid(2) };
    expect(await fixture.store.rangeGetTimers(shardId, { after: at, upTo: at }, 100)).toEqual([]);
  });

  test('of one shard holds no timers and no shard row of another', async () => {
    const first = await shardWithNine();
    const second = await fixture.claimedShard();
    expect(await idsIn(second.shardId)).toEqual([]);
    expect(await idsIn(first.shardId)).toHaveLength(9);
  });

  test.each([0, 1, 8, 9, 10])('is read up to a limit of %d', async (limit) => {
    const { shardId } = await shardWithNine();
    const expected = NINE.slice(0, limit).map((timer) => timer.id);
    expect(ids(await fixture.store.rangeGetTimers(shardId, ALL, limit))).toEqual(expected);
  });

  test.each([1, 2, 3, 4, 7])(
    'is read in pages of %d with no timer twice and none missing, though times are equal',
    async (pageSize) => {
      const { shardId, shardVersion } = await fixture.claimedShard();
      // The default uuids are spread at random; 60 timers share each of five instants.
      const timers = Array.from({ length: 300 }, (_, index) =>
        newTimer({ id: `timer-${index}`, executeAt: new Date(T0.getTime() + (index % 5)) }),
      );
      await fixture.store.createTimers(shardId, shardVersion, timers);
      const seen: Timer[] = [];
      let after = ZERO_CURSOR;
      for (;;) {
        const page = await fixture.store.rangeGetTimers(shardId, { ...ALL, after }, pageSize);
        seen.push(...page);
        const last = page.at(-1);
        if (last === undefined) {
          break;
        }
        after = cursorOf(last);
      }
      expect(seen).toHaveLength(300);
      expect(new Set(ids(seen)).size).toBe(300);
      expect(seen).toEqual(await fixture.store.rangeGetTimers(shardId, ALL, 1000));
    },
  );
});

describe.each(['rangeDeleteWithLimit', 'rangeDeleteWithLimitNoLock'] as const)('%s', (method) => {
  async function rangeDelete(
    { shardId, shardVersion }: { shardId: number; shardVersion: number },
    range: typeof ALL,
    limit: number,
  ) {
    return method === 'rangeDeleteWithLimit'
      ? await fixture.store.rangeDeleteWithLimit(shardId, shardVersion, range, limit)
      : await fixture.store.rangeDeleteWithLimitNoLock(shardId, range, limit);
  }

  test.each([0, 1, 8, 9, 10])('deletes the first timers, at most %d', async (limit) => {
    const shard = await shardWithNine();
    expect(await rangeDelete(shard, ALL, limit)).toEqual({ deletedCount: Math.min(limit, 9) });
    expect(await idsIn(shard.shardId)).toEqual(NINE.slice(limit).map((timer) => timer.id));
    expect(await fixture.store.getShard(shard.shardId)).not.toBeNull();
  });

  test('excludes the start of the range and includes its end', async () => {
    const shard = await shardWithNine();
    const range = { after: { executeAt: T0, uuid: uuid(1) }, upTo: { executeAt: T2, uuid: uuid(2) } };
    expect(await rangeDelete(shard, range, 100)).toEqual({ deletedCount: 7 });
    expect(await idsIn(shard.shardId)).toEqual(['t0-u1', 't2-u3']);
  });

  test('leaves other shards alone', async () => {
    const first = await shardWithNine();
    const second = await shardWithNine();
    await rangeDelete(first, ALL, 100);
    expect(await idsIn(second.shardId)).toHaveLength(9);
  });

  test('leaves a timer alone that is moved out of the range while it waits', async () => {
    const shard = await shardWithNine();
    await fixture.direct.query('BEGIN');
    await fixture.direct.query(
      "UPDATE timers SET timer_execute_at = $2 WHERE shard_id = $1 AND timer_id = 't0-u2'",
      [shard.shardId, T3.toISOString()],
    );
    const deleting = rangeDelete(shard, { after: ZERO_CURSOR, upTo: cursorAtEndOf(T0) }, 100);
    await untilBlocked(fixture.database.url);
    await fixture.direct.query('COMMIT');
    expect(await deleting).toEqual({ deletedCount: 2 });
    expect((await idsIn(shard.shardId)).at(-1)).toBe('t0-u2');
  });

  test('several at once delete each timer once, and no more than their limits', async () => {
    const shard = await fixture.claimedShard();
    const timers = Array.from({ length: 500 }, (_, index) =>
      newTimer({ id: `timer-${index}`, executeAt: new Date(T0.getTime() + (index % 7)) }),
    );
    await fixture.store.createTimers(shard.shardId, shard.shardVersion, timers);
    const results = await Promise.all(Array.from({ length: 10 }, () => rangeDelete(shard, ALL, 30)));
    for (const { deletedCount } of results) {
      expect(deletedCount).toBeLessThanOrEqual(30);
    }
    const total = results.reduce((sum, { deletedCount }) => sum + deletedCount, 0);
    expect(await idsIn(shard.shardId)).toHaveLength(500 - total);
  });
});

describe('rangeDeleteWithBatchInsertTxn', () => {
  const RANGE = { after: ZERO_CURSOR, upTo: cursorAtEndOf(T1) };

  test('deletes the whole range and creates the timers', async () => {
    const { shardId, shardVersion } = await shardWithNine();
    const added = [newTimer({ id: 'new-1', executeAt: T3 }), newTimer({ id: 'new-2', executeAt: T0 })];
    const result = await fixture.store.rangeDeleteWithBatchInsertTxn(shardId, shardVersion, RANGE, added);
    expect(result).toEqual({ deletedCount: 6 });
    expect(await idsIn(shardId)).toEqual(['new-2', 't2-u1', 't2-u2', 't2-u3', 'new-1']);
  });

  test('keeps a timer of the range that is given again, at the same time or at another', async () => {
    const { shardId, shardVersion } = await shardWithNine();
    const again = [
      newTimer({ id: 't0-u1', executeAt: T0, uuid: uuid(1), attempts: 1 }),
      newTimer({ id: 't0-u2', executeAt: T3, uuid: uuid(2), attempts: 2 }),
      newTimer({ id: 't0-u3', executeAt: T1, uuid: uuid(1), attempts: 3 }),
    ];
    const result = await fixture.store.rangeDeleteWithBatchInsertTxn(shardId, shardVersion, RANGE, again);
    expect(result).toEqual({ deletedCount: 6 });
    const stored = await fixture.store.rangeGetTimers(shardId, ALL, 100);
    expect(stored.map((timer) => [timer.id, timer.attempts])).toEqual([
      ['t0-u1', 1],
      ['t0-u3', 3],
      ['t2-u1', 0],
      ['t2-u2', 0],
      ['t2-u3', 0],
      ['t0-u2', 2],
    ]);
  });

  test('replaces a timer from outside the range, also by moving it into the range', async () => {
    const { shardId, shardVersion } = await shardWithNine();
    const moved = [newTimer({ id: 't2-u1', executeAt: T0, uuid: uuid(9) })];
    await fixture.store.rangeDeleteWithBatchInsertTxn(shardId, shardVersion, RANGE, moved);
    expect(await idsIn(shardId)).toEqual(['t2-u1', 't2-u2', 't2-u3']);
  });

  test('without timers to insert only deletes', async () => {
    const { shardId, shardVersion } = await shardWithNine();
    const result = await fixture.store.rangeDeleteWithBatchInsertTxn(shardId, shardVersion, RANGE, []);
    expect(result).toEqual({ deletedCount: 6 });
    expect(await idsIn(shardId)).toHaveLength(3);
  });

  test('deletes nothing when an insert is refused', async () => {
    const { shardId, shardVersion } = await shardWithNine();
    const clashing = [newTimer({ id: 'new', executeAt: T2, uuid: uuid(1) })];
    await expect(
      fixture.store.rangeDeleteWithBatchInsertTxn(shardId, shardVersion, RANGE, clashing),
    ).rejects.toMatchObject({ argument: 'uuid' });
    expect(await idsIn(shardId)).toEqual(NINE.map((timer) => timer.id));
  });

  test('leaves a timer alone that is moved out of the range while it waits', async () => {
    const { shardId, shardVersion } = await shardWithNine();
    await fixture.direct.query('BEGIN');
    await fixture.direct.query(
      "UPDATE timers SET timer_execute_at = $2 WHERE shard_id = $1 AND timer_id = 't0-u2'",
      [shardId, T3.toISOString()],
    );
    const deleting = fixture.store.rangeDeleteWithBatchInsertTxn(shardId, shardVersion, RANGE, []);
    await untilBlocked(fixture.database.url);
    await fixture.direct.query('COMMIT');
    expect(await deleting).toEqual({ deletedCount: 5 });
    expect((await idsIn(shardId)).at(-1)).toBe('t0-u2');
  });
});
