/** Types generated for queries found in "sql/writers.sql" */
import { PreparedQuery } from '@pgtyped/runtime';

/** 'ReadWriters' parameters type */
export type ReadWritersParams = void;

/** 'ReadWriters' return type */
export interface ReadWritersResult {
  pid: number | null;
  transaction: string;
}

/** 'ReadWriters' query type */
export interface ReadWritersQuery {
  params: ReadWritersParams;
  result: ReadWritersResult;
}

const readWritersIR: any = {"usedParamSet":{},"params":[],"statement":"SELECT\n  virtualtransaction AS \"transaction!\",\n  pid AS \"pid\"\nFROM pg_locks\nWHERE locktype = 'relation'\n  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())\n  AND relation = to_regclass('timers')\n  AND mode = 'RowExclusiveLock'\n  AND granted"};

/**
 * Query generated from SQL:
 * ```
 * SELECT
 *   virtualtransaction AS "transaction!",
 *   pid AS "pid"
 * FROM pg_locks
 * WHERE locktype = 'relation'
 *   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
 *   AND relation = to_regclass('timers')
 *   AND mode = 'RowExclusiveLock'
 *   AND granted
 * ```
 */
export const readWriters = new PreparedQuery<ReadWritersParams,ReadWritersResult>(readWritersIR);


