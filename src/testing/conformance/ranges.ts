import { deepEqual, equal } from 'node:assert/strict';
import { cursorAtEndOf, ZERO_CURSOR } from '../../contract/cursor';
import type { NewTimer, RangeDeleteResult, TimerRange } from '../../contract/types';
import { buildTimer } from '../build-timer';
import { ALL, type ClaimedShard, rejectsWith, type Suite } from './suite';

const [T0, T1, T2, T3] = [0, 1, 2, 3].map((ms) => new Date(Date.UTC(2030, 0) + ms)) as [
  Date,
  Date,
  Date,
  Date,
];

/** uuid(n) is before uuid(n + 1). */
function uuid(n: number): string {
  return `${n.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
}

/** Three timers at each of three instants, in order. */
const NINE: readonly NewTimer[] = [T0, T1, T2].flatMap((executeAt, i) =>
  [1, 2, 3].map((n) => buildTimer({ id: `t${i}-u${n}`, executeAt, uuid: uuid(n) })),
);
const NINE_IDS = NINE.map(({ id }) => id);

/** Ranges of those nine, and what is in them. */
const RANGES: readonly (readonly [what: string, range: TimerRange, ids: readonly string[]])[] = [
  ['all', ALL, NINE_IDS],
  [
    'without its start, and with its end',
    { after: { executeAt: T1, uuid: uuid(1) }, upTo: { executeAt: T1, uuid: uuid(3) } },
    ['t1-u2', 't1-u3'],
  ],
  [
    'by time before uuid',
    { after: { executeAt: T0, uuid: uuid(2) }, upTo: { executeAt: T1, uuid: uuid(1) } },
    ['t0-u3', 't1-u1'],
  ],
  ['up to the end of an instant', { after: ZERO_CURSOR, upTo: cursorAtEndOf(T1) }, NINE_IDS.slice(0, 6)],
  ['after the end of an instant', { ...ALL, after: cursorAtEndOf(T1) }, NINE_IDS.slice(6)],
  [
    'of uuids in upper case',
    { after: { executeAt: T0, uuid: uuid(10).toUpperCase() }, upTo: { executeAt: T1, uuid: uuid(1) } },
    ['t1-u1'],
  ],
  [
    'that ends where it starts',
    { after: { executeAt: T1, uuid: uuid(2) }, upTo: { executeAt: T1, uuid: uuid(2) } },
    [],
  ],
];

export function rangeCases(suite: Suite): void {
  const shardWithNine = () => suite.shardWith(...NINE.toReversed());

  suite.describe('rangeGetTimers', () => {
    suite.testEach(
      RANGES,
      ([what]) => `reads in order what is there: ${what}`,
      async ([, range, ids]) => {
        const { shardId } = await shardWithNine();
        const timers = await suite.store.rangeGetTimers(shardId, range, 100);
        deepEqual(
          timers.map(({ id }) => id),
          ids,
        );
      },
    );

    suite.testEach(
      [0, 1, 8, 9, 10],
      (limit) => `reads ${limit} at most`,
      async (limit) => {
        const { shardId } = await shardWithNine();
        const timers = await suite.store.rangeGetTimers(shardId, ALL, limit);
        deepEqual(
          timers.map(({ id }) => id),
          NINE_IDS.slice(0, limit),
        );
      },
    );

    suite.test('goes on after the last timer of a page, with none twice and none missing', async () => {
      const shard = await suite.shardWith(
        ...Array.from({ length: 50 }, (_, index) => buildTimer({ executeAt: new Date(index % 5) })),
      );
      let { after } = ALL;
      const read: string[] = [];
      // No further than there should be: pages that repeat a timer might have no end.
      while (read.length <= shard.timers.length) {
        const page = await suite.store.rangeGetTimers(shard.shardId, { ...ALL, after }, 7);
        const last = page.at(-1);
        if (last === undefined) {
          break;
        }
        read.push(...page.map(({ id }) => id));
        after = { executeAt: last.executeAt, uuid: last.uuid };
      }
      deepEqual(
        read,
        shard.timers.map(({ id }) => id),
      );
    });

    suite.test('refuses a range that goes backwards', async () => {
      const range = { after: cursorAtEndOf(T1), upTo: cursorAtEndOf(T0) };
      await rejectsWith(suite.store.rangeGetTimers(1, range, 1), 'INVALID_ARGUMENT', {
        argument: 'range.upTo',
      });
    });
  });

  const DELETES: Record<
    string,
    (shard: ClaimedShard, range: TimerRange, limit: number) => Promise<RangeDeleteResult>
  > = {
    rangeDeleteWithLimit: ({ shardId, shardVersion }, range, limit) =>
      suite.store.rangeDeleteWithLimit(shardId, shardVersion, range, limit),
    rangeDeleteWithLimitNoLock: ({ shardId }, range, limit) =>
      suite.store.rangeDeleteWithLimitNoLock(shardId, range, limit),
  };
  for (const [method, rangeDelete] of Object.entries(DELETES)) {
    suite.describe(method, () => {
      suite.testEach(
        RANGES,
        ([what]) => `deletes what is there, and no other shard's: ${what}`,
        async ([, range, ids]) => {
          const [shard, other] = [await shardWithNine(), await shardWithNine()];
          deepEqual(await rangeDelete(shard, range, 100), { deletedCount: ids.length });
          deepEqual(
            await suite.idsOf(shard),
            NINE_IDS.filter((id) => !ids.includes(id)),
          );
          equal((await suite.timersOf(other)).length, 9);
        },
      );

      suite.testEach(
        [0, 1, 8, 9, 10],
        (limit) => `deletes the first timers, ${limit} at most`,
        async (limit) => {
          const shard = await shardWithNine();
          deepEqual(await rangeDelete(shard, ALL, limit), { deletedCount: Math.min(limit, 9) });
          deepEqual(await suite.idsOf(shard), NINE_IDS.slice(limit));
        },
      );
    });
  }

  suite.describe('rangeDeleteWithBatchInsertTxn', () => {
    const UP_TO_T1 = { after: ZERO_CURSOR, upTo: cursorAtEndOf(T1) };
    const replace = ({ shardId, shardVersion }: ClaimedShard, timers: readonly NewTimer[]) =>
      suite.store.rangeDeleteWithBatchInsertTxn(shardId, shardVersion, UP_TO_T1, timers);

    suite.test('deletes the whole range, and then creates the timers', async () => {
      const shard = await shardWithNine();
      const added = [buildTimer({ id: 'new-1', executeAt: T3 }), buildTimer({ id: 'new-2', executeAt: T0 })];
      deepEqual(await replace(shard, added), { deletedCount: 6 });
      deepEqual(await suite.idsOf(shard), ['new-2', 't2-u1', 't2-u2', 't2-u3', 'new-1']);
    });

    suite.test('keeps what is given again, as it is given', async () => {
      const shard = await shardWithNine();
      const again = [
        buildTimer({ id: 't0-u1', executeAt: T0, uuid: uuid(1), attempts: 1 }),
        buildTimer({ id: 't0-u2', executeAt: T3, uuid: uuid(2), attempts: 2 }),
        buildTimer({ id: 't0-u3', executeAt: T1, uuid: uuid(1), attempts: 3 }),
        buildTimer({ id: 't2-u1', executeAt: T0, uuid: uuid(9), attempts: 4 }),
      ];
      deepEqual(await replace(shard, again), { deletedCount: 6 });
      deepEqual(
        (await suite.timersOf(shard)).map(({ id, attempts }) => `${id} ${attempts}`),
        ['t0-u1 1', 't2-u1 4', 't0-u3 3', 't2-u2 0', 't2-u3 0', 't0-u2 2'],
      );
    });

    suite.test('without timers only deletes', async () => {
      const shard = await shardWithNine();
      deepEqual(await replace(shard, []), { deletedCount: 6 });
      deepEqual(await suite.idsOf(shard), NINE_IDS.slice(6));
    });

    suite.test('deletes nothing when a timer is refused', async () => {
      const shard = await shardWithNine();
      const clashing = [buildTimer({ executeAt: T2, uuid: uuid(1) })];
      await rejectsWith(replace(shard, clashing), 'INVALID_ARGUMENT', { argument: 'uuid' });
      deepEqual(await suite.timersOf(shard), shard.timers);
    });
  });
}
