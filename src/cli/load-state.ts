import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { CommandError, ExitCode } from './exit-code';

/** How far a file has been loaded. */
export interface LoadPlace {
  /** The last line that was dealt with; 0: none. */
  readonly number: number;
  /** Where the next one begins, in bytes. */
  readonly offset: number;
  /** Bytes of the file of bad lines that belong to lines up to there. */
  readonly badBytes: number;
}

/** What a file of `--resume` holds. */
interface LoadState extends LoadPlace {
  /** Where to. */
  readonly database: string;
  /** Of the beginning of the file, by which it is known. */
  readonly head: string;
}

const HEAD_BYTES = 4096;
const START: LoadPlace = { number: 0, offset: 0, badBytes: 0 };

/** Keeps in a file how far a load has come, and finds it there again. */
export class LoadProgressFile {
  readonly #file: string;
  readonly #loaded: string;
  readonly #database: string;

  /** @param loaded The file that is loaded. */
  constructor(file: string, loaded: string, database: string) {
    this.#file = file;
    this.#loaded = loaded;
    this.#database = database;
  }

  /** @throws CommandError it is about another file or database, or no such file. */
  read(): LoadPlace {
    let text: string;
    try {
      // What is no file may have no end.
      text = statSync(this.#file).isFile() ? readFileSync(this.#file, 'utf8') : '';
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        return START;
      }
      throw new CommandError(ExitCode.USAGE, `cannot read ${this.#file}`, { cause: error });
    }
    const state = parseState(text);
    if (state === undefined) {
      throw new CommandError(ExitCode.USAGE, `${this.#file} is no file that --resume has written`);
    }
    if (state.database !== this.#database || state.head !== this.#headUpTo(state.offset)) {
      const message = `${this.#file} is about another file or database than ${this.#loaded} and ${this.#database}`;
      throw new CommandError(ExitCode.USAGE, message);
    }
    return state;
  }

  /**
   * As a whole or not at all.
   *
   * @throws CommandError
   */
  write({ number, offset, badBytes }: LoadPlace): void {
    const state = { number, offset, badBytes, database: this.#database, head: this.#headUpTo(offset) };
    try {
      writeFileSync(`${this.#file}.new`, `${JSON.stringify(state satisfies LoadState)}\n`);
      renameSync(`${this.#file}.new`, this.#file);
    } catch (error) {
      throw new CommandError(ExitCode.FAILED, `cannot keep in ${this.#file} how far it has come`, {
        cause: error,
      });
    }
  }

  #headUpTo(offset: number): string {
    const fd = openSync(this.#loaded, 'r');
    try {
      const head = Buffer.alloc(Math.min(HEAD_BYTES, offset));
      const length = readSync(fd, head, 0, head.length, 0);
      return createHash('sha256').update(head.subarray(0, length)).digest('hex');
    } finally {
      closeSync(fd);
    }
  }
}

function parseState(text: string): LoadState | undefined {
  try {
    const state = JSON.parse(text) as LoadState;
    const isPlace = [state.number, state.offset, state.badBytes].every(
      (each) => Number.isSafeInteger(each) && each >= 0,
    );
    return isPlace ? state : undefined;
  } catch {
    return undefined;
  }
}
