/** Types generated for queries found in "sql/server-check.sql" */
import { PreparedQuery } from '@pgtyped/runtime';

/** 'ReadServerSettings' parameters type */
export type ReadServerSettingsParams = void;

/** 'ReadServerSettings' return type */
export interface ReadServerSettingsResult {
  clientEncoding: string;
  databaseConnectionLimit: number;
  dateStyle: string;
  fsync: boolean;
  fullPageWrites: boolean;
  idleSessionTimeoutMs: number | null;
  indexBytes: number | null;
  isInRecovery: boolean;
  isolation: string;
  isReadOnly: boolean;
  isSuperuser: boolean;
  lackingOnMembers: string | null;
  lockTimeoutMs: number | null;
  loginIsSuperuser: boolean;
  maxConnections: number;
  mayDelete: boolean | null;
  mayInsert: boolean | null;
  mayScanTables: boolean;
  maySelect: boolean | null;
  mayTruncate: boolean | null;
  mayUpdate: boolean | null;
  multixactAge: number;
  multixactFreezeMaxAge: number;
  ownsTable: boolean | null;
  planCacheMode: string;
  reservedConnections: number;
  roleConnectionLimit: number;
  sharedBuffersBytes: number;
  statementTimeoutMs: number | null;
  synchronousCommit: string;
  tableBytes: number | null;
  timeZone: string;
  transactionTimeoutMs: number | null;
}

/** 'ReadServerSettings' query type */
export interface ReadServerSettingsQuery {
  params: ReadServerSettingsParams;
  result: ReadServerSettingsResult;
}

const readServerSettingsIR: any = {"usedParamSet":{},"params":[],"statement":"SELECT\n  current_setting('client_encoding') AS \"clientEncoding!\",\n  current_setting('DateStyle') AS \"dateStyle!\",\n  current_setting('TimeZone') AS \"timeZone!\",\n  current_setting('default_transaction_isolation') AS \"isolation!\",\n  pg_is_in_recovery() AS \"isInRecovery!\",\n  current_setting('default_transaction_read_only')::bool AS \"isReadOnly!\",\n  current_setting('plan_cache_mode') AS \"planCacheMode!\",\n  current_setting('enable_seqscan')::bool AS \"mayScanTables!\",\n  current_setting('fsync')::bool AS \"fsync!\",\n  current_setting('full_page_writes')::bool AS \"fullPageWrites!\",\n  current_setting('synchronous_commit') AS \"synchronousCommit!\",\n  (SELECT setting::int FROM pg_settings WHERE name = 'statement_timeout') AS \"statementTimeoutMs\",\n  (SELECT setting::int FROM pg_settings WHERE name = 'transaction_timeout') AS \"transactionTimeoutMs\",\n  (SELECT setting::int FROM pg_settings WHERE name = 'lock_timeout') AS \"lockTimeoutMs\",\n  (SELECT setting::int FROM pg_settings WHERE name = 'idle_session_timeout') AS \"idleSessionTimeoutMs\",\n  current_setting('max_connections')::int AS \"maxConnections!\",\n  current_setting('superuser_reserved_connections')::int\n    + COALESCE(current_setting('reserved_connections', true)::int, 0) AS \"reservedConnections!\",\n  (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS \"databaseConnectionLimit!\",\n  (SELECT rolconnlimit FROM pg_roles WHERE rolname = session_user) AS \"roleConnectionLimit!\",\n  (SELECT rolsuper FROM pg_roles WHERE rolname = session_user) AS \"loginIsSuperuser!\",\n  (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS \"isSuperuser!\",\n  (SELECT mxid_age(datminmxid) FROM pg_database WHERE datname = current_database()) AS \"multixactAge!\",\n  current_setting('autovacuum_multixact_freeze_max_age')::int AS \"multixactFreezeMaxAge!\",\n  has_table_privilege(to_regclass('timers'), 'SELECT') AS \"maySelect\",\n  has_table_privilege(to_regclass('timers'), 'INSERT') AS \"mayInsert\",\n  has_table_privilege(to_regclass('timers'), 'UPDATE') AS \"mayUpdate\",\n  has_table_privilege(to_regclass('timers'), 'DELETE') AS \"mayDelete\",\n  has_table_privilege(to_regclass('timers'), 'TRUNCATE') AS \"mayTruncate\",\n  (SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('timers')) AS \"ownsTable\",\n  (\n    SELECT COALESCE(string_agg(privilege, ', ' ORDER BY place), '')\n    FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) WITH ORDINALITY AS needed (privilege, place)\n    WHERE NOT has_table_privilege(to_regclass('timer_members'), privilege)\n    HAVING to_regclass('timer_members') IS NOT NULL\n  ) AS \"lackingOnMembers\",\n  COALESCE(\n    (SELECT sum(pg_relation_size(relid)) FROM pg_partition_tree(to_regclass('timers')) WHERE isleaf),\n    pg_relation_size(to_regclass('timers'))\n  )::int8 AS \"tableBytes\",\n  COALESCE(\n    (SELECT sum(pg_indexes_size(relid)) FROM pg_partition_tree(to_regclass('timers')) WHERE isleaf),\n    pg_indexes_size(to_regclass('timers'))\n  )::int8 AS \"indexBytes\",\n  pg_size_bytes(current_setting('shared_buffers')) AS \"sharedBuffersBytes!\"                                                        "};

