import { createHash } from 'node:crypto';
import type { PreparedQuery } from '@pgtyped/runtime';
import type { ClientBase, QueryArrayResult } from 'pg';
import { columnParsers } from './column-parsers';

export interface StatementResult<TRow> {
  readonly rows: readonly TRow[];
  /** Rows that the statement returned or, if it returns none, changed. */
  readonly rowCount: number;
}

/**
 * Runs a generated query. pgtyped's runtime puts statement and values together; the rows do not pass through it,
 * since its renaming of columns costs more than reading them.
 */
export async function runQuery<TParams, TRow>(
  client: ClientBase,
  query: PreparedQuery<TParams, TRow>,
  params: TParams,
  prepared: boolean,
): Promise<StatementResult<TRow>> {
  let rows: TRow[] = [];
  const { rowCount } = await query.runWithCounts(params, {
    query: async (text, values) => {
      const result: QueryArrayResult = await client.query({
        ...(prepared && { name: statementName(text) }),
        text,
        values,
        rowMode: 'array',
        types: columnParsers,
      });
      rows = toObjects(result);
      return { rows: [], rowCount: result.rowCount ?? 0 };
    },
  });
  return { rows, rowCount };
}

/** Rows under the names that the generated types have: without pgtyped's marks for NULL and NOT NULL. */
function toObjects<TRow>({ fields, rows }: QueryArrayResult): TRow[] {
  const names = fields.map(({ name }) => name.replace(/[!?]$/, ''));
  return rows.map((values) => {
    const row: Record<string, unknown> = {};
    for (let index = 0; index < names.length; index++) {
      row[names[index] as string] = values[index];
    }
    return row as TRow;
  });
}

const statementNames = new Map<string, string>();

/** The same for the same text in every process, so that poolers can share it. At most 63 characters. */
function statementName(text: string): string {
  let name = statementNames.get(text);
  if (name === undefined) {
    name = `pg_timer_store_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
    statementNames.set(text, name);
  }
  return name;
}
