import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { timerUuid } from '../../contract/timer-uuid';
import type { JsonValue, NewTimer, Timer } from '../../contract/types';
import { buildTimer } from '../build-timer';
import { ALL, type ClaimedShard, matches, rejectsWith, type Suite } from './suite';

/** A timer in which no field has its default. */
export const FULL: Required<NewTimer> = {
  id: 'water-the-plants',
  namespace: 'home',
  executeAt: new Date('2030-06-01T12:34:56.789Z'),
  callbackUrl: 'https://example.com/plants?room=kitchen#top',
  payload: { litres: 1.5 },
  retryPolicy: {
    maxAttempts: 5,
    maxAttemptsDurationSeconds: 3600,
    initialIntervalSeconds: 0.5,
    backoffMultiplier: 2,
    maxIntervalSeconds: 60,
  },
  callbackTimeoutSeconds: 7,
  uuid: '6f9619ff-8b86-4011-b42d-00c04fc964ff',
  createdAt: new Date('2026-02-03T04:05:06.007Z'),
  attempts: 2,
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};

const PAYLOADS: readonly JsonValue[] = [
  null,
  true,
  0,
  0.1,
  -1e-7,
  1e21,
  Number.MAX_VALUE,
  Number.MIN_VALUE,
  Number.MAX_SAFE_INTEGER,
  '',
  'text "quoted" \\ \n ü 😀 \u2028',
  [],
  [[], {}, null, [1, [2]]],
  {},
  { b: { c: [] }, a: false, '': 1, 'a b': null, __proto: 1 },
];

