import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { CommandError, ExitCode } from './exit-code';
import type { Line } from './lines';
import type { Terminal } from './terminal';
import { BadLineError } from './timer-line';

/** Of lines that cannot be taken, so many are named; the others are counted. */
const MAX_NAMED = 20;

/** What becomes of lines that cannot be taken: they are counted, end the command, or go to a file as they are. */
export type BadLinePolicy =
  | 'count'
  | 'refuse'
  | {
      readonly file: string;
      /** Of the file, so many bytes belong to an earlier run; 0: it must not be there yet. */
      readonly bytes: number;
    };

interface BadLinesFile {
  readonly name: string;
  readonly fd: number;
}

/** The lines that cannot be taken. The first are named on stderr. */
export class BadLines {
  readonly #terminal: Terminal;
  readonly #policy: BadLinePolicy;
  readonly #file: BadLinesFile | undefined;
  #count = 0;
  #bytes = 0;

  /** @throws CommandError the file is there, or cannot be written. */
  constructor(terminal: Terminal, policy: BadLinePolicy) {
    this.#terminal = terminal;
    this.#policy = policy;
    if (typeof policy === 'string') {
      return;
    }
    const { file, bytes } = policy;
    try {
      this.#file = { name: file, fd: openSync(file, bytes > 0 ? 'r+' : 'wx') };
      ftruncateSync(this.#file.fd, bytes);
      this.#bytes = bytes;
    } catch (error) {
      throw cannotWrite(ExitCode.USAGE, file, error);
    }
  }

  get count(): number {
    return this.#count;
  }

  /** Of the file, up to now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @throws CommandError it ends the command, or cannot be kept. */
  add({ number, bytes }: Line, reason: string): void {
    this.#count++;
    const named = `line ${number}: ${reason}`;
    if (this.#policy === 'refuse') {
      throw new CommandError(ExitCode.FAILED, named);
    }
    if (this.#count <= MAX_NAMED) {
      this.#terminal.find(named);
    }
    if (this.#file !== undefined && bytes !== undefined) {
      this.#keep(this.#file, Buffer.concat([bytes, Buffer.from('\n')]));
    }
  }

  /** As a whole or not at all. */
  #keep({ name, fd }: BadLinesFile, line: Buffer): void {
    try {
      for (let written = 0; written < line.length; ) {
        written += writeSync(fd, line, written, line.length - written, this.#bytes + written);
      }
      this.#bytes += line.length;
    } catch (error) {
      ftruncateSync(fd, this.#bytes);
      throw cannotWrite(ExitCode.FAILED, name, error);
    }
  }

  /** @throws the error, if it says nothing about the line. */
  addError(line: Line, error: unknown): void {
    if (!(error instanceof BadLineError)) {
      throw error;
    }
    this.add(line, error.message);
  }

  /** Says how many there were beside those that were named. */
  end(): void {
    if (this.#count > MAX_NAMED && this.#policy !== 'refuse') {
      this.#terminal.find(`and ${this.#count - MAX_NAMED} more lines`);
    }
    if (this.#file !== undefined) {
      closeSync(this.#file.fd);
    }
  }
}

function cannotWrite(exitCode: ExitCode, file: string, cause: unknown): CommandError {
  return new CommandError(exitCode, `cannot write the bad lines to ${file}`, { cause });
}
