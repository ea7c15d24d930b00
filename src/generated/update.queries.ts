/** Types generated for queries found in "sql/update.sql" */
import { PreparedQuery } from '@pgtyped/runtime';

export type DateOrString = Date | string;

export type DateOrStringArray = (DateOrString)[];

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export type JsonArray = (Json)[];

export type booleanArray = (boolean)[];

export type numberArray = (number)[];

export type stringArray = (string)[];

/** 'UpdateTimer' parameters type */
export interface UpdateTimerParams {
  attempts?: number | null | void;
  callbackTimeoutSeconds?: number | null | void;
  callbackUrl?: string | null | void;
  executeAt?: DateOrString | null | void;
  namespace: string;
  payload?: Json | null | void;
  retryPolicy?: Json | null | void;
  revision: string;
  setCallbackUrl: boolean;
  setPayload: boolean;
  setRetryPolicy: boolean;
  shardId: number;
  shardVersion: number;
  timerId: string;
}

/** 'UpdateTimer' return type */
export interface UpdateTimerResult {
  /** Deliveries that have failed so far. */
  attempts: number;
  /** Seconds that one call of the callback may take. */
  callbackTimeoutSeconds: number;
  /** Absolute http(s) URL that is called when the timer fires; NULL = none. */
  callbackUrl: string | null;
  createdAtMs: number | null;
  dueAtMs: number | null;
  executeAtMs: number | null;
  firstAttemptAtMs: number | null;
  /** Id given by the caller, unique within namespace and shard. */
  id: string | null;
  /** Why the last of them failed, cut to its length; NULL = none has. */
  lastError: string | null;
  /** Namespace of timer_id. */
  namespace: string;
  /** JSON value sent to the callback; NULL = none. */
  payload: Json | null;
  /** What to do when the callback fails, as a JSON object; NULL = the service's default. */
  retryPolicy: Json | null;
  revision: string;
  /** W3C trace context in which the timer was created, to which its deliveries link; NULL = none was active. */
  traceparent: string | null;
  updatedAtMs: number | null;
  /** Orders the timers that are due in the same millisecond. Shard row: all zeros. */
  uuid: string;
}

/** 'UpdateTimer' query type */
export interface UpdateTimerQuery {
  params: UpdateTimerParams;
  result: UpdateTimerResult;
}

