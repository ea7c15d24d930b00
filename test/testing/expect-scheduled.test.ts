import { AssertionError } from 'node:assert';
import { InvalidArgumentError, shardIdFor } from '../../src';
import {
  buildTimer,
  expectDead,
  expectNotScheduled,
  expectScheduled,
  InMemoryTimerStore,
} from '../../src/testing';
import { errorOf } from '../support/error-of';

const SHARDS = { shardCount: 4 };
const AT = new Date('2030-01-01T09:00:00.000Z');

let store: InMemoryTimerStore;
beforeEach(async () => {
  store = new InMemoryTimerStore();
  for (const timer of [
    buildTimer({ id: 'order-1', namespace: 'reminders', executeAt: AT, payload: { order: 1 } }),
    buildTimer({ id: 'order-2', namespace: 'reminders', executeAt: AT, payload: { order: 2 } }),
  ]) {
    await store.createTimerNoLock(shardIdFor(timer.id, 4), timer);
  }
});

test('a timer is found by any of its fields, and returned', async () => {
  for (const expected of [
    { id: 'order-1' },
    { namespace: 'reminders', id: 'order-1', executeAt: AT },
    { payload: { order: 1 } },
  ]) {
    expect(await expectScheduled(store, expected, SHARDS)).toMatchObject({ id: 'order-1' });
  }
});

test('one that is not there is an AssertionError, which says what is there', async () => {
  const expected = { id: 'order-1', payload: { order: 7 } };
  const error = await errorOf(expectScheduled(store, expected, SHARDS));
  expect(error).toBeInstanceOf(AssertionError);
  expect(error).toMatchObject({
    message:
      'No timer is scheduled that has the expected fields. There are reminders/order-1 at 2030-01-01T09:00:00.000Z',
    actual: [{ id: 'order-1', payload: { order: 1 } }],
    expected: [expected],
    operator: 'expectScheduled',
  });
  await expect(expectScheduled(new InMemoryTimerStore(), expected, SHARDS)).rejects.toThrow(
    'There is none at all',
  );
});

test('several are no answer', async () => {
  await expect(expectScheduled(store, { executeAt: AT }, SHARDS)).rejects.toThrow(
    /^More than one timer is scheduled that has the expected fields: reminders\/order-\d at .*, reminders\/order-\d at .*$/,
  );
});

test('one that should not be there is an AssertionError', async () => {
  await expectNotScheduled(store, { id: 'order-3' }, SHARDS);
  await expectNotScheduled(store, { id: 'order-1', executeAt: new Date(0) }, SHARDS);
  const error = await errorOf(expectNotScheduled(store, { payload: { order: 2 } }, SHARDS));
  expect(error).toBeInstanceOf(AssertionError);
  expect(error).toMatchObject({ actual: { id: 'order-2' } });
});

test('dead timers are found among the dead', async () => {
  const shardId = shardIdFor('order-1', 4);
  const { shardVersion } = (await store.claimShardOwnership(shardId, 'test')).current;
  const timer = await expectScheduled(store, { id: 'order-1' }, SHARDS);
  await store.settleTimers([
    {
      shardId,
      shardVersion,
      timer,
      outcome: 'dead',
      firstAttemptAt: null,
      attempts: 1,
      lastError: 'HTTP 410',
    },
  ]);
  await expectNotScheduled(store, { id: 'order-1' }, SHARDS);
  const dead = await expectDead(store, { id: 'order-1', lastError: 'HTTP 410' }, SHARDS);
  expect(dead.diedAt).toBeInstanceOf(Date);
  await expect(expectDead(store, { id: 'order-2' }, SHARDS)).rejects.toThrow(AssertionError);
});

test('how many shards there are is known from an engine, or has to be said', async () => {
  await expect(expectScheduled(store, { id: 'order-1' })).rejects.toMatchObject({
    argument: 'options.shardCount',
  });
  await expect(expectScheduled(store, { id: 'order-1' }, { shardCount: 0 })).rejects.toThrow(
    InvalidArgumentError,
  );
  const { current } = await store.claimShardOwnership(0, 'test');
  await store.updateShardMetadata(0, current.shardVersion, SHARDS);
  await expectScheduled(store, { id: 'order-1' });
});

test('more than a page is looked through', async () => {
  const many = Array.from({ length: 2500 }, (_, index) => buildTimer({ id: `many-${index}` }));
  await store.createTimersNoLock(0, many);
  await expectScheduled(store, { id: 'many-2499' }, { shardCount: 1 });
});
