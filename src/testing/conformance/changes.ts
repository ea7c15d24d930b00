import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Timer, TimerChanges } from '../../contract/types';
import { buildTimer } from '../build-timer';
import { FULL } from './creates';
import { type ClaimedShard, rejectsWith, type Suite, timersNamed } from './suite';

const CHANGES: readonly (readonly [what: string, changes: TimerChanges])[] = [
  ['executeAt', { executeAt: new Date('2029-12-31T23:59:59.999Z') }],
  ['callbackUrl', { callbackUrl: 'http://localhost:8080/other' }],
  ['callbackUrl, to nothing', { callbackUrl: null }],
  ['payload', { payload: ['other'] }],
  ['payload, to nothing', { payload: null }],
  ['retryPolicy', { retryPolicy: { maxAttempts: 1 } }],
  ['retryPolicy, to nothing', { retryPolicy: null }],
  ['callbackTimeoutSeconds', { callbackTimeoutSeconds: 1 }],
  ['attempts', { attempts: 3 }],
  ['nothing', {}],
];

export function changeCases(suite: Suite): void {
  const UPDATES: Record<string, (shard: ClaimedShard, id: string, changes: TimerChanges) => Promise<Timer>> =
    {
      updateTimer: ({ shardId, shardVersion }, id, changes) =>
        suite.store.updateTimer(shardId, shardVersion, FULL.namespace, id, changes),
      updateTimerNoLock: ({ shardId }, id, changes) =>
        suite.store.updateTimerNoLock(shardId, FULL.namespace, id, changes),
    };
  for (const [method, update] of Object.entries(UPDATES)) {
    suite.describe(method, () => {
      suite.testEach(
        CHANGES,
        ([what]) => `changes ${what} alone, and returns the timer as it is then`,
        async ([, changes]) => {
          const shard = await suite.shardWith(FULL);
          const updated = await update(shard, FULL.id, changes);
          const [before] = shard.timers;
          deepEqual(updated, {
            ...before,
            ...changes,
            dueAt: changes.executeAt ?? before?.dueAt,
            updatedAt: updated.updatedAt,
            revision: updated.revision,
          });
          ok(updated.revision !== before?.revision, 'the revision is another one');
          deepEqual(await suite.timersOf(shard), [updated]);
        },
      );

      suite.test('of a timer that is not there says so, and creates none', async () => {
        const shard = await suite.shardWith(FULL);
        await rejectsWith(update(shard, 'missing', { attempts: 1 }), 'TIMER_NOT_FOUND', {
          shardId: shard.shardId,
          namespace: FULL.namespace,
          timerId: 'missing',
          retryable: false,
        });
        deepEqual(await suite.timersOf(shard), shard.timers);
      });

      suite.test('onto the time and uuid of another timer is refused, and changes nothing', async () => {
        const executeAt = new Date('2031-01-01T00:00:00.000Z');
        const shard = await suite.shardWith(FULL, { ...FULL, id: 'another', executeAt });
        await rejectsWith(update(shard, FULL.id, { executeAt }), 'INVALID_ARGUMENT', { argument: 'uuid' });
        deepEqual(await suite.timersOf(shard), shard.timers);
      });

      suite.test('many at once all succeed, and end in one timer', async () => {
        const shard = await suite.shardWith(FULL);
        const times = Array.from({ length: 10 }, (_, index) => new Date(1000 + index));
        await Promise.all(times.map((executeAt) => update(shard, FULL.id, { executeAt })));
        const [timer, ...others] = await suite.timersOf(shard);
        deepEqual(others, []);
        ok(times.some((time) => time.getTime() === timer?.executeAt.getTime()));
      });
    });
  }

  const DELETES: Record<string, (shard: ClaimedShard, id: string) => Promise<void>> = {
    deleteTimer: ({ shardId, shardVersion }, id) =>
      suite.store.deleteTimer(shardId, shardVersion, 'tests', id),
    deleteTimerNoLock: ({ shardId }, id) => suite.store.deleteTimerNoLock(shardId, 'tests', id),
  };
  for (const [method, remove] of Object.entries(DELETES)) {
    suite.describe(method, () => {
      suite.test('deletes that timer and no other', async () => {
        const shard = await suite.shardWith(
          ...timersNamed('a', 'b'),
          buildTimer({ namespace: 'other', id: 'a' }),
        );
        await remove(shard, 'a');
        equal(await suite.store.getTimer(shard.shardId, 'tests', 'a'), null);
        deepEqual((await suite.timersOf(shard)).map(({ namespace, id }) => `${namespace} ${id}`).sort(), [
          'other a',
          'tests b',
        ]);
      });

      suite.test('of a timer that is not there says so, the second time too', async () => {
        const shard = await suite.shardWith(...timersNamed('a'));
        await remove(shard, 'a');
        for (const id of ['a', 'a', 'b']) {
          await rejectsWith(remove(shard, id), 'TIMER_NOT_FOUND', {
            shardId: shard.shardId,
            namespace: 'tests',
            timerId: id,
          });
        }
      });
    });
  }
}
