import { InvalidArgumentError, StoreUnavailableError } from '../contract/errors';

/** Asked at each new connection, so that it can change meanwhile. */
export type PasswordSource = () => string | Promise<string>;

/**
 * The source, with errors that name it and show nothing of what it gave.
 *
 * @throws StoreUnavailableError when it fails: it may be a service that is asked, and is asked again.
 * @throws InvalidArgumentError when it gives no password.
 */
export function checkedPassword(source: PasswordSource): () => Promise<string> {
  return async () => {
    let password: unknown;
    try {
      password = await source();
    } catch (error) {
      throw new StoreUnavailableError('The function that is config.password failed', { cause: error });
    }
    if (typeof password !== 'string' || password === '') {
      const given = password === '' ? 'an empty one' : `one of type ${typeof password}`;
      throw new InvalidArgumentError('config.password', `must give a string, not ${given}`);
    }
    return password;
  };
}