/**
 * Query generated from SQL:
 * ```
 * SELECT
 *   current_setting('client_encoding') AS "clientEncoding!",
 *   current_setting('DateStyle') AS "dateStyle!",
 *   current_setting('TimeZone') AS "timeZone!",
 *   current_setting('default_transaction_isolation') AS "isolation!",
 *   pg_is_in_recovery() AS "isInRecovery!",
 *   current_setting('default_transaction_read_only')::bool AS "isReadOnly!",
 *   current_setting('plan_cache_mode') AS "planCacheMode!",
 *   current_setting('enable_seqscan')::bool AS "mayScanTables!",
 *   current_setting('fsync')::bool AS "fsync!",
 *   current_setting('full_page_writes')::bool AS "fullPageWrites!",
 *   current_setting('synchronous_commit') AS "synchronousCommit!",
 *   (SELECT setting::int FROM pg_settings WHERE name = 'statement_timeout') AS "statementTimeoutMs",
 *   (SELECT setting::int FROM pg_settings WHERE name = 'transaction_timeout') AS "transactionTimeoutMs",
 *   (SELECT setting::int FROM pg_settings WHERE name = 'lock_timeout') AS "lockTimeoutMs",
 *   (SELECT setting::int FROM pg_settings WHERE name = 'idle_session_timeout') AS "idleSessionTimeoutMs",
 *   current_setting('max_connections')::int AS "maxConnections!",
 *   current_setting('superuser_reserved_connections')::int
 *     + COALESCE(current_setting('reserved_connections', true)::int, 0) AS "reservedConnections!",
 *   (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS "databaseConnectionLimit!",
 *   (SELECT rolconnlimit FROM pg_roles WHERE rolname = session_user) AS "roleConnectionLimit!",
 *   (SELECT rolsuper FROM pg_roles WHERE rolname = session_user) AS "loginIsSuperuser!",
 *   (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS "isSuperuser!",
 *   (SELECT mxid_age(datminmxid) FROM pg_database WHERE datname = current_database()) AS "multixactAge!",
 *   current_setting('autovacuum_multixact_freeze_max_age')::int AS "multixactFreezeMaxAge!",
 *   has_table_privilege(to_regclass('timers'), 'SELECT') AS "maySelect",
 *   has_table_privilege(to_regclass('timers'), 'INSERT') AS "mayInsert",
 *   has_table_privilege(to_regclass('timers'), 'UPDATE') AS "mayUpdate",
 *   has_table_privilege(to_regclass('timers'), 'DELETE') AS "mayDelete",
 *   has_table_privilege(to_regclass('timers'), 'TRUNCATE') AS "mayTruncate",
 *   (SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('timers')) AS "ownsTable",
 *   (
 *     SELECT COALESCE(string_agg(privilege, ', ' ORDER BY place), '')
 *     FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) WITH ORDINALITY AS needed (privilege, place)
 *     WHERE NOT has_table_privilege(to_regclass('timer_members'), privilege)
 *     HAVING to_regclass('timer_members') IS NOT NULL
 *   ) AS "lackingOnMembers",
 *   COALESCE(
 *     (SELECT sum(pg_relation_size(relid)) FROM pg_partition_tree(to_regclass('timers')) WHERE isleaf),
 *     pg_relation_size(to_regclass('timers'))
 *   )::int8 AS "tableBytes",
 *   COALESCE(
 *     (SELECT sum(pg_indexes_size(relid)) FROM pg_partition_tree(to_regclass('timers')) WHERE isleaf),
 *     pg_indexes_size(to_regclass('timers'))
 *   )::int8 AS "indexBytes",
 *   pg_size_bytes(current_setting('shared_buffers')) AS "sharedBuffersBytes!"                                                        
 * ```
 */
