/* What an operator's report on a server is made from, beside what is read on connecting. */

/*
  One row. Time-outs are in milliseconds, 0 for none; a limit of -1 is none; NULL: this server has no such setting, or this
  database no such table. What the role lacks on timer_members is a list as people write it.
*/
/* @name readServerSettings */
SELECT
  current_setting('client_encoding') AS "clientEncoding!",
  current_setting('DateStyle') AS "dateStyle!",
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
  (SELECT mxid_age(datminmxid) FROM pg_database WHERE datname = current_database()) AS "multixactAge!",
  current_setting('autovacuum_multixact_freeze_max_age')::int AS "multixactFreezeMaxAge!",
  has_table_privilege(to_regclass('timers'), 'SELECT') AS "maySelect",
  has_table_privilege(to_regclass('timers'), 'INSERT') AS "mayInsert",
  has_table_privilege(to_regclass('timers'), 'UPDATE') AS "mayUpdate",
  has_table_privilege(to_regclass('timers'), 'DELETE') AS "mayDelete",
  has_table_privilege(to_regclass('timers'), 'TRUNCATE') AS "mayTruncate",
  (SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('timers')) AS "ownsTable",
  (
    SELECT COALESCE(string_agg(privilege, ', ' ORDER BY place), '')
    FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) WITH ORDINALITY AS needed (privilege, place)
    WHERE NOT has_table_privilege(to_regclass('timer_members'), privilege)
    HAVING to_regclass('timer_members') IS NOT NULL
  ) AS "lackingOnMembers",
  COALESCE(
    (SELECT sum(pg_relation_size(relid)) FROM pg_partition_tree(to_regclass('timers')) WHERE isleaf),
    pg_relation_size(to_regclass('timers'))
  )::int8 AS "tableBytes",
  COALESCE(
    (SELECT sum(pg_indexes_size(relid)) FROM pg_partition_tree(to_regclass('timers')) WHERE isleaf),
    pg_indexes_size(to_regclass('timers'))
  )::int8 AS "indexBytes",
  pg_size_bytes(current_setting('shared_buffers')) AS "sharedBuffersBytes!";

/* By the server's clock, in milliseconds since 1970. */
/* @name readServerClock */
SELECT (date_part('epoch', clock_timestamp()) * 1000)::int8 AS "nowMs!";

/* Which connection of the server this is. A pooler may give a client another one for each transaction. */
/* @name readBackend */
SELECT pg_backend_pid() AS "pid!";

/*
  The collations of the columns by which a timer is found. One that goes by other rules than those of bytes may come to
  sort differently when the operating system or ICU is upgraded, and the index then finds no longer what it holds. What
  the column of pg_database is for is missing in version 14.
*/
/* @name readKeyCollations */
SELECT
  attname AS "column!",
  collname AS "collation!",
  collprovider = 'd' AS "isDefault!",
  CASE collprovider
    WHEN 'd' THEN COALESCE(to_jsonb(pg_database) ->> 'datlocprovider', 'c') = 'b'
      OR (COALESCE(to_jsonb(pg_database) ->> 'datlocprovider', 'c') = 'c' AND datcollate ~* '^(C|POSIX)(\.|$)')
    WHEN 'c' THEN collcollate ~* '^(C|POSIX)(\.|$)'
    ELSE collprovider = 'b'
  END AS "isOfBytes!",
  COALESCE(collversion <> pg_collation_actual_version(pg_collation.oid), false) AS "hasChanged!"
FROM pg_attribute
JOIN pg_collation ON pg_collation.oid = attcollation
JOIN pg_database ON datname = current_database()
WHERE attrelid = to_regclass('timers')
  AND attname IN ('timer_id', 'timer_namespace')
ORDER BY attnum;

/* Version 15 or later. */
/* @name readDatabaseCollation */
SELECT COALESCE(datcollversion <> pg_database_collation_actual_version(oid), false) AS "hasChanged!"
FROM pg_database
WHERE datname = current_database();

/*
  One row for each kind of statement, if row-level security applies to this role: whether a policy is for it at all, and
  whether it has every row by a policy that asks for nothing.
*/
/* @name readRowSecurity */
WITH
  command (command_name, policy_command) AS (
    VALUES ('SELECT', 'r'), ('INSERT', 'a'), ('UPDATE', 'w'), ('DELETE', 'd')
  ),
  policy AS (
    SELECT
      polcmd AS policy_command,
      polpermissive AS is_permissive,
      COALESCE(pg_get_expr(polqual, polrelid), 'true') = 'true'
        AND COALESCE(pg_get_expr(polwithcheck, polrelid), 'true') = 'true' AS has_every_row
    FROM pg_policy
    WHERE polrelid = to_regclass('timers')
      AND (0 = ANY (polroles) OR EXISTS (SELECT FROM unnest(polroles) AS role WHERE pg_has_role(role, 'USAGE')))
  )
SELECT
  command_name AS "command!",
  COALESCE(bool_or(is_permissive), false) AS "hasPolicy!",
  COALESCE(bool_or(is_permissive AND has_every_row) AND bool_and(is_permissive OR has_every_row), false)
    AS "hasEveryRow!"
FROM command
LEFT JOIN policy ON policy.policy_command::text IN (command.policy_command, '*')
WHERE row_security_active(to_regclass('timers'))
GROUP BY command_name
ORDER BY array_position(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE'], command_name);

/* What was written to the table since its statistics began, over all of its partitions. They are a second old at most. */
/* @name readTableActivity */
SELECT
  COALESCE(sum(n_tup_ins), 0)::int8 AS "inserted!",
  COALESCE(sum(n_tup_upd), 0)::int8 AS "updated!",
  COALESCE(sum(n_tup_del), 0)::int8 AS "deleted!"
FROM pg_stat_user_tables
WHERE relid = to_regclass('timers')
  OR relid IN (SELECT tree.relid FROM pg_partition_tree(to_regclass('timers')) AS tree);
