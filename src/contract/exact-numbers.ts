/** What may be a number that a double does not keep: many digits, or an exponent. Cheap, and most lines have none. */
const SUSPICIOUS = /[\d.]{16}|\d[eE][+-]?\d/;
const TEXT = /"(?:[^"\\]|\\.)*"/g;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** What `toPrecision` takes. A number with more significant digits is taken for inexact. */
const MAX_PRECISION = 100;

/**
 * The first number of a JSON text that JavaScript rounds, as it is written there; undefined: it keeps them all.
 *
 * @param json valid.
 * @example
 * findInexactNumber('{"order":12345678901234567890}'); // 12345678901234567890
 */
export function findInexactNumber(json: string): string | undefined {
  if (!SUSPICIOUS.test(json)) {
    return undefined;
  }
  return json
    .replace(TEXT, '""')
    .match(NUMBER)
    ?.find((number) => !isExact(number));
}

/** Whether the nearest double is that number, when it is written with as many digits. */
function isExact(number: string): boolean {
  const double = Number(number);
  if (!Number.isFinite(double)) {
    return false;
  }
  const wanted = normalForm(number);
  const { length } = wanted.digits;
  return (
    isSame(wanted, normalForm(String(double))) ||
    (length > 0 && length <= MAX_PRECISION && isSame(wanted, normalForm(double.toPrecision(length))))
  );
}

interface NormalForm {
  /** Without zeros at either end; empty for 0. */
  readonly digits: string;
  /** Of ten, by which 0.digits is multiplied. */
  readonly exponent: number;
}

function normalForm(number: string): NormalForm {
  const [, whole = '', fraction = '', exponent = '0'] =
    /^-?(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(number) ?? [];
  const all = whole + fraction;
  const digits = all.replace(/^0+|0+$/g, '');
  const zeros = all.length - all.replace(/^0+/, '').length;
  return { digits, exponent: digits === '' ? 0 : Number(exponent) + whole.length - zeros };
}

function isSame(one: NormalForm, other: NormalForm): boolean {
  return one.digits === other.digits && one.exponent === other.exponent;
}
