import { CommanderError } from 'commander';
import { ExitCode, exitCodeOf } from './exit-code';
import { messageOf } from './message-of';
import { createProgram } from './program';
import { Terminal } from './terminal';

/** For what is still open after a signal. */
const LAST_WORD_MS = 1000;

/** Runs the command line, and sets the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const terminal = new Terminal();
  const exitCode = await run(terminal, argv);
  process.exitCode = exitCode;
  if (terminal.signal.aborted) {
    setTimeout(() => terminal.leave({ exitCode }), LAST_WORD_MS).unref();
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
    const reason = terminal.reasonOf(error);
    terminal.say(messageOf(reason));
    return exitCodeOf(reason);
  }
}
