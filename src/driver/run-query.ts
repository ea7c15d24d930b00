import { createHash } from 'node:crypto';
import type { PreparedQuery } from '@pgtyped/runtime';
import type { ClientBase, QueryArrayResult } from 'pg';
import { Breather } from '../contract/breather';
import { columnParsers } from './column-parsers';
import { encodeArray } from './encode-array';

export interface StatementResult<TRow> {
  readonly rows: readonly TRow[];
  /** Rows that the statement returned or, if it returns none, changed. */
  readonly rowCount: number;
}

/** Runs a generated query on a connection. */
export async function runQuery<TParams, TRow>(
  client: ClientBase,
  query: PreparedQuery<TParams, TRow>,
  params: NoInfer<TParams>,
  prepared: boolean,
): Promise<StatementResult<TRow>> {
  return await runEncoded(client, query, await encodeParams(query, params), prepared);
}

/** Runs a query whose parameters are encoded already: many take longer to encode than the loop can spare at once. */
export async function runEncoded<TParams, TRow>(
  client: ClientBase,
  query: PreparedQuery<TParams, TRow>,
  values: readonly unknown[],
  prepared: boolean,
): Promise<StatementResult<TRow>> {
  const { name, text } = statementOf(query);
  const result: QueryArrayResult = await client.query({
    name: prepared ? name : undefined,
    text,
    values: [...values],
    rowMode: 'array',
    types: columnParsers,
  });
  return { rows: toObjects(result), rowCount: result.rowCount ?? 0 };
}

/** Encodes the parameters of a query as the driver sends them, in the order of the statement. */
export async function encodeParams<TParams, TRow>(
  query: PreparedQuery<TParams, TRow>,
  params: NoInfer<TParams>,
): Promise<unknown[]> {
  const values: unknown[] = [];
  // One for all arrays: each may take less than a slice, and all of them many.
  const breather = new Breather();
  for (const { name, elementType } of statementOf(query).parameters) {
    const value: unknown = params[name as keyof TParams];
    if (elementType !== undefined) {
      values.push(await encodeArray(elementType, value as readonly unknown[], breather));
    } else {
      // The driver would write a Date in the zone of this process, and round the zone's offset to minutes.
      values.push(value instanceof Date ? value.toISOString() : value);
    }
  }
  return values;
}

/** What pgtyped's runtime makes of a query. */
interface CompiledStatement {
  /** The same text has the same name in every process, so that poolers can share it. At most 63 characters. */
  readonly name: string;
  readonly text: string;
  /** The parameters $1, $2, … in this order. */
  readonly parameters: readonly Parameter[];
  /** Whether it locks the row of a shard for as long as the shard has a version, or is sealed, that it names. */
  readonly isFenced: boolean;
}

/** What makes a query a fenced one: a share lock of a shard's row, or an update of that row alone. */
const FENCE = /\bFOR SHARE\b|\bAND (\w+\.)?shard_version = \$\d/;

interface Parameter {
  readonly name: string;
  /** The type of the elements of an array: `text` for `:ids!::text[]`. Undefined: the parameter is no array. */
  readonly elementType: string | undefined;
}

const statements = new WeakMap<object, CompiledStatement>();

/**
 * The runtime puts text and values together anew for each call, which costs more than all the rest of it, and its
 * renaming of columns costs more than reading them. No query here changes its text with its values, so the runtime is
 * asked once, with the name of each parameter for its value.
 */
export function statementOf<TParams, TRow>(query: PreparedQuery<TParams, TRow>): CompiledStatement {
  let statement = statements.get(query);
  if (statement === undefined) {
    const nameOfEach = new Proxy({}, { get: (_, name) => name }) as TParams & object;
    query.run(nameOfEach, {
      query: async (text, names: string[]) => {
        const elementTypes = new Map(
          [...text.matchAll(/\$(\d+)::(\w+)\[\]/g)].map(([, place, type]) => [Number(place), type]),
        );
        const parameters = names.map((name, index) => ({ name, elementType: elementTypes.get(index + 1) }));
        const hash = createHash('sha256').update(text).digest('hex').slice(0, 32);
        statement = { name: `pg_timer_store_${hash}`, text, parameters, isFenced: FENCE.test(text) };
        return { rows: [], rowCount: 0 };
      },
    });
    if (statement === undefined) {
      throw new Error('The runtime of pgtyped no longer asks for a query at once');
    }
    statements.set(query, statement);
  }
  return statement;
}

/** Makes objects of rows, with the names of the generated types: without pgtyped's marks for NULL and NOT NULL. */
function toObjects<TRow>({ fields, rows }: QueryArrayResult): TRow[] {
  const names = fields.map(({ name }) => name.replace(/[!?]$/, ''));
  // Copies of it take a quarter of the memory of objects that grow name by name.
  const empty: Readonly<Record<string, unknown>> = Object.fromEntries(names.map((name) => [name, null]));
  return rows.map((values) => {
    const row: Record<string, unknown> = { ...empty };
    for (let index = 0; index < names.length; index++) {
      row[names[index] as string] = values[index];
    }
    return row as TRow;
  });
}
