import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Problem } from './problem.mjs';

/** One file of `db/migrations` or of a layout, as dbmate reads it. */
export interface Migration {
  /** As seen from the project's root. */
  readonly file: string;
  readonly up: Section;
  readonly down: Section;
}

export interface Section {
  readonly sql: string;
  /** The line of the file where it begins. */
  readonly line: number;
  /** False for what cannot run in a transaction, such as CREATE INDEX CONCURRENTLY. */
  readonly inTransaction: boolean;
}

/** What is recorded of every migration: dbmate never runs a file again, whatever becomes of it. */
export const RECORD = 'db/migrations.sha256';

const FOLDERS = ['db/migrations', 'db/layouts'];
const SCRIPTS: readonly string[] = ['db/layouts/partitioned/copy.sql'];
const RELEASED =
  'A database that has it never runs it again, so write a new migration instead. ' +
  `If no release has it, delete its line in ${RECORD} and run \`npm run codegen\`.`;

/** Every migration below a folder, in the order in which dbmate applies them. */
export function readMigrations(root: string, folders: readonly string[]): Migration[] {
  return folders
    .flatMap((folder) => sqlFiles(root, folder))
    .filter((file) => /^\d/.test(path.posix.basename(file)))
    .sort((a, b) => path.posix.basename(a).localeCompare(path.posix.basename(b), 'en'))
    .map((file) => parseMigration(file, fs.readFileSync(path.join(root, file), 'utf8')));
}

function sqlFiles(root: string, folder: string): string[] {
  return fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.sql'))
    .map((file) => path.posix.join(folder, file));
}

function parseMigration(file: string, text: string): Migration {
  const parts = text.split(/^(?=-- migrate:)/m);
  return { file, up: findSection(parts, 'up'), down: findSection(parts, 'down') };
}

function findSection(parts: readonly string[], name: 'up' | 'down'): Section {
  const index = parts.findIndex((part) => part.startsWith(`-- migrate:${name}`));
  const sql = parts[index] ?? '';
  return {
    sql,
    line: parts.slice(0, Math.max(0, index)).join('').split('\n').length,
    inTransaction: !/^-- migrate:.*\btransaction:false\b/.test(sql),
  };
}

/** That dbmate finds each file, and that none has changed since databases may have run it. */
export function checkMigrationFiles(root: string): Problem[] {
  const files = FOLDERS.flatMap((folder) => sqlFiles(root, folder));
  const problems = files.flatMap((file) => {
    const [, number] = /^(\d{14})_[a-z0-9_]+\.sql$/.exec(path.posix.basename(file)) ?? [];
    if (number === undefined) return SCRIPTS.includes(file) ? [] : [withoutNumber(file)];
    const text = fs.readFileSync(path.join(root, file), 'utf8');
    return [...checkNumber(file, number, files), ...checkSections(file, text)];
  });
  return [...problems, ...checkRecord(root)];
}

function withoutNumber(file: string): Problem {
  const what = 'has no number of 14 digits and a name in its file name: dbmate passes it by';
  return {
    where: file,
    what,
    remedy: 'Name it like 20261123000000_create_timers.sql, by the time of its making.',
  };
}

/** Two layouts may have the same number: a database has one of them. */
function checkNumber(file: string, number: string, files: readonly string[]): Problem[] {
  const folders = ['db/migrations', path.posix.dirname(file)];
  const first = files.find(
    (each) => path.posix.basename(each).startsWith(number) && folders.includes(path.posix.dirname(each)),
  );
  if (first === file || first === undefined) return [];
  const what = `has the number of ${first}: dbmate runs only one of them`;
  return [{ where: file, what, remedy: `Give it a number of its own in place of ${number}.` }];
}

function checkSections(file: string, text: string): Problem[] {
  if (text.startsWith('\ufeff')) {
    const remedy = 'Save the file as UTF-8 without one: PostgreSQL reads it as a part of the first word.';
    return [{ where: `${file}:1`, what: 'begins with a byte order mark', remedy }];
  }
  const sections = [...text.matchAll(/^-- migrate:(\w+)/gm)].map(([, section]) => section).join(' ');
  if (sections === 'up down') return [];
  const what = `has the sections "${sections}"`;
  return [
    {
      where: file,
      what,
      remedy: 'Write -- migrate:up, what it does, -- migrate:down, and what undoes that.',
    },
  ];
}

function checkRecord(root: string): Problem[] {
  const [recorded, present] = [readRecord(root), hashMigrations(root)];
  const changed = [...recorded].filter(([file, hash]) => present.get(file) !== hash);
  return changed.map(([where, hash]) => {
    const [newName] = [...present].find(([file, each]) => each === hash && !recorded.has(file)) ?? [];
    const change = present.has(where)
      ? 'edited'
      : newName === undefined
        ? 'deleted'
        : `renamed to ${newName}`;
    return { where, what: `was ${change} after it was recorded`, remedy: RELEASED };
  });
}

/** That what is recorded is all there is. */
export function compareRecord(root: string): Problem[] {
  const recorded = readRecord(root);
  const added = [...hashMigrations(root).keys()].filter((file) => !recorded.has(file));
  const what = `is not recorded in ${RECORD}`;
  return added.map((where) => ({ where, what, remedy: 'Run `npm run codegen`.' }));
}

/** Records migrations that are new. What is recorded stays as it is. */
export function writeRecord(root: string): void {
  const record = new Map([...hashMigrations(root), ...readRecord(root)]);
  const lines = [...record]
    .sort(([a], [b]) => a.localeCompare(b, 'en'))
    .map(([file, hash]) => `${hash}  ${file}\n`);
  fs.writeFileSync(path.join(root, RECORD), lines.join(''));
}

/** In the format of sha256sum. */
function readRecord(root: string): Map<string, string> {
  const record = path.join(root, RECORD);
  const lines = fs.existsSync(record) ? fs.readFileSync(record, 'utf8').split('\n') : [];
  return new Map(
    lines.flatMap((line) => (line === '' ? [] : [[line.slice(66), line.slice(0, 64)] as const])),
  );
}

function hashMigrations(root: string): Map<string, string> {
  return new Map(
    readMigrations(root, FOLDERS).map(({ file }) => {
      const text = fs.readFileSync(path.join(root, file), 'utf8').replace(/\r\n/g, '\n');
      return [file, createHash('sha256').update(text).digest('hex')];
    }),
  );
}
