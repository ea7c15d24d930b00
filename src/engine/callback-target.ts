import { PermanentDeliveryError } from './delivery';

/** A callback URL, as a request needs it. */
export interface CallbackTarget {
  readonly origin: string;
  /** With the query. */
  readonly path: string;
  /** What the user and password of the URL stand for. */
  readonly authorization: string | undefined;
}

/** @throws PermanentDeliveryError if there is none, or none that can be called. It does not show it. */
export function parseCallbackTarget(callbackUrl: string | null): CallbackTarget {
  if (callbackUrl === null) {
    throw new PermanentDeliveryError('the timer has no callbackUrl');
  }
  try {
    const { protocol, origin, pathname, search, username, password } = new URL(callbackUrl);
    if (protocol === 'http:' || protocol === 'https:') {
      return { origin, path: pathname + search, authorization: basicAuthorization(username, password) };
    }
  } catch {
    // The URL is in the error's message.
  }
  throw new PermanentDeliveryError('the callbackUrl is not one that can be called');
}

/** @throws URIError if a percent sign in it does not begin the code of a character. */
function basicAuthorization(username: string, password: string): string | undefined {
  if (username === '' && password === '') {
    return undefined;
  }
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}
