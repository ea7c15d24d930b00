import type { DeliveryPostponedError } from '../../src/engine/delivery';
import { OriginLane } from '../../src/engine/origin-lane';
import { errorOf } from '../support/error-of';

const NEVER = new AbortController().signal;
/** After a silence so long, nobody waits for a place. */
const NOBODY_WAITS_MS = 250;

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

/** How long a hundred are postponed while the only place is taken, in which nothing is learnt of the origin. */
async function whileTaken(lane: OriginLane): Promise<number[]> {
  await lane.enter(NEVER, 0);
  jest.advanceTimersByTime(NOBODY_WAITS_MS);
  const all = await postponements(lane, 100);
  lane.leave(undefined, NOBODY_WAITS_MS);
  return all;
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

test('who comes while an origin does not answer comes again no later than after as long as it has not', async () => {
  const lane = new OriginLane(1);
  for (let count = 0; count < 20; count++) await deliver(lane, true, 20);
  // That it was called last long ago tells nothing of what is now.
  jest.advanceTimersByTime(3_600_000);
  for (let count = 1; count <= 5; count++) {
    await deliver(lane, false, 1000);
    expect(Math.max(...(await whileTaken(lane)))).toBeLessThanOrEqual(count * (1000 + NOBODY_WAITS_MS));
  }
});

test('who comes once an origin answers again waits for nothing but those before', async () => {
  const lane = new OriginLane(1);
  for (let count = 0; count < 20; count++) await deliver(lane, false, 30_000);
  await whileTaken(lane);
  await deliver(lane, true, 20);
  expect(Math.max(...(await whileTaken(lane)))).toBeLessThanOrEqual(NOBODY_WAITS_MS + 100 * 20);
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
