import path from 'node:path';
import { findUnboundScope } from './shard-binding.mjs';

/**
 * @typedef {object} Problem
 * @property {string} where File, query and line, as far as they are known.
 * @property {string} what
 * @property {string} remedy
 */

/**
 * What pgtyped does not see in the queries.
 *
 * @param {import('./query-files.mjs').QueryFile[]} files
 * @returns {Problem[]}
 */
export function checkQueries(files) {
  return [...checkFiles(files), ...checkNames(files), ...checkShards(files)];
}

/**
 * @param {import('./query-files.mjs').QueryFile[]} files
 * @returns {Problem[]}
 */
function checkFiles(files) {
  if (files.length === 0) {
    return [{ where: 'sql/', what: 'there is no .sql file', remedy: 'Restore the queries.' }];
  }
  return files.flatMap(({ file, names }) => {
    const problems = [];
    if (path.posix.dirname(file) !== 'sql') {
      const remedy = 'Move it to sql/: the output is named after the file, whatever its folder.';
      problems.push({ where: file, what: 'is in a folder of its own', remedy });
    }
    if (names.length === 0) {
      problems.push({
        where: file,
        what: 'has no query',
        remedy: 'Name a query with /* @name … */, or delete the file.',
      });
    }
    return problems;
  });
}

/**
 * @param {import('./query-files.mjs').QueryFile[]} files
 * @returns {Problem[]}
 */
function checkNames(files) {
  /** @type {Map<string, string>} */
  const seen = new Map();
  /** @type {Problem[]} */
  const problems = [];
  for (const { file, names } of files) {
    for (const { name, line } of names) {
      const where = `${file}:${line}, ${name}`;
      const first = seen.get(name.toLowerCase());
      if (first === undefined) seen.set(name.toLowerCase(), `${file}:${line}`);
      else
        problems.push({
          where,
          what: `duplicate name, already used at ${first}`,
          remedy: 'Give each query a name of its own.',
        });
      if (!/^[a-z][A-Za-z0-9]*$/.test(name)) {
        problems.push({
          where,
          what: 'the name is not in camelCase',
          remedy: 'Name the query after the store method.',
        });
      }
    }
  }
  return problems;
}

/**
 * @param {import('./query-files.mjs').QueryFile[]} files
 * @returns {Problem[]}
 */
function checkShards(files) {
  return files.flatMap(({ file, statements }) =>
    statements.flatMap(({ name, line, words }) => {
      const unbound = findUnboundScope(words);
      if (unbound === null) return [];
      const remedy =
        'Every part that reads or writes timers has `shard_id = :shardId!` in its own WHERE, joined by AND; an alias has AS.';
      return [
        {
          where: `${file}:${line}, ${name || 'unnamed statement'}`,
          what: `not bound to one shard: ${unbound}`,
          remedy,
        },
      ];
    }),
  );
}