const updateTimerIR: any = {"usedParamSet":{"shardId":true,"shardVersion":true,"executeAt":true,"setCallbackUrl":true,"callbackUrl":true,"setPayload":true,"payload":true,"setRetryPolicy":true,"retryPolicy":true,"callbackTimeoutSeconds":true,"attempts":true,"revision":true,"namespace":true,"timerId":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":93,"b":101},{"a":1310,"b":1318},{"a":3389,"b":3397}]},{"name":"shardVersion","required":true,"transform":{"type":"scalar"},"locs":[{"a":268,"b":281}]},{"name":"executeAt","required":false,"transform":{"type":"scalar"},"locs":[{"a":377,"b":386},{"a":1031,"b":1040},{"a":1129,"b":1138},{"a":1231,"b":1240}]},{"name":"setCallbackUrl","required":true,"transform":{"type":"scalar"},"locs":[{"a":447,"b":462}]},{"name":"callbackUrl","required":false,"transform":{"type":"scalar"},"locs":[{"a":475,"b":486}]},{"name":"setPayload","required":true,"transform":{"type":"scalar"},"locs":[{"a":551,"b":562}]},{"name":"payload","required":false,"transform":{"type":"scalar"},"locs":[{"a":575,"b":582}]},{"name":"setRetryPolicy","required":true,"transform":{"type":"scalar"},"locs":[{"a":647,"b":662}]},{"name":"retryPolicy","required":false,"transform":{"type":"scalar"},"locs":[{"a":675,"b":686}]},{"name":"callbackTimeoutSeconds","required":false,"transform":{"type":"scalar"},"locs":[{"a":767,"b":789}]},{"name":"attempts","required":false,"transform":{"type":"scalar"},"locs":[{"a":859,"b":867}]},{"name":"revision","required":true,"transform":{"type":"scalar"},"locs":[{"a":912,"b":921}]},{"name":"namespace","required":true,"transform":{"type":"scalar"},"locs":[{"a":1371,"b":1381}]},{"name":"timerId","required":true,"transform":{"type":"scalar"},"locs":[{"a":1404,"b":1412}]}],"statement":"WITH\n  held_shard AS MATERIALIZED (\n    SELECT shard_id\n    FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = 1\n      AND timer_execute_at = '1970-01-01 00:00:01+00'\n      AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n      AND shard_version = :shardVersion!\n    FOR SHARE\n  ),\n  updated_timer AS (\n    UPDATE timers\n    SET timer_execute_at = COALESCE(:executeAt, timer_execute_at),\n        timer_callback_url = CASE WHEN :setCallbackUrl!::bool THEN :callbackUrl ELSE timer_callback_url END,\n        timer_payload = CASE WHEN :setPayload!::bool THEN :payload ELSE timer_payload END,\n        timer_retry_policy = CASE WHEN :setRetryPolicy!::bool THEN :retryPolicy ELSE timer_retry_policy END,\n        timer_callback_timeout_seconds = COALESCE(:callbackTimeoutSeconds, timer_callback_timeout_seconds),\n        timer_attempts = COALESCE(:attempts, timer_attempts),\n        timer_revision = :revision!::text::int8,\n        timer_updated_at = date_trunc('milliseconds', now()),\n        timer_due_at = CASE WHEN :executeAt::timestamptz IS NULL THEN timer_due_at END,\n        timer_first_attempt_at = CASE WHEN :executeAt::timestamptz IS NULL THEN timer_first_attempt_at END,\n        timer_last_error = CASE WHEN :executeAt::timestamptz IS NULL THEN timer_last_error END\n    WHERE shard_id = :shardId!\n      AND row_type = 2\n      AND timer_namespace = :namespace!\n      AND timer_id = :timerId!\n      AND EXISTS (SELECT FROM held_shard)\n    RETURNING *\n  )\nSELECT\n  updated_timer.timer_id AS \"id?\",\n  updated_timer.timer_namespace AS \"namespace!\",\n  updated_timer.timer_uuid AS \"uuid!\",\n  CASE\n    WHEN isfinite(updated_timer.timer_execute_at)\n    THEN (date_part('epoch', updated_timer.timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"executeAtMs\",\n  updated_timer.timer_callback_url AS \"callbackUrl\",\n  updated_timer.timer_payload AS \"payload\",\n  updated_timer.timer_retry_policy AS \"retryPolicy\",\n  updated_timer.timer_callback_timeout_seconds AS \"callbackTimeoutSeconds!\",\n  CASE\n    WHEN isfinite(updated_timer.timer_created_at)\n    THEN (date_part('epoch', updated_timer.timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"createdAtMs\",\n  updated_timer.timer_attempts AS \"attempts!\",\n  updated_timer.timer_revision::text AS \"revision!\",\n  CASE\n    WHEN isfinite(updated_timer.timer_updated_at)\n    THEN (date_part('epoch', updated_timer.timer_updated_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN updated_timer.timer_updated_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"updatedAtMs\",\n  CASE\n    WHEN isfinite(updated_timer.timer_due_at)\n    THEN (date_part('epoch', updated_timer.timer_due_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN updated_timer.timer_due_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"dueAtMs\",\n  CASE\n    WHEN isfinite(updated_timer.timer_first_attempt_at)\n    THEN (date_part('epoch', updated_timer.timer_first_attempt_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN updated_timer.timer_first_attempt_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"firstAttemptAtMs\",\n  updated_timer.timer_last_error AS \"lastError\",\n  updated_timer.timer_traceparent AS \"traceparent\"\nFROM held_shard\nLEFT JOIN updated_timer ON updated_timer.shard_id = held_shard.shard_id\nWHERE held_shard.shard_id = :shardId!                                                                                                                                                                                                                                                                                               "};

/**
 * Query generated from SQL:
 * ```
 * WITH
 *   held_shard AS MATERIALIZED (
 *     SELECT shard_id
 *     FROM timers
 *     WHERE shard_id = :shardId!
 *       AND row_type = 1
 *       AND timer_execute_at = '1970-01-01 00:00:01+00'
 *       AND timer_uuid = '00000000-0000-0000-0000-000000000000'
 *       AND shard_version = :shardVersion!
 *     FOR SHARE
 *   ),
 *   updated_timer AS (
 *     UPDATE timers
 *     SET timer_execute_at = COALESCE(:executeAt, timer_execute_at),
 *         timer_callback_url = CASE WHEN :setCallbackUrl!::bool THEN :callbackUrl ELSE timer_callback_url END,
 *         timer_payload = CASE WHEN :setPayload!::bool THEN :payload ELSE timer_payload END,
 *         timer_retry_policy = CASE WHEN :setRetryPolicy!::bool THEN :retryPolicy ELSE timer_retry_policy END,
 *         timer_callback_timeout_seconds = COALESCE(:callbackTimeoutSeconds, timer_callback_timeout_seconds),
 *         timer_attempts = COALESCE(:attempts, timer_attempts),
 *         timer_revision = :revision!::text::int8,
 *         timer_updated_at = date_trunc('milliseconds', now()),
 *         timer_due_at = CASE WHEN :executeAt::timestamptz IS NULL THEN timer_due_at END,
 *         timer_first_attempt_at = CASE WHEN :executeAt::timestamptz IS NULL THEN timer_first_attempt_at END,
 *         timer_last_error = CASE WHEN :executeAt::timestamptz IS NULL THEN timer_last_error END
 *     WHERE shard_id = :shardId!
 *       AND row_type = 2
 *       AND timer_namespace = :namespace!
 *       AND timer_id = :timerId!
 *       AND EXISTS (SELECT FROM held_shard)
 *     RETURNING *
 *   )
 * SELECT
 *   updated_timer.timer_id AS "id?",
 *   updated_timer.timer_namespace AS "namespace!",
 *   updated_timer.timer_uuid AS "uuid!",
 *   CASE
 *     WHEN isfinite(updated_timer.timer_execute_at)
 *     THEN (date_part('epoch', updated_timer.timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *   END AS "executeAtMs",
 *   updated_timer.timer_callback_url AS "callbackUrl",
 *   updated_timer.timer_payload AS "payload",
 *   updated_timer.timer_retry_policy AS "retryPolicy",
 *   updated_timer.timer_callback_timeout_seconds AS "callbackTimeoutSeconds!",
 *   CASE
 *     WHEN isfinite(updated_timer.timer_created_at)
 *     THEN (date_part('epoch', updated_timer.timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *   END AS "createdAtMs",
 *   updated_timer.timer_attempts AS "attempts!",
 *   updated_timer.timer_revision::text AS "revision!",
 *   CASE
 *     WHEN isfinite(updated_timer.timer_updated_at)
 *     THEN (date_part('epoch', updated_timer.timer_updated_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *     WHEN updated_timer.timer_updated_at IS NOT NULL
 *     THEN 9223372036854775807
 *   END AS "updatedAtMs",
 *   CASE
 *     WHEN isfinite(updated_timer.timer_due_at)
 *     THEN (date_part('epoch', updated_timer.timer_due_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *     WHEN updated_timer.timer_due_at IS NOT NULL
 *     THEN 9223372036854775807
 *   END AS "dueAtMs",
 *   CASE
 *     WHEN isfinite(updated_timer.timer_first_attempt_at)
 *     THEN (date_part('epoch', updated_timer.timer_first_attempt_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *     WHEN updated_timer.timer_first_attempt_at IS NOT NULL
 *     THEN 9223372036854775807
 *   END AS "firstAttemptAtMs",
 *   updated_timer.timer_last_error AS "lastError",
 *   updated_timer.timer_traceparent AS "traceparent"
 * FROM held_shard
 * LEFT JOIN updated_timer ON updated_timer.shard_id = held_shard.shard_id
 * WHERE held_shard.shard_id = :shardId!                                                                                                                                                                                                                                                                                               
 * ```
 */
export const updateTimer = new PreparedQuery<UpdateTimerParams,UpdateTimerResult>(updateTimerIR);


/** 'UpdateTimers' parameters type */
export interface UpdateTimersParams {
  attempts: numberArray;
  callbackTimeoutSeconds: numberArray;
  callbackUrls: stringArray;
  executeAts: DateOrStringArray;
  ids: stringArray;
  namespaces: stringArray;
  payloads: JsonArray;
  places: numberArray;
  retryPolicies: JsonArray;
  revision: string;
  setCallbackUrls: booleanArray;
  setPayloads: booleanArray;
  setRetryPolicies: booleanArray;
  shardId: number;
  shardVersion: number;
}

/** 'UpdateTimers' return type */
export interface UpdateTimersResult {
  /** Deliveries that have failed so far. */
  attempts: number;
  /** Seconds that one call of the callback may take. */
  callbackTimeoutSeconds: number;
  /** Absolute http(s) URL that is called when the timer fires; NULL = none. */
  callbackUrl: string | null;
  createdAtMs: number | null;
  dueAtMs: number | null;
  executeAtMs: number | null;
  firstAttemptAtMs: number | null;
  /** Id given by the caller, unique within namespace and shard. */
  id: string | null;
  /** Why the last of them failed, cut to its length; NULL = none has. */
  lastError: string | null;
  missedPlaces: Json;
  /** Namespace of timer_id. */
  namespace: string;
  /** JSON value sent to the callback; NULL = none. */
  payload: Json | null;
  place: number | null;
  /** What to do when the callback fails, as a JSON object; NULL = the service's default. */
  retryPolicy: Json | null;
  revision: string;
  /** W3C trace context in which the timer was created, to which its deliveries link; NULL = none was active. */
  traceparent: string | null;
  updatedAtMs: number | null;
  /** Orders the timers that are due in the same millisecond. Shard row: all zeros. */
  uuid: string;
}

/** 'UpdateTimers' query type */
export interface UpdateTimersQuery {
  params: UpdateTimersParams;
  result: UpdateTimersResult;
}

const updateTimersIR: any = {"usedParamSet":{"shardId":true,"shardVersion":true,"places":true,"namespaces":true,"ids":true,"executeAts":true,"setCallbackUrls":true,"callbackUrls":true,"setPayloads":true,"payloads":true,"setRetryPolicies":true,"retryPolicies":true,"callbackTimeoutSeconds":true,"attempts":true,"revision":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":93,"b":101},{"a":1159,"b":1167},{"a":2646,"b":2654},{"a":2993,"b":3001},{"a":5270,"b":5278}]},{"name":"shardVersion","required":true,"transform":{"type":"scalar"},"locs":[{"a":268,"b":281}]},{"name":"places","required":true,"transform":{"type":"scalar"},"locs":[{"a":353,"b":360},{"a":3216,"b":3223}]},{"name":"namespaces","required":true,"transform":{"type":"scalar"},"locs":[{"a":393,"b":404}]},{"name":"ids","required":true,"transform":{"type":"scalar"},"locs":[{"a":442,"b":446}]},{"name":"executeAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":477,"b":488}]},{"name":"setCallbackUrls","required":true,"transform":{"type":"scalar"},"locs":[{"a":534,"b":550}]},{"name":"callbackUrls","required":true,"transform":{"type":"scalar"},"locs":[{"a":595,"b":608}]},{"name":"setPayloads","required":true,"transform":{"type":"scalar"},"locs":[{"a":649,"b":661}]},{"name":"payloads","required":true,"transform":{"type":"scalar"},"locs":[{"a":701,"b":710}]},{"name":"setRetryPolicies","required":true,"transform":{"type":"scalar"},"locs":[{"a":747,"b":764}]},{"name":"retryPolicies","required":true,"transform":{"type":"scalar"},"locs":[{"a":809,"b":823}]},{"name":"callbackTimeoutSeconds","required":true,"transform":{"type":"scalar"},"locs":[{"a":865,"b":888}]},{"name":"attempts","required":true,"transform":{"type":"scalar"},"locs":[{"a":940,"b":949}]},{"name":"revision","required":true,"transform":{"type":"scalar"},"locs":[{"a":2198,"b":2207}]}],"statement":"WITH\n  held_shard AS MATERIALIZED (\n    SELECT shard_id\n    FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = 1\n      AND timer_execute_at = '1970-01-01 00:00:01+00'\n      AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n      AND shard_version = :shardVersion!\n    FOR SHARE\n  ),\n  change AS MATERIALIZED (\n    SELECT\n      unnest(:places!::int[]) AS place,\n      unnest(:namespaces!::text[]) AS namespace,\n      unnest(:ids!::text[]) AS id,\n      unnest(:executeAts!::timestamptz[]) AS execute_at,\n      unnest(:setCallbackUrls!::bool[]) AS set_callback_url,\n      unnest(:callbackUrls!::text[]) AS callback_url,\n      unnest(:setPayloads!::bool[]) AS set_payload,\n      unnest(:payloads!::jsonb[]) AS payload,\n      unnest(:setRetryPolicies!::bool[]) AS set_retry_policy,\n      unnest(:retryPolicies!::jsonb[]) AS retry_policy,\n      unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,\n      unnest(:attempts!::int[]) AS attempts\n  ),\n  locked_timer AS MATERIALIZED (\n    SELECT change.*, timer.row_place\n    FROM change\n    CROSS JOIN LATERAL (\n      SELECT ctid AS row_place\n      FROM timers\n      WHERE shard_id = :shardId!\n        AND row_type = 2\n        AND timer_namespace = change.namespace\n        AND timer_id = change.id\n      LIMIT 1\n      FOR UPDATE SKIP LOCKED\n    ) AS timer\n    WHERE EXISTS (SELECT FROM held_shard)\n    LIMIT (SELECT count(*) FROM change)\n  ),\n  updated_timer AS (\n    UPDATE timers\n    SET timer_execute_at = COALESCE(locked_timer.execute_at, timers.timer_execute_at),\n        timer_callback_url =\n          CASE WHEN locked_timer.set_callback_url THEN locked_timer.callback_url ELSE timers.timer_callback_url END,\n        timer_payload = CASE WHEN locked_timer.set_payload THEN locked_timer.payload ELSE timers.timer_payload END,\n        timer_retry_policy =\n          CASE WHEN locked_timer.set_retry_policy THEN locked_timer.retry_policy ELSE timers.timer_retry_policy END,\n        timer_callback_timeout_seconds =\n          COALESCE(locked_timer.callback_timeout_seconds, timers.timer_callback_timeout_seconds),\n        timer_attempts = COALESCE(locked_timer.attempts, timers.timer_attempts),\n        timer_revision = :revision!::text::int8,\n        timer_updated_at = date_trunc('milliseconds', now()),\n        timer_due_at = CASE WHEN locked_timer.execute_at IS NULL THEN timers.timer_due_at END,\n        timer_first_attempt_at = CASE WHEN locked_timer.execute_at IS NULL THEN timers.timer_first_attempt_at END,\n        timer_last_error = CASE WHEN locked_timer.execute_at IS NULL THEN timers.timer_last_error END\n    FROM locked_timer\n    WHERE timers.shard_id = :shardId!\n      AND timers.ctid = locked_timer.row_place\n      AND EXISTS (SELECT FROM held_shard)\n    RETURNING locked_timer.place, timers.*\n  ),\n  missed_timer AS MATERIALIZED (\n    SELECT place\n    FROM change\n    WHERE place NOT IN (SELECT place FROM updated_timer)\n      AND (\n        SELECT true\n        FROM timers\n        WHERE shard_id = :shardId!\n          AND row_type = 2\n          AND timer_namespace = change.namespace\n          AND timer_id = change.id\n        LIMIT 1\n      )\n  )\nSELECT\n  CASE\n    WHEN (SELECT count(*) FROM updated_timer) < cardinality(:places!::int[])\n    THEN to_json(ARRAY(SELECT place FROM missed_timer))\n    ELSE '[]'\n  END AS \"missedPlaces!\",\n  updated_timer.place AS \"place?\",\n  updated_timer.timer_id AS \"id?\",\n  updated_timer.timer_namespace AS \"namespace!\",\n  updated_timer.timer_uuid AS \"uuid!\",\n  CASE\n    WHEN isfinite(updated_timer.timer_execute_at)\n    THEN (date_part('epoch', updated_timer.timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"executeAtMs\",\n  updated_timer.timer_callback_url AS \"callbackUrl\",\n  updated_timer.timer_payload AS \"payload\",\n  updated_timer.timer_retry_policy AS \"retryPolicy\",\n  updated_timer.timer_callback_timeout_seconds AS \"callbackTimeoutSeconds!\",\n  CASE\n    WHEN isfinite(updated_timer.timer_created_at)\n    THEN (date_part('epoch', updated_timer.timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"createdAtMs\",\n  updated_timer.timer_attempts AS \"attempts!\",\n  updated_timer.timer_revision::text AS \"revision!\",\n  CASE\n    WHEN isfinite(updated_timer.timer_updated_at)\n    THEN (date_part('epoch', updated_timer.timer_updated_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN updated_timer.timer_updated_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"updatedAtMs\",\n  CASE\n    WHEN isfinite(updated_timer.timer_due_at)\n    THEN (date_part('epoch', updated_timer.timer_due_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN updated_timer.timer_due_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"dueAtMs\",\n  CASE\n    WHEN isfinite(updated_timer.timer_first_attempt_at)\n    THEN (date_part('epoch', updated_timer.timer_first_attempt_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN updated_timer.timer_first_attempt_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"firstAttemptAtMs\",\n  updated_timer.timer_last_error AS \"lastError\",\n  updated_timer.timer_traceparent AS \"traceparent\"\nFROM held_shard\nLEFT JOIN updated_timer ON updated_timer.shard_id = held_shard.shard_id\nWHERE held_shard.shard_id = :shardId!                                                                                                                                                                                                               "};

/**
 * Query generated from SQL:
 * ```
 * WITH
 *   held_shard AS MATERIALIZED (
 *     SELECT shard_id
 *     FROM timers
 *     WHERE shard_id = :shardId!
 *       AND row_type = 1
 *       AND timer_execute_at = '1970-01-01 00:00:01+00'
 *       AND timer_uuid = '00000000-0000-0000-0000-000000000000'
 *       AND shard_version = :shardVersion!
 *     FOR SHARE
 *   ),
 *   change AS MATERIALIZED (
 *     SELECT
 *       unnest(:places!::int[]) AS place,
 *       unnest(:namespaces!::text[]) AS namespace,
 *       unnest(:ids!::text[]) AS id,
 *       unnest(:executeAts!::timestamptz[]) AS execute_at,
 *       unnest(:setCallbackUrls!::bool[]) AS set_callback_url,
 *       unnest(:callbackUrls!::text[]) AS callback_url,
 *       unnest(:setPayloads!::bool[]) AS set_payload,
 *       unnest(:payloads!::jsonb[]) AS payload,
 *       unnest(:setRetryPolicies!::bool[]) AS set_retry_policy,
 *       unnest(:retryPolicies!::jsonb[]) AS retry_policy,
 *       unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,
 *       unnest(:attempts!::int[]) AS attempts
 *   ),
 *   locked_timer AS MATERIALIZED (
 *     SELECT change.*, timer.row_place
 *     FROM change
 *     CROSS JOIN LATERAL (
 *       SELECT ctid AS row_place
 *       FROM timers
 *       WHERE shard_id = :shardId!
 *         AND row_type = 2
 *         AND timer_namespace = change.namespace
 *         AND timer_id = change.id
 *       LIMIT 1
 *       FOR UPDATE SKIP LOCKED
 *     ) AS timer
 *     WHERE EXISTS (SELECT FROM held_shard)
 *     LIMIT (SELECT count(*) FROM change)
 *   ),
 *   updated_timer AS (
 *     UPDATE timers
 *     SET timer_execute_at = COALESCE(locked_timer.execute_at, timers.timer_execute_at),
 *         timer_callback_url =
 *           CASE WHEN locked_timer.set_callback_url THEN locked_timer.callback_url ELSE timers.timer_callback_url END,
 *         timer_payload = CASE WHEN locked_timer.set_payload THEN locked_timer.payload ELSE timers.timer_payload END,
 *         timer_retry_policy =
 *           CASE WHEN locked_timer.set_retry_policy THEN locked_timer.retry_policy ELSE timers.timer_retry_policy END,
 *         timer_callback_timeout_seconds =
 *           COALESCE(locked_timer.callback_timeout_seconds, timers.timer_callback_timeout_seconds),
 *         timer_attempts = COALESCE(locked_timer.attempts, timers.timer_attempts),
 *         timer_revision = :revision!::text::int8,
 *         timer_updated_at = date_trunc('milliseconds', now()),
 *         timer_due_at = CASE WHEN locked_timer.execute_at IS NULL THEN timers.timer_due_at END,
 *         timer_first_attempt_at = CASE WHEN locked_timer.execute_at IS NULL THEN timers.timer_first_attempt_at END,
 *         timer_last_error = CASE WHEN locked_timer.execute_at IS NULL THEN timers.timer_last_error END
 *     FROM locked_timer
 *     WHERE timers.shard_id = :shardId!
 *       AND timers.ctid = locked_timer.row_place
 *       AND EXISTS (SELECT FROM held_shard)
 *     RETURNING locked_timer.place, timers.*
 *   ),
 *   missed_timer AS MATERIALIZED (
 *     SELECT place
 *     FROM change
 *     WHERE place NOT IN (SELECT place FROM updated_timer)
 *       AND (
 *         SELECT true
 *         FROM timers
 *         WHERE shard_id = :shardId!
 *           AND row_type = 2
 *           AND timer_namespace = change.namespace
 *           AND timer_id = change.id
 *         LIMIT 1
 *       )
 *   )
 * SELECT
 *   CASE
 *     WHEN (SELECT count(*) FROM updated_timer) < cardinality(:places!::int[])
 *     THEN to_json(ARRAY(SELECT place FROM missed_timer))
 *     ELSE '[]'
 *   END AS "missedPlaces!",
 *   updated_timer.place AS "place?",
 *   updated_timer.timer_id AS "id?",
 *   updated_timer.timer_namespace AS "namespace!",
 *   updated_timer.timer_uuid AS "uuid!",
 *   CASE
 *     WHEN isfinite(updated_timer.timer_execute_at)
 *     THEN (date_part('epoch', updated_timer.timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *   END AS "executeAtMs",
 *   updated_timer.timer_callback_url AS "callbackUrl",
 *   updated_timer.timer_payload AS "payload",
 *   updated_timer.timer_retry_policy AS "retryPolicy",
 *   updated_timer.timer_callback_timeout_seconds AS "callbackTimeoutSeconds!",
 *   CASE
 *     WHEN isfinite(updated_timer.timer_created_at)
 *     THEN (date_part('epoch', updated_timer.timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *   END AS "createdAtMs",
 *   updated_timer.timer_attempts AS "attempts!",
 *   updated_timer.timer_revision::text AS "revision!",
 *   CASE
 *     WHEN isfinite(updated_timer.timer_updated_at)
 *     THEN (date_part('epoch', updated_timer.timer_updated_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *     WHEN updated_timer.timer_updated_at IS NOT NULL
 *     THEN 9223372036854775807
 *   END AS "updatedAtMs",
 *   CASE
 *     WHEN isfinite(updated_timer.timer_due_at)
 *     THEN (date_part('epoch', updated_timer.timer_due_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *     WHEN updated_timer.timer_due_at IS NOT NULL
 *     THEN 9223372036854775807
 *   END AS "dueAtMs",
 *   CASE
 *     WHEN isfinite(updated_timer.timer_first_attempt_at)
 *     THEN (date_part('epoch', updated_timer.timer_first_attempt_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *     WHEN updated_timer.timer_first_attempt_at IS NOT NULL
 *     THEN 9223372036854775807
 *   END AS "firstAttemptAtMs",
 *   updated_timer.timer_last_error AS "lastError",
 *   updated_timer.timer_traceparent AS "traceparent"
 * FROM held_shard
 * LEFT JOIN updated_timer ON updated_timer.shard_id = held_shard.shard_id
 * WHERE held_shard.shard_id = :shardId!                                                                                                                                                                                                               
 * ```
 */
export const updateTimers = new PreparedQuery<UpdateTimersParams,UpdateTimersResult>(updateTimersIR);


/** 'UpdateTimersOfShards' parameters type */
export interface UpdateTimersOfShardsParams {
  attempts: numberArray;
  callbackTimeoutSeconds: numberArray;
  callbackUrls: stringArray;
  executeAts: DateOrStringArray;
  ids: stringArray;
  namespaces: stringArray;
  owners: numberArray;
  payloads: JsonArray;
  places: numberArray;
  retryPolicies: JsonArray;
  revision: string;
  setCallbackUrls: booleanArray;
  setPayloads: booleanArray;
  setRetryPolicies: booleanArray;
  shardIds: numberArray;
  shardVersions: numberArray;
  timerOwners: numberArray;
  timerShardIds: numberArray;
}

/** 'UpdateTimersOfShards' return type */
export interface UpdateTimersOfShardsResult {
  /** Deliveries that have failed so far. */
  attempts: number;
  /** Seconds that one call of the callback may take. */
  callbackTimeoutSeconds: number;
  /** Absolute http(s) URL that is called when the timer fires; NULL = none. */
  callbackUrl: string | null;
  createdAtMs: number | null;
  dueAtMs: number | null;
  executeAtMs: number | null;
  firstAttemptAtMs: number | null;
  /** Id given by the caller, unique within namespace and shard. */
  id: string | null;
  /** Why the last of them failed, cut to its length; NULL = none has. */
  lastError: string | null;
  lostOwners: Json;
  missedPlaces: Json;
  /** Namespace of timer_id. */
  namespace: string;
  /** JSON value sent to the callback; NULL = none. */
  payload: Json | null;
  place: number | null;
  /** What to do when the callback fails, as a JSON object; NULL = the service's default. */
  retryPolicy: Json | null;
  revision: string;
  /** W3C trace context in which the timer was created, to which its deliveries link; NULL = none was active. */
  traceparent: string | null;
  updatedAtMs: number | null;
  /** Orders the timers that are due in the same millisecond. Shard row: all zeros. */
  uuid: string;
}

/** 'UpdateTimersOfShards' query type */
export interface UpdateTimersOfShardsQuery {
  params: UpdateTimersOfShardsParams;
  result: UpdateTimersOfShardsResult;
}

const updateTimersOfShardsIR: any = {"usedParamSet":{"owners":true,"shardIds":true,"shardVersions":true,"places":true,"timerOwners":true,"timerShardIds":true,"namespaces":true,"ids":true,"executeAts":true,"setCallbackUrls":true,"callbackUrls":true,"setPayloads":true,"payloads":true,"setRetryPolicies":true,"retryPolicies":true,"callbackTimeoutSeconds":true,"attempts":true,"revision":true},"params":[{"name":"owners","required":true,"transform":{"type":"scalar"},"locs":[{"a":61,"b":68}]},{"name":"shardIds","required":true,"transform":{"type":"scalar"},"locs":[{"a":101,"b":110}]},{"name":"shardVersions","required":true,"transform":{"type":"scalar"},"locs":[{"a":146,"b":160}]},{"name":"places","required":true,"transform":{"type":"scalar"},"locs":[{"a":669,"b":676},{"a":3750,"b":3757}]},{"name":"timerOwners","required":true,"transform":{"type":"scalar"},"locs":[{"a":709,"b":721}]},{"name":"timerShardIds","required":true,"transform":{"type":"scalar"},"locs":[{"a":754,"b":768}]},{"name":"namespaces","required":true,"transform":{"type":"scalar"},"locs":[{"a":804,"b":815}]},{"name":"ids","required":true,"transform":{"type":"scalar"},"locs":[{"a":853,"b":857}]},{"name":"executeAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":888,"b":899}]},{"name":"setCallbackUrls","required":true,"transform":{"type":"scalar"},"locs":[{"a":945,"b":961}]},{"name":"callbackUrls","required":true,"transform":{"type":"scalar"},"locs":[{"a":1006,"b":1019}]},{"name":"setPayloads","required":true,"transform":{"type":"scalar"},"locs":[{"a":1060,"b":1072}]},{"name":"payloads","required":true,"transform":{"type":"scalar"},"locs":[{"a":1112,"b":1121}]},{"name":"setRetryPolicies","required":true,"transform":{"type":"scalar"},"locs":[{"a":1158,"b":1175}]},{"name":"retryPolicies","required":true,"transform":{"type":"scalar"},"locs":[{"a":1220,"b":1234}]},{"name":"callbackTimeoutSeconds","required":true,"transform":{"type":"scalar"},"locs":[{"a":1276,"b":1299}]},{"name":"attempts","required":true,"transform":{"type":"scalar"},"locs":[{"a":1351,"b":1360}]},{"name":"revision","required":true,"transform":{"type":"scalar"},"locs":[{"a":2640,"b":2649}]}],"statement":"WITH\n  asked_shard AS MATERIALIZED (\n    SELECT\n      unnest(:owners!::int[]) AS owner,\n      unnest(:shardIds!::int[]) AS shard_id,\n      unnest(:shardVersions!::int8[]) AS shard_version\n  ),\n  held_shard AS MATERIALIZED (\n    SELECT asked_shard.owner\n    FROM asked_shard\n    CROSS JOIN LATERAL (\n      SELECT shard_id\n      FROM timers\n      WHERE shard_id = asked_shard.shard_id\n        AND row_type = 1\n        AND timer_execute_at = '1970-01-01 00:00:01+00'\n        AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n        AND shard_version = asked_shard.shard_version\n      FOR SHARE\n    ) AS shard\n  ),\n  change AS MATERIALIZED (\n    SELECT\n      unnest(:places!::int[]) AS place,\n      unnest(:timerOwners!::int[]) AS owner,\n      unnest(:timerShardIds!::int[]) AS shard_id,\n      unnest(:namespaces!::text[]) AS namespace,\n      unnest(:ids!::text[]) AS id,\n      unnest(:executeAts!::timestamptz[]) AS execute_at,\n      unnest(:setCallbackUrls!::bool[]) AS set_callback_url,\n      unnest(:callbackUrls!::text[]) AS callback_url,\n      unnest(:setPayloads!::bool[]) AS set_payload,\n      unnest(:payloads!::jsonb[]) AS payload,\n      unnest(:setRetryPolicies!::bool[]) AS set_retry_policy,\n      unnest(:retryPolicies!::jsonb[]) AS retry_policy,\n      unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,\n      unnest(:attempts!::int[]) AS attempts\n  ),\n  locked_timer AS MATERIALIZED (\n    SELECT change.*, timer.row_place\n    FROM change\n    CROSS JOIN LATERAL (\n      SELECT ctid AS row_place\n      FROM timers\n      WHERE shard_id = change.shard_id\n        AND row_type = 2\n        AND timer_namespace = change.namespace\n        AND timer_id = change.id\n      LIMIT 1\n      FOR UPDATE SKIP LOCKED\n    ) AS timer\n    WHERE change.owner = ANY (ARRAY(SELECT owner FROM held_shard))\n    LIMIT (SELECT count(*) FROM change)\n  ),\n  updated_timer AS (\n    UPDATE timers\n    SET timer_execute_at = COALESCE(locked_timer.execute_at, timers.timer_execute_at),\n        timer_callback_url =\n          CASE WHEN locked_timer.set_callback_url THEN locked_timer.callback_url ELSE timers.timer_callback_url END,\n        timer_payload = CASE WHEN locked_timer.set_payload THEN locked_timer.payload ELSE timers.timer_payload END,\n        timer_retry_policy =\n          CASE WHEN locked_timer.set_retry_policy THEN locked_timer.retry_policy ELSE timers.timer_retry_policy END,\n        timer_callback_timeout_seconds =\n          COALESCE(locked_timer.callback_timeout_seconds, timers.timer_callback_timeout_seconds),\n        timer_attempts = COALESCE(locked_timer.attempts, timers.timer_attempts),\n        timer_revision = :revision!::text::int8,\n        timer_updated_at = date_trunc('milliseconds', now()),\n        timer_due_at = CASE WHEN locked_timer.execute_at IS NULL THEN timers.timer_due_at END,\n        timer_first_attempt_at = CASE WHEN locked_timer.execute_at IS NULL THEN timers.timer_first_attempt_at END,\n        timer_last_error = CASE WHEN locked_timer.execute_at IS NULL THEN timers.timer_last_error END\n    FROM locked_timer\n    WHERE timers.shard_id = locked_timer.shard_id\n      AND timers.ctid = locked_timer.row_place\n    RETURNING locked_timer.place, timers.*\n  ),\n  missed_timer AS MATERIALIZED (\n    SELECT place\n    FROM change\n    WHERE place NOT IN (SELECT place FROM updated_timer)\n      AND (\n        SELECT true\n        FROM timers\n        WHERE shard_id = change.shard_id\n          AND row_type = 2\n          AND timer_namespace = change.namespace\n          AND timer_id = change.id\n        LIMIT 1\n      )\n  )\nSELECT\n  to_json(ARRAY(SELECT owner FROM asked_shard WHERE owner NOT IN (SELECT owner FROM held_shard))) AS \"lostOwners!\",\n  CASE\n    WHEN (SELECT count(*) FROM updated_timer) < cardinality(:places!::int[])\n    THEN to_json(ARRAY(SELECT place FROM missed_timer))\n    ELSE '[]'\n  END AS \"missedPlaces!\",\n  updated_timer.place AS \"place?\",\n  updated_timer.timer_id AS \"id?\",\n  updated_timer.timer_namespace AS \"namespace!\",\n  updated_timer.timer_uuid AS \"uuid!\",\n  CASE\n    WHEN isfinite(updated_timer.timer_execute_at)\n    THEN (date_part('epoch', updated_timer.timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"executeAtMs\",\n  updated_timer.timer_callback_url AS \"callbackUrl\",\n  updated_timer.timer_payload AS \"payload\",\n  updated_timer.timer_retry_policy AS \"retryPolicy\",\n  updated_timer.timer_callback_timeout_seconds AS \"callbackTimeoutSeconds!\",\n  CASE\n    WHEN isfinite(updated_timer.timer_created_at)\n    THEN (date_part('epoch', updated_timer.timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"createdAtMs\",\n  updated_timer.timer_attempts AS \"attempts!\",\n  updated_timer.timer_revision::text AS \"revision!\",\n  CASE\n    WHEN isfinite(updated_timer.timer_updated_at)\n    THEN (date_part('epoch', updated_timer.timer_updated_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN updated_timer.timer_updated_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"updatedAtMs\",\n  CASE\n    WHEN isfinite(updated_timer.timer_due_at)\n    THEN (date_part('epoch', updated_timer.timer_due_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN updated_timer.timer_due_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"dueAtMs\",\n  CASE\n    WHEN isfinite(updated_timer.timer_first_attempt_at)\n    THEN (date_part('epoch', updated_timer.timer_first_attempt_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN updated_timer.timer_first_attempt_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"firstAttemptAtMs\",\n  updated_timer.timer_last_error AS \"lastError\",\n  updated_timer.timer_traceparent AS \"traceparent\"\nFROM (SELECT) AS statement\nLEFT JOIN updated_timer ON TRUE                                                             "};

