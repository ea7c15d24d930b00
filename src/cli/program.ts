import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Argument, Command, Option } from 'commander';
import type * as actions from './actions';
import type { Terminal } from './terminal';
import { file, moment, text, wholeNumber } from './values';

const EXIT_CODES = `Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the database cannot be used, 4 no such timer, 5 done with findings,
6 --yes was not given, 130 and 143 ended by a signal, 141 stdout was closed.`;

/**
 * Commands, options and help. Nothing of the library is loaded before a command acts.
 *
 * @param isCompleted whether completion is to be added by what looks at the program. (Default: false)
 */
export function createProgram(terminal: Terminal, isCompleted = false): Command {
  const program = new Command('pg-timer-store')
    .description('Durable timers on PostgreSQL: migrates, looks at, loads and runs what the library keeps.')
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

  const timers = program.command('timers').description('Looks at timers, and changes one.');
  limited(
    filtered(
      sharded(
        add(timers, 'list', 'Lists timers: in order of time, or of a namespace in order of ids.', [
          'pg-timer-store timers list --before now',
          'pg-timer-store timers list --namespace payment-reminders --id order-42',
          'pg-timer-store timers list --from +1h --before +2h --limit 1000 --json',
        ]),
      ),
    ),
  )
    .option('--from <time>', 'due then or later', moment)
    .option('--before <time>', 'due before', moment)
    .action(acting((run, options) => run.timersList(terminal, options)));
  ofOne(
    add(timers, 'get', 'Shows all that a timer has, its payload and callback URL too.', [
      'pg-timer-store timers get payment-reminders order-42',
    ]),
  ).action(acting((run, namespace, id, options) => run.timersGet(terminal, namespace, id, options)));
  destructive(
    ofOne(
      add(timers, 'delete', 'Deletes a timer.', [
        'pg-timer-store timers delete payment-reminders order-42 --yes',
      ]),
    ),
  ).action(acting((run, namespace, id, options) => run.timersDelete(terminal, namespace, id, options)));
  ofOne(
    add(timers, 'reschedule', 'Gives a timer another time. Its attempts begin anew.', [
      'pg-timer-store timers reschedule payment-reminders order-42 2030-01-31T12:00:00Z',
      'pg-timer-store timers reschedule payment-reminders order-42 now',
    ]),
  )
    .argument('<time>', 'with its zone; or now, +90s, +2h, +7d', moment)
    .action(
      acting((run, namespace, id, time, options) =>
        run.timersReschedule(terminal, namespace, id, time, options),
      ),
    );

  const dead = program.command('dead').description('Looks at dead timers, and revives or deletes them.');
  limited(
    ofDead(
      add(dead, 'list', 'Lists dead timers, in the order in which they were to be delivered.', [
        'pg-timer-store dead list --since -24h',
        'pg-timer-store dead list --error ECONNREFUSED --json',
      ]),
    ),
  ).action(acting((run, options) => run.deadList(terminal, options)));
  ofSeveral(
    add(dead, 'revive', 'Makes dead timers due again, with no attempts. Without --yes, it counts them.', [
      'pg-timer-store dead revive payment-reminders order-42 --yes',
      'pg-timer-store dead revive --error ECONNREFUSED --since -24h',
    ]),
  )
    .addOption(new Option('--at <time>', 'when they are due').argParser(moment).default(moment('now'), 'now'))
    .action(acting((run, namespace, id, options) => run.deadRevive(terminal, namespace, id, options)));
  ofSeveral(
    add(dead, 'delete', 'Deletes dead timers. Without --yes, it counts them.', [
      'pg-timer-store dead delete --namespace test --yes',
      'pg-timer-store dead delete --before -30d',
    ]),
  ).action(acting((run, namespace, id, options) => run.deadDelete(terminal, namespace, id, options)));

  const migrate = connected(
    add(program, 'migrate', 'Migrates the database by dbmate, which has to be installed.', [
      'pg-timer-store migrate',
      'pg-timer-store migrate --dry-run > pending.sql',
      'pg-timer-store migrate --schema timers',
    ]),
  )
    .option('--dry-run', 'print the SQL of what is not applied yet, and apply nothing')
    .option('--json', 'what was applied, or would be, as JSON')
    .action(acting((run, options) => run.migrate(terminal, options)));
  migrate.hook('preSubcommand', ({ options }) => {
    // It would take them, and do nothing with them.
    const given = options.find((option) => migrate.getOptionValueSource(option.attributeName()) === 'cli');
    if (given !== undefined) {
      migrate.error(`${given.long} is no option of 'migrate dump'`);
    }
  });
  add(migrate, 'dump', 'Writes the migrations as files for another tool.', [
    'pg-timer-store migrate dump db/timers',
  ])
    .argument('<directory>', undefined, file)
    .action(acting((run, directory) => run.migrateDump(terminal, directory)));

  sharded(
    add(
      program,
      'load',
      'Creates the timers of a file of JSON Lines. One with a bad line is refused as a whole.',
      [
        'pg-timer-store load timers.jsonl --shards 64',
        'pg-timer-store load timers.jsonl --bad-lines bad.jsonl --resume timers.progress',
        'pg-timer-store dump | pg-timer-store load - --database-url postgres://service@other/timers',
      ],
    ),
  )
    .argument('<file>', '- is stdin', text)
    .option('--bad-lines <file>', 'leave out lines that cannot be taken, and put them there', file)
    .option('--resume <file>', 'keep there how far it has come, and go on from there', file)
    .option('--max-payload-bytes <n>', 'of one payload as JSON text', wholeNumber(1, 268_435_455), 102_400)
    .option('--json', 'the counts as JSON')
    .action(acting((run, file, options) => run.load(terminal, file, options)));

  sharded(
    add(program, 'dump', 'Writes every timer as a line of JSON, as load takes it. It is not one snapshot.', [
      'pg-timer-store dump > timers.jsonl',
      'pg-timer-store dump --output timers.jsonl --resume',
    ]),
  )
    .option('--output <file>', 'instead of stdout; it must not be there yet', file)
    .option('--resume', 'go on with a file that is there')
    .action(acting((run, options) => run.dump(terminal, options)));

  sharded(
    add(program, 'watch', 'Shows backlog, lateness, dead timers and rates, again and again.', [
      'pg-timer-store watch',
      'pg-timer-store watch --interval 1 --count 60 --json',
    ]),
  )
    .option('--interval <seconds>', 'between two looks', wholeNumber(1, 86_400), 2)
    .option('--count <n>', 'end after so many looks', wholeNumber(1))
    .option('--json', 'a line of JSON each')
    .action(acting((run, options) => run.watch(terminal, options)));

  sharded(
    add(program, 'run', 'Fires timers by posting them to their callback URLs, until SIGINT or SIGTERM.', [
      'pg-timer-store run --shards 64',
      'PG_TIMER_STORE_SECRETS="whsec_new whsec_old" pg-timer-store run --internet-only --json',
    ]),
  )
    .option(
      '--address <address>',
      'of this process, unique among living ones (default: host name and process id)',
      text,
    )
    .option('--max-deliveries <n>', 'under way at a time (default: 1,000)', wholeNumber(1))
    .option('--max-per-origin <n>', 'under way at a time to one origin (default: 64)', wholeNumber(1, 10_000))
    .option('--internet-only', 'post to no private, loopback or reserved address')
    .option('--json', 'what happens as lines of JSON')
    .action(acting((run, options) => run.run(terminal, options)));

  if (isCompleted) {
    return program;
  }
  const complete = async () =>
    (await import('./complete.js')).complete(createProgram(terminal, true), process.argv);
  add(program, 'completion', 'Prints a script that completes commands and options in a shell.', [
    'source <(pg-timer-store completion bash)',
    'pg-timer-store completion fish > ~/.config/fish/completions/pg-timer-store.fish',
  ])
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish', 'powershell']))
    .action(complete);
  // What the scripts ask.
  program.command('complete', { hidden: true }).argument('[words...]').allowUnknownOption().action(complete);
  return program;
}

