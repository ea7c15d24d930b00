import { escapeIdentifier } from 'pg';
import { InvalidArgumentError } from '../contract/errors';
import { checkText } from '../contract/scalars';
import type { ConnectionUrl } from './connection-url';

/** The server cuts longer names without a word. Source: NAMEDATALEN of PostgreSQL. */
const MAX_NAME_BYTES = 63;

/** What a session's search_path has to be, and what says so. */
export interface SearchPath {
  readonly argument: string;
  readonly value: string;
}

/**
 * `schema` of the configuration or, as Prisma has it, of the connection string is one name. `search_path`, as in a
 * session, and `currentSchema`, as with JDBC, are lists.
 *
 * @returns undefined where neither says anything of it.
 */
export function parseSearchPath(
  schema: string | undefined,
  { parameters }: ConnectionUrl,
): SearchPath | undefined {
  if (schema) {
    return { argument: 'config.schema', value: searchPathOf('config.schema', schema) };
  }
  const given = (['search_path', 'currentSchema', 'schema'] as const).filter((name) => parameters[name]);
  const [name] = given;
  if (name === undefined) {
    return undefined;
  }
  const argument = `connectionString: ${name}`;
  if (given.some((other) => parameters[other] !== parameters[name])) {
    throw new InvalidArgumentError(argument, `is not what ${given[1]} says`);
  }
  const text = parameters[name] as string;
  if (name !== 'schema') {
    checkText(argument, text);
  }
  return { argument, value: name === 'schema' ? searchPathOf(argument, text) : text };
}

function searchPathOf(argument: string, schema: string): string {
  checkText(argument, schema);
  if (Buffer.byteLength(schema) > MAX_NAME_BYTES) {
    throw new InvalidArgumentError(argument, `must be a name of at most ${MAX_NAME_BYTES} bytes`);
  }
  if (schema === '$user' || schema === 'pg_temp') {
    throw new InvalidArgumentError(argument, 'is a name that stands for another schema, even in quotes');
  }
  return escapeIdentifier(schema);
}

/** Writes a search path as a start-up option, in which a backslash keeps a space from ending the value. */
export function searchPathOption({ value }: SearchPath): string {
  return `-c search_path=${value.replace(/[\\\s]/g, '\\$&')}`;
}
