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

/** Its lines after a place, but for blank ones, as many at a time as arrive. */
export async function* linesOf(
  { file }: LoadSource,
  { number, offset }: LoadPlace,
  maxBytes: number,
  signal: AbortSignal,
): AsyncGenerator<Line[], void, undefined> {
  const stream =
    file === '-' ? process.stdin : createReadStream(file, { start: offset, highWaterMark: CHUNK_BYTES });
  const stop = () => stream.destroy();
  signal.addEventListener('abort', stop);
  try {
    for await (const lines of readLines(stream, maxBytes, { number, offset })) {
      yield lines.filter(({ isBlank }) => !isBlank);
    }
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener('abort', stop);
    stream.destroy();
  }
}
