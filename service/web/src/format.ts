/** The zone of the machine that shows it: `2026-11-26 17:35:07`. */
export function localTime(instant: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const year = String(instant.getFullYear()).padStart(4, '0');
  const day = `${year}-${two(instant.getMonth() + 1)}-${two(instant.getDate())}`;
  return `${day} ${two(instant.getHours())}:${two(instant.getMinutes())}:${two(instant.getSeconds())}`;
}

/** As an input of `datetime-local` takes it. */
export function localInput(instant: Date): string {
  const ms = instant.getMilliseconds();
  return localTime(instant).replace(' ', 'T') + (ms === 0 ? '' : `.${String(ms).padStart(3, '0')}`);
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/** `in 3 min`, `12 s ago`. */
export function relativeTime(instant: Date, now: number): string {
  const ms = instant.getTime() - now;
  const length = Math.abs(ms);
  const [unit, size] = UNITS.find(([, size]) => length >= size) ?? (['s', 1000] as const);
  const count = Math.floor(length / size).toLocaleString('en');
  return length < 1000 ? 'now' : ms > 0 ? `in ${count} ${unit}` : `${count} ${unit} ago`;
}

/** A span of time as short as it can be said: `850 ms`, `2.4 s`, `3 min`. */
export function span(ms: number): string {
  if (ms < 1000) {
    return `${Math.round(ms)} ms`;
  }
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}

export function count(value: number, hasMore = false): string {
  return value.toLocaleString('en') + (hasMore ? '+' : '');
}

/** `1 timer`, `2 timers`. */
export function timers(value: number): string {
  return `${count(value)} ${value === 1 ? 'timer' : 'timers'}`;
}
