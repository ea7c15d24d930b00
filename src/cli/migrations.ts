import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Of this package, from where its code is: a file in `dist`. */
const DB = path.join(__dirname, '../db');

export const MIGRATIONS_DIR = path.join(DB, 'migrations');
const LAYOUTS_DIR = path.join(DB, 'layouts');
export const GRANTS = path.join(DB, 'grants.sql');

export interface Migration {
  /** Such as `20261123000000_create_timers`. */
  readonly name: string;
  readonly up: string;
  readonly down: string;
}

/** Those of this package, in order. */
export function readMigrations(): Migration[] {
  return readdirSync(MIGRATIONS_DIR)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const text = readFileSync(path.join(MIGRATIONS_DIR, file), 'utf8');
      const [, up = '', down = ''] = /^-- migrate:up\n(.*)^-- migrate:down\n(.*)/ms.exec(text) ?? [];
      return { name: path.basename(file, '.sql'), up: up.trim(), down: down.trim() };
    });
}

/** The numbers of all that this package has, those of the layouts too. */
export function knownVersions(): ReadonlySet<string> {
  const files = [MIGRATIONS_DIR, LAYOUTS_DIR].flatMap((directory) =>
    readdirSync(directory, { recursive: true, encoding: 'utf8' }),
  );
  return new Set(files.map((file) => /^\d+/.exec(path.basename(file))?.[0] ?? ''));
}
