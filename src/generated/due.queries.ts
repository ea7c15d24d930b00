/** Types generated for queries found in "sql/due.sql" */
import { PreparedQuery } from '@pgtyped/runtime';

export type DateOrString = Date | string;

export type DateOrStringArray = (DateOrString)[];

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export type numberArray = (number)[];

export type stringArray = (string)[];

/** 'ReadDueTimers' parameters type */
export interface ReadDueTimersParams {
  afterExecuteAts: DateOrStringArray;
  afterUuids: stringArray;
  limit: number;
  lookAheadMs: number;
  shardIds: numberArray;
}

/** 'ReadDueTimers' return type */
export interface ReadDueTimersResult {
  attempts: number | null;
  callbackTimeoutSeconds: number | null;
  callbackUrl: string | null;
  createdAtMs: number | null;
  dueAtMs: number | null;
  executeAtMs: number | null;
  firstAttemptAtMs: number | null;
  id: string | null;
  lastError: string | null;
  namespace: string | null;
  nowUs: number | null;
  ownerAddr: string | null;
  payload: Json | null;
  retryPolicy: Json | null;
  revision: string | null;
  shardId: number;
  shardVersion: number | null;
  traceparent: string | null;
  updatedAtMs: number | null;
  uuid: string | null;
}

/** 'ReadDueTimers' query type */
export interface ReadDueTimersQuery {
  params: ReadDueTimersParams;
  result: ReadDueTimersResult;
}

const readDueTimersIR: any = {"usedParamSet":{"shardIds":true,"afterExecuteAts":true,"afterUuids":true,"lookAheadMs":true,"limit":true},"params":[{"name":"shardIds","required":true,"transform":{"type":"scalar"},"locs":[{"a":1919,"b":1928}]},{"name":"afterExecuteAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":1962,"b":1978}]},{"name":"afterUuids","required":true,"transform":{"type":"scalar"},"locs":[{"a":2028,"b":2039}]},{"name":"lookAheadMs","required":true,"transform":{"type":"scalar"},"locs":[{"a":2679,"b":2691},{"a":3495,"b":3507}]},{"name":"limit","required":true,"transform":{"type":"scalar"},"locs":[{"a":2777,"b":2783}]}],"statement":"SELECT\n  wanted.shard_id AS \"shardId!\",\n  timer.timer_id AS \"id?\",\n  timer.timer_namespace AS \"namespace?\",\n  timer.timer_uuid AS \"uuid?\",\n  CASE\n    WHEN isfinite(timer.timer_execute_at)\n    THEN (date_part('epoch', timer.timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"executeAtMs\",\n  timer.timer_callback_url AS \"callbackUrl\",\n  timer.timer_payload AS \"payload\",\n  timer.timer_retry_policy AS \"retryPolicy\",\n  timer.timer_callback_timeout_seconds AS \"callbackTimeoutSeconds?\",\n  CASE\n    WHEN isfinite(timer.timer_created_at)\n    THEN (date_part('epoch', timer.timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"createdAtMs\",\n  timer.timer_attempts AS \"attempts?\",\n  timer.timer_revision::text AS \"revision?\",\n  CASE\n    WHEN isfinite(timer.timer_updated_at)\n    THEN (date_part('epoch', timer.timer_updated_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer.timer_updated_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"updatedAtMs\",\n  CASE\n    WHEN isfinite(timer.timer_due_at)\n    THEN (date_part('epoch', timer.timer_due_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer.timer_due_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"dueAtMs\",\n  CASE\n    WHEN isfinite(timer.timer_first_attempt_at)\n    THEN (date_part('epoch', timer.timer_first_attempt_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer.timer_first_attempt_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"firstAttemptAtMs\",\n  timer.timer_last_error AS \"lastError\",\n  timer.timer_traceparent AS \"traceparent\",\n  timer.shard_version AS \"shardVersion?\",\n  timer.shard_owner_addr AS \"ownerAddr?\",\n  CASE\n    WHEN timer.timer_uuid IS NULL\n    THEN (date_part('epoch', clock_timestamp() - '2000-01-01 00:00:00+00') * 1000000 + 946684800000000)::int8\n  END AS \"nowUs?\"\nFROM (\n  SELECT\n    unnest(:shardIds!::int[]) AS shard_id,\n    unnest(:afterExecuteAts!::timestamptz[]) AS after_execute_at,\n    unnest(:afterUuids!::uuid[]) AS after_uuid\n) AS wanted\nCROSS JOIN LATERAL (\n  (\n    SELECT\n      timer_id, timer_namespace, timer_uuid, timer_execute_at, timer_callback_url, timer_payload, timer_retry_policy,\n      timer_callback_timeout_seconds, timer_created_at, timer_attempts, timer_revision, timer_updated_at, timer_due_at,\n      timer_first_attempt_at, timer_last_error, timer_traceparent, NULL::int8 AS shard_version,\n      NULL AS shard_owner_addr\n    FROM timers\n    WHERE shard_id = wanted.shard_id\n      AND row_type = 2\n      AND (timer_execute_at, timer_uuid) > (wanted.after_execute_at, wanted.after_uuid)\n      AND timer_execute_at <= now() + :lookAheadMs!::int * interval '1 millisecond'\n    ORDER BY timer_execute_at, timer_uuid\n    LIMIT :limit!::int\n  )\n  UNION ALL\n  (\n    SELECT\n      NULL, NULL, NULL, later_timer.timer_execute_at, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,\n      shard.shard_version, shard.shard_owner_addr\n    FROM (SELECT) AS nothing\n    LEFT JOIN LATERAL (\n      SELECT shard_version, shard_owner_addr\n      FROM timers\n      WHERE shard_id = wanted.shard_id\n        AND row_type = 1\n        AND timer_execute_at = '1970-01-01 00:00:01+00'\n        AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n    ) AS shard ON true\n    LEFT JOIN LATERAL (\n      SELECT timer_execute_at\n      FROM timers\n      WHERE shard_id = wanted.shard_id\n        AND row_type = 2\n        AND timer_execute_at > now() + :lookAheadMs!::int * interval '1 millisecond'\n      ORDER BY timer_execute_at, timer_uuid\n      LIMIT 1\n    ) AS later_timer ON true\n  )\n) AS timer                                                                                                                                                                                                                               "};

