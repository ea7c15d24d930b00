/**
 * Several owners claim one shard from each other and write all the while, ranges included; the history of their
 * calls is checked against what the store promises. fast-check chooses who calls what when, PostgreSQL how the
 * statements meet; so a replay makes the same calls, but may have to be repeated until they meet in the same way. A
 * failure prints the command for it, with `TEST_SEED` and `TEST_PATH`, and what the calls answered.
 */
import { inspect } from 'node:util';
import fc from 'fast-check';
import { ALL } from '../support/store-fixture';
import { deadTimerCall, rangeDelete, rangeRead, settling, shardCall, timerCall } from './call-arbitraries';
import { testProperty } from './check-property';
import { OwnershipHistory } from './ownership-rules';
import { signed } from './ownership-writes';
import { openRacingProcesses, type RacingProcesses } from './racing-processes';
import { runSchedule, type Step } from './run-schedule';
import { stepArbitrary } from './step-arbitrary';

const SHARD = 0;

const call = fc
  .oneof(
    { weight: 4, arbitrary: shardCall },
    { weight: 10, arbitrary: timerCall },
    { weight: 2, arbitrary: rangeRead },
    { weight: 6, arbitrary: settling },
    { weight: 3, arbitrary: deadTimerCall },
    { weight: 6, arbitrary: rangeDelete },
  )
  .map((anyCall) => (anyCall.shardId === undefined ? anyCall : { ...anyCall, shardId: SHARD }));

describe.each([
  ['read committed', 100],
  // Where they are the database's default, a statement that meets another fails, and is made again.
  ['repeatable read', 25],
  ['serializable', 25],
] as const)('%s', (isolation, runs) => {
  let racing: RacingProcesses;
  beforeAll(async () => {
    racing = await openRacingProcesses(isolation);
  });
  afterAll(async () => await racing.close());

  testProperty(`racing owners under ${isolation} change a shard only while it is theirs, and lose no timer`, {
    runs,
    arbitrary: fc.array(stepArbitrary(call, SHARD, 12), { minLength: 1, maxLength: 80, size: 'max' }),
    async check(schedule) {
      const { fixture, stores, others } = racing;
      await fixture.direct.query('TRUNCATE timers');
      const history = await runSchedule(stores, others, schedule.map(signedStep));
      const content = {
        shardId: SHARD,
        shard: await fixture.store.getShard(SHARD),
        timers: await fixture.store.rangeGetTimers(SHARD, ALL, 100_000),
        deadTimers: await fixture.store.rangeGetDeadTimers(SHARD, ALL, 100_000),
      };
      const faults = new OwnershipHistory(history, content).faults();
      if (faults.length > 0) {
        const seen = inspect({ history, content }, { depth: 9, getters: true });
        throw new Error(`${faults.join('\n')}\n${seen}`);
      }
      return history.length;
    },
  });
});

function signedStep(step: Step, index: number): Step {
  const { action } = step;
  return 'call' in action ? { ...step, action: { ...action, call: signed(action.call, index) } } : step;
}
