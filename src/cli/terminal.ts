import { once } from 'node:events';
import { styleText } from 'node:util';
import { CommandError, ExitCode, exitCodeOf, mayBeDone } from './exit-code';
import { messageOf } from './message-of';
import { printable } from './printable';

type Style = Parameters<typeof styleText>[0];

const NAME = 'pg-timer-store';

/** Characters on stderr, but for those that are not printable. */
const MAX_LINE_LENGTH = 1000;

const SIGNALS = [
  ['SIGINT', ExitCode.SIGINT],
  ['SIGTERM', ExitCode.SIGTERM],
] as const;

/** Where a command writes, and what tells it to end. */
export class Terminal {
  readonly #out = process.stdout;
  readonly #err = process.stderr;
  readonly #ending = new AbortController();
  readonly #hasColours = this.#out.isTTY && this.#out.hasColors();
  readonly #ended: Promise<never>;
  #hasFindings = false;

  constructor() {
    this.#ended = new Promise((_, reject) => {
      this.signal.addEventListener('abort', () => reject(this.signal.reason));
    });
    this.#ended.catch(() => {});
    for (const [signal, exitCode] of SIGNALS) {
      process.on(signal, () => {
        if (this.signal.aborted) {
          // Whoever asks twice does not want to wait.
          this.leave();
        }
        this.#end(new CommandError(exitCode, `ended by ${signal}`));
      });
    }
    this.#out.on('error', (error: NodeJS.ErrnoException) => {
      this.#end(
        error.code === 'EPIPE'
          ? new CommandError(ExitCode.CLOSED_OUTPUT, 'stdout was closed before all was written')
          : new CommandError(ExitCode.FAILED, `cannot write to stdout: ${error.message}`),
      );
    });
    // Nobody is left to tell.
    this.#err.on('error', () => {});
  }

  /** Fires by SIGINT, SIGTERM or a closed stdout; its reason is the `CommandError` to end by. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** For what does not look at the signal itself: as soon as that fires, nobody waits any longer. */
  async orEnd<T>(work: Promise<T>): Promise<T> {
    return await Promise.race([work, this.#ended]);
  }

  /** Whether it was told to end by SIGINT or SIGTERM, which is how some commands are to end. */
  get isStopped(): boolean {
    const { exitCode } = (this.signal.reason ?? {}) as Partial<CommandError>;
    return exitCode === ExitCode.SIGINT || exitCode === ExitCode.SIGTERM;
  }

  /**
   * Ends the process, whatever is still under way. Node's own exit waits for a file that is being opened or read, and would for
   * ever for a pipe that nobody writes into: then by the signal itself, which a shell calls 130 or 143 just so.
   */
  leave({ exitCode } = this.signal.reason as Pick<CommandError, 'exitCode'>): void {
    const signal = SIGNALS.find((each) => each[1] === exitCode)?.[0];
    if (signal === undefined || !process.getActiveResourcesInfo().includes('FSReqCallback')) {
      process.exit(exitCode);
    }
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }

  /** Whether somebody watches stdout. */
  get isWatched(): boolean {
    return this.#out.isTTY;
  }

  /** Whether somebody watches stderr. */
  get isProgressWatched(): boolean {
    return this.#err.isTTY;
  }

  /**
   * Writes a part of the result, at the pace of whoever reads it.
   *
   * @throws CommandError there is nobody any more, or the command was told to end.
   */
  async write(text: string): Promise<void> {
    this.signal.throwIfAborted();
    if (!this.#out.write(text)) {
      await once(this.#out, 'drain', { signal: this.signal }).catch(() => {});
    }
    this.signal.throwIfAborted();
  }

  /** Writes a line of a log, at once, and while the command ends too. */
  log(line: string): void {
    this.#out.write(`${line}\n`);
  }

  /** Empties the screen before the next `write`. */
  async clear(): Promise<void> {
    await this.write('\u001b[H\u001b[2J');
  }

  /** One object a line. */
  async writeJson(value: unknown): Promise<void> {
    await this.write(`${JSON.stringify(value)}\n`);
  }

  /**
   * Writes what was done. Where that can no longer be, it is said on stderr.
   *
   * @throws CommandError
   */
  async writeDone(text: string, done: string): Promise<void> {
    try {
      await this.write(text);
    } catch (error) {
      throw this.failure(error, done);
    }
  }

  /** The error to end by in the middle of something: why, and what was done until then. */
  failure(error: unknown, done: string): CommandError {
    const reason = this.reasonOf(error);
    return new CommandError(exitCodeOf(reason), `${messageOf(reason)}; ${done}`);
  }

  /** Once the command was told to end, that is why whatever failed did so. */
  reasonOf(error: unknown): unknown {
    if (!this.signal.aborted || error instanceof CommandError) {
      return error;
    }
    const reason = this.signal.reason as CommandError;
    return mayBeDone(error)
      ? new CommandError(reason.exitCode, `${reason.message}; ${(error as Error).message}`)
      : reason;
  }

  /** Something that is not as it should be: a line on stderr, and another exit code. */
  find(line: string): void {
    this.#hasFindings = true;
    this.say(line);
  }

  get hasFindings(): boolean {
    return this.#hasFindings;
  }

  /** A line on stderr, which a text from outside does not make longer than people read. */
  say(line: string): void {
    const text =
      line.length <= MAX_LINE_LENGTH
        ? line
        : `${line.slice(0, MAX_LINE_LENGTH / 2)} … ${line.slice(-MAX_LINE_LENGTH / 2)}`;
    this.#err.write(`${NAME}: ${printable(text)}\n`);
  }

  /** Puts a text in the place of the line where the cursor is, on stderr. */
  replaceLine(text: string): void {
    this.#err.write(`\r\u001b[K${text}`);
  }

  paint(style: Style, text: string): string {
    return this.#hasColours ? styleText(style, text) : text;
  }

  #end(reason: CommandError): void {
    this.#ending.abort(reason);
  }
}
