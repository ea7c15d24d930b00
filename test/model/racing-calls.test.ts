/**
 * Concurrent calls of several processes answer as if they had been made one after the other. fast-check chooses who
 * calls what when, PostgreSQL how the statements meet; so a replay makes the same calls, but may have to be repeated
 * until they meet in the same way. A failure prints the command for it, with `TEST_SEED` and `TEST_PATH`, and what
 * the calls answered.
 *
 * Range deletes are not among them: a timer that is created while one runs may be left alone, though no order would
 * leave it. What they promise is checked in racing-owners.test.ts.
 */
import { inspect } from 'node:util';
import fc from 'fast-check';
import { deadTimerCall, dueRead, rangeRead, settling, shardCall, timerCall } from './call-arbitraries';
import { testProperty } from './check-property';
import { hasOrder } from './find-order';
import { openRacingProcesses, type RacingProcesses } from './racing-processes';
import { runSchedule } from './run-schedule';
import { stepArbitrary } from './step-arbitrary';
import { tableContent } from './table-content';
import { TimerModel } from './timer-model';

let racing: RacingProcesses;
beforeAll(async () => {
  racing = await openRacingProcesses();
});
afterAll(async () => await racing.close());

const call = fc.oneof(
  { weight: 5, arbitrary: shardCall },
  { weight: 12, arbitrary: timerCall },
  { weight: 2, arbitrary: rangeRead },
  { weight: 2, arbitrary: dueRead },
  { weight: 5, arbitrary: settling },
  { weight: 3, arbitrary: deadTimerCall },
);

testProperty('racing calls answer as in some order of theirs', {
  runs: 250,
  arbitrary: fc.array(stepArbitrary(call, 0, 6), { minLength: 1, maxLength: 40, size: 'max' }),
  async check(schedule) {
    const { fixture, stores, others } = racing;
    await fixture.direct.query('TRUNCATE timers');
    const history = await runSchedule(stores, others, schedule);
    const content = await tableContent(fixture.direct);
    if (!hasOrder(history, new TimerModel(), content)) {
      throw new Error(`No order explains ${inspect({ history, content }, { depth: 9, getters: true })}`);
    }
    return history.length;
  },
});
