/**
 * One call after the other, on stores and on the model: each answer and each error is the model's, and so is the
 * table at the end. A failure prints the command that replays it, with `TEST_SEED` and `TEST_PATH`.
 */
import fc from 'fast-check';
import { PostgresTimerStore, type Timer, type TimerStore } from '../../src';
import { ALL, openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { STORE_OPTIONS } from '../support/store-options';
import {
  deadTimerCall,
  dueRead,
  rangeDelete,
  rangeRead,
  SHARDS,
  settling,
  shardCall,
  timerCall,
} from './call-arbitraries';
import { testProperty } from './check-property';
import { Knowledge } from './knowledge';
import { modelOutcomeOf, outcomeOf } from './model-call';
import { tableContent } from './table-content';
import { TimerModel } from './timer-model';

let fixture: StoreFixture;
let stores: TimerStore[];
beforeAll(async () => {
  fixture = await openStoreFixture();
  // A second process, with other options: they change how statements are sent, and nothing else.
  const other = await PostgresTimerStore.connect({
    ...STORE_OPTIONS,
    connectionString: fixture.database.storeUrl,
    batchCreates: false,
    preparedStatements: false,
  });
  stores = [fixture.store, other];
});
afterAll(async () => {
  await stores[1]?.close();
  await fixture.close();
});

/** Else most of the calls would be of a shard that nobody owns; of the others some are. */
const FIRST_STEP = {
  store: 0,
  call: { method: 'claimShardOwnership', shardId: SHARDS[0] as number, args: ['host-a:7000'] },
} as const;

const step = fc.record(
  {
    store: fc.nat({ max: 1 }),
    call: fc.oneof(
      { weight: 4, arbitrary: shardCall },
      { weight: 12, arbitrary: timerCall },
      { weight: 3, arbitrary: rangeRead },
      { weight: 3, arbitrary: dueRead },
      { weight: 5, arbitrary: settling },
      { weight: 6, arbitrary: deadTimerCall },
      { weight: 2, arbitrary: rangeDelete },
    ),
  },
  { noNullPrototype: true },
);

testProperty('calls in turn answer as the model does, and leave what it holds', {
  runs: 150,
  arbitrary: fc.tuple(
    fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }),
    fc.integer({ min: 1, max: 4 }),
  ),
  async check([steps, pageSize]) {
    await fixture.direct.query('TRUNCATE timers');
    const model = new TimerModel();
    const knowledge = new Knowledge();
    for (const { store, call } of [FIRST_STEP, ...steps]) {
      const { method } = call;
      const args = knowledge.argsOf(call);
      const outcome = await outcomeOf(storeAt(store), method, args);
      const expected = modelOutcomeOf(model, { method, args, outcome });
      expect({ call, args, ...outcome }).toStrictEqual({ call, args, ...expected });
      knowledge.learn({ method, args, outcome });
    }
    const content = await tableContent(fixture.direct);
    model.see(content);
    expect(content).toEqual(model.content());
    for (const shardId of SHARDS) {
      const timers = model.rangeGetTimers(shardId, ALL, 1000);
      expect(await readPages(shardId, pageSize, timers.length)).toEqual(timers);
    }
    return steps.length;
  },
});

function storeAt(index: number): TimerStore {
  return stores[index] as TimerStore;
}

/** Reads to the end, or until there is more than there should be: pages that repeat a timer might have no end. */
async function readPages(shardId: number, pageSize: number, expectedCount: number): Promise<Timer[]> {
  const timers: Timer[] = [];
  while (timers.length <= expectedCount) {
    const last = timers.at(-1);
    const after = last === undefined ? ALL.after : { executeAt: last.executeAt, uuid: last.uuid };
    const page = await storeAt(0).rangeGetTimers(shardId, { ...ALL, after }, pageSize);
    if (page.length === 0) {
      break;
    }
    timers.push(...page);
  }
  return timers;
}
