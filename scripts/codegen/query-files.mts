import fs from 'node:fs';
import path from 'node:path';
import { type ParseEvent, parseSQLFile, queryASTToIR, type SQLQueryAST } from '@pgtyped/parser';
import { processSQLQueryIR } from '@pgtyped/runtime';
import { loadModule, type Node, parseSync, type SqlError } from 'libpg-query';
import type { Problem } from './problem.mjs';
import { findScopes, type Scope } from './syntax-tree.mjs';

/** A file of `sql/` as pgtyped reads it. */
export interface QueryFile {
  /** As seen from the project's root. */
  readonly file: string;
  readonly queries: readonly Query[];
  readonly problems: readonly Problem[];
}

export interface Query {
  readonly file: string;
  readonly name: string;
  readonly ast: SQLQueryAST;
  /** With $1, $2, … for its parameters, as it is sent. */
  readonly text: string;
  /** Names of $1, $2, …, as the query writes them: `:limit!`. */
  readonly parameters: readonly string[];
  /** PostgreSQL's syntax tree. Undefined: it has none, which is among the problems of its file. */
  readonly statement: Node | undefined;
  readonly scopes: readonly Scope[];
}

const ENCODING_REMEDY =
  'Save the file as UTF-8 without a byte order mark: psql and pgtyped read it as a character.';
const PLACE_REMEDY =
  'Correct it. Between queries only /* … */ is a comment, and none may follow the last query.';

/** Reads `sql/`, whatever is wrong with it. */
export async function readQueryFiles(root: string): Promise<QueryFile[]> {
  await loadModule();
  return fs
    .readdirSync(path.join(root, 'sql'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      // pgtyped makes the ends of lines the same too.
      const sql = fs.readFileSync(path.join(root, 'sql', file), 'utf8').replace(/\r\n/g, '\n');
      return parseQueryFile(`sql/${file}`, sql);
    });
}

function parseQueryFile(file: string, sql: string): QueryFile {
  if (sql.startsWith('\ufeff')) {
    const what = 'begins with a byte order mark';
    return { file, queries: [], problems: [{ where: `${file}:1`, what, remedy: ENCODING_REMEDY }] };
  }
  if (!sql.includes('@name')) {
    const remedy = 'Name a query with /* @name … */, or delete the file.';
    return { file, queries: [], problems: [{ where: file, what: 'has no query', remedy }] };
  }
  const { queries, events } = parseSQLFile(sql);
  const problems = events.map((event) => explainEvent(file, event));
  // What pgtyped reads after an error is not what the file says.
  if (events.some((event) => 'critical' in event)) return { file, queries: [], problems };
  const parsed = queries.map((ast) => parseQuery(file, ast));
  problems.push(...parsed.flatMap(({ problem }) => problem ?? []), ...findMissing(file, sql, parsed));
  if (path.posix.dirname(file) !== 'sql') {
    const remedy = 'Move it to sql/: the output is named after the file, whatever its folder.';
    problems.push({ where: file, what: 'is in a folder of its own', remedy });
  }
  return { file, queries: parsed, problems };
}

function explainEvent(file: string, { message, location }: ParseEvent): Problem {
  return { where: `${file}:${location?.line ?? 1}`, what: message.text, remedy: PLACE_REMEDY };
}

function parseQuery(file: string, ast: SQLQueryAST): Query & { problem?: Problem } {
  const { query: text } = processSQLQueryIR(queryASTToIR(ast));
  const parameters = ast.params
    .filter(({ name }) => name in ast.usedParamSet)
    .map(({ name, required }) => `:${name}${required ? '!' : ''}`);
  const query = { file, name: ast.name, ast, text, parameters };
  try {
    const statement = parseSync(text).stmts?.[0]?.stmt;
    if (statement === undefined) return { ...query, statement, scopes: [] };
    return { ...query, statement, scopes: findScopes(statement) };
  } catch (error) {
    const { message, sqlDetails } = error as SqlError;
    const where = locate(query, sqlDetails?.cursorPosition ?? 0);
    const problem = { where, what: message, remedy: 'Correct the query.' };
    return { ...query, statement: undefined, scopes: [], problem };
  }
}

/** A name in a comment that pgtyped takes for no more than a comment. */
function findMissing(file: string, sql: string, queries: readonly Query[]): Problem[] {
  return [...sql.matchAll(/@name\s+([\w-]+)/g)].flatMap(({ index, 1: name = '' }) => {
    if (queries.some((query) => query.name === name)) return [];
    const line = sql.slice(0, index).split('\n').length;
    const what = 'no code is generated for this query';
    const remedy = 'Its comment has to start with @name and stand right before its statement.';
    return [{ where: `${file}:${line}, ${name}`, what, remedy }];
  });
}

/** @param offset In bytes of the query's text, as the places in its syntax tree are. */
export function locate(
  { file, name, ast, text }: Pick<Query, 'file' | 'name' | 'ast' | 'text'>,
  offset = 0,
): string {
  const before = Buffer.from(text).subarray(0, offset).toString();
  return `${file}:${ast.statement.loc.line + before.split('\n').length - 1}, ${name}`;
}

/** @param position In characters of the query's text, from 1 on, as the server counts. */
export function locatePosition(query: Query, position: string | undefined): string {
  const before = [...query.text].slice(0, Number(position ?? 1) - 1).join('');
  return locate(query, Buffer.byteLength(before));
}
