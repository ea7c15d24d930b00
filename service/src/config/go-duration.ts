const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;
const WHOLE = /^(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;

/** As a regular expression of JSON Schema says it. */
export const GO_DURATION = '^(0|((\\d+(\\.\\d*)?|\\.\\d+)(ns|us|µs|μs|ms|s|m|h))+)$';

/** A duration that is not negative, as Go writes it, such as `1h30m` or `250ms`, in milliseconds; undefined: it is none. */
export function parseGoDuration(text: string): number | undefined {
  if (!WHOLE.test(text)) {
    return undefined;
  }
  let ms = 0;
  for (const [, amount, unit = ''] of text.matchAll(PART)) {
    ms += Number(amount) * (UNIT_MS[unit] ?? Number.NaN);
  }
  // A whole number of nanoseconds, as in Go: 1.1 s is no 1100.0000000000002 ms.
  const exact = Math.round(ms * 1e6) / 1e6;
  return Number.isFinite(exact) ? exact : undefined;
}

/** The largest units first, as Go does: `1h30m0s` is written `1h30m`. */
export function formatGoDuration(ms: number): string {
  if (ms < 1000) {
    return ms === 0 ? '0s' : ms >= 1 ? `${ms}ms` : `${Math.round(ms * 1e6)}ns`;
  }
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = Math.round((ms % 60_000) * 1e6) / 1e9;
  return [
    hours > 0 ? `${hours}h` : '',
    minutes > 0 ? `${minutes}m` : '',
    seconds > 0 ? `${seconds}s` : '',
  ].join('');
}
