import { rejects } from 'node:assert/strict';
import { StoreClosedError } from '../contract/errors';
import type { TimerStore } from '../contract/timer-store';
import { argumentCases } from './conformance/arguments';
import { changeCases } from './conformance/changes';
import { claimCases } from './conformance/claims';
import { createCases } from './conformance/creates';
import { dueCases } from './conformance/due-reads';
import { fenceCases } from './conformance/fences';
import { rangeCases } from './conformance/ranges';
import { settlementCases } from './conformance/settlements';
import { Suite } from './conformance/suite';
import { parseRunner, type TestRunner } from './conformance/test-runner';

/**
 * Describes what every `TimerStore` promises, as tests: for whoever writes another one.
 *
 * @param createStore makes an empty store, before the first test. It is closed after the last one.
 * @param runner what to describe with. (Default: the globals `describe`, `test`, `beforeAll` and `afterAll`)
 * @throws InvalidArgumentError there is no such runner.
 * @example
 * describeTimerStore(() => new InMemoryTimerStore(), await import('node:test'));
 */
export function describeTimerStore(
  createStore: () => TimerStore | Promise<TimerStore>,
  runner: TestRunner = globalThis as unknown as TestRunner,
): void {
  const named = parseRunner(runner);
  named.describe('a timer store', () => {
    const suite = new Suite(named, createStore);
    claimCases(suite);
    fenceCases(suite);
    createCases(suite);
    changeCases(suite);
    rangeCases(suite);
    settlementCases(suite);
    dueCases(suite);
    argumentCases(suite);
    suite.test('is closed by the last of several closes, and refuses calls from then on', async () => {
      const store = await createStore();
      await Promise.all([store.close(), store.close()]);
      await rejects(store.getShard(1), StoreClosedError);
      // Those of nothing, too, which send nothing.
      await rejects(store.createTimersNoLock(1, []), StoreClosedError);
      await rejects(store.createTimersOfShards([]), StoreClosedError);
      await rejects(store.settleTimers([]), StoreClosedError);
      await rejects(store.announceDueTimers([]), StoreClosedError);
    });
  });
}
