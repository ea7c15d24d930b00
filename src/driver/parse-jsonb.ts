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

/** jsonb writes a space in front of each value but the first of an array. */
const LONG_NUMBERS = /(?:^|[[ ])-?(\d[\d.]{15,})/g;

/** The most digits that `toPrecision` takes. A number with more significant digits is taken for inexact. */
const MAX_PRECISION = 100;

/** @param text as the server writes jsonb. */
export function parseJsonb(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return MANY_DIGITS.test(text) && hasInexactNumber(text) ? new InexactJson(value) : value;
}

function hasInexactNumber(json: string): boolean {
  let textEnd = 0;
  LONG_NUMBERS.lastIndex = 0;
  for (let match = LONG_NUMBERS.exec(json); match !== null; match = LONG_NUMBERS.exec(json)) {
    if (isExact(match[1] as string)) {
      continue;
    }
    // What looks like a number may stand in a text.
    while (textEnd <= match.index) {
      const textStart = json.indexOf('"', textEnd);
      if (textStart === -1 || textStart > match.index) {
        return true;
      }
      textEnd = endOfText(json, textStart);
    }
  }
  return false;
}

function endOfText(json: string, start: number): number {
  for (let end = start + 1; ; end++) {
    end = json.indexOf('"', end);
    let backslash = end - 1;
    while (json[backslash] === '\\') {
      backslash--;
    }
    if ((end - backslash) % 2 === 1) {
      return end + 1;
    }
  }
}

/**
 * Whether the double that is nearest to the number is that number when written with as many digits. The shortest text
 * of a double, which is what JavaScript writes, is not always the nearest of its length.
 */
function isExact(number: string): boolean {
  const double = Number(number);
  const shortest = String(double);
  if (number === shortest) {
    return true;
  }
  const digits = significantDigits(number);
  return (
    digits === '' ||
    (Number.isFinite(double) &&
      (digits === significantDigits(shortest) ||
        (digits.length <= MAX_PRECISION && digits === significantDigits(double.toPrecision(digits.length)))))
  );
}

/** The significant digits of a number: 12 of 0.00120, and of 1.2e+30. */
function significantDigits(number: string): string {
  return number
    .replace(/e.*/, '')
    .replace('.', '')
    .replace(/^0+|0+$/g, '');
}