/**
 * Query generated from SQL:
 * ```
 * WITH
 *   asked_shard AS MATERIALIZED (
 *     SELECT
 *       unnest(:owners!::int[]) AS owner,
 *       unnest(:shardIds!::int[]) AS shard_id,
 *       unnest(:shardVersions!::int8[]) AS shard_version
 *   ),
 *   held_shard AS MATERIALIZED (
 *     SELECT asked_shard.owner
 *     FROM asked_shard
 *     CROSS JOIN LATERAL (
 *       SELECT shard_id
 *       FROM timers
 *       WHERE shard_id = asked_shard.shard_id
 *         AND row_type = 1
 *         AND timer_execute_at = '1970-01-01 00:00:01+00'
 *         AND timer_uuid = '00000000-0000-0000-0000-000000000000'
 *         AND shard_version = asked_shard.shard_version
 *       FOR SHARE
 *     ) AS shard
 *   ),
 *   change AS MATERIALIZED (
 *     SELECT
 *       unnest(:places!::int[]) AS place,
 *       unnest(:timerOwners!::int[]) AS owner,
 *       unnest(:timerShardIds!::int[]) AS shard_id,
 *       unnest(:namespaces!::text[]) AS namespace,
 *       unnest(:ids!::text[]) AS id,
 *       unnest(:executeAts!::timestamptz[]) AS execute_at,
 *       unnest(:setCallbackUrls!::bool[]) AS set_callback_url,
 *       unnest(:callbackUrls!::text[]) AS callback_url,
 *       unnest(:setPayloads!::bool[]) AS set_payload,
 *       unnest(:payloads!::jsonb[]) AS payload,
 *       unnest(:setRetryPolicies!::bool[]) AS set_retry_policy,
 *       unnest(:retryPolicies!::jsonb[]) AS retry_policy,
 *       unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,
 *       unnest(:attempts!::int[]) AS attempts
 *   ),
 *   locked_timer AS MATERIALIZED (
 *     SELECT change.*, timer.row_place
 *     FROM change
 *     CROSS JOIN LATERAL (
 *       SELECT ctid AS row_place
 *       FROM timers
 *       WHERE shard_id = change.shard_id
 *         AND row_type = 2
 *         AND timer_namespace = change.namespace
 *         AND timer_id = change.id
 *       LIMIT 1
 *       FOR UPDATE SKIP LOCKED
 *     ) AS timer
 *     WHERE change.owner = ANY (ARRAY(SELECT owner FROM held_shard))
 *     LIMIT (SELECT count(*) FROM change)
 *   ),
 *   updated_timer AS (
 *     UPDATE timers
 *     SET timer_execute_at = COALESCE(locked_timer.execute_at, timers.timer_execute_at),
 *         timer_callback_url =
 *           CASE WHEN locked_timer.set_callback_url THEN locked_timer.callback_url ELSE timers.timer_callback_url END,
 *         timer_payload = CASE WHEN locked_timer.set_payload THEN locked_timer.payload ELSE timers.timer_payload END,
 *         timer_retry_policy =
 *           CASE WHEN locked_timer.set_retry_policy THEN locked_timer.retry_policy ELSE timers.timer_retry_policy END,
 *         timer_callback_timeout_seconds =
 *           COALESCE(locked_timer.callback_timeout_seconds, timers.timer_callback_timeout_seconds),
 *         timer_attempts = COALESCE(locked_timer.attempts, timers.timer_attempts),
 *         timer_revision = :revision!::text::int8,
 *         timer_updated_at = date_trunc('milliseconds', now()),
 *         timer_due_at = CASE WHEN locked_timer.execute_at IS NULL THEN timers.timer_due_at END,
 *         timer_first_attempt_at = CASE WHEN locked_timer.execute_at IS NULL THEN timers.timer_first_attempt_at END,
 *         timer_last_error = CASE WHEN locked_timer.execute_at IS NULL THEN timers.timer_last_error END
 *     FROM locked_timer
 *     WHERE timers.shard_id = locked_timer.shard_id
 *       AND timers.ctid = locked_timer.row_place
 *     RETURNING locked_timer.place, timers.*
 *   ),
 *   missed_timer AS MATERIALIZED (
 *     SELECT place
 *     FROM change
 *     WHERE place NOT IN (SELECT place FROM updated_timer)
 *       AND (
 *         SELECT true
 *         FROM timers
 *         WHERE shard_id = change.shard_id
 *           AND row_type = 2
 *           AND timer_namespace = change.namespace
 *           AND timer_id = change.id
 *         LIMIT 1
 *       )
 *   )
 * SELECT
 *   to_json(ARRAY(SELECT owner FROM asked_shard WHERE owner NOT IN (SELECT owner FROM held_shard))) AS "lostOwners!",
 *   CASE
 *     WHEN (SELECT count(*) FROM updated_timer) < cardinality(:places!::int[])
 *     THEN to_json(ARRAY(SELECT place FROM missed_timer))
 *     ELSE '[]'
 *   END AS "missedPlaces!",
 *   updated_timer.place AS "place?",
 *   updated_timer.timer_id AS "id?",
 *   updated_timer.timer_namespace AS "namespace!",
 *   updated_timer.timer_uuid AS "uuid!",
 *   CASE
 *     WHEN isfinite(updated_timer.timer_execute_at)
 *     THEN (date_part('epoch', updated_timer.timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *   END AS "executeAtMs",
 *   updated_timer.timer_callback_url AS "callbackUrl",
 *   updated_timer.timer_payload AS "payload",
 *   updated_timer.timer_retry_policy AS "retryPolicy",
 *   updated_timer.timer_callback_timeout_seconds AS "callbackTimeoutSeconds!",
 *   CASE
 *     WHEN isfinite(updated_timer.timer_created_at)
 *     THEN (date_part('epoch', updated_timer.timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *   END AS "createdAtMs",
 *   updated_timer.timer_attempts AS "attempts!",
 *   updated_timer.timer_revision::text AS "revision!",
 *   CASE
 *     WHEN isfinite(updated_timer.timer_updated_at)
 *     THEN (date_part('epoch', updated_timer.timer_updated_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *     WHEN updated_timer.timer_updated_at IS NOT NULL
 *     THEN 9223372036854775807
 *   END AS "updatedAtMs",
 *   CASE
 *     WHEN isfinite(updated_timer.timer_due_at)
 *     THEN (date_part('epoch', updated_timer.timer_due_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *     WHEN updated_timer.timer_due_at IS NOT NULL
 *     THEN 9223372036854775807
 *   END AS "dueAtMs",
 *   CASE
 *     WHEN isfinite(updated_timer.timer_first_attempt_at)
 *     THEN (date_part('epoch', updated_timer.timer_first_attempt_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *     WHEN updated_timer.timer_first_attempt_at IS NOT NULL
 *     THEN 9223372036854775807
 *   END AS "firstAttemptAtMs",
 *   updated_timer.timer_last_error AS "lastError",
 *   updated_timer.timer_traceparent AS "traceparent"
 * FROM (SELECT) AS statement
 * LEFT JOIN updated_timer ON TRUE                                                             
 * ```
 */
