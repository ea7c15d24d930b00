import { findInexactNumber } from 'pg-timer-store';
import { invalidArgument } from '../api-error';

/** So deep may a payload be in the store. */
const MAX_DEPTH = 1000;

/** A text, and whether it is the name of a field. */
const TEXTS = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

/** JSON that says one thing. What JSON.parse changes without a word is refused: numbers that it rounds, names given twice. */
export function checkJsonBody(text: string, value: unknown): void {
  const inexact = findInexactNumber(text);
  if (inexact !== undefined) {
    throw invalidArgument(
      'body',
      `has the number ${inexact.slice(0, 40)}, which a JavaScript number does not keep`,
    );
  }
  if (countNames(text) !== countKeys(value)) {
    throw invalidArgument('body', 'has an object that names a field twice');
  }
}

function countNames(text: string): number {
  let count = 0;
  for (const [, colon] of text.matchAll(TEXTS)) {
    if (colon !== undefined) {
      count++;
    }
  }
  return count;
}

/** Level by level, since what is nested deeply would not fit on the stack. */
function countKeys(value: unknown): number {
  let count = 0;
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH + 2) {
      throw invalidArgument('body', `must not be nested more than ${MAX_DEPTH} levels deep`);
    }
    const next: unknown[] = [];
    for (const each of level) {
      if (Array.isArray(each)) {
        for (const element of each) {
          if (typeof element === 'object') next.push(element);
        }
      } else if (each !== null && typeof each === 'object') {
        for (const inner of Object.values(each)) {
          count++;
          if (typeof inner === 'object') next.push(inner);
        }
      }
    }
    level = next;
  }
  return count;
}
