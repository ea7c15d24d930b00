import { InvalidArgumentError } from 'commander';
import { MAX_INT4 } from '../contract/scalars';
import { type Moment, parseMoment } from './moment';

/** What the text of an option or argument says. What it throws is told with the name of the option. */
type Parser<T> = (text: string) => T;

export function wholeNumber(min: number, max = MAX_INT4): Parser<number> {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}

/** Not nothing: an option that a script has left empty would match everything. */
export function text(given: string): string {
  if (given === '') {
    throw new InvalidArgumentError('It must not be empty.');
  }
  return given;
}

/** What begins with a hyphen is another option far more often, with the name of the file forgotten: `./-` is for others. */
export function file(given: string): string {
  if (given.startsWith('-')) {
    throw new InvalidArgumentError('It must be the name of a file.');
  }
  return text(given);
}

export function moment(text: string): Moment {
  const parsed = parseMoment(text);
  if (parsed === undefined) {
    throw new InvalidArgumentError(
      'It must be a time with its zone, such as 2030-01-31T12:00:00Z, in whole milliseconds; or now, +90s, -15m, +2h, +7d.',
    );
  }
  return parsed;
}
