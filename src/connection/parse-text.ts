import { InvalidArgumentError } from '../contract/errors';

/**
 * Reads a whole number of the environment or of a connection string. An empty text counts as an absent one, as it does
 * in the environment.
 *
 * @throws InvalidArgumentError which does not show the text: it can be a piece of a password with a question mark.
 */
export function parseWholeNumber(
  argument: string,
  text: string | undefined,
  min: number,
  max: number,
): number | undefined {
  if (!text) {
    return undefined;
  }
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new InvalidArgumentError(argument, `must be a whole number from ${min} to ${max}`);
  }
  return value;
}

/** Returns the text itself, if it is one of the choices. An empty text counts as an absent one. */
export function parseChoice<T extends string>(
  argument: string,
  text: string | undefined,
  choices: readonly T[],
): T | undefined {
  const choice = choices.find((each) => each === text);
  if (choice === undefined && text) {
    throw new InvalidArgumentError(argument, `must be one of ${choices.join(', ')}`);
  }
  return choice;
}
