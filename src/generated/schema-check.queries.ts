/** Types generated for queries found in "sql/schema-check.sql" */
import { PreparedQuery } from '@pgtyped/runtime';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** 'ReadRequirements' parameters type */
export type ReadRequirementsParams = void;

/** 'ReadRequirements' return type */
export interface ReadRequirementsResult {
  encoding: string;
  hasCitus: boolean;
  schemaFaults: Json;
  searchPath: string;
  unknownColumns: Json;
  version: string;
  versionNumber: number;
}

/** 'ReadRequirements' query type */
export interface ReadRequirementsQuery {
  params: ReadRequirementsParams;
  result: ReadRequirementsResult;
}

const readRequirementsIR: any = {"usedParamSet":{},"params":[],"statement":"WITH\n  required_column (column_name, column_type) AS (\n    VALUES\n      ('shard_id', 'integer'),\n      ('row_type', 'smallint'),\n      ('timer_execute_at', 'timestamp(3) with time zone'),\n      ('timer_uuid', 'uuid'),\n      ('timer_id', 'character varying(255)'),\n      ('timer_namespace', 'character varying(255)'),\n      ('timer_callback_url', 'character varying(2048)'),\n      ('timer_payload', 'jsonb'),\n      ('timer_retry_policy', 'jsonb'),\n      ('timer_callback_timeout_seconds', 'integer'),\n      ('timer_created_at', 'timestamp(3) with time zone'),\n      ('timer_revision', 'bigint'),\n      ('timer_updated_at', 'timestamp(3) with time zone'),\n      ('timer_due_at', 'timestamp(3) with time zone'),\n      ('timer_first_attempt_at', 'timestamp(3) with time zone'),\n      ('timer_attempts', 'integer'),\n      ('timer_last_error', 'character varying(1000)'),\n      ('timer_traceparent', 'character varying(55)'),\n      ('shard_version', 'bigint'),\n      ('shard_owner_addr', 'character varying(255)'),\n      ('shard_claimed_at', 'timestamp(3) with time zone'),\n      ('shard_metadata', 'jsonb')\n  ),\n  required_unique_index (key_columns) AS (\n    VALUES\n      ('shard_id, row_type, timer_execute_at, timer_uuid'),\n      ('shard_id, row_type, timer_namespace, timer_id')\n  ),\n  present_column AS (\n    SELECT attname AS column_name, format_type(atttypid, atttypmod) AS column_type\n    FROM pg_attribute\n    WHERE attrelid = to_regclass('timers')\n      AND attnum > 0\n      AND NOT attisdropped\n  ),\n  present_unique_index AS (\n    SELECT (\n      SELECT string_agg(attname, ', ' ORDER BY key.place)\n      FROM unnest(indkey::int[]) WITH ORDINALITY AS key (attnum, place)\n      JOIN pg_attribute ON attrelid = indrelid AND pg_attribute.attnum = key.attnum\n      WHERE key.place <= indnkeyatts\n    ) AS key_columns\n    FROM pg_index\n    WHERE indrelid = to_regclass('timers')\n      AND indisunique\n      AND indisvalid\n      AND indpred IS NULL\n      AND indexprs IS NULL\n  ),\n  schema_fault AS (\n    SELECT 'there is no table timers in ' || COALESCE('schema ' || quote_ident(current_schema()), 'any schema of search_path')\n      AS fault\n    WHERE to_regclass('timers') IS NULL\n      -- The search_path goes on to a schema in which somebody else has a table of that name.\n      OR to_regclass('timers') IS DISTINCT FROM to_regclass(quote_ident(current_schema()) || '.timers')\n    UNION ALL\n    SELECT format(\n      'column %s should be %s, but is %s',\n      required_column.column_name, required_column.column_type, COALESCE(present_column.column_type, 'missing')\n    )\n    FROM required_column\n    LEFT JOIN present_column ON present_column.column_name = required_column.column_name\n    WHERE to_regclass('timers') IS NOT NULL\n      AND present_column.column_type IS DISTINCT FROM required_column.column_type\n    UNION ALL\n    SELECT format('the unique index on (%s) is missing', key_columns)\n    FROM required_unique_index\n    WHERE to_regclass('timers') IS NOT NULL\n      AND NOT EXISTS (\n        SELECT FROM present_unique_index WHERE present_unique_index.key_columns = required_unique_index.key_columns\n      )\n  )\nSELECT\n  current_setting('server_version') AS \"version!\",\n  current_setting('server_version_num')::int AS \"versionNumber!\",\n  current_setting('server_encoding') AS \"encoding!\",\n  EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') AS \"hasCitus!\",\n  (SELECT COALESCE(json_agg(fault), '[]') FROM schema_fault) AS \"schemaFaults!\",\n  current_setting('search_path') AS \"searchPath!\",\n  (\n    SELECT COALESCE(json_agg(column_name ORDER BY column_name), '[]')\n    FROM present_column\n    WHERE NOT EXISTS (SELECT FROM required_column WHERE required_column.column_name = present_column.column_name)\n  ) AS \"unknownColumns!\"                                                                                                  "};

