import { InvalidArgumentError } from '../contract/errors';

/** What an argument of the library is called on the command line, where a value of it is refused. */
export function namedAs<T>(name: string, argument: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof InvalidArgumentError && error.argument.startsWith(argument)) {
      throw new InvalidArgumentError(error.argument.replace(argument, name), error.reason);
    }
    throw error;
  }
}
