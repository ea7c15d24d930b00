import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { ZERO_CURSOR } from '../contract/cursor';
import { shardIdFor } from '../contract/shard-id';
import type { TimerCursor } from '../contract/types';
import { CommandError, ExitCode } from './exit-code';
import { parseTimerLine } from './timer-line';

/** After which timer a dump goes on. */
export interface DumpPlace {
  readonly shardId: number;
  readonly after: TimerCursor;
}

const LF = 0x0a;
/** Read at a time, from the end on. */
const CHUNK_BYTES = 64 * 1024;

/** A file that is dumped to. How far that has come says its last line. */
export class DumpFile {
  readonly #name: string;
  readonly #fd: number;

  private constructor(name: string, fd: number) {
    this.#name = name;
    this.#fd = fd;
  }

  /**
   * @param isResumed whether the file may be there, and goes on.
   * @throws CommandError
   */
  static open(name: string, isResumed: boolean): DumpFile {
    try {
      return new DumpFile(name, openSync(name, isResumed ? 'a+' : 'wx+'));
    } catch (error) {
      const hint = (error as NodeJS.ErrnoException).code === 'EEXIST' ? ': --resume goes on with it' : '';
      throw new CommandError(ExitCode.USAGE, `cannot write ${name}${hint}`, { cause: error });
    }
  }

  /** Where to go on. What is behind the last whole line goes. */
  place(shardCount: number): DumpPlace {
    const { size } = fstatSync(this.#fd);
    const end = this.#endOfLineBefore(size);
    ftruncateSync(this.#fd, end);
    if (end === 0) {
      return { shardId: 0, after: ZERO_CURSOR };
    }
    const start = this.#endOfLineBefore(end - 1);
    const line = Buffer.alloc(end - 1 - start);
    readSync(this.#fd, line, 0, line.length, start);
    try {
      const { id, executeAt, uuid } = parseTimerLine(line);
      return { shardId: shardIdFor(id, shardCount), after: { executeAt, uuid: uuid as string } };
    } catch (error) {
      const message = `cannot go on with ${this.#name}: its last line was not written by dump`;
      throw new CommandError(ExitCode.USAGE, message, { cause: error });
    }
  }

  write(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(this.#fd, bytes, written);
    }
    return Promise.resolve();
  }

  close(): void {
    fsyncSync(this.#fd);
    closeSync(this.#fd);
  }

  /** Where a line begins that ends at `end`, or the last whole one ends before it. */
  #endOfLineBefore(end: number): number {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (let stop = end; stop > 0; ) {
      const start = Math.max(0, stop - CHUNK_BYTES);
      const length = readSync(this.#fd, chunk, 0, stop - start, start);
      const lf = chunk.subarray(0, length).lastIndexOf(LF);
      if (lf >= 0) {
        return start + lf + 1;
      }
      stop = start;
    }
    return 0;
  }
}