export const readServerSettings = new PreparedQuery<ReadServerSettingsParams,ReadServerSettingsResult>(readServerSettingsIR);


/** 'ReadServerClock' parameters type */
export type ReadServerClockParams = void;

/** 'ReadServerClock' return type */
export interface ReadServerClockResult {
  nowMs: number;
}

/** 'ReadServerClock' query type */
export interface ReadServerClockQuery {
  params: ReadServerClockParams;
  result: ReadServerClockResult;
}

const readServerClockIR: any = {"usedParamSet":{},"params":[],"statement":"SELECT (date_part('epoch', clock_timestamp()) * 1000)::int8 AS \"nowMs!\"                                                                                                          "};

/**
 * Query generated from SQL:
 * ```
 * SELECT (date_part('epoch', clock_timestamp()) * 1000)::int8 AS "nowMs!"                                                                                                          
 * ```
 */
export const readServerClock = new PreparedQuery<ReadServerClockParams,ReadServerClockResult>(readServerClockIR);


/** 'ReadBackend' parameters type */
export type ReadBackendParams = void;

/** 'ReadBackend' return type */
export interface ReadBackendResult {
  pid: number;
}

/** 'ReadBackend' query type */
export interface ReadBackendQuery {
  params: ReadBackendParams;
  result: ReadBackendResult;
}

const readBackendIR: any = {"usedParamSet":{},"params":[],"statement":"SELECT pg_backend_pid() AS \"pid!\"                                                                                                                                                                                                                                                                                                                  "};

/**
 * Query generated from SQL:
 * ```
 * SELECT pg_backend_pid() AS "pid!"                                                                                                                                                                                                                                                                                                                  
 * ```
 */
export const readBackend = new PreparedQuery<ReadBackendParams,ReadBackendResult>(readBackendIR);


/** 'ReadKeyCollations' parameters type */
export type ReadKeyCollationsParams = void;

/** 'ReadKeyCollations' return type */
export interface ReadKeyCollationsResult {
  collation: string;
  column: string;
  hasChanged: boolean;
  isDefault: boolean;
  isOfBytes: boolean;
}

/** 'ReadKeyCollations' query type */
export interface ReadKeyCollationsQuery {
  params: ReadKeyCollationsParams;
  result: ReadKeyCollationsResult;
}

const readKeyCollationsIR: any = {"usedParamSet":{},"params":[],"statement":"SELECT\n  attname AS \"column!\",\n  collname AS \"collation!\",\n  collprovider = 'd' AS \"isDefault!\",\n  CASE collprovider\n    WHEN 'd' THEN COALESCE(to_jsonb(pg_database) ->> 'datlocprovider', 'c') = 'b'\n      OR (COALESCE(to_jsonb(pg_database) ->> 'datlocprovider', 'c') = 'c' AND datcollate ~* '^(C|POSIX)(\\.|$)')\n    WHEN 'c' THEN collcollate ~* '^(C|POSIX)(\\.|$)'\n    ELSE collprovider = 'b'\n  END AS \"isOfBytes!\",\n  COALESCE(collversion <> pg_collation_actual_version(pg_collation.oid), false) AS \"hasChanged!\"\nFROM pg_attribute\nJOIN pg_collation ON pg_collation.oid = attcollation\nJOIN pg_database ON datname = current_database()\nWHERE attrelid = to_regclass('timers')\n  AND attname IN ('timer_id', 'timer_namespace')\nORDER BY attnum                          "};

