import type { DeliveryPostponedError } from '../../src/engine/delivery';
import { OriginLane } from '../../src/engine/origin-lane';
import { errorOf } from '../support/error-of';

const NEVER = new AbortController().signal;

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
});
afterEach(() => {
  jest.useRealTimers();
});

/** How long those are postponed that come while all places are taken, one after the other. */
async function postponements(lane: OriginLane, count: number): Promise<number[]> {
  const errors = await Promise.all(
    Array.from(
      { length: count },
      () => errorOf(lane.enter(NEVER, 30_000)) as Promise<DeliveryPostponedError>,
    ),
  );
  return errors.map(({ retryAfterMs }) => retryAfterMs);
}

async function deliver(lane: OriginLane, answered: boolean, tookMs: number): Promise<void> {
  await lane.enter(NEVER, 0);
  jest.advanceTimersByTime(tookMs);
  lane.leave(answered, tookMs);
}

test('a silence, be it of this process that was blocked, keeps those who come then no longer than it lasted', async () => {
  const lane = new OriginLane(1);
  for (let count = 0; count < 20; count++) await deliver(lane, true, 20);
  await lane.enter(NEVER, 0);
  jest.advanceTimersByTime(5000);
  for (const ms of await postponements(lane, 20)) {
    expect(ms).toBeGreaterThanOrEqual(5000);
    expect(ms).toBeLessThanOrEqual(6000);
  }
});

test('those who come to an origin that has not answered for long come again one after the other', async () => {
  const lane = new OriginLane(1);
  for (let count = 0; count < 40; count++) await deliver(lane, false, 10_000);
  await lane.enter(NEVER, 0);
  const all = await postponements(lane, 5);
  for (const [index, ms] of all.entries()) {
    expect(ms).toBeGreaterThan(9000 * (index + 1));
    expect(ms).toBeLessThanOrEqual(10_000 * (index + 1));
  }
});
