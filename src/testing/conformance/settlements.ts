import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Settlement } from '../../contract/settlement';
import type { Timer } from '../../contract/types';
import { buildTimer } from '../build-timer';
import { ALL, type ClaimedShard, matches, rejectsWith, type Suite, timersNamed } from './suite';

const FAILED_AT = new Date('2030-01-01T00:00:01.000Z');
const NEXT = new Date('2030-01-01T00:01:00.000Z');

type Settle = (shard: ClaimedShard, timer: Timer | undefined) => Settlement;

/** Cases do not look at shards and timers that are not there. */
function delivered({ shardId, shardVersion }: ClaimedShard, timer: Timer | undefined) {
  ok(timer, 'there is no such timer');
  return { shardId, shardVersion, timer };
}

const done: Settle = (shard, timer) => ({ ...delivered(shard, timer), outcome: 'done' });

const again: Settle = (shard, timer) => ({
  ...delivered(shard, timer),
  outcome: 'again',
  executeAt: NEXT,
  dueAt: timer?.dueAt ?? null,
  firstAttemptAt: FAILED_AT,
  attempts: 1,
  lastError: 'HTTP 500',
});

const dead: Settle = (shard, timer) => ({
  ...delivered(shard, timer),
  outcome: 'dead',
  firstAttemptAt: FAILED_AT,
  attempts: 3,
  lastError: 'HTTP 410',
});

const OUTCOMES: readonly (readonly [outcome: string, settle: Settle])[] = Object.entries({
  done,
  again,
  dead,
});