function filtered(command: Command): Command {
  return command
    .option('--namespace <name>', 'of this namespace', text)
    .option('--id <prefix>', 'with an id that begins so', text);
}

function limited(command: Command): Command {
  return command
    .option('--limit <n>', 'so many at most', wholeNumber(1), 100)
    .option('--json', 'as JSON, one a line');
}

/** For a timer by its key. */
function ofOne(command: Command): Command {
  return sharded(command).argument('<namespace>').argument('<id>').option('--json', 'as JSON');
}

function ofDead(command: Command): Command {
  return filtered(sharded(command))
    .option('--error <text>', 'with a last error that contains this', text)
    .option('--since <time>', 'died then or later', moment)
    .option('--before <time>', 'died before', moment);
}

/** For dead timers by a key, or by a filter. */
function ofSeveral(command: Command): Command {
  return destructive(ofDead(command))
    .argument('[namespace]')
    .argument('[id]')
    .option('--all', 'all there are')
    .option('--json', 'the counts as JSON');
}

function destructive(command: Command): Command {
  return command.option('--yes', 'do it, and not only say what would be done');
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
    .option(
      '--database-url <url>',
      'the database, without a password (default: DATABASE_URL, then PG*)',
      text,
    )
    .option(
      '--schema <name>',
      "the schema of the tables (default: the first of the session's search_path)",
      text,
    );
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
