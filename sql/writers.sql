/* Who writes to the table, for a move that has to wait until those are done who began before it sealed a shard. */

/* The transactions that write to the table now, or have written and are still open. */
/* @name readWriters */
SELECT
  virtualtransaction AS "transaction!",
  pid AS "pid"
FROM pg_locks
WHERE locktype = 'relation'
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND relation = to_regclass('timers')
  AND mode = 'RowExclusiveLock'
  AND granted;
