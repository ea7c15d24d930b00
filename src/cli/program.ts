import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import type * as actions from './actions';
import type { Terminal } from './terminal';
import { wholeNumber } from './values';

const EXIT_CODES = `Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the database cannot be used, 5 done with findings, 130 and 143 ended
by a signal, 141 stdout was closed.`;

/** Commands, options and help. Nothing of the library is loaded before a command acts. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('pg-timer-store')
    .description('Durable timers on PostgreSQL: looks at what the library pg-timer-store keeps.')
    .version(packageVersion())
    .configureOutput({
      outputError: (text) =>
        terminal.say(
          text
            .trim()
            .replace(/^error: /, '')
            .replace(/\s*\n\s*/g, ' '),
        ),
    })
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText(
      'after',
      `\n${EXIT_CODES}\n\nThe database is that of DATABASE_URL, or of the PG* variables.`,
    );

  /** A command of the program or of one of its groups. */
  const add = (parent: Command, usage: string, description: string, examples: readonly string[]) =>
    parent
      .command(usage)
      .description(description)
      .addHelpText('after', `\nExamples:\n${examples.map((each) => `  ${each}\n`).join('')}`);

  connected(
    add(program, 'doctor', 'Reports on the server and the schema, with advice. Writes nothing.', [
      'pg-timer-store doctor',
      `pg-timer-store doctor --json | jq -r '.checks[] | select(.status == "fault") | .found'`,
    ]),
  )
    .option('--json', 'the report as JSON')
    .action(acting((run, options) => run.doctor(terminal, options)));

  sharded(
    add(program, 'shards', 'Shows who owns each shard, how many timers it has, and how late they are.', [
      'pg-timer-store shards',
      'pg-timer-store shards --exact --json',
    ]),
  )
    .option('--exact', 'count all; else up to 10,000 of each shard')
    .option('--json', 'as JSON')
    .action(acting((run, options) => run.shards(terminal, options)));

  return program;
}

/** The options come last but one, after the arguments. */
function acting<TArguments extends unknown[]>(
  act: (run: typeof actions, ...args: TArguments) => Promise<void>,
): (...args: [...TArguments, Command]) => Promise<void> {
  return async (...args) => {
    args.pop();
    await act(await import('./actions.js'), ...(args as unknown as TArguments));
  };
}

function connected(command: Command): Command {
  return command
    .option('--database-url <url>', 'the database, without a password (default: DATABASE_URL, then PG*)')
    .option('--schema <name>', "the schema of the tables (default: the first of the session's search_path)");
}

function sharded(command: Command): Command {
  return connected(command).option(
    '--shards <n>',
    'how many shards the data is split over (default: as kept with the data)',
    wholeNumber(1, 65_536),
  );
}

/** Of this package, from where its code is. */
function packageVersion(): string {
  return JSON.parse(readFileSync(path.join(__dirname, '../package.json'), 'utf8')).version;
}
