/**
 * Several owners claim one shard from each other and write all the while, ranges included; the history of their
 * calls is checked against what the store promises. fast-check chooses who calls what when, PostgreSQL how the
 * statements meet; so a replay makes the same calls, but may have to be repeated until they meet in the same way. A
 * failure prints the command for it, with `TEST_SEED` and `TEST_PATH`, and what the calls answered.
 */
import { inspect } from 'node:util';
import fc from 'fast-check';
import type { Timer, TimerStore } from '../../src';
import { ALL } from '../support/store-fixture';
import { rangeDelete, shardCall, timerCall } from './call-arbitraries';
import { testProperty } from './check-property';
import { OwnershipHistory, signed } from './ownership-rules';
import { openRacingProcesses, type RacingProcesses } from './racing-processes';
import { runSchedule, type Step } from './run-schedule';
import { stepArbitrary } from './step-arbitrary';

let racing: RacingProcesses;
let calls = 0;
beforeAll(async () => {
  racing = await openRacingProcesses();
});
afterAll(async () => await racing.close());

const SHARD = 0;

const call = fc
  .oneof(
    { weight: 4, arbitrary: shardCall },
    { weight: 10, arbitrary: timerCall },
    { weight: 4, arbitrary: rangeDelete },
  )
  .map((anyCall) => ({ ...anyCall, shardId: SHARD }));

const step = stepArbitrary(call, SHARD, 12);

testProperty('racing owners change a shard only while it is theirs, and lose no timer', {
  runs: 250,
  calls: () => calls,
  property: () =>
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 80, size: 'max' }), async (steps) => {
      const { fixture, stores, others } = racing;
      await fixture.direct.query('TRUNCATE timers');
      const schedule = steps.map(({ maxUnderWay, action }, index): Step => {
        return {
          maxUnderWay,
          action: 'call' in action ? { ...action, call: signed(action.call, index) } : action,
        };
      });
      const history = await runSchedule(stores, others, schedule);
      calls += history.length;
      const finalTimers = await readAll(fixture.store);
      const finalShard = await fixture.store.getShard(SHARD);
      const faults = new OwnershipHistory(history, finalTimers, finalShard).faults();
      if (faults.length > 0) {
        throw new Error(
          `${faults.join('\n')}\n${inspect({ history, finalTimers }, { depth: 9, getters: true })}`,
        );
      }
    }),
});

function readAll(store: TimerStore): Promise<Timer[]> {
  return store.rangeGetTimers(SHARD, ALL, 100_000);
}
