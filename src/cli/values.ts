import { InvalidArgumentError } from 'commander';
import { MAX_INT4 } from '../contract/scalars';

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