/**
 * Query generated from SQL:
 * ```
 * WITH
 *   required_column (column_name, column_type) AS (
 *     VALUES
 *       ('shard_id', 'integer'),
 *       ('row_type', 'smallint'),
 *       ('timer_execute_at', 'timestamp(3) with time zone'),
 *       ('timer_uuid', 'uuid'),
 *       ('timer_id', 'character varying(255)'),
 *       ('timer_namespace', 'character varying(255)'),
 *       ('timer_callback_url', 'character varying(2048)'),
 *       ('timer_payload', 'jsonb'),
 *       ('timer_retry_policy', 'jsonb'),
 *       ('timer_callback_timeout_seconds', 'integer'),
 *       ('timer_created_at', 'timestamp(3) with time zone'),
 *       ('timer_revision', 'bigint'),
 *       ('timer_updated_at', 'timestamp(3) with time zone'),
 *       ('timer_due_at', 'timestamp(3) with time zone'),
 *       ('timer_first_attempt_at', 'timestamp(3) with time zone'),
 *       ('timer_attempts', 'integer'),
 *       ('timer_last_error', 'character varying(1000)'),
 *       ('timer_traceparent', 'character varying(55)'),
 *       ('shard_version', 'bigint'),
 *       ('shard_owner_addr', 'character varying(255)'),
 *       ('shard_claimed_at', 'timestamp(3) with time zone'),
 *       ('shard_metadata', 'jsonb')
 *   ),
 *   required_unique_index (key_columns) AS (
 *     VALUES
 *       ('shard_id, row_type, timer_execute_at, timer_uuid'),
 *       ('shard_id, row_type, timer_namespace, timer_id')
 *   ),
 *   present_column AS (
 *     SELECT attname AS column_name, format_type(atttypid, atttypmod) AS column_type
 *     FROM pg_attribute
 *     WHERE attrelid = to_regclass('timers')
 *       AND attnum > 0
 *       AND NOT attisdropped
 *   ),
 *   present_unique_index AS (
 *     SELECT (
 *       SELECT string_agg(attname, ', ' ORDER BY key.place)
 *       FROM unnest(indkey::int[]) WITH ORDINALITY AS key (attnum, place)
 *       JOIN pg_attribute ON attrelid = indrelid AND pg_attribute.attnum = key.attnum
 *       WHERE key.place <= indnkeyatts
 *     ) AS key_columns
 *     FROM pg_index
 *     WHERE indrelid = to_regclass('timers')
 *       AND indisunique
 *       AND indisvalid
 *       AND indpred IS NULL
 *       AND indexprs IS NULL
 *   ),
 *   schema_fault AS (
 *     SELECT 'there is no table timers in ' || COALESCE('schema ' || quote_ident(current_schema()), 'any schema of search_path')
 *       AS fault
 *     WHERE to_regclass('timers') IS NULL
 *       -- The search_path goes on to a schema in which somebody else has a table of that name.
 *       OR to_regclass('timers') IS DISTINCT FROM to_regclass(quote_ident(current_schema()) || '.timers')
 *     UNION ALL
 *     SELECT format(
 *       'column %s should be %s, but is %s',
 *       required_column.column_name, required_column.column_type, COALESCE(present_column.column_type, 'missing')
 *     )
 *     FROM required_column
 *     LEFT JOIN present_column ON present_column.column_name = required_column.column_name
 *     WHERE to_regclass('timers') IS NOT NULL
 *       AND present_column.column_type IS DISTINCT FROM required_column.column_type
 *     UNION ALL
 *     SELECT format('the unique index on (%s) is missing', key_columns)
 *     FROM required_unique_index
 *     WHERE to_regclass('timers') IS NOT NULL
 *       AND NOT EXISTS (
 *         SELECT FROM present_unique_index WHERE present_unique_index.key_columns = required_unique_index.key_columns
 *       )
 *   )
 * SELECT
 *   current_setting('server_version') AS "version!",
 *   current_setting('server_version_num')::int AS "versionNumber!",
 *   current_setting('server_encoding') AS "encoding!",
 *   EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') AS "hasCitus!",
 *   (SELECT COALESCE(json_agg(fault), '[]') FROM schema_fault) AS "schemaFaults!",
 *   current_setting('search_path') AS "searchPath!",
 *   (
 *     SELECT COALESCE(json_agg(column_name ORDER BY column_name), '[]')
 *     FROM present_column
 *     WHERE NOT EXISTS (SELECT FROM required_column WHERE required_column.column_name = present_column.column_name)
 *   ) AS "unknownColumns!"                                                                                                  
 * ```
 */
export const readRequirements = new PreparedQuery<ReadRequirementsParams,ReadRequirementsResult>(readRequirementsIR);


/** 'ReadSession' parameters type */
export type ReadSessionParams = void;

/** 'ReadSession' return type */
export interface ReadSessionResult {
  dateStyle: string;
  hasCitus: boolean;
}

/** 'ReadSession' query type */
export interface ReadSessionQuery {
  params: ReadSessionParams;
  result: ReadSessionResult;
}

const readSessionIR: any = {"usedParamSet":{},"params":[],"statement":"SELECT\n  current_setting('DateStyle') AS \"dateStyle!\",\n  EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') AS \"hasCitus!\""};

/**
 * Query generated from SQL:
 * ```
 * SELECT
 *   current_setting('DateStyle') AS "dateStyle!",
 *   EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') AS "hasCitus!"
 * ```
 */
export const readSession = new PreparedQuery<ReadSessionParams,ReadSessionResult>(readSessionIR);


