import { ok, type ServerCheck, warning } from './server-report';

const MAX_SKEW_MS = 1000;

export interface ClockSkew {
  /** How far the server's clock is ahead of this process's. */
  readonly aheadMs: number;
  /** Half of the round trip: the server may have read its clock at any moment of it. */
  readonly uncertaintyMs: number;
}

/** @param now this process's clock, in milliseconds since 1970. */
export async function measureClockSkew(
  readServerClock: () => Promise<number>,
  now: () => number,
): Promise<ClockSkew> {
  const sentAt = now();
  const serverTime = await readServerClock();
  const uncertaintyMs = (now() - sentAt) / 2;
  return { aheadMs: serverTime - (sentAt + uncertaintyMs), uncertaintyMs };
}

export function judgeClockSkew({ aheadMs, uncertaintyMs }: ClockSkew): ServerCheck {
  const direction = aheadMs < 0 ? 'behind' : 'ahead of';
  const found = `the server's clock is ${Math.abs(aheadMs)} ms (± ${uncertaintyMs} ms) ${direction} this process's`;
  return Math.abs(aheadMs) + uncertaintyMs <= MAX_SKEW_MS
    ? ok('clock', found)
    : warning(
        'clock',
        found,
        'Synchronize both clocks: timers fire by one of them, and claimedAt is by the other.',
      );
}
