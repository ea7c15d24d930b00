import { watchFile } from 'node:fs';
import { parseArgs } from 'node:util';
import { StoreUnavailableError } from 'pg-timer-store';
import type { Logger } from 'pino';
import { newKey } from './access/api-keys';
import { ConfigError } from './config/config-error';
import { loadSettings, variableOf } from './config/load-settings';
import { printSettings } from './config/print-settings';
import { Settings } from './config/settings';
import { makeLogger } from './logger';
import { TimerService } from './service';

const { version } = require('../package.json') as { version: string };

/** Mounted secrets are changed by links, which only a look at the file itself notices. */
const LOOK_AT_FILE_MS = 2000;

const HELP = `Usage: pg-timer-service [OPTIONS]

One process of the timer service: start as many as you like on one database, which has to be migrated.

  --config FILE    Read this YAML or JSON file. It is read again when it changes, and by SIGHUP: keys and secrets are
                   taken over at once.
  --check-config   Say whether the configuration is one, and end.
  --print-config   Print it without secrets, and end.
  --new-key        Print a new key and its hash for apiKeys, and end.
  --version        Print the version, and end.
  --help           Print this, and end.

Keys of the file, and the variables that go before them:
${Object.entries(Settings.properties)
  .map(([key, { description, default: fallback }]) => {
    const text = fallback === undefined ? '' : ` (${JSON.stringify(fallback)})`;
    return `  ${key.padEnd(30)}${variableOf(key)}${text}${description === undefined ? '' : `\n      ${description}`}`;
  })
  .join('\n')}`;

/**
 * Starts what the arguments say, and stops it by SIGTERM or SIGINT.
 *
 * @param fixed what neither file nor environment say anything about, such as the server of `npm run service`.
 */
export async function runProgram(args: readonly string[], fixed: Partial<Settings> = {}): Promise<void> {
  try {
    await run(args, fixed);
  } catch (error) {
    const { message } = error as Error;
    console.error(error instanceof ConfigError ? message : `pg-timer-service: ${message}`);
    process.exitCode = error instanceof ConfigError ? 2 : 1;
  }
}

async function run(args: readonly string[], fixed: Partial<Settings>): Promise<void> {
  const { values } = parse(args);
  if (values.help) {
    console.log(HELP);
    return;
  }
  if (values.version) {
    console.log(version);
    return;
  }
  if (values['new-key']) {
    const { key, hash } = newKey();
    console.log(`key:  ${key}\nhash: ${hash}`);
    return;
  }
  const load = () => loadSettings(values.config, process.env, fixed);
  const settings = load();
  if (values['print-config']) {
    process.stdout.write(printSettings(settings));
    return;
  }
  if (values['check-config']) {
    console.log('The configuration is good.');
    return;
  }
  const logger = makeLogger(settings.logLevel as string);
  // Heard while it starts, too: the first process of a container would go on, and be killed in the end.
  const isToldToStop = new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve).once('SIGINT', resolve);
  });
  const service = await started(settings, logger);
  logger.info({ url: service.url }, `listens on ${service.url}`);
  const reload = () => tryReload(service, load, logger);
  process.on('SIGHUP', reload);
  if (values.config !== undefined) {
    watchFile(values.config, { interval: LOOK_AT_FILE_MS, persistent: false }, reload);
  }
  isToldToStop
    .then(() => service.stop())
    .catch((error: unknown) => {
      logger.error({ err: error }, 'the stop failed');
      process.exitCode = 1;
    });
}

/** Where nothing says which database is meant and none answers at the default, that is what is wrong. */
async function started(settings: Settings, logger: Logger): Promise<TimerService> {
  try {
    return await TimerService.start(settings, logger);
  } catch (error) {
    if (
      !(error instanceof StoreUnavailableError) ||
      settings.databaseUrl !== undefined ||
      process.env['PGHOST']
    ) {
      throw error;
    }
    const message = `databaseUrl is not set (${variableOf('databaseUrl')}), nor is PGHOST. ${error.message}`;
    throw new Error(message, { cause: error });
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        config: { type: 'string' },
        'check-config': { type: 'boolean' },
        'print-config': { type: 'boolean' },
        'new-key': { type: 'boolean' },
        version: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new ConfigError([`${(error as Error).message}\nSee pg-timer-service --help`]);
  }
}

/** What is wrong changes nothing. */
function tryReload(service: TimerService, load: () => Settings, logger: Logger): void {
  try {
    service.reload(load());
    logger.info('keys and secrets were read again');
  } catch (error) {
    logger.error({ err: error }, 'the configuration is not taken over');
  }
}
