/* What an operator's report on a server is made from, beside what is read on connecting. */

/* One row. Time-outs are in milliseconds, 0 for none; a limit of -1 is none; NULL: this server has no such setting. */
/* @name readServerSettings */
SELECT
  current_setting('client_encoding') AS "clientEncoding!",
  current_setting('TimeZone') AS "timeZone!",
  current_setting('default_transaction_isolation') AS "isolation!",
  pg_is_in_recovery() AS "isInRecovery!",
  current_setting('default_transaction_read_only')::bool AS "isReadOnly!",
  current_setting('plan_cache_mode') AS "planCacheMode!",
  current_setting('enable_seqscan')::bool AS "mayScanTables!",
  current_setting('fsync')::bool AS "fsync!",
  current_setting('full_page_writes')::bool AS "fullPageWrites!",
  current_setting('synchronous_commit') AS "synchronousCommit!",
  (SELECT setting::int FROM pg_settings WHERE name = 'statement_timeout') AS "statementTimeoutMs",
  (SELECT setting::int FROM pg_settings WHERE name = 'transaction_timeout') AS "transactionTimeoutMs",
  (SELECT setting::int FROM pg_settings WHERE name = 'lock_timeout') AS "lockTimeoutMs",
  (SELECT setting::int FROM pg_settings WHERE name = 'idle_session_timeout') AS "idleSessionTimeoutMs",
  current_setting('max_connections')::int AS "maxConnections!",
  current_setting('superuser_reserved_connections')::int
    + COALESCE(current_setting('reserved_connections', true)::int, 0) AS "reservedConnections!",
  (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS "databaseConnectionLimit!",
  (SELECT rolconnlimit FROM pg_roles WHERE rolname = session_user) AS "roleConnectionLimit!",
  (SELECT rolsuper FROM pg_roles WHERE rolname = session_user) AS "loginIsSuperuser!",
  (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS "isSuperuser!",
  has_table_privilege(to_regclass('timers'), 'SELECT') AS "maySelect",
  has_table_privilege(to_regclass('timers'), 'INSERT') AS "mayInsert",
  has_table_privilege(to_regclass('timers'), 'UPDATE') AS "mayUpdate",
  has_table_privilege(to_regclass('timers'), 'DELETE') AS "mayDelete",
  has_table_privilege(to_regclass('timers'), 'TRUNCATE') AS "mayTruncate",
  (SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('timers')) AS "ownsTable",
  COALESCE(
    (SELECT sum(pg_relation_size(relid)) FROM pg_partition_tree(to_regclass('timers')) WHERE isleaf),
    pg_relation_size(to_regclass('timers'))
  )::int8 AS "tableBytes";

/* By the server's clock, in milliseconds since 1970. */
/* @name readServerClock */
SELECT (date_part('epoch', clock_timestamp()) * 1000)::int8 AS "nowMs!";

/* Which connection of the server this is. A pooler may give a client another one for each transaction. */
/* @name readBackend */
SELECT pg_backend_pid() AS "pid!";
