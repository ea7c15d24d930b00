/** What a program reads from how a command ended; docs/cli.md says it for people. */
export const ExitCode = {
  DONE: 0,
  FAILED: 1,
  USAGE: 2,
  UNUSABLE_DATABASE: 3,
  NO_SUCH_TIMER: 4,
  FINDINGS: 5,
  UNCONFIRMED: 6,
  SIGINT: 130,
  CLOSED_OUTPUT: 141,
  SIGTERM: 143,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Ends a command, with its message as the line on stderr. */
export class CommandError extends Error {
  constructor(
    readonly exitCode: ExitCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Of an error of the library: what the call was to do may have been done all the same. */
export function mayBeDone(error: unknown): boolean {
  const { code, retryable } = (error ?? {}) as { readonly code?: unknown; readonly retryable?: unknown };
  return (
    code === 'OUTCOME_UNKNOWN' ||
    ((code === 'CALL_ABORTED' || code === 'CALL_TIMEOUT') && retryable === false)
  );
}

/** By the code of an error of the library, which is not loaded for `--help`. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommandError) {
    return error.exitCode;
  }
  switch ((error as { code?: unknown } | null)?.code) {
    case 'INVALID_ARGUMENT':
      return ExitCode.USAGE;
    case 'TIMER_NOT_FOUND':
      return ExitCode.NO_SUCH_TIMER;
    case 'ACCESS_DENIED':
    case 'CALL_TIMEOUT':
    case 'SCHEMA_MISMATCH':
    case 'STORE_UNAVAILABLE':
    case 'UNSUPPORTED_SERVER':
      return ExitCode.UNUSABLE_DATABASE;
    default:
      return ExitCode.FAILED;
  }
}