/**
 * Query generated from SQL:
 * ```
 * SELECT
 *   wanted.shard_id AS "shardId!",
 *   timer.timer_id AS "id?",
 *   timer.timer_namespace AS "namespace?",
 *   timer.timer_uuid AS "uuid?",
 *   CASE
 *     WHEN isfinite(timer.timer_execute_at)
 *     THEN (date_part('epoch', timer.timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *   END AS "executeAtMs",
 *   timer.timer_callback_url AS "callbackUrl",
 *   timer.timer_payload AS "payload",
 *   timer.timer_retry_policy AS "retryPolicy",
 *   timer.timer_callback_timeout_seconds AS "callbackTimeoutSeconds?",
 *   CASE
 *     WHEN isfinite(timer.timer_created_at)
 *     THEN (date_part('epoch', timer.timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *   END AS "createdAtMs",
 *   timer.timer_attempts AS "attempts?",
 *   timer.timer_revision::text AS "revision?",
 *   CASE
 *     WHEN isfinite(timer.timer_updated_at)
 *     THEN (date_part('epoch', timer.timer_updated_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *     WHEN timer.timer_updated_at IS NOT NULL
 *     THEN 9223372036854775807
 *   END AS "updatedAtMs",
 *   CASE
 *     WHEN isfinite(timer.timer_due_at)
 *     THEN (date_part('epoch', timer.timer_due_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *     WHEN timer.timer_due_at IS NOT NULL
 *     THEN 9223372036854775807
 *   END AS "dueAtMs",
 *   CASE
 *     WHEN isfinite(timer.timer_first_attempt_at)
 *     THEN (date_part('epoch', timer.timer_first_attempt_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *     WHEN timer.timer_first_attempt_at IS NOT NULL
 *     THEN 9223372036854775807
 *   END AS "firstAttemptAtMs",
 *   timer.timer_last_error AS "lastError",
 *   timer.timer_traceparent AS "traceparent",
 *   timer.shard_version AS "shardVersion?",
 *   timer.shard_owner_addr AS "ownerAddr?",
 *   CASE
 *     WHEN timer.timer_uuid IS NULL
 *     THEN (date_part('epoch', clock_timestamp() - '2000-01-01 00:00:00+00') * 1000000 + 946684800000000)::int8
 *   END AS "nowUs?"
 * FROM (
 *   SELECT
 *     unnest(:shardIds!::int[]) AS shard_id,
 *     unnest(:afterExecuteAts!::timestamptz[]) AS after_execute_at,
 *     unnest(:afterUuids!::uuid[]) AS after_uuid
 * ) AS wanted
 * CROSS JOIN LATERAL (
 *   (
 *     SELECT
 *       timer_id, timer_namespace, timer_uuid, timer_execute_at, timer_callback_url, timer_payload, timer_retry_policy,
 *       timer_callback_timeout_seconds, timer_created_at, timer_attempts, timer_revision, timer_updated_at, timer_due_at,
 *       timer_first_attempt_at, timer_last_error, timer_traceparent, NULL::int8 AS shard_version,
 *       NULL AS shard_owner_addr
 *     FROM timers
 *     WHERE shard_id = wanted.shard_id
 *       AND row_type = 2
 *       AND (timer_execute_at, timer_uuid) > (wanted.after_execute_at, wanted.after_uuid)
 *       AND timer_execute_at <= now() + :lookAheadMs!::int * interval '1 millisecond'
 *     ORDER BY timer_execute_at, timer_uuid
 *     LIMIT :limit!::int
 *   )
 *   UNION ALL
 *   (
 *     SELECT
 *       NULL, NULL, NULL, later_timer.timer_execute_at, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
 *       shard.shard_version, shard.shard_owner_addr
 *     FROM (SELECT) AS nothing
 *     LEFT JOIN LATERAL (
 *       SELECT shard_version, shard_owner_addr
 *       FROM timers
 *       WHERE shard_id = wanted.shard_id
 *         AND row_type = 1
 *         AND timer_execute_at = '1970-01-01 00:00:01+00'
 *         AND timer_uuid = '00000000-0000-0000-0000-000000000000'
 *     ) AS shard ON true
 *     LEFT JOIN LATERAL (
 *       SELECT timer_execute_at
 *       FROM timers
 *       WHERE shard_id = wanted.shard_id
 *         AND row_type = 2
 *         AND timer_execute_at > now() + :lookAheadMs!::int * interval '1 millisecond'
 *       ORDER BY timer_execute_at, timer_uuid
 *       LIMIT 1
 *     ) AS later_timer ON true
 *   )
 * ) AS timer                                                                                                                                                                                                                               
 * ```
 */
