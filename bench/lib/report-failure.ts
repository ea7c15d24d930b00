/** A failure that its reader can do something about: told without a stack trace. */
export class BenchError extends Error {}

/** Ends the process with a failure, once nothing is left to do. */
export function reportFailure(error: unknown): void {
  console.error(error instanceof Error && isForTheReader(error) ? error.message : error);
  process.exitCode = 1;
}

function isForTheReader(error: Error & { code?: unknown }): boolean {
  return error instanceof BenchError || String(error.code).startsWith('ERR_PARSE_ARGS_');
}
