import fs from 'node:fs';
import path from 'node:path';
import { tokenizeSql } from './sql-tokens.mjs';

/**
 * @typedef {{ name: string, line: number }} QueryName
 * @typedef {{ name: string, line: number, words: string[] }} Statement `name` is '' if there is none above it.
 * @typedef {object} QueryFile
 * @property {string} file As seen from the project's root.
 * @property {string} sql
 * @property {QueryName[]} names Every `@name` of a comment, whatever pgtyped makes of it.
 * @property {Statement[]} statements
 */

/**
 * @param {string} root
 * @returns {QueryFile[]}
 */
export function readQueryFiles(root) {
  return fs
    .readdirSync(path.join(root, 'sql'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => parseQueryFile(`sql/${file}`, fs.readFileSync(path.join(root, 'sql', file), 'utf8')));
}

/**
 * @param {string} file
 * @param {string} sql
 * @returns {QueryFile}
 */
export function parseQueryFile(file, sql) {
  const { words, comments } = tokenizeSql(sql);
  const names = comments.flatMap(({ text, line }) =>
    [...text.matchAll(/@name\s+([\w-]+)/g)].map((match) => ({ name: match[1] ?? '', line })),
  );
  /** @type {Statement[]} */
  const statements = [];
  let start = 0;
  for (const [index, word] of words.entries()) {
    if (word.text !== ';' && index < words.length - 1) continue;
    const statement = words.slice(start, word.text === ';' ? index : index + 1);
    const line = statement[0]?.line ?? word.line;
    const previousLine = words[start - 1]?.line ?? 0;
    const name = names.findLast((each) => each.line >= previousLine && each.line <= line)?.name ?? '';
    statements.push({ name, line, words: statement.map(({ text }) => text) });
    start = index + 1;
  }
  return { file, sql, names, statements };
}
