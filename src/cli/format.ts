/** 2030-01-31 12:00:00.500Z; without the milliseconds where there are none. */
export function timeText(time: Date): string {
  return time.toISOString().replace('T', ' ').replace('.000Z', 'Z');
}

/** "10,000+" where it was counted no further. */
export function countText(count: number, isCut: boolean): string {
  return `${count.toLocaleString('en-US')}${isCut ? '+' : ''}`;
}

/** In the unit in which it is a small number: 850 ms, 12 s, 3 min, 5 h, 2 d. Null: none. */
export function durationText(ms: number): string | null {
  if (ms === 0) {
    return null;
  }
  for (const [unit, size] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
  ] as const) {
    if (ms >= size) {
      return `${(ms / size).toFixed(ms < 10 * size ? 1 : 0)} ${unit}`;
    }
  }
  return `${Math.round(ms)} ms`;
}
