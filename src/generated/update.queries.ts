/** Types generated for queries found in "sql/update.sql" */
import { PreparedQuery } from '@pgtyped/runtime';

export type DateOrString = Date | string;

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

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
  updatedAtMs: number | null;
  /** Orders the timers that are due in the same millisecond. Shard row: all zeros. */
  uuid: string;
}

/** 'UpdateTimer' query type */
export interface UpdateTimerQuery {
  params: UpdateTimerParams;
  result: UpdateTimerResult;
}

const updateTimerIR: any = {"usedParamSet":{"shardId":true,"shardVersion":true,"executeAt":true,"setCallbackUrl":true,"callbackUrl":true,"setPayload":true,"payload":true,"setRetryPolicy":true,"retryPolicy":true,"callbackTimeoutSeconds":true,"attempts":true,"revision":true,"namespace":true,"timerId":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":93,"b":101},{"a":1310,"b":1318},{"a":3337,"b":3345}]},{"name":"shardVersion","required":true,"transform":{"type":"scalar"},"locs":[{"a":268,"b":281}]},{"name":"executeAt","required":false,"transform":{"type":"scalar"},"locs":[{"a":377,"b":386},{"a":1031,"b":1040},{"a":1129,"b":1138},{"a":1231,"b":1240}]},{"name":"setCallbackUrl","required":true,"transform":{"type":"scalar"},"locs":[{"a":447,"b":462}]},{"name":"callbackUrl","required":false,"transform":{"type":"scalar"},"locs":[{"a":475,"b":486}]},{"name":"setPayload","required":true,"transform":{"type":"scalar"},"locs":[{"a":551,"b":562}]},{"name":"payload","required":false,"transform":{"type":"scalar"},"locs":[{"a":575,"b":582}]},{"name":"setRetryPolicy","required":true,"transform":{"type":"scalar"},"locs":[{"a":647,"b":662}]},{"name":"retryPolicy","required":false,"transform":{"type":"scalar"},"locs":[{"a":675,"b":686}]},{"name":"callbackTimeoutSeconds","required":false,"transform":{"type":"scalar"},"locs":[{"a":767,"b":789}]},{"name":"attempts","required":false,"transform":{"type":"scalar"},"locs":[{"a":859,"b":867}]},{"name":"revision","required":true,"transform":{"type":"scalar"},"locs":[{"a":912,"b":921}]},{"name":"namespace","required":true,"transform":{"type":"scalar"},"locs":[{"a":1371,"b":1381}]},{"name":"timerId","required":true,"transform":{"type":"scalar"},"locs":[{"a":1404,"b":1412}]}],"statement":"WITH\n  held_shard AS MATERIALIZED (\n    SELECT shard_id\n    FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = 1\n      AND timer_execute_at = '1970-01-01 00:00:01+00'\n      AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n      AND shard_version = :shardVersion!\n    FOR SHARE\n  ),\n  updated_timer AS (\n    UPDATE timers\n    SET timer_execute_at = COALESCE(:executeAt, timer_execute_at),\n        timer_callback_url = CASE WHEN :setCallbackUrl!::bool THEN :callbackUrl ELSE timer_callback_url END,\n        timer_payload = CASE WHEN :setPayload!::bool THEN :payload ELSE timer_payload END,\n        timer_retry_policy = CASE WHEN :setRetryPolicy!::bool THEN :retryPolicy ELSE timer_retry_policy END,\n        timer_callback_timeout_seconds = COALESCE(:callbackTimeoutSeconds, timer_callback_timeout_seconds),\n        timer_attempts = COALESCE(:attempts, timer_attempts),\n        timer_revision = :revision!::text::int8,\n        timer_updated_at = date_trunc('milliseconds', now()),\n        timer_due_at = CASE WHEN :executeAt::timestamptz IS NULL THEN timer_due_at END,\n        timer_first_attempt_at = CASE WHEN :executeAt::timestamptz IS NULL THEN timer_first_attempt_at END,\n        timer_last_error = CASE WHEN :executeAt::timestamptz IS NULL THEN timer_last_error END\n    WHERE shard_id = :shardId!\n      AND row_type = 2\n      AND timer_namespace = :namespace!\n      AND timer_id = :timerId!\n      AND EXISTS (SELECT FROM held_shard)\n    RETURNING *\n  )\nSELECT\n  updated_timer.timer_id AS \"id?\",\n  updated_timer.timer_namespace AS \"namespace!\",\n  updated_timer.timer_uuid AS \"uuid!\",\n  CASE\n    WHEN isfinite(updated_timer.timer_execute_at)\n    THEN (date_part('epoch', updated_timer.timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"executeAtMs\",\n  updated_timer.timer_callback_url AS \"callbackUrl\",\n  updated_timer.timer_payload AS \"payload\",\n  updated_timer.timer_retry_policy AS \"retryPolicy\",\n  updated_timer.timer_callback_timeout_seconds AS \"callbackTimeoutSeconds!\",\n  CASE\n    WHEN isfinite(updated_timer.timer_created_at)\n    THEN (date_part('epoch', updated_timer.timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"createdAtMs\",\n  updated_timer.timer_attempts AS \"attempts!\",\n  updated_timer.timer_revision::text AS \"revision!\",\n  CASE\n    WHEN isfinite(updated_timer.timer_updated_at)\n    THEN (date_part('epoch', updated_timer.timer_updated_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN updated_timer.timer_updated_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"updatedAtMs\",\n  CASE\n    WHEN isfinite(updated_timer.timer_due_at)\n    THEN (date_part('epoch', updated_timer.timer_due_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN updated_timer.timer_due_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"dueAtMs\",\n  CASE\n    WHEN isfinite(updated_timer.timer_first_attempt_at)\n    THEN (date_part('epoch', updated_timer.timer_first_attempt_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN updated_timer.timer_first_attempt_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"firstAttemptAtMs\",\n  updated_timer.timer_last_error AS \"lastError\"\nFROM held_shard\nLEFT JOIN updated_timer ON updated_timer.shard_id = held_shard.shard_id\nWHERE held_shard.shard_id = :shardId!                                                             "};

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
 *   updated_timer.timer_last_error AS "lastError"
 * FROM held_shard
 * LEFT JOIN updated_timer ON updated_timer.shard_id = held_shard.shard_id
 * WHERE held_shard.shard_id = :shardId!                                                             
 * ```
 */
export const updateTimer = new PreparedQuery<UpdateTimerParams,UpdateTimerResult>(updateTimerIR);


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
  updatedAtMs: number | null;
  /** Orders the timers that are due in the same millisecond. Shard row: all zeros. */
  uuid: string;
}

/** 'UpdateTimerNoLock' query type */
export interface UpdateTimerNoLockQuery {
  params: UpdateTimerNoLockParams;
  result: UpdateTimerNoLockResult;
}

const updateTimerNoLockIR: any = {"usedParamSet":{"executeAt":true,"setCallbackUrl":true,"callbackUrl":true,"setPayload":true,"payload":true,"setRetryPolicy":true,"retryPolicy":true,"callbackTimeoutSeconds":true,"attempts":true,"revision":true,"shardId":true,"namespace":true,"timerId":true},"params":[{"name":"executeAt","required":false,"transform":{"type":"scalar"},"locs":[{"a":46,"b":55},{"a":668,"b":677},{"a":762,"b":771},{"a":860,"b":869}]},{"name":"setCallbackUrl","required":true,"transform":{"type":"scalar"},"locs":[{"a":112,"b":127}]},{"name":"callbackUrl","required":false,"transform":{"type":"scalar"},"locs":[{"a":140,"b":151}]},{"name":"setPayload","required":true,"transform":{"type":"scalar"},"locs":[{"a":212,"b":223}]},{"name":"payload","required":false,"transform":{"type":"scalar"},"locs":[{"a":236,"b":243}]},{"name":"setRetryPolicy","required":true,"transform":{"type":"scalar"},"locs":[{"a":304,"b":319}]},{"name":"retryPolicy","required":false,"transform":{"type":"scalar"},"locs":[{"a":332,"b":343}]},{"name":"callbackTimeoutSeconds","required":false,"transform":{"type":"scalar"},"locs":[{"a":420,"b":442}]},{"name":"attempts","required":false,"transform":{"type":"scalar"},"locs":[{"a":508,"b":516}]},{"name":"revision","required":true,"transform":{"type":"scalar"},"locs":[{"a":557,"b":566}]},{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":935,"b":943},{"a":1109,"b":1117}]},{"name":"namespace","required":true,"transform":{"type":"scalar"},"locs":[{"a":988,"b":998}]},{"name":"timerId","required":true,"transform":{"type":"scalar"},"locs":[{"a":1017,"b":1025}]}],"statement":"UPDATE timers\nSET timer_execute_at = COALESCE(:executeAt, timer_execute_at),\n    timer_callback_url = CASE WHEN :setCallbackUrl!::bool THEN :callbackUrl ELSE timer_callback_url END,\n    timer_payload = CASE WHEN :setPayload!::bool THEN :payload ELSE timer_payload END,\n    timer_retry_policy = CASE WHEN :setRetryPolicy!::bool THEN :retryPolicy ELSE timer_retry_policy END,\n    timer_callback_timeout_seconds = COALESCE(:callbackTimeoutSeconds, timer_callback_timeout_seconds),\n    timer_attempts = COALESCE(:attempts, timer_attempts),\n    timer_revision = :revision!::text::int8,\n    timer_updated_at = date_trunc('milliseconds', now()),\n    timer_due_at = CASE WHEN :executeAt::timestamptz IS NULL THEN timer_due_at END,\n    timer_first_attempt_at = CASE WHEN :executeAt::timestamptz IS NULL THEN timer_first_attempt_at END,\n    timer_last_error = CASE WHEN :executeAt::timestamptz IS NULL THEN timer_last_error END\nWHERE shard_id = :shardId!\n  AND row_type = 2\n  AND timer_namespace = :namespace!\n  AND timer_id = :timerId!\n  AND NOT EXISTS (\n    SELECT\n    FROM timers AS shard\n    WHERE shard.shard_id = :shardId!\n      AND shard.row_type = 1\n      AND shard.timer_execute_at = '1970-01-01 00:00:01+00'\n      AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'\n      AND shard.shard_version IS NULL\n  )\nRETURNING\n  timer_id AS \"id!\",\n  timer_namespace AS \"namespace!\",\n  timer_uuid AS \"uuid!\",\n  CASE\n    WHEN isfinite(timer_execute_at)\n    THEN (date_part('epoch', timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"executeAtMs\",\n  timer_callback_url AS \"callbackUrl\",\n  timer_payload AS \"payload\",\n  timer_retry_policy AS \"retryPolicy\",\n  timer_callback_timeout_seconds AS \"callbackTimeoutSeconds!\",\n  CASE\n    WHEN isfinite(timer_created_at)\n    THEN (date_part('epoch', timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"createdAtMs\",\n  timer_attempts AS \"attempts!\",\n  timer_revision::text AS \"revision!\",\n  CASE\n    WHEN isfinite(timer_updated_at)\n    THEN (date_part('epoch', timer_updated_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_updated_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"updatedAtMs\",\n  CASE\n    WHEN isfinite(timer_due_at)\n    THEN (date_part('epoch', timer_due_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_due_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"dueAtMs\",\n  CASE\n    WHEN isfinite(timer_first_attempt_at)\n    THEN (date_part('epoch', timer_first_attempt_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_first_attempt_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"firstAttemptAtMs\",\n  timer_last_error AS \"lastError\""};

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
 *   timer_last_error AS "lastError"
 * ```
 */
export const updateTimerNoLock = new PreparedQuery<UpdateTimerNoLockParams,UpdateTimerNoLockResult>(updateTimerNoLockIR);