export const readDueTimers = new PreparedQuery<ReadDueTimersParams,ReadDueTimersResult>(readDueTimersIR);


/** 'ReadDueTimersOfPart' parameters type */
export interface ReadDueTimersOfPartParams {
  afterExecuteAts: DateOrStringArray;
  afterUuids: stringArray;
  limit: number;
  lookAheadMs: number;
  shardIds: numberArray;
}

/** 'ReadDueTimersOfPart' return type */
export interface ReadDueTimersOfPartResult {
  attempts: number | null;
  callbackTimeoutSeconds: number | null;
  callbackUrl: string | null;
  createdAtMs: number | null;
  dueAtMs: number | null;
  executeAtMs: number | null;
  firstAttemptAtMs: number | null;
  id: string | null;
  lastError: string | null;
  namespace: string | null;
  nowUs: number | null;
  ownerAddr: string | null;
  payload: Json | null;
  retryPolicy: Json | null;
  revision: string | null;
  shardId: number;
  shardVersion: number | null;
  traceparent: string | null;
  updatedAtMs: number | null;
  uuid: string | null;
}

/** 'ReadDueTimersOfPart' query type */
export interface ReadDueTimersOfPartQuery {
  params: ReadDueTimersOfPartParams;
  result: ReadDueTimersOfPartResult;
}