export function settlementCases(suite: Suite): void {
  suite.describe('settleTimers', () => {
    suite.test('deletes what is done, in many shards', async () => {
      const shards = [
        await suite.shardWith(...timersNamed('a', 'b')),
        await suite.shardWith(...timersNamed('a')),
      ];
      const settlements = shards.flatMap((shard) => shard.timers.map((timer) => done(shard, timer)));
      deepEqual(await suite.store.settleTimers(settlements), ['settled', 'settled', 'settled']);
      for (const shard of shards) {
        deepEqual(await suite.timersOf(shard), []);
      }
    });

    suite.test('moves what is tried again, and keeps what it was due at', async () => {
      const shard = await suite.shardWith(buildTimer({ payload: { order: 1 } }));
      const [timer] = shard.timers;
      deepEqual(await suite.store.settleTimers([again(shard, timer)]), ['settled']);
      const [moved] = await suite.timersOf(shard);
      deepEqual(moved, {
        ...timer,
        executeAt: NEXT,
        dueAt: timer?.executeAt,
        firstAttemptAt: FAILED_AT,
        attempts: 1,
        lastError: 'HTTP 500',
        updatedAt: moved?.updatedAt,
        revision: moved?.revision,
      });
      ok(moved?.revision !== timer?.revision, 'the revision is another one');
    });

    suite.test('gives what is tried again the revision that is asked for', async () => {
      const shard = await suite.shardWith(buildTimer());
      const moving = { ...again(shard, shard.timers[0]), revision: '-42' } as Settlement;
      deepEqual(await suite.store.settleTimers([moving]), ['settled']);
      deepEqual(
        (await suite.timersOf(shard)).map(({ revision }) => revision),
        ['-42'],
      );
    });

    suite.test('makes the next run a timer that is due then, with its payload or the same', async () => {
      const shard = await suite.shardWith(
        ...timersNamed('a', 'b', 'c').map((each) => ({ ...each, payload: 1 })),
      );
      const [a, b, c] = ['a', 'b', 'c'].map((id) => shard.timers.find((timer) => timer.id === id));
      const next = { dueAt: null, firstAttemptAt: null, attempts: 0, lastError: null };
      await suite.store.settleTimers([
        { ...again(shard, a), ...next, payload: { run: 2 } } as Settlement,
        { ...again(shard, b), ...next, payload: null } as Settlement,
        { ...again(shard, c), ...next } as Settlement,
      ]);
      for (const [id, payload] of Object.entries({ a: { run: 2 }, b: null, c: 1 })) {
        const timer = await suite.store.getTimer(shard.shardId, 'tests', id);
        matches(timer, { payload, executeAt: NEXT, dueAt: NEXT, firstAttemptAt: null, attempts: 0 });
      }
    });

    suite.test('makes a dead timer of what is given up, in place of an earlier one of its id', async () => {
      const shard = await suite.claimedShard();
      for (const payload of ['first', 'second']) {
        await suite.store.createTimerNoLock(shard.shardId, buildTimer({ id: 'a', payload }));
        const [timer] = await suite.timersOf(shard);
        deepEqual(await suite.store.settleTimers([dead(shard, timer)]), ['settled']);
      }
      deepEqual(await suite.timersOf(shard), []);
      const [buried, ...others] = await suite.store.rangeGetDeadTimers(shard.shardId, ALL, 10);
      deepEqual(others, []);
      matches(buried, {
        id: 'a',
        payload: 'second',
        attempts: 3,
        firstAttemptAt: FAILED_AT,
        lastError: 'HTTP 410',
      });
      deepEqual(buried?.diedAt, buried?.updatedAt);
    });

    suite.test('keeps of what is given up what it was due at', async () => {
      const shard = await suite.shardWith(buildTimer());
      const [timer] = shard.timers as [Timer];
      await suite.store.settleTimers([again(shard, timer)]);
      const [moved] = await suite.timersOf(shard);
      await suite.store.settleTimers([dead(shard, moved)]);
      const [buried] = await suite.store.rangeGetDeadTimers(shard.shardId, ALL, 1);
      matches(buried, { executeAt: NEXT, dueAt: timer.executeAt });
    });

    suite.test(
      'buries a timer in place of an earlier one of its own id, whatever id it is given',
      async () => {
        const shard = await suite.shardWith(...timersNamed('other', 'mine'));
        const [mine, other] = shard.timers.toSorted((a, b) => (a.id < b.id ? -1 : 1));
        await suite.store.settleTimers([dead(shard, other)]);
        await suite.store.settleTimers([dead(shard, { ...(mine as Timer), id: 'other' })]);
        const buried = await suite.store.rangeGetDeadTimers(shard.shardId, ALL, 10);
        deepEqual(buried.map(({ id }) => id).sort(), ['mine', 'other']);
      },
    );

    suite.testEach(
      OUTCOMES.flatMap((first) => OUTCOMES.map((second) => [first, second] as const)),
      ([[first], [second]]) => `does the first of two settlements of one delivery: ${first}, ${second}`,
      async ([[outcome, first], [, second]]) => {
        const shard = await suite.shardWith(...timersNamed('a', 'b'));
        const [a, b] = shard.timers as [Timer, Timer];
        const inUpperCase = { ...a, uuid: a.uuid.toUpperCase() };
        const results = await suite.store.settleTimers([
          first(shard, a),
          done(shard, b),
          second(shard, a),
          second(shard, inUpperCase),
        ]);
        deepEqual(results, ['settled', 'settled', 'changed', 'changed']);
        equal((await suite.timersOf(shard)).length, outcome === 'again' ? 1 : 0);
        const buried = await suite.store.rangeGetDeadTimers(shard.shardId, ALL, 10);
        equal(buried.length, outcome === 'dead' ? 1 : 0);
      },
    );

    suite.test('of a wrong one among good ones settles none, and names its place', async () => {
      const shards = [await suite.shardWith(buildTimer()), await suite.shardWith(buildTimer())];
      const [good, bad] = shards.map((shard) => done(shard, shard.timers[0])) as [Settlement, Settlement];
      const settling = suite.store.settleTimers([good, { ...bad, shardVersion: 0 }]);
      await rejectsWith(settling, 'INVALID_ARGUMENT', { argument: 'settlements[1].shardVersion' });
      for (const shard of shards) {
        deepEqual(await suite.timersOf(shard), shard.timers);
      }
    });

    suite.test('does all three at once, and says what came of each', async () => {
      const shard = await suite.shardWith(...timersNamed('a', 'b', 'c'));
      const [a, b, c] = shard.timers;
      const results = await suite.store.settleTimers([done(shard, a), again(shard, b), dead(shard, c)]);
      deepEqual(results, ['settled', 'settled', 'settled']);
      deepEqual(await suite.idsOf(shard), [b?.id]);
      const buried = await suite.store.rangeGetDeadTimers(shard.shardId, ALL, 10);
      deepEqual(
        buried.map(({ id }) => id),
        [c?.id],
      );
    });

    suite.testEach(
      OUTCOMES,
      ([outcome]) => `leaves alone what is no longer as it was delivered: ${outcome}`,
      async ([, settle]) => {
        const shard = await suite.shardWith(
          ...timersNamed('replaced', 'updated', 'moved', 'cancelled', 'same'),
        );
        // With the same id, time and content: only the revision tells.
        const replaced = shard.timers.find(({ id }) => id === 'replaced') as Timer;
        const { id, namespace, executeAt } = replaced;
        await suite.store.createTimerNoLock(shard.shardId, { id, namespace, executeAt });
        await suite.store.updateTimerNoLock(shard.shardId, 'tests', 'updated', {});
        await suite.store.updateTimerNoLock(shard.shardId, 'tests', 'moved', { executeAt: NEXT });
        await suite.store.deleteTimerNoLock(shard.shardId, 'tests', 'cancelled');
        const before = await suite.timersOf(shard);
        const results = await suite.store.settleTimers(shard.timers.map((timer) => settle(shard, timer)));
        deepEqual(
          results,
          shard.timers.map((timer) => (timer.id === 'same' ? 'settled' : 'changed')),
        );
        const after = await suite.timersOf(shard);
        deepEqual(
          after.filter((timer) => timer.id !== 'same'),
          before.filter((timer) => timer.id !== 'same'),
        );
      },
    );

    suite.testEach(
      OUTCOMES,
      ([outcome]) => `writes nothing in a shard that was lost, and all of the others: ${outcome}`,
      async ([, settle]) => {
        const [lost, held] = [await suite.shardWith(buildTimer()), await suite.shardWith(buildTimer())];
        await suite.store.claimShardOwnership(lost.shardId, 'another');
        const settlements = [lost, held].map((shard) => settle(shard, shard.timers[0]));
        deepEqual(await suite.store.settleTimers(settlements), ['lost', 'settled']);
        deepEqual(await suite.timersOf(lost), lost.timers);
      },
    );

    suite.test('tells two versions of a shard apart', async () => {
      const shard = await suite.shardWith(...timersNamed('a', 'b'));
      const [a, b] = shard.timers;
      const { current } = await suite.store.claimShardOwnership(shard.shardId, 'owner-1');
      deepEqual(await suite.store.settleTimers([done(shard, a), done(current, b)]), ['lost', 'settled']);
    });

    suite.test(
      'of one that would come to the place of another settles nothing of the statement',
      async () => {
        const uuid = '6f9619ff-8b86-4011-b42d-00c04fc964ff';
        const shard = await suite.shardWith(
          buildTimer({ uuid }),
          buildTimer({ uuid, executeAt: NEXT }),
          buildTimer(),
        );
        const clashing = shard.timers.find((timer) => timer.uuid === uuid && timer.executeAt < NEXT);
        const third = shard.timers.find((timer) => timer.uuid !== uuid);
        const settling = suite.store.settleTimers([again(shard, clashing), dead(shard, third)]);
        await rejectsWith(settling, 'INVALID_ARGUMENT', { argument: 'uuid' });
        deepEqual(await suite.timersOf(shard), shard.timers);
      },
    );

    suite.test('makes room by what is done for what comes to its place', async () => {
      const uuid = '6f9619ff-8b86-4011-b42d-00c04fc964ff';
      const shard = await suite.shardWith(buildTimer({ uuid }), buildTimer({ uuid, executeAt: NEXT }));
      const coming = shard.timers.find(({ executeAt }) => executeAt < NEXT);
      const there = shard.timers.find((timer) => timer !== coming);
      const results = await suite.store.settleTimers([again(shard, coming), done(shard, there)]);
      deepEqual(results, ['settled', 'settled']);
      deepEqual(await suite.idsOf(shard), [coming?.id]);
    });

    suite.test('of nothing does nothing', async () => {
      deepEqual(await suite.store.settleTimers([]), []);
    });
  });

  suite.describe('a dead timer', () => {
    const shardWithDead = async () => {
      const shard = await suite.shardWith(buildTimer({ id: 'a', payload: 7 }));
      await suite.store.settleTimers([dead(shard, shard.timers[0])]);
      return shard;
    };
    const deadIdsOf = async ({ shardId }: ClaimedShard) =>
      (await suite.store.rangeGetDeadTimers(shardId, ALL, 10)).map(({ id }) => id);

    suite.test('is revived with no attempts, at the time that is given', async () => {
      const shard = await shardWithDead();
      const revived = await suite.store.reviveTimer(shard.shardId, 'tests', 'a', NEXT);
      matches(revived, {
        executeAt: NEXT,
        dueAt: NEXT,
        payload: 7,
        attempts: 0,
        firstAttemptAt: null,
        lastError: null,
      });
      deepEqual(await suite.timersOf(shard), [revived]);
      deepEqual(await deadIdsOf(shard), []);
    });

    suite.test('is not revived beside a living one of its id', async () => {
      const shard = await shardWithDead();
      await suite.store.createTimerNoLock(shard.shardId, buildTimer({ id: 'a' }));
      const reviving = suite.store.reviveTimer(shard.shardId, 'tests', 'a', NEXT);
      await rejectsWith(reviving, 'INVALID_ARGUMENT', { argument: 'timerId' });
      deepEqual(await deadIdsOf(shard), ['a']);
    });

    suite.test('is not revived to the time and uuid of another one', async () => {
      const shard = await shardWithDead();
      const uuid = shard.timers[0]?.uuid as string;
      await suite.store.createTimerNoLock(shard.shardId, buildTimer({ id: 'b', uuid, executeAt: NEXT }));
      const reviving = suite.store.reviveTimer(shard.shardId, 'tests', 'a', NEXT);
      await rejectsWith(reviving, 'INVALID_ARGUMENT', { argument: 'uuid' });
      deepEqual(await deadIdsOf(shard), ['a']);
    });

    suite.test('is deleted, once', async () => {
      const shard = await shardWithDead();
      await suite.store.deleteDeadTimer(shard.shardId, 'tests', 'a');
      const fields = { shardId: shard.shardId, namespace: 'tests', timerId: 'a' };
      await rejectsWith(suite.store.deleteDeadTimer(shard.shardId, 'tests', 'a'), 'TIMER_NOT_FOUND', fields);
      await rejectsWith(
        suite.store.reviveTimer(shard.shardId, 'tests', 'a', NEXT),
        'TIMER_NOT_FOUND',
        fields,
      );
    });

    suite.test('is no timer to other calls, which leave it as it is', async () => {
      const shard = await shardWithDead();
      equal(await suite.store.getTimer(shard.shardId, 'tests', 'a'), null);
      await suite.store.createTimerNoLock(shard.shardId, buildTimer({ id: 'a' }));
      await suite.store.updateTimerNoLock(shard.shardId, 'tests', 'a', { payload: 8 });
      await suite.store.rangeDeleteWithLimitNoLock(shard.shardId, ALL, 10);
      const [buried] = await suite.store.rangeGetDeadTimers(shard.shardId, ALL, 10);
      matches(buried, { id: 'a', payload: 7 });
    });

    suite.test('stands where it stood, in the order of dead timers', async () => {
      const executeAts = [3, 1, 2].map((ms) => new Date(ms));
      const shard = await suite.shardWith(...executeAts.map((executeAt) => buildTimer({ executeAt })));
      await suite.store.settleTimers(shard.timers.map((timer) => dead(shard, timer)));
      const range = { after: { executeAt: new Date(1), uuid: ALL.upTo.uuid }, upTo: ALL.upTo };
      const buried = await suite.store.rangeGetDeadTimers(shard.shardId, range, 10);
      deepEqual(
        buried.map(({ executeAt }) => executeAt.getTime()),
        [2, 3],
      );
      equal((await suite.store.rangeGetDeadTimers(shard.shardId, ALL, 1)).length, 1);
    });
  });
}