/**
 * Query generated from SQL:
 * ```
 * SELECT
 *   attname AS "column!",
 *   collname AS "collation!",
 *   collprovider = 'd' AS "isDefault!",
 *   CASE collprovider
 *     WHEN 'd' THEN COALESCE(to_jsonb(pg_database) ->> 'datlocprovider', 'c') = 'b'
 *       OR (COALESCE(to_jsonb(pg_database) ->> 'datlocprovider', 'c') = 'c' AND datcollate ~* '^(C|POSIX)(\.|$)')
 *     WHEN 'c' THEN collcollate ~* '^(C|POSIX)(\.|$)'
 *     ELSE collprovider = 'b'
 *   END AS "isOfBytes!",
 *   COALESCE(collversion <> pg_collation_actual_version(pg_collation.oid), false) AS "hasChanged!"
 * FROM pg_attribute
 * JOIN pg_collation ON pg_collation.oid = attcollation
 * JOIN pg_database ON datname = current_database()
 * WHERE attrelid = to_regclass('timers')
 *   AND attname IN ('timer_id', 'timer_namespace')
 * ORDER BY attnum                          
 * ```
 */
export const readKeyCollations = new PreparedQuery<ReadKeyCollationsParams,ReadKeyCollationsResult>(readKeyCollationsIR);


/** 'ReadDatabaseCollation' parameters type */
export type ReadDatabaseCollationParams = void;

/** 'ReadDatabaseCollation' return type */
export interface ReadDatabaseCollationResult {
  hasChanged: boolean;
}

/** 'ReadDatabaseCollation' query type */
export interface ReadDatabaseCollationQuery {
  params: ReadDatabaseCollationParams;
  result: ReadDatabaseCollationResult;
}

const readDatabaseCollationIR: any = {"usedParamSet":{},"params":[],"statement":"SELECT COALESCE(datcollversion <> pg_database_collation_actual_version(oid), false) AS \"hasChanged!\"\nFROM pg_database\nWHERE datname = current_database()                                                                                                                                                                                            "};

/**
 * Query generated from SQL:
 * ```
 * SELECT COALESCE(datcollversion <> pg_database_collation_actual_version(oid), false) AS "hasChanged!"
 * FROM pg_database
 * WHERE datname = current_database()                                                                                                                                                                                            
 * ```
 */
export const readDatabaseCollation = new PreparedQuery<ReadDatabaseCollationParams,ReadDatabaseCollationResult>(readDatabaseCollationIR);


/** 'ReadRowSecurity' parameters type */
export type ReadRowSecurityParams = void;

/** 'ReadRowSecurity' return type */
export interface ReadRowSecurityResult {
  command: string;
  hasEveryRow: boolean;
  hasPolicy: boolean;
}

/** 'ReadRowSecurity' query type */
export interface ReadRowSecurityQuery {
  params: ReadRowSecurityParams;
  result: ReadRowSecurityResult;
}

