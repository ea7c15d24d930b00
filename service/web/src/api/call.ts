import { CallError, errorOf } from './call-error';
import { storedKey } from './key';

const BASE_PATH = '/api/v1';

let whenKeyIsAskedFor = () => {};

/** @param listener hears of each call that was refused for want of a good key. */
export function onKeyAskedFor(listener: () => void): void {
  whenKeyIsAskedFor = listener;
}

/**
 * @param path below the base path.
 * @param body JSON text, of a `POST`. (Default: a `GET`)
 * @throws CallError the service refuses, or cannot be reached.
 */
export async function call(path: string, body?: string, signal?: AbortSignal): Promise<Response> {
  const key = storedKey();
  const response = await fetch(BASE_PATH + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(key !== null && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    body: body ?? null,
    signal: signal ?? null,
    cache: 'no-store',
  }).catch((error: Error) => {
    throw error.name === 'AbortError' ? error : new CallError('UNREACHABLE', 'The service cannot be reached');
  });
  if (response.ok) {
    return response;
  }
  const error = await errorOf(response);
  if (error.code === 'UNAUTHENTICATED') {
    whenKeyIsAskedFor();
  }
  throw error;
}
