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
/** As `timerLine` writes it. */
const LINE_START = '{"id":"';
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
      const fd = openSync(name, isResumed ? 'a+' : 'wx+');
      if (fstatSync(fd).isFile()) {
        return new DumpFile(name, fd);
      }
      closeSync(fd);
    } catch (error) {
      const hint = (error as NodeJS.ErrnoException).code === 'EEXIST' ? ': --resume goes on with it' : '';
      throw new CommandError(ExitCode.USAGE, `cannot write ${name}${hint}`, { cause: error });
    }
    throw new CommandError(ExitCode.USAGE, `${name} is no file, but a device or the like`);
  }

  /**
   * Where to go on. What is behind the last whole line goes.
   *
   * @throws CommandError it is a file of something else, which stays as it is.
   */
  place(shardCount: number): DumpPlace {
    const { size } = fstatSync(this.#fd);
    const end = this.#endOfLineBefore(size);
    const rest = this.#read(end, Math.min(size, end + LINE_START.length)).toString();
    if (!LINE_START.startsWith(rest)) {
      throw this.#refusal();
    }
    const place = end === 0 ? { shardId: 0, after: ZERO_CURSOR } : this.#placeOf(end, shardCount);
    ftruncateSync(this.#fd, end);
    return place;
  }

  #placeOf(end: number, shardCount: number): DumpPlace {
    const start = this.#endOfLineBefore(end - 1);
    try {
      const { id, executeAt, uuid } = parseTimerLine(this.#read(start, end - 1).toString());
      return { shardId: shardIdFor(id, shardCount), after: { executeAt, uuid: uuid as string } };
    } catch (error) {
      throw this.#refusal({ cause: error });
    }
  }

  #refusal(options?: ErrorOptions): CommandError {
    const message = `cannot go on with ${this.#name}: its last line was not written by dump`;
    return new CommandError(ExitCode.USAGE, message, options);
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

  #read(start: number, end: number): Buffer {
    const bytes = Buffer.alloc(end - start);
    readSync(this.#fd, bytes, 0, bytes.length, start);
    return bytes;
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