const readDueTimersOfPartIR: any = {"usedParamSet":{"shardIds":true,"afterExecuteAts":true,"afterUuids":true,"lookAheadMs":true,"limit":true},"params":[{"name":"shardIds","required":true,"transform":{"type":"scalar"},"locs":[{"a":1907,"b":1916},{"a":2543,"b":2552},{"a":3204,"b":3213},{"a":3522,"b":3531}]},{"name":"afterExecuteAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":1950,"b":1966}]},{"name":"afterUuids","required":true,"transform":{"type":"scalar"},"locs":[{"a":2016,"b":2027}]},{"name":"lookAheadMs","required":true,"transform":{"type":"scalar"},"locs":[{"a":2704,"b":2716},{"a":3598,"b":3610}]},{"name":"limit","required":true,"transform":{"type":"scalar"},"locs":[{"a":2802,"b":2808}]}],"statement":"SELECT\n  wanted.shard_id AS \"shardId!\",\n  timer.timer_id AS \"id?\",\n  timer.timer_namespace AS \"namespace?\",\n  timer.timer_uuid AS \"uuid?\",\n  CASE\n    WHEN isfinite(timer.timer_execute_at)\n    THEN (date_part('epoch', timer.timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"executeAtMs\",\n  timer.timer_callback_url AS \"callbackUrl\",\n  timer.timer_payload AS \"payload\",\n  timer.timer_retry_policy AS \"retryPolicy\",\n  timer.timer_callback_timeout_seconds AS \"callbackTimeoutSeconds?\",\n  CASE\n    WHEN isfinite(timer.timer_created_at)\n    THEN (date_part('epoch', timer.timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"createdAtMs\",\n  timer.timer_attempts AS \"attempts?\",\n  timer.timer_revision::text AS \"revision?\",\n  CASE\n    WHEN isfinite(timer.timer_updated_at)\n    THEN (date_part('epoch', timer.timer_updated_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer.timer_updated_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"updatedAtMs\",\n  CASE\n    WHEN isfinite(timer.timer_due_at)\n    THEN (date_part('epoch', timer.timer_due_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer.timer_due_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"dueAtMs\",\n  CASE\n    WHEN isfinite(timer.timer_first_attempt_at)\n    THEN (date_part('epoch', timer.timer_first_attempt_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer.timer_first_attempt_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"firstAttemptAtMs\",\n  timer.timer_last_error AS \"lastError\",\n  timer.timer_traceparent AS \"traceparent\",\n  timer.shard_version AS \"shardVersion?\",\n  timer.shard_owner_addr AS \"ownerAddr?\",\n  CASE\n    WHEN timer.timer_uuid IS NULL\n    THEN (date_part('epoch', now() - '2000-01-01 00:00:00+00') * 1000000 + 946684800000000)::int8\n  END AS \"nowUs?\"\nFROM (\n  SELECT\n    unnest(:shardIds!::int[]) AS shard_id,\n    unnest(:afterExecuteAts!::timestamptz[]) AS after_execute_at,\n    unnest(:afterUuids!::uuid[]) AS after_uuid\n) AS wanted\nCROSS JOIN LATERAL (\n  (\n    SELECT\n      timer_id, timer_namespace, timer_uuid, timer_execute_at, timer_callback_url, timer_payload, timer_retry_policy,\n      timer_callback_timeout_seconds, timer_created_at, timer_attempts, timer_revision, timer_updated_at, timer_due_at,\n      timer_first_attempt_at, timer_last_error, timer_traceparent, NULL::int8 AS shard_version,\n      NULL AS shard_owner_addr\n    FROM timers\n    WHERE shard_id = wanted.shard_id\n      AND shard_id = ANY(:shardIds!)\n      AND row_type = 2\n      AND (timer_execute_at, timer_uuid) > (wanted.after_execute_at, wanted.after_uuid)\n      AND timer_execute_at <= now() + :lookAheadMs!::int * interval '1 millisecond'\n    ORDER BY timer_execute_at, timer_uuid\n    LIMIT :limit!::int\n  )\n  UNION ALL\n  (\n    SELECT\n      NULL, NULL, NULL, later_timer.timer_execute_at, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,\n      shard.shard_version, shard.shard_owner_addr\n    FROM (SELECT) AS nothing\n    LEFT JOIN LATERAL (\n      SELECT shard_version, shard_owner_addr\n      FROM timers\n      WHERE shard_id = wanted.shard_id\n        AND shard_id = ANY(:shardIds!)\n        AND row_type = 1\n        AND timer_execute_at = '1970-01-01 00:00:01+00'\n        AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n    ) AS shard ON true\n    LEFT JOIN LATERAL (\n      SELECT timer_execute_at\n      FROM timers\n      WHERE shard_id = wanted.shard_id\n        AND shard_id = ANY(:shardIds!)\n        AND row_type = 2\n        AND timer_execute_at > now() + :lookAheadMs!::int * interval '1 millisecond'\n      ORDER BY timer_execute_at, timer_uuid\n      LIMIT 1\n    ) AS later_timer ON true\n  )\n) AS timer                                                                                                                                                                                                                                             "};

