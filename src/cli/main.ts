import { CommanderError } from 'commander';
import { CommandError, ExitCode, exitCodeOf } from './exit-code';
import { createProgram } from './program';
import { Terminal } from './terminal';

/** For what is still open after a signal. */
const LAST_WORD_MS = 1000;

/** Runs the command line, and sets the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const terminal = new Terminal();
  process.exitCode = await run(terminal, argv);
  if (terminal.signal.aborted) {
    setTimeout(() => process.exit(), LAST_WORD_MS).unref();
  }
}

async function run(terminal: Terminal, argv: readonly string[]): Promise<ExitCode> {
  try {
    await createProgram(terminal).parseAsync(argv);
    return terminal.hasFindings ? ExitCode.FINDINGS : ExitCode.DONE;
  } catch (error) {
    if (error instanceof CommanderError) {
      // It has said why; no error is what --help and --version end by.
      return error.exitCode === 0 ? ExitCode.DONE : ExitCode.USAGE;
    }
    const { signal } = terminal;
    const reason = signal.aborted && !(error instanceof CommandError) ? signal.reason : error;
    terminal.say(messageOf(reason));
    return exitCodeOf(reason);
  }
}

/** With its cause, which may say more. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const cause = error.cause instanceof Error ? error.cause.message : '';
  return cause === '' || error.message.includes(cause) ? error.message : `${error.message}: ${cause}`;
}
