import { findInexactNumber } from '../contract/exact-numbers';

/** What a jsonb value is, as near as JavaScript comes to it: a number in it was rounded. */
export class InexactJson {
  readonly nearest: unknown;

  constructor(nearest: unknown) {
    this.nearest = nearest;
  }
}

/**
 * A number of up to 15 digits is always kept; jsonb writes no exponents, but all the zeros. Most texts have no place
 * with more, and finding that out is cheap: V8 skips over what cannot be one, but only if the repetition is written
 * out.
 */
const MANY_DIGITS = new RegExp('[\\d.]'.repeat(16));

/** @param text as the server writes jsonb. */
export function parseJsonb(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return MANY_DIGITS.test(text) && findInexactNumber(text) !== undefined ? new InexactJson(value) : value;
}
