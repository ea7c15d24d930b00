/** A receiver that names a later time, or one that is mistyped, is asked again after a day. */
const MAX_RETRY_AFTER_MS = 24 * 60 * 60 * 1000;

/** The obsolete form of C's asctime, which does not say that it is GMT. */
const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;
const WITH_ZONE = /^[A-Z][a-z]{2,8}, .{7,12} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * How long a `Retry-After` asks to wait, from now: by seconds or by a date in one of HTTP's three forms (RFC 9110,
 * sections 10.2.3 and 5.6.7). Undefined if it says nothing that can be understood.
 *
 * @param answeredAt The `Date` of the same answer: a date is measured by the clock that it was made by.
 */
export function parseRetryAfter(value: string, answeredAt: string | undefined): number | undefined {
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : dateDifference(value, answeredAt);
  return ms === undefined ? undefined : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}

function dateDifference(value: string, answeredAt: string | undefined): number | undefined {
  const until = parseHttpDate(value);
  if (until === undefined) {
    return undefined;
  }
  const now = answeredAt === undefined ? undefined : parseHttpDate(answeredAt);
  return until - (now ?? Date.now());
}

function parseHttpDate(value: string): number | undefined {
  if (!ASCTIME.test(value) && !WITH_ZONE.test(value)) {
    return undefined;
  }
  const ms = Date.parse(ASCTIME.test(value) ? `${value} GMT` : value);
  return Number.isNaN(ms) ? undefined : ms;
}