export const updateTimersOfShards = new PreparedQuery<UpdateTimersOfShardsParams,UpdateTimersOfShardsResult>(updateTimersOfShardsIR);


/** 'UpdateTimerNoLock' parameters type */
export interface UpdateTimerNoLockParams {
  attempts?: number | null | void;
  callbackTimeoutSeconds?: number | null | void;
  callbackUrl?: string | null | void;
  executeAt?: DateOrString | null | void;
  namespace: string;
  payload?: Json | null | void;
  retryPolicy?: Json | null | void;
  revision: string;
  setCallbackUrl: boolean;
  setPayload: boolean;
  setRetryPolicy: boolean;
  shardId: number;
  timerId: string;
}

/** 'UpdateTimerNoLock' return type */
export interface UpdateTimerNoLockResult {
  /** Deliveries that have failed so far. */
  attempts: number;
  /** Seconds that one call of the callback may take. */
  callbackTimeoutSeconds: number;
  /** Absolute http(s) URL that is called when the timer fires; NULL = none. */
  callbackUrl: string | null;
  createdAtMs: number | null;
  dueAtMs: number | null;
  executeAtMs: number | null;
  firstAttemptAtMs: number | null;
  /** Id given by the caller, unique within namespace and shard. */
  id: string;
  /** Why the last of them failed, cut to its length; NULL = none has. */
  lastError: string | null;
  /** Namespace of timer_id. */
  namespace: string;
  /** JSON value sent to the callback; NULL = none. */
  payload: Json | null;
  /** What to do when the callback fails, as a JSON object; NULL = the service's default. */
  retryPolicy: Json | null;
  revision: string;
  /** W3C trace context in which the timer was created, to which its deliveries link; NULL = none was active. */
  traceparent: string | null;
  updatedAtMs: number | null;
  /** Orders the timers that are due in the same millisecond. Shard row: all zeros. */
  uuid: string;
}

