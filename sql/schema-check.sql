/*
  One row: what this version needs of a server, and what the database lacks of the schema. Read on connecting, so it is
  one statement, and must run on servers that are too old as well.
*/
/* @name readRequirements */
WITH
  required_column (column_name, column_type) AS (
    VALUES
      ('shard_id', 'integer'),
      ('row_type', 'smallint'),
      ('timer_execute_at', 'timestamp(3) with time zone'),
      ('timer_uuid', 'uuid'),
      ('timer_id', 'character varying(255)'),
      ('timer_namespace', 'character varying(255)'),
      ('timer_callback_url', 'character varying(2048)'),
      ('timer_payload', 'jsonb'),
      ('timer_retry_policy', 'jsonb'),
      ('timer_callback_timeout_seconds', 'integer'),
      ('timer_created_at', 'timestamp(3) with time zone'),
      ('timer_revision', 'bigint'),
      ('timer_updated_at', 'timestamp(3) with time zone'),
      ('timer_due_at', 'timestamp(3) with time zone'),
      ('timer_first_attempt_at', 'timestamp(3) with time zone'),
      ('timer_attempts', 'integer'),
      ('timer_last_error', 'character varying(1000)'),
      ('timer_traceparent', 'character varying(55)'),
      ('shard_version', 'bigint'),
      ('shard_owner_addr', 'character varying(255)'),
      ('shard_claimed_at', 'timestamp(3) with time zone'),
      ('shard_metadata', 'jsonb')
  ),
  required_unique_index (key_columns) AS (
    VALUES
      ('shard_id, row_type, timer_execute_at, timer_uuid'),
      ('shard_id, row_type, timer_namespace, timer_id')
  ),
  present_column AS (
    SELECT attname AS column_name, format_type(atttypid, atttypmod) AS column_type
    FROM pg_attribute
    WHERE attrelid = to_regclass('timers')
      AND attnum > 0
      AND NOT attisdropped
  ),
  present_unique_index AS (
    SELECT (
      SELECT string_agg(attname, ', ' ORDER BY key.place)
      FROM unnest(indkey::int[]) WITH ORDINALITY AS key (attnum, place)
      JOIN pg_attribute ON attrelid = indrelid AND pg_attribute.attnum = key.attnum
      WHERE key.place <= indnkeyatts
    ) AS key_columns
    FROM pg_index
    WHERE indrelid = to_regclass('timers')
      AND indisunique
      AND indisvalid
      AND indpred IS NULL
      AND indexprs IS NULL
  ),
  schema_fault AS (
    SELECT 'there is no table timers in ' || COALESCE('schema ' || quote_ident(current_schema()), 'any schema of search_path')
      AS fault
    WHERE to_regclass('timers') IS NULL
      -- The search_path goes on to a schema in which somebody else has a table of that name.
      OR to_regclass('timers') IS DISTINCT FROM to_regclass(quote_ident(current_schema()) || '.timers')
    UNION ALL
    SELECT format(
      'column %s should be %s, but is %s',
      required_column.column_name, required_column.column_type, COALESCE(present_column.column_type, 'missing')
    )
    FROM required_column
    LEFT JOIN present_column ON present_column.column_name = required_column.column_name
    WHERE to_regclass('timers') IS NOT NULL
      AND present_column.column_type IS DISTINCT FROM required_column.column_type
    UNION ALL
    SELECT format('the unique index on (%s) is missing', key_columns)
    FROM required_unique_index
    WHERE to_regclass('timers') IS NOT NULL
      AND NOT EXISTS (
        SELECT FROM present_unique_index WHERE present_unique_index.key_columns = required_unique_index.key_columns
      )
  )
SELECT
  current_setting('server_version') AS "version!",
  current_setting('server_version_num')::int AS "versionNumber!",
  current_setting('server_encoding') AS "encoding!",
  EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') AS "hasCitus!",
  (SELECT COALESCE(json_agg(fault), '[]') FROM schema_fault) AS "schemaFaults!",
  current_setting('search_path') AS "searchPath!",
  (
    SELECT COALESCE(json_agg(column_name ORDER BY column_name), '[]')
    FROM present_column
    WHERE NOT EXISTS (SELECT FROM required_column WHERE required_column.column_name = present_column.column_name)
  ) AS "unknownColumns!";

/* What a store has to know of a session before it writes, where nobody has checked the server. */
/* @name readSession */
SELECT
  current_setting('DateStyle') AS "dateStyle!",
  EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') AS "hasCitus!";
