import { InvalidArgumentError, StoreUnavailableError } from '../contract/errors';

/** Gives the password. It is asked at each new connection, so that the password can change meanwhile. */
export type PasswordSource = () => string | Promise<string>;

/**
 * Wraps a source, so that its errors name it and show nothing of what it gave.
 *
 * @throws StoreUnavailableError when the source fails: it may ask a service, and the next call asks again.
 * @throws InvalidArgumentError when the source gives no password.
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
