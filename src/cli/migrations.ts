import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Of this package, from where its code is: a file in `dist`. */
const DB = path.join(__dirname, '../db');

export const MIGRATIONS_DIR = path.join(DB, 'migrations');
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
