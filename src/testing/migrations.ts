import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Client } from 'pg';

/** The package's root, from where this file is: in `dist`, or in a room of `src`. */
const ROOTS = ['..', '../..'].map((up) => path.join(__dirname, up));

/** What brings an empty database to what the store needs. */
export interface Migrations {
  /** In their order, without what undoes them. */
  readonly texts: readonly string[];
  /** Another one for other texts. */
  readonly digest: string;
}

/** The package's own, as dbmate would run them. */
export function readMigrations(): Migrations {
  const folder = ROOTS.map((root) => path.join(root, 'db/migrations')).find((each) => fs.existsSync(each));
  if (folder === undefined) {
    throw new Error('The package is not complete: it has no db/migrations');
  }
  const texts = fs
    .readdirSync(folder)
    .sort()
    .map((name) => upPart(name, fs.readFileSync(path.join(folder, name), 'utf8')));
  return { texts, digest: createHash('sha256').update(texts.join('\0')).digest('hex').slice(0, 12) };
}

function upPart(name: string, text: string): string {
  const [, options, up] = /^-- migrate:up(.*)$([\s\S]*?)^-- migrate:down/m.exec(text) ?? [];
  if (up === undefined || options?.trim() !== '') {
    throw new Error(`${name} is no migration that is one transaction`);
  }
  return up;
}

/** @param client of a superuser, in the database. */
export async function migrate(client: Client, { texts }: Migrations): Promise<void> {
  for (const text of texts) {
    // One message of many statements is one transaction.
    await client.query(text);
  }
}