/**
 * Query generated from SQL:
 * ```
 * SELECT
 *   wanted.shard_id AS "shardId!",
 *   timer.timer_id AS "id?",
 *   timer.timer_namespace AS "namespace?",
 *   timer.timer_uuid AS "uuid?",
 *   CASE
 *     WHEN isfinite(timer.timer_execute_at)
 *     THEN (date_part('epoch', timer.timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *   END AS "executeAtMs",
 *   timer.timer_callback_url AS "callbackUrl",
 *   timer.timer_payload AS "payload",
 *   timer.timer_retry_policy AS "retryPolicy",
 *   timer.timer_callback_timeout_seconds AS "callbackTimeoutSeconds?",
 *   CASE
 *     WHEN isfinite(timer.timer_created_at)
 *     THEN (date_part('epoch', timer.timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *   END AS "createdAtMs",
 *   timer.timer_attempts AS "attempts?",
 *   timer.timer_revision::text AS "revision?",
 *   CASE
 *     WHEN isfinite(timer.timer_updated_at)
 *     THEN (date_part('epoch', timer.timer_updated_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *     WHEN timer.timer_updated_at IS NOT NULL
 *     THEN 9223372036854775807
 *   END AS "updatedAtMs",
 *   CASE
 *     WHEN isfinite(timer.timer_due_at)
 *     THEN (date_part('epoch', timer.timer_due_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *     WHEN timer.timer_due_at IS NOT NULL
 *     THEN 9223372036854775807
 *   END AS "dueAtMs",
 *   CASE
 *     WHEN isfinite(timer.timer_first_attempt_at)
 *     THEN (date_part('epoch', timer.timer_first_attempt_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *     WHEN timer.timer_first_attempt_at IS NOT NULL
 *     THEN 9223372036854775807
 *   END AS "firstAttemptAtMs",
 *   timer.timer_last_error AS "lastError",
 *   timer.timer_traceparent AS "traceparent",
 *   timer.shard_version AS "shardVersion?",
 *   timer.shard_owner_addr AS "ownerAddr?",
 *   CASE
 *     WHEN timer.timer_uuid IS NULL
 *     THEN (date_part('epoch', now() - '2000-01-01 00:00:00+00') * 1000000 + 946684800000000)::int8
 *   END AS "nowUs?"
 * FROM (
 *   SELECT
 *     unnest(:shardIds!::int[]) AS shard_id,
 *     unnest(:afterExecuteAts!::timestamptz[]) AS after_execute_at,
 *     unnest(:afterUuids!::uuid[]) AS after_uuid
 * ) AS wanted
 * CROSS JOIN LATERAL (
 *   (
 *     SELECT
 *       timer_id, timer_namespace, timer_uuid, timer_execute_at, timer_callback_url, timer_payload, timer_retry_policy,
 *       timer_callback_timeout_seconds, timer_created_at, timer_attempts, timer_revision, timer_updated_at, timer_due_at,
 *       timer_first_attempt_at, timer_last_error, timer_traceparent, NULL::int8 AS shard_version,
 *       NULL AS shard_owner_addr
 *     FROM timers
 *     WHERE shard_id = wanted.shard_id
 *       AND shard_id = ANY(:shardIds!)
 *       AND row_type = 2
 *       AND (timer_execute_at, timer_uuid) > (wanted.after_execute_at, wanted.after_uuid)
 *       AND timer_execute_at <= now() + :lookAheadMs!::int * interval '1 millisecond'
 *     ORDER BY timer_execute_at, timer_uuid
 *     LIMIT :limit!::int
 *   )
 *   UNION ALL
 *   (
 *     SELECT
 *       NULL, NULL, NULL, later_timer.timer_execute_at, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
 *       shard.shard_version, shard.shard_owner_addr
 *     FROM (SELECT) AS nothing
 *     LEFT JOIN LATERAL (
 *       SELECT shard_version, shard_owner_addr
 *       FROM timers
 *       WHERE shard_id = wanted.shard_id
 *         AND shard_id = ANY(:shardIds!)
 *         AND row_type = 1
 *         AND timer_execute_at = '1970-01-01 00:00:01+00'
 *         AND timer_uuid = '00000000-0000-0000-0000-000000000000'
 *     ) AS shard ON true
 *     LEFT JOIN LATERAL (
 *       SELECT timer_execute_at
 *       FROM timers
 *       WHERE shard_id = wanted.shard_id
 *         AND shard_id = ANY(:shardIds!)
 *         AND row_type = 2
 *         AND timer_execute_at > now() + :lookAheadMs!::int * interval '1 millisecond'
 *       ORDER BY timer_execute_at, timer_uuid
 *       LIMIT 1
 *     ) AS later_timer ON true
 *   )
 * ) AS timer                                                                                                                                                                                                                                             
 * ```
 */