export function createCases(suite: Suite): void {
  const METHODS: Record<string, (shard: ClaimedShard, timer: NewTimer) => Promise<unknown>> = {
    createTimer: ({ shardId, shardVersion }, timer) => suite.store.createTimer(shardId, shardVersion, timer),
    createTimers: ({ shardId, shardVersion }, timer) =>
      suite.store.createTimers(shardId, shardVersion, [timer]),
    createTimerNoLock: ({ shardId }, timer) => suite.store.createTimerNoLock(shardId, timer),
    createTimersNoLock: ({ shardId }, timer) => suite.store.createTimersNoLock(shardId, [timer]),
    createTimersOfShards: async ({ shardId, shardVersion }, timer) => {
      const [error] = await suite.store.createTimersOfShards([{ shardId, shardVersion, timers: [timer] }]);
      if (error) {
        throw error;
      }
    },
  };
  for (const [method, create] of Object.entries(METHODS)) {
    suite.describe(method, () => {
      suite.test('keeps every field exactly', async () => {
        const shard = await suite.claimedShard();
        await create(shard, FULL);
        const timer = await suite.store.getTimer(shard.shardId, FULL.namespace, FULL.id);
        matches(timer, {
          ...FULL,
          updatedAt: FULL.createdAt,
          dueAt: FULL.executeAt,
          firstAttemptAt: null,
          lastError: null,
        } as Partial<Timer>);
        match(String(timer?.revision), /^-?\d{1,19}$/);
        deepEqual(await suite.timersOf(shard), [timer]);
      });

      suite.test('fills in the defaults', async () => {
        const shard = await suite.claimedShard();
        await create(shard, { id: 'a', namespace: 'tests', executeAt: FULL.executeAt });
        const timer = await suite.store.getTimer(shard.shardId, 'tests', 'a');
        ok(timer?.createdAt instanceof Date);
        matches(timer, {
          uuid: timerUuid('tests', 'a'),
          callbackUrl: null,
          payload: null,
          retryPolicy: null,
          callbackTimeoutSeconds: 30,
          updatedAt: timer.createdAt,
          attempts: 0,
          traceparent: null,
        });
      });

      suite.test('replaces every field of the timer with its namespace and id', async () => {
        const shard = await suite.claimedShard();
        await create(shard, FULL);
        const before = await suite.timersOf(shard);
        const { id, namespace } = FULL;
        await create(shard, { id, namespace, executeAt: new Date(0), createdAt: new Date(1) });
        const [timer, ...others] = await suite.timersOf(shard);
        deepEqual(others, []);
        matches(timer, {
          executeAt: new Date(0),
          uuid: timerUuid(namespace, id),
          callbackUrl: null,
          payload: null,
          retryPolicy: null,
          callbackTimeoutSeconds: 30,
          createdAt: new Date(1),
          dueAt: new Date(0),
          attempts: 0,
          traceparent: null,
        });
        ok(timer?.revision !== before[0]?.revision, 'the revision is another one');
      });

      suite.test('tells apart namespaces and ids that run together', async () => {
        const shard = await suite.claimedShard();
        await create(shard, buildTimer({ namespace: 'a:b', id: 'c' }));
        await create(shard, buildTimer({ namespace: 'a', id: 'b:c' }));
        equal((await suite.timersOf(shard)).length, 2);
        matches(await suite.store.getTimer(shard.shardId, 'a', 'b:c'), { namespace: 'a', id: 'b:c' });
      });

      suite.test('refuses the uuid of another timer that is due at the same time', async () => {
        const shard = await suite.claimedShard();
        await create(shard, FULL);
        const another = { ...FULL, id: 'another', uuid: FULL.uuid.toUpperCase() };
        await rejectsWith(create(shard, another), 'INVALID_ARGUMENT', { argument: 'uuid' });
        deepEqual(await suite.idsOf(shard), [FULL.id]);
      });
    });
  }

  suite.describe('creating many timers', () => {
    suite.test('is all or nothing', async () => {
      const shard = await suite.claimedShard();
      const { uuid } = FULL;
      const clashing = [buildTimer(), buildTimer({ uuid }), buildTimer({ uuid })];
      const creating = suite.store.createTimers(shard.shardId, shard.shardVersion, clashing);
      await rejectsWith(creating, 'INVALID_ARGUMENT', { argument: 'uuid' });
      deepEqual(await suite.timersOf(shard), []);
    });

    suite.test('refuses two of one namespace and id, naming both', async () => {
      const shard = await suite.claimedShard();
      const twice = [buildTimer(), buildTimer({ id: 'a' }), buildTimer({ id: 'a' })];
      await rejectsWith(suite.store.createTimersNoLock(shard.shardId, twice), 'INVALID_ARGUMENT', {
        argument: 'timers[2]',
        reason: 'has the same namespace and id as timers[1]',
      });
      deepEqual(await suite.timersOf(shard), []);
    });

    suite.test('of none does nothing, and looks at no fence', async () => {
      const { shardId, shardVersion } = await suite.claimedShard();
      await suite.store.createTimers(shardId, shardVersion + 1, []);
      await suite.store.createTimersNoLock(shardId, []);
      deepEqual(await suite.store.createTimersOfShards([]), []);
    });

    suite.test('mixes new ones and those that are there, by the thousand', async () => {
      const shard = await suite.shardWith(buildTimer({ id: 'many-7', attempts: 9 }));
      const timers = Array.from({ length: 1000 }, (_, index) =>
        buildTimer({ id: `many-${index}`, attempts: index }),
      );
      await suite.store.createTimers(shard.shardId, shard.shardVersion, timers);
      const stored = await suite.timersOf(shard);
      equal(stored.length, 1000);
      equal(stored.find(({ id }) => id === 'many-7')?.attempts, 7);
    });

    suite.test('of many shards fails for each shard by itself', async () => {
      const [good, lost, clashing] = [
        await suite.claimedShard(),
        await suite.claimedShard(),
        await suite.shardWith(FULL),
      ];
      await suite.store.claimShardOwnership(lost.shardId, 'another');
      const [first, second, third, fourth] = await suite.store.createTimersOfShards([
        { ...good, timers: [buildTimer()] },
        { ...lost, timers: [buildTimer()] },
        { shardId: clashing.shardId, timers: [buildTimer(), { ...FULL, id: 'another' }] },
        { shardId: -3, timers: [] },
      ]);
      equal(first, null);
      await rejectsWith(Promise.reject(second), 'SHARD_CONDITION_FAILED', {
        shardId: lost.shardId,
        expectedVersion: lost.shardVersion,
      });
      await rejectsWith(Promise.reject(third), 'INVALID_ARGUMENT', { argument: 'uuid' });
      equal(fourth, null);
      equal((await suite.timersOf(good)).length, 1);
      deepEqual(await suite.timersOf(lost), []);
      deepEqual(await suite.idsOf(clashing), [FULL.id]);
    });

    suite.test('of many shards are refused by the place of a wrong one, and none is created', async () => {
      const [one, other] = [await suite.claimedShard(), await suite.claimedShard()];
      const creating = suite.store.createTimersOfShards([
        { ...one, timers: [buildTimer()] },
        { ...other, timers: [buildTimer(), buildTimer({ id: '' })] },
      ]);
      await rejectsWith(creating, 'INVALID_ARGUMENT', { argument: 'batches[1].timers[1].id' });
      deepEqual([...(await suite.timersOf(one)), ...(await suite.timersOf(other))], []);
    });
  });

  suite.describe('a timer', () => {
    suite.testEach(
      PAYLOADS,
      (payload) => `is read with the payload ${JSON.stringify(payload)}`,
      async (payload) => {
        const shard = await suite.shardWith(buildTimer({ payload }));
        deepEqual(shard.timers[0]?.payload, payload);
      },
    );

    suite.test('is read with the times of any year, to the millisecond', async () => {
      const times = ['0001-01-01T00:00:00.000Z', '1969-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'];
      const shard = await suite.shardWith(
        ...times.map((time) => buildTimer({ executeAt: new Date(time), createdAt: new Date(time) })),
      );
      deepEqual(
        shard.timers.map(({ executeAt }) => executeAt.toISOString()),
        times,
      );
      deepEqual(
        shard.timers.map(({ createdAt }) => createdAt.toISOString()),
        times,
      );
    });

    suite.test('belongs to its shard alone, and may be created before that is claimed', async () => {
      await suite.store.createTimerNoLock(-4, FULL);
      equal(await suite.store.getShard(-4), null);
      equal((await suite.store.rangeGetTimers(-4, ALL, 10)).length, 1);
      equal(await suite.store.getTimer(-5, FULL.namespace, FULL.id), null);
    });

    suite.test('is kept as it was given: what the caller changes later changes nothing', async () => {
      const shard = await suite.claimedShard();
      const executeAt = new Date('2030-01-01T00:00:00.000Z');
      const payload = { list: [1] };
      await suite.store.createTimer(shard.shardId, shard.shardVersion, buildTimer({ executeAt, payload }));
      executeAt.setFullYear(2040);
      payload.list.push(2);
      for (const read of await suite.timersOf(shard)) {
        read.executeAt.setFullYear(2040);
        (read.payload as typeof payload).list.push(3);
      }
      const [timer] = await suite.timersOf(shard);
      matches(timer, { executeAt: new Date('2030-01-01T00:00:00.000Z'), payload: { list: [1] } });
    });
  });
}
