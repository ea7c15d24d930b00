import type { CallAbortedError } from '../../src';
import { CallDeadline, endlessDeadline } from '../../src/driver/deadline';
import { FencedTurns } from '../../src/driver/fenced-turns';
import { errorOf } from '../support/error-of';

/** Statements that the test ends by hand, and those of them that are under way. */
function statements(turns: FencedTurns) {
  const underWay = new Map<string, () => void>();
  return {
    async start(name: string, shardIds: readonly number[]) {
      await turns.run(shardIds, endlessDeadline('test'), () =>
        new Promise<void>((resolve) => underWay.set(name, resolve)).finally(() => underWay.delete(name)),
      );
    },
    async end(name: string) {
      underWay.get(name)?.();
      await new Promise(setImmediate);
    },
    async underWay() {
      await new Promise(setImmediate);
      return [...underWay.keys()];
    },
  };
}

/** No turn is passed on for its time here, however long the machine stops in between. */
function withoutPatience(): void {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] });
}
afterEach(() => void jest.useRealTimers());

test('statements of disjoint shards go side by side, those that share one go in the order of their calls', async () => {
  withoutPatience();
  const { start, end, underWay } = statements(new FencedTurns());
  const all = [start('1', [1]), start('2', [2]), start('1+2', [1, 2]), start('2+3', [2, 3]), start('3', [3])];
  expect(await underWay()).toEqual(['1', '2']);
  await end('1');
  expect(await underWay()).toEqual(['2']);
  await end('2');
  expect(await underWay()).toEqual(['1+2']);
  await end('1+2');
  expect(await underWay()).toEqual(['2+3']);
  await end('2+3');
  expect(await underWay()).toEqual(['3']);
  await end('3');
  await Promise.all(all);
});

test('statements that name their shards in any order all come to their turn', async () => {
  withoutPatience();
  const turns = new FencedTurns();
  let done = 0;
  const underWay = new Set<number>();
  await Promise.all(
    Array.from({ length: 500 }, async (_, index) => {
      const shardIds = [index % 7, (index * 5 + 3) % 7, (index * 3 + 1) % 7].filter(
        (shard, place, shards) => shards.indexOf(shard) === place,
      );
      await turns.run(shardIds, endlessDeadline('test'), async () => {
        for (const shard of shardIds) {
          expect(underWay.has(shard)).toBe(false);
          underWay.add(shard);
        }
        await new Promise(setImmediate);
        for (const shard of shardIds) {
          underWay.delete(shard);
        }
        done++;
      });
    }),
  );
  expect(done).toBe(500);
});

test('those that gave up while they waited are passed over, however many they are', async () => {
  const turns = new FencedTurns();
  const { start, end, underWay } = statements(turns);
  const first = start('first', [1]);
  const controller = new AbortController();
  const leaving = Array.from({ length: 50_000 }, () => {
    const deadline = new CallDeadline('test', { signal: controller.signal });
    return errorOf(turns.run([1], deadline, async () => {})).finally(() => deadline.dispose());
  });
  const last = start('last', [1]);
  controller.abort();
  const errors = (await Promise.all(leaving)) as CallAbortedError[];
  expect(new Set(errors.map(({ code, retryable }) => `${code}, ${retryable}`))).toEqual(
    new Set(['CALL_ABORTED, true']),
  );
  await end('first');
  expect(await underWay()).toEqual(['last']);
  await end('last');
  await Promise.all([first, last]);
}, 120_000);

test('one that was sent and takes long passes its turn on', async () => {
  const turns = new FencedTurns();
  const deadline = endlessDeadline('test');
  const order: string[] = [];
  let release = () => {};
  const long = turns.run([1, 2], deadline, async (onSent) => {
    onSent();
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    order.push('long');
  });
  await turns.run([2], deadline, async () => order.push('next'));
  release();
  await long;
  expect(order).toEqual(['next', 'long']);
});
