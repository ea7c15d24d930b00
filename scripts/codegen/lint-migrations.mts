import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Migration, readMigrations, type Section } from './migrations.mjs';
import type { Problem } from './problem.mjs';

const SQUAWK = fileURLToPath(new URL('../../node_modules/.bin/squawk', import.meta.url));
const PG_VERSION = '14.0';

const LEFT_OUT = [
  // The columns and their types are a contract with other programs.
  'prefer-bigint-over-int',
  'prefer-bigint-over-smallint',
  'prefer-text-field',
  // A layout drops what it made on the way.
  'ban-drop-table',
  // Waiting for a lock is what stops others, and lock_timeout bounds that.
  'require-statement-timeout',
];
/** To undo a column is to drop it, and nothing of it is run again unless all of it was undone. */
const LEFT_OUT_OF_DOWN = ['ban-drop-column', 'prefer-robust-stmts'];
/** What cannot run in a transaction has to be the only statement of its section. */
const LEFT_OUT_OF_NO_TRANSACTION = ['require-lock-timeout'];

interface Violation {
  readonly file: string;
  /** From 0 on. */
  readonly line: number;
  readonly message: string;
  readonly help: string | null;
  readonly rule_name: string;
}

/**
 * What a migration must not do to a large table in use, by squawk. It takes a file for one program, so each section
 * is judged by itself.
 */
export async function lintMigrations(root: string): Promise<Problem[]> {
  const migrations = readMigrations(root, ['db/migrations', 'db/layouts']);
  const groups = [true, false].flatMap((inTransaction) =>
    (['up', 'down'] as const).map((direction) => {
      const leftOut = [
        ...LEFT_OUT,
        ...(direction === 'down' ? LEFT_OUT_OF_DOWN : []),
        ...(inTransaction ? [] : LEFT_OUT_OF_NO_TRANSACTION),
      ];
      const options = [
        inTransaction ? '--assume-in-transaction' : '--no-assume-in-transaction',
        ...leftOut.flatMap((rule) => ['--exclude', rule]),
      ];
      const chosen = migrations.filter((migration) => migration[direction].inTransaction === inTransaction);
      return lintSections(chosen, (migration) => migration[direction], options);
    }),
  );
  return (await Promise.all(groups)).flat();
}

async function lintSections(
  migrations: readonly Migration[],
  sectionOf: (migration: Migration) => Section,
  options: readonly string[],
): Promise<Problem[]> {
  if (migrations.length === 0) return [];
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'squawk-'));
  try {
    for (const migration of migrations) {
      const { sql, line } = sectionOf(migration);
      fs.mkdirSync(path.join(dir, path.dirname(migration.file)), { recursive: true });
      // Its lines stay those of the file.
      fs.writeFileSync(path.join(dir, migration.file), '\n'.repeat(line - 1) + sql);
    }
    const files = migrations.map(({ file }) => file);
    const violations = await squawk([...options, ...files], dir);
    return violations.map(({ file, line, message, help, rule_name }) => ({
      where: `${file}:${line + 1}`,
      what: message,
      remedy: `${help ?? 'Do it in another way'} (squawk ${rule_name})`,
    }));
  } finally {
    fs.rmSync(dir, { recursive: true });
  }
}

function squawk(args: readonly string[], cwd: string): Promise<Violation[]> {
  return new Promise((resolve, reject) => {
    execFile(
      SQUAWK,
      ['--pg-version', PG_VERSION, '--reporter', 'json', ...args],
      { cwd },
      (error, stdout, stderr) => {
        try {
          resolve(JSON.parse(stdout));
        } catch {
          reject(new Error(`squawk failed: ${stderr.trim() || error?.message}`));
        }
      },
    );
  });
}
