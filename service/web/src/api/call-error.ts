import type { ErrorAnswer } from './types';

/** What the service answered, or that it did not. */
export class CallError extends Error {
  override readonly name = 'CallError';

  /**
   * @param code of the service; `UNREACHABLE` if none came.
   * @param argument which the service refuses, by its name in the call.
   */
  constructor(
    readonly code: string,
    message: string,
    readonly argument: string | undefined = undefined,
    readonly retryAfterMs = 0,
  ) {
    super(message);
  }
}

export async function errorOf(response: Response): Promise<CallError> {
  const retryAfterMs = Number(response.headers.get('retry-after') ?? 0) * 1000;
  try {
    const { error, message, details } = (await response.json()) as ErrorAnswer;
    const argument = details?.['argument'];
    return new CallError(error, message, typeof argument === 'string' ? argument : undefined, retryAfterMs);
  } catch {
    // What stands before the service has answered by itself.
    return new CallError(
      `HTTP ${response.status}`,
      `The answer was ${response.status} ${response.statusText}`,
    );
  }
}