const readRowSecurityIR: any = {"usedParamSet":{},"params":[],"statement":"WITH\n  command (command_name, policy_command) AS (\n    VALUES ('SELECT', 'r'), ('INSERT', 'a'), ('UPDATE', 'w'), ('DELETE', 'd')\n  ),\n  policy AS (\n    SELECT\n      polcmd AS policy_command,\n      polpermissive AS is_permissive,\n      COALESCE(pg_get_expr(polqual, polrelid), 'true') = 'true'\n        AND COALESCE(pg_get_expr(polwithcheck, polrelid), 'true') = 'true' AS has_every_row\n    FROM pg_policy\n    WHERE polrelid = to_regclass('timers')\n      AND (0 = ANY (polroles) OR EXISTS (SELECT FROM unnest(polroles) AS role WHERE pg_has_role(role, 'USAGE')))\n  )\nSELECT\n  command_name AS \"command!\",\n  COALESCE(bool_or(is_permissive), false) AS \"hasPolicy!\",\n  COALESCE(bool_or(is_permissive AND has_every_row) AND bool_and(is_permissive OR has_every_row), false)\n    AS \"hasEveryRow!\"\nFROM command\nLEFT JOIN policy ON policy.policy_command::text IN (command.policy_command, '*')\nWHERE row_security_active(to_regclass('timers'))\nGROUP BY command_name\nORDER BY array_position(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE'], command_name)                                                                                                                          "};

/**
 * Query generated from SQL:
 * ```
 * WITH
 *   command (command_name, policy_command) AS (
 *     VALUES ('SELECT', 'r'), ('INSERT', 'a'), ('UPDATE', 'w'), ('DELETE', 'd')
 *   ),
 *   policy AS (
 *     SELECT
 *       polcmd AS policy_command,
 *       polpermissive AS is_permissive,
 *       COALESCE(pg_get_expr(polqual, polrelid), 'true') = 'true'
 *         AND COALESCE(pg_get_expr(polwithcheck, polrelid), 'true') = 'true' AS has_every_row
 *     FROM pg_policy
 *     WHERE polrelid = to_regclass('timers')
 *       AND (0 = ANY (polroles) OR EXISTS (SELECT FROM unnest(polroles) AS role WHERE pg_has_role(role, 'USAGE')))
 *   )
 * SELECT
 *   command_name AS "command!",
 *   COALESCE(bool_or(is_permissive), false) AS "hasPolicy!",
 *   COALESCE(bool_or(is_permissive AND has_every_row) AND bool_and(is_permissive OR has_every_row), false)
 *     AS "hasEveryRow!"
 * FROM command
 * LEFT JOIN policy ON policy.policy_command::text IN (command.policy_command, '*')
 * WHERE row_security_active(to_regclass('timers'))
 * GROUP BY command_name
 * ORDER BY array_position(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE'], command_name)                                                                                                                          
 * ```
 */
export const readRowSecurity = new PreparedQuery<ReadRowSecurityParams,ReadRowSecurityResult>(readRowSecurityIR);


/** 'ReadTableActivity' parameters type */
export type ReadTableActivityParams = void;

/** 'ReadTableActivity' return type */
export interface ReadTableActivityResult {
  deleted: number;
  inserted: number;
  updated: number;
}

/** 'ReadTableActivity' query type */
export interface ReadTableActivityQuery {
  params: ReadTableActivityParams;
  result: ReadTableActivityResult;
}

const readTableActivityIR: any = {"usedParamSet":{},"params":[],"statement":"SELECT\n  COALESCE(sum(n_tup_ins), 0)::int8 AS \"inserted!\",\n  COALESCE(sum(n_tup_upd), 0)::int8 AS \"updated!\",\n  COALESCE(sum(n_tup_del), 0)::int8 AS \"deleted!\"\nFROM pg_stat_user_tables\nWHERE relid = to_regclass('timers')\n  OR relid IN (SELECT tree.relid FROM pg_partition_tree(to_regclass('timers')) AS tree)"};

/**
 * Query generated from SQL:
 * ```
 * SELECT
 *   COALESCE(sum(n_tup_ins), 0)::int8 AS "inserted!",
 *   COALESCE(sum(n_tup_upd), 0)::int8 AS "updated!",
 *   COALESCE(sum(n_tup_del), 0)::int8 AS "deleted!"
 * FROM pg_stat_user_tables
 * WHERE relid = to_regclass('timers')
 *   OR relid IN (SELECT tree.relid FROM pg_partition_tree(to_regclass('timers')) AS tree)
 * ```
 */
export const readTableActivity = new PreparedQuery<ReadTableActivityParams,ReadTableActivityResult>(readTableActivityIR);


