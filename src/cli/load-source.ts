import { accessSync, constants, createReadStream, statSync } from 'node:fs';
import { CommandError, ExitCode } from './exit-code';
import { type Line, readLines } from './lines';
import type { LoadPlace } from './load-state';

/** What is loaded: a file, which can be read again, or what comes only once. */
export interface LoadSource {
  /** `-`: stdin. */
  readonly file: string;
  /** In bytes; undefined: it comes only once. */
  readonly size: number | undefined;
}

/** Bytes read at a time. */
const CHUNK_BYTES = 256 * 1024;

/** @throws CommandError there is no such file. */
export function findSource(file: string): LoadSource {
  if (file === '-') {
    return { file, size: undefined };
  }
  try {
    const stats = statSync(file);
    accessSync(file, constants.R_OK);
    if (stats.isDirectory()) {
      throw new CommandError(ExitCode.USAGE, `${file} is a directory`);
    }
    return { file, size: stats.isFile() ? stats.size : undefined };
  } catch (error) {
    throw error instanceof CommandError
      ? error
      : new CommandError(ExitCode.USAGE, `cannot read ${file}`, { cause: error });
  }
}

/**
 * Its lines after a place, but for blank ones, as many at a time as arrive.
 *
 * @param endsAtTooLong whether a line of more bytes is the last one.
 */
export async function* linesOf(
  { file }: LoadSource,
  { number, offset }: LoadPlace,
  maxBytes: number,
  endsAtTooLong: boolean,
  signal: AbortSignal,
): AsyncGenerator<Line[], void, undefined> {
  // A pipe has no place to start at, not even its beginning.
  const start = offset > 0 ? offset : undefined;
  const stream = file === '-' ? process.stdin : createReadStream(file, { start, highWaterMark: CHUNK_BYTES });
  const reading = readLines(stream, maxBytes, endsAtTooLong, { number, offset });
  try {
    for (let next = await nextOf(reading, signal); !next.done; next = await nextOf(reading, signal)) {
      yield next.value.filter(({ isBlank }) => !isBlank);
    }
  } finally {
    stream.destroy();
  }
}

/** A pipe at whose other end nobody says anything takes no notice of a signal. */
async function nextOf<T>(
  reading: AsyncIterator<T, void>,
  signal: AbortSignal,
): Promise<IteratorResult<T, void>> {
  signal.throwIfAborted();
  return await new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop);
    reading
      .next()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop));
  });
}
