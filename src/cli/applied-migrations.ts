import { PreparedQuery } from '@pgtyped/runtime';
import type { PostgresTimerStore } from '../postgres/postgres-timer-store';
import { statementsOf } from '../postgres/store-statements';

/** dbmate's own keeps the migrations of the program around this package. */
export const MIGRATIONS_TABLE = 'pg_timer_store_migrations';

/** Statements on dbmate's table are not in `sql/`: the role that all there has to run for has no right on it. */
function statement<TRow>(text: string): PreparedQuery<void, TRow> {
  return new PreparedQuery<void, TRow>({ usedParamSet: {}, params: [], statement: text });
}

const readHasTable = statement<{ hasTable: boolean }>(
  `SELECT to_regclass(quote_ident(current_schema()) || '.${MIGRATIONS_TABLE}') IS NOT NULL AS "hasTable"`,
);
const readVersions = statement<{ version: string }>(
  `SELECT version FROM ${MIGRATIONS_TABLE} ORDER BY version`,
);

/** The numbers of the migrations that dbmate has applied; none before its first run, or where another tool migrates. */
export async function readAppliedVersions(
  store: PostgresTimerStore,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const run = statementsOf('store', store);
  const [found] = (await run('read', 'migrate', readHasTable, undefined, { signal })).rows;
  if (found?.hasTable !== true) {
    return [];
  }
  return (await run('read', 'migrate', readVersions, undefined, { signal })).rows.map(
    ({ version }) => version,
  );
}
