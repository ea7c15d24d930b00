import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await openStoreFixture({ maxPayloadBytes: 200 * 1024 ** 2 });
});
afterAll(async () => await fixture.close());

/** The most milliseconds of processor time of one turn of the event loop, which others on the machine do not change. */
async function longestTurnOf(work: () => Promise<void>): Promise<number> {
  let longest = 0;
  let isDone = false;
  const watch = async () => {
    while (!isDone) {
      const start = process.cpuUsage();
      await new Promise(setImmediate);
      const { user, system } = process.cpuUsage(start);
      longest = Math.max(longest, (user + system) / 1000);
    }
  };
  await Promise.all([watch(), work().finally(() => (isDone = true))]);
  return longest;
}

test('a batch that takes long to put together leaves the event loop to others in between', async () => {
  const { shardId, shardVersion } = await fixture.claimedShard();
  const timers = Array.from({ length: 100_000 }, (_, index) => newTimer({ id: `timer-${index}` }));
  const longest = await longestTurnOf(() =>
    fixture.store.createTimers(shardId, shardVersion, timers, { timeoutMs: 60_000 }),
  );
  // It takes some 40, of the garbage collector's threads and of what copies the message to the socket; in one go, some 3,000.
  expect(longest).toBeLessThan(1000);
});

test('a batch that no message can carry is refused by name, before anything is sent', async () => {
  const { shardId, shardVersion } = await fixture.claimedShard();
  const payload = 'x'.repeat(190 * 1024 ** 2);
  const timers = Array.from({ length: 6 }, (_, index) => newTimer({ id: `timer-${index}`, payload }));
  const error = await errorOf(fixture.store.createTimers(shardId, shardVersion, timers));
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', argument: 'timers' });
  expect(String(error)).toContain('its first 6 timers');
});