/** 'UpdateTimerNoLock' query type */
export interface UpdateTimerNoLockQuery {
  params: UpdateTimerNoLockParams;
  result: UpdateTimerNoLockResult;
}

const updateTimerNoLockIR: any = {"usedParamSet":{"executeAt":true,"setCallbackUrl":true,"callbackUrl":true,"setPayload":true,"payload":true,"setRetryPolicy":true,"retryPolicy":true,"callbackTimeoutSeconds":true,"attempts":true,"revision":true,"shardId":true,"namespace":true,"timerId":true},"params":[{"name":"executeAt","required":false,"transform":{"type":"scalar"},"locs":[{"a":46,"b":55},{"a":668,"b":677},{"a":762,"b":771},{"a":860,"b":869}]},{"name":"setCallbackUrl","required":true,"transform":{"type":"scalar"},"locs":[{"a":112,"b":127}]},{"name":"callbackUrl","required":false,"transform":{"type":"scalar"},"locs":[{"a":140,"b":151}]},{"name":"setPayload","required":true,"transform":{"type":"scalar"},"locs":[{"a":212,"b":223}]},{"name":"payload","required":false,"transform":{"type":"scalar"},"locs":[{"a":236,"b":243}]},{"name":"setRetryPolicy","required":true,"transform":{"type":"scalar"},"locs":[{"a":304,"b":319}]},{"name":"retryPolicy","required":false,"transform":{"type":"scalar"},"locs":[{"a":332,"b":343}]},{"name":"callbackTimeoutSeconds","required":false,"transform":{"type":"scalar"},"locs":[{"a":420,"b":442}]},{"name":"attempts","required":false,"transform":{"type":"scalar"},"locs":[{"a":508,"b":516}]},{"name":"revision","required":true,"transform":{"type":"scalar"},"locs":[{"a":557,"b":566}]},{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":935,"b":943},{"a":1109,"b":1117}]},{"name":"namespace","required":true,"transform":{"type":"scalar"},"locs":[{"a":988,"b":998}]},{"name":"timerId","required":true,"transform":{"type":"scalar"},"locs":[{"a":1017,"b":1025}]}],"statement":"UPDATE timers\nSET timer_execute_at = COALESCE(:executeAt, timer_execute_at),\n    timer_callback_url = CASE WHEN :setCallbackUrl!::bool THEN :callbackUrl ELSE timer_callback_url END,\n    timer_payload = CASE WHEN :setPayload!::bool THEN :payload ELSE timer_payload END,\n    timer_retry_policy = CASE WHEN :setRetryPolicy!::bool THEN :retryPolicy ELSE timer_retry_policy END,\n    timer_callback_timeout_seconds = COALESCE(:callbackTimeoutSeconds, timer_callback_timeout_seconds),\n    timer_attempts = COALESCE(:attempts, timer_attempts),\n    timer_revision = :revision!::text::int8,\n    timer_updated_at = date_trunc('milliseconds', now()),\n    timer_due_at = CASE WHEN :executeAt::timestamptz IS NULL THEN timer_due_at END,\n    timer_first_attempt_at = CASE WHEN :executeAt::timestamptz IS NULL THEN timer_first_attempt_at END,\n    timer_last_error = CASE WHEN :executeAt::timestamptz IS NULL THEN timer_last_error END\nWHERE shard_id = :shardId!\n  AND row_type = 2\n  AND timer_namespace = :namespace!\n  AND timer_id = :timerId!\n  AND NOT EXISTS (\n    SELECT\n    FROM timers AS shard\n    WHERE shard.shard_id = :shardId!\n      AND shard.row_type = 1\n      AND shard.timer_execute_at = '1970-01-01 00:00:01+00'\n      AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'\n      AND shard.shard_version IS NULL\n  )\nRETURNING\n  timer_id AS \"id!\",\n  timer_namespace AS \"namespace!\",\n  timer_uuid AS \"uuid!\",\n  CASE\n    WHEN isfinite(timer_execute_at)\n    THEN (date_part('epoch', timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"executeAtMs\",\n  timer_callback_url AS \"callbackUrl\",\n  timer_payload AS \"payload\",\n  timer_retry_policy AS \"retryPolicy\",\n  timer_callback_timeout_seconds AS \"callbackTimeoutSeconds!\",\n  CASE\n    WHEN isfinite(timer_created_at)\n    THEN (date_part('epoch', timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"createdAtMs\",\n  timer_attempts AS \"attempts!\",\n  timer_revision::text AS \"revision!\",\n  CASE\n    WHEN isfinite(timer_updated_at)\n    THEN (date_part('epoch', timer_updated_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_updated_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"updatedAtMs\",\n  CASE\n    WHEN isfinite(timer_due_at)\n    THEN (date_part('epoch', timer_due_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_due_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"dueAtMs\",\n  CASE\n    WHEN isfinite(timer_first_attempt_at)\n    THEN (date_part('epoch', timer_first_attempt_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_first_attempt_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"firstAttemptAtMs\",\n  timer_last_error AS \"lastError\",\n  timer_traceparent AS \"traceparent\""};

/**
 * Query generated from SQL:
 * ```
 * UPDATE timers
 * SET timer_execute_at = COALESCE(:executeAt, timer_execute_at),
 *     timer_callback_url = CASE WHEN :setCallbackUrl!::bool THEN :callbackUrl ELSE timer_callback_url END,
 *     timer_payload = CASE WHEN :setPayload!::bool THEN :payload ELSE timer_payload END,
 *     timer_retry_policy = CASE WHEN :setRetryPolicy!::bool THEN :retryPolicy ELSE timer_retry_policy END,
 *     timer_callback_timeout_seconds = COALESCE(:callbackTimeoutSeconds, timer_callback_timeout_seconds),
 *     timer_attempts = COALESCE(:attempts, timer_attempts),
 *     timer_revision = :revision!::text::int8,
 *     timer_updated_at = date_trunc('milliseconds', now()),
 *     timer_due_at = CASE WHEN :executeAt::timestamptz IS NULL THEN timer_due_at END,
 *     timer_first_attempt_at = CASE WHEN :executeAt::timestamptz IS NULL THEN timer_first_attempt_at END,
 *     timer_last_error = CASE WHEN :executeAt::timestamptz IS NULL THEN timer_last_error END
 * WHERE shard_id = :shardId!
 *   AND row_type = 2
 *   AND timer_namespace = :namespace!
 *   AND timer_id = :timerId!
 *   AND NOT EXISTS (
 *     SELECT
 *     FROM timers AS shard
 *     WHERE shard.shard_id = :shardId!
 *       AND shard.row_type = 1
 *       AND shard.timer_execute_at = '1970-01-01 00:00:01+00'
 *       AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'
 *       AND shard.shard_version IS NULL
 *   )
 * RETURNING
 *   timer_id AS "id!",
 *   timer_namespace AS "namespace!",
 *   timer_uuid AS "uuid!",
 *   CASE
 *     WHEN isfinite(timer_execute_at)
 *     THEN (date_part('epoch', timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *   END AS "executeAtMs",
 *   timer_callback_url AS "callbackUrl",
 *   timer_payload AS "payload",
 *   timer_retry_policy AS "retryPolicy",
 *   timer_callback_timeout_seconds AS "callbackTimeoutSeconds!",
 *   CASE
 *     WHEN isfinite(timer_created_at)
 *     THEN (date_part('epoch', timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *   END AS "createdAtMs",
 *   timer_attempts AS "attempts!",
 *   timer_revision::text AS "revision!",
 *   CASE
 *     WHEN isfinite(timer_updated_at)
 *     THEN (date_part('epoch', timer_updated_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *     WHEN timer_updated_at IS NOT NULL
 *     THEN 9223372036854775807
 *   END AS "updatedAtMs",
 *   CASE
 *     WHEN isfinite(timer_due_at)
 *     THEN (date_part('epoch', timer_due_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *     WHEN timer_due_at IS NOT NULL
 *     THEN 9223372036854775807
 *   END AS "dueAtMs",
 *   CASE
 *     WHEN isfinite(timer_first_attempt_at)
 *     THEN (date_part('epoch', timer_first_attempt_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *     WHEN timer_first_attempt_at IS NOT NULL
 *     THEN 9223372036854775807
 *   END AS "firstAttemptAtMs",
 *   timer_last_error AS "lastError",
 *   timer_traceparent AS "traceparent"
 * ```
 */
export const updateTimerNoLock = new PreparedQuery<UpdateTimerNoLockParams,UpdateTimerNoLockResult>(updateTimerNoLockIR);


