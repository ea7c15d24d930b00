import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { MIGRATIONS_TABLE } from './applied-migrations';
import { CommandError, ExitCode } from './exit-code';
import type { Terminal } from './terminal';

/** SQLSTATEs of a server that is read-only, and of a role that has no rights. */
const UNUSABLE = ['25006', '42501'];

/** What dbmate is run on. */
export interface DbmateTarget {
  readonly url: string;
  /** To be told to nobody. */
  readonly password: string;
  readonly migrationsDir: string;
}

/**
 * Runs dbmate, of this project or of the PATH.
 *
 * @returns what it wrote to its stdout.
 * @throws CommandError it is not installed, or failed.
 */
export async function runDbmate(
  terminal: Terminal,
  { url, password, migrationsDir }: DbmateTarget,
  command: 'migrate' | 'status',
): Promise<string> {
  const options = [
    '--migrations-dir',
    migrationsDir,
    '--migrations-table',
    MIGRATIONS_TABLE,
    '--no-dump-schema',
  ];
  const child = spawn(await findDbmate(), [...options, command], {
    // By the environment: arguments are for every user of the machine to read. The folder has no `.env`, which dbmate reads.
    env: { ...tlsVariables(), PATH: process.env['PATH'], DATABASE_URL: url },
    cwd: migrationsDir,
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: terminal.signal,
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  }
  let exitCode: unknown;
  try {
    [exitCode] = await once(child, 'close');
  } catch (error) {
    if (terminal.signal.aborted) {
      throw terminal.failure(error, doneOf(texts.stdout));
    }
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new CommandError(
        ExitCode.FAILED,
        'dbmate is not installed here: npm install --save-dev dbmate; or give the files of `migrate dump DIR` to another tool',
      );
    }
    throw error;
  }
  if (exitCode !== 0) {
    const said = texts.stderr.trim().replace(/^Error: /m, '');
    const message =
      password === ''
        ? said
        : said.replaceAll(password, '***').replaceAll(encodeURIComponent(password), '***');
    throw new CommandError(exitCodeOfServer(message), `dbmate failed: ${message}; ${doneOf(texts.stdout)}`);
  }
  return texts.stdout;
}

/** The names of what it has applied. */
export function appliedOf(said: string): string[] {
  return [...said.matchAll(/^Applied: (\S+)\.sql/gm)].map(([, name]) => name as string);
}

/** Each migration is applied as a whole or not at all. dbmate calls one that has failed applied, too. */
function doneOf(said: string): string {
  const begun = [...said.matchAll(/^Applying: (\S+)\.sql/gm)].map(([, name]) => name);
  const last = begun.pop();
  const before = begun.length === 0 ? 'nothing was applied' : `applied before: ${begun.join(', ')}`;
  return last === undefined ? before : `it was at ${last}, ${before}`;
}

/** Of a message that ends with the SQLSTATE. */
function exitCodeOfServer(message: string): ExitCode {
  const [, state = ''] = /\(([0-9A-Z]{5})\)$/.exec(message) ?? [];
  return UNUSABLE.includes(state) ? ExitCode.UNUSABLE_DATABASE : ExitCode.FAILED;
}

/** Of a project that has the package, its npm package; otherwise whatever is called so. */
async function findDbmate(): Promise<string> {
  for (const place of [path.join(process.cwd(), 'package.json'), __filename]) {
    try {
      const file = createRequire(place).resolve('dbmate');
      const { resolveBinary } = (await import(pathToFileURL(file).href)) as { resolveBinary(): string };
      return resolveBinary();
    } catch {
      // Not from there.
    }
  }
  return 'dbmate';
}

/** Certificates, which dbmate looks for there as well. */
function tlsVariables(): NodeJS.ProcessEnv {
  const names = ['PGSSLROOTCERT', 'PGSSLCERT', 'PGSSLKEY', 'PGPASSFILE', 'HOME'];
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}
