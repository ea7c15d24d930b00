import { monitorEventLoopDelay } from 'node:perf_hooks';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await openStoreFixture({ maxPayloadBytes: 200 * 1024 ** 2 });
});
afterAll(async () => await fixture.close());

test('a batch that takes long to put together leaves the event loop to others in between', async () => {
  const { shardId, shardVersion } = await fixture.claimedShard();
  const timers = Array.from({ length: 50_000 }, (_, index) => newTimer({ id: `timer-${index}` }));
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let turns = 0;
  const beat = setInterval(() => turns++, 1);
  delay.enable();
  await fixture.store.createTimers(shardId, shardVersion, timers, { timeoutMs: 60_000 });
  delay.disable();
  clearInterval(beat);
  // In one go it is some 1,500. Sorting by id, and copying to the socket, are not cut in slices.
  expect(delay.max / 1e6).toBeLessThan(600);
  expect(turns).toBeGreaterThan(20);
});

test('a batch that no message can carry is refused by name, before anything is sent', async () => {
  const { shardId, shardVersion } = await fixture.claimedShard();
  const payload = 'x'.repeat(190 * 1024 ** 2);
  const timers = Array.from({ length: 6 }, (_, index) => newTimer({ id: `timer-${index}`, payload }));
  const error = await errorOf(fixture.store.createTimers(shardId, shardVersion, timers));
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', argument: 'timers' });
  expect(String(error)).toContain('its first 6 timers');
});