export const readDueTimersOfPart = new PreparedQuery<ReadDueTimersOfPartParams,ReadDueTimersOfPartResult>(readDueTimersOfPartIR);


/** 'AnnounceDueTimers' parameters type */
export interface AnnounceDueTimersParams {
  shardIds: string;
}

/** 'AnnounceDueTimers' return type */
export interface AnnounceDueTimersResult {
  announced: string | null;
}

/** 'AnnounceDueTimers' query type */
export interface AnnounceDueTimersQuery {
  params: AnnounceDueTimersParams;
  result: AnnounceDueTimersResult;
}

const announceDueTimersIR: any = {"usedParamSet":{"shardIds":true},"params":[{"name":"shardIds","required":true,"transform":{"type":"scalar"},"locs":[{"a":56,"b":65}]}],"statement":"SELECT pg_notify('pg_timer_store_due_' || relnamespace, :shardIds!::text)::text AS \"announced\"\nFROM pg_class\nWHERE oid = to_regclass('timers')"};

/**
 * Query generated from SQL:
 * ```
 * SELECT pg_notify('pg_timer_store_due_' || relnamespace, :shardIds!::text)::text AS "announced"
 * FROM pg_class
 * WHERE oid = to_regclass('timers')
 * ```
 */
export const announceDueTimers = new PreparedQuery<AnnounceDueTimersParams,AnnounceDueTimersResult>(announceDueTimersIR);


/** 'ReadDueChannel' parameters type */
export type ReadDueChannelParams = void;

/** 'ReadDueChannel' return type */
export interface ReadDueChannelResult {
  channel: string;
}

/** 'ReadDueChannel' query type */
export interface ReadDueChannelQuery {
  params: ReadDueChannelParams;
  result: ReadDueChannelResult;
}

const readDueChannelIR: any = {"usedParamSet":{},"params":[],"statement":"SELECT 'pg_timer_store_due_' || relnamespace AS \"channel!\"\nFROM pg_class\nWHERE oid = to_regclass('timers')                                                                                         "};

/**
 * Query generated from SQL:
 * ```
 * SELECT 'pg_timer_store_due_' || relnamespace AS "channel!"
 * FROM pg_class
 * WHERE oid = to_regclass('timers')                                                                                         
 * ```
 */
export const readDueChannel = new PreparedQuery<ReadDueChannelParams,ReadDueChannelResult>(readDueChannelIR);


/** 'ReadIsListening' parameters type */
export interface ReadIsListeningParams {
  channel: string;
}

/** 'ReadIsListening' return type */
export interface ReadIsListeningResult {
  isListening: boolean;
}

/** 'ReadIsListening' query type */
export interface ReadIsListeningQuery {
  params: ReadIsListeningParams;
  result: ReadIsListeningResult;
}

const readIsListeningIR: any = {"usedParamSet":{"channel":true},"params":[{"name":"channel","required":true,"transform":{"type":"scalar"},"locs":[{"a":107,"b":115}]}],"statement":"SELECT EXISTS (\n  SELECT\n  FROM pg_listening_channels() AS listening (channel)\n  WHERE listening.channel = :channel!\n) AS \"isListening!\""};

/**
 * Query generated from SQL:
 * ```
 * SELECT EXISTS (
 *   SELECT
 *   FROM pg_listening_channels() AS listening (channel)
 *   WHERE listening.channel = :channel!
 * ) AS "isListening!"
 * ```
 */
export const readIsListening = new PreparedQuery<ReadIsListeningParams,ReadIsListeningResult>(readIsListeningIR);


