import { iterateTimers, type Timer, type TimerStore } from '../src';
import { errorOf } from './support/error-of';
import { newTimer } from './support/new-timer';
import { ALL, openStoreFixture, type StoreFixture } from './support/store-fixture';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await openStoreFixture();
});
afterAll(async () => await fixture.close());

/** Many of them due in the same millisecond. */
async function shardWith(count: number): Promise<{ shardId: number; ids: string[] }> {
  const { shardId, shardVersion } = await fixture.claimedShard();
  const timers = Array.from({ length: count }, (_, index) =>
    newTimer({ id: `timer-${index}`, executeAt: new Date(Date.UTC(2030, 0, 1) + Math.floor(index / 7)) }),
  );
  await fixture.store.createTimers(shardId, shardVersion, timers);
  const ids = (await fixture.store.rangeGetTimers(shardId, ALL, 10_000)).map((timer) => timer.id);
  expect(ids).toHaveLength(count);
  return { shardId, ids };
}

async function collect(iterable: AsyncIterable<Timer>): Promise<string[]> {
  const ids: string[] = [];
  for await (const timer of iterable) {
    ids.push(timer.id);
  }
  return ids;
}

test.each([1, 3, 7, 49, 50, 51, 1000])('pages of %d give every timer once, in order', async (pageSize) => {
  const { shardId, ids } = await shardWith(50);
  expect(await collect(iterateTimers(fixture.store, shardId, ALL, { pageSize }))).toEqual(ids);
});

test('an empty range ends at once', async () => {
  expect(await collect(iterateTimers(fixture.store, 999, ALL))).toEqual([]);
});

test('the next page is being read while one is worked on, and no more than that', async () => {
  const { shardId } = await shardWith(30);
  const counting = countingStore();
  const iterator = iterateTimers(counting.store, shardId, ALL, { pageSize: 10 });
  for (let index = 0; index < 10; index++) {
    await iterator.next();
    expect(counting.calls()).toBe(2);
  }
  await iterator.next();
  expect(counting.calls()).toBe(3);
  await iterator.return();
});

test('a caller that stops early stops the reading', async () => {
  const { shardId } = await shardWith(30);
  const counting = countingStore();
  for await (const timer of iterateTimers(counting.store, shardId, ALL, { pageSize: 5 })) {
    if (timer.id === 'timer-0' || counting.calls() === 2) {
      break;
    }
  }
  expect(counting.calls()).toBe(2);
});

test('what a page fails with reaches the caller, after the timers that were read before it', async () => {
  const { shardId, ids } = await shardWith(20);
  const controller = new AbortController();
  const seen: string[] = [];
  const iterating = (async () => {
    for await (const timer of iterateTimers(fixture.store, shardId, ALL, {
      pageSize: 5,
      signal: controller.signal,
    })) {
      seen.push(timer.id);
      controller.abort();
    }
  })();
  expect(await errorOf(iterating)).toMatchObject({ code: 'CALL_ABORTED' });
  expect(seen).toEqual(ids.slice(0, seen.length));
  expect(seen.length % 5).toBe(0);
});

test.each([0, -1, 1.5, '10', null])('refuses the page size %p', async (pageSize) => {
  const iterator = iterateTimers(fixture.store, 1, ALL, { pageSize: pageSize as number });
  expect(await errorOf(iterator.next())).toMatchObject({
    code: 'INVALID_ARGUMENT',
    argument: 'options.pageSize',
  });
});

/** The real store, with its reads counted. */
function countingStore(): { store: Pick<TimerStore, 'rangeGetTimers'>; calls: () => number } {
  let calls = 0;
  return {
    store: {
      rangeGetTimers: (...args) => {
        calls++;
        return fixture.store.rangeGetTimers(...args);
      },
    },
    calls: () => calls,
  };
}
