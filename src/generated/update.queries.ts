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
  setPayload: boolean;
  setRetryPolicy: boolean;
  shardId: number;
  shardVersion: number;
  timerId: string;
}

/** 'UpdateTimer' return type */
export interface UpdateTimerResult {
  /** Calls of the callback that have failed so far. */
  attempts: number;
  /** Seconds that one call of the callback may take. */
  callbackTimeoutSeconds: number;
  /** Absolute http(s) URL that is called when the timer fires. */
  callbackUrl: string;
  createdAtMs: number | null;
  executeAtMs: number | null;
  /** Id given by the caller, unique within namespace and shard. */
  id: string | null;
  /** Namespace of timer_id. */
  namespace: string;
  /** JSON value sent to the callback; NULL = none. */
  payload: Json | null;
  /** What to do when the callback fails, as a JSON object; NULL = the service's default. */
  retryPolicy: Json | null;
  /** Orders the timers that are due in the same millisecond. Shard row: all zeros. */
  uuid: string;
}

/** 'UpdateTimer' query type */
export interface UpdateTimerQuery {
  params: UpdateTimerParams;
  result: UpdateTimerResult;
}

const updateTimerIR: any = {"usedParamSet":{"shardId":true,"shardVersion":true,"executeAt":true,"callbackUrl":true,"setPayload":true,"payload":true,"setRetryPolicy":true,"retryPolicy":true,"callbackTimeoutSeconds":true,"attempts":true,"namespace":true,"timerId":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":93,"b":101},{"a":871,"b":879},{"a":1953,"b":1961}]},{"name":"shardVersion","required":true,"transform":{"type":"scalar"},"locs":[{"a":268,"b":281}]},{"name":"executeAt","required":false,"transform":{"type":"scalar"},"locs":[{"a":377,"b":386}]},{"name":"callbackUrl","required":false,"transform":{"type":"scalar"},"locs":[{"a":446,"b":457}]},{"name":"setPayload","required":true,"transform":{"type":"scalar"},"locs":[{"a":515,"b":526}]},{"name":"payload","required":false,"transform":{"type":"scalar"},"locs":[{"a":539,"b":546}]},{"name":"setRetryPolicy","required":true,"transform":{"type":"scalar"},"locs":[{"a":611,"b":626}]},{"name":"retryPolicy","required":false,"transform":{"type":"scalar"},"locs":[{"a":639,"b":650}]},{"name":"callbackTimeoutSeconds","required":false,"transform":{"type":"scalar"},"locs":[{"a":731,"b":753}]},{"name":"attempts","required":false,"transform":{"type":"scalar"},"locs":[{"a":823,"b":831}]},{"name":"namespace","required":true,"transform":{"type":"scalar"},"locs":[{"a":932,"b":942}]},{"name":"timerId","required":true,"transform":{"type":"scalar"},"locs":[{"a":965,"b":973}]}],"statement":"WITH\n  held_shard AS MATERIALIZED (\n    SELECT shard_id\n    FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = 1\n      AND timer_execute_at = '1970-01-01 00:00:01+00'\n      AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n      AND shard_version = :shardVersion!\n    FOR SHARE\n  ),\n  updated_timer AS (\n    UPDATE timers\n    SET timer_execute_at = COALESCE(:executeAt, timer_execute_at),\n        timer_callback_url = COALESCE(:callbackUrl, timer_callback_url),\n        timer_payload = CASE WHEN :setPayload!::bool THEN :payload ELSE timer_payload END,\n        timer_retry_policy = CASE WHEN :setRetryPolicy!::bool THEN :retryPolicy ELSE timer_retry_policy END,\n        timer_callback_timeout_seconds = COALESCE(:callbackTimeoutSeconds, timer_callback_timeout_seconds),\n        timer_attempts = COALESCE(:attempts, timer_attempts)\n    WHERE shard_id = :shardId!\n      AND row_type = 2\n      AND timer_namespace = :namespace!\n      AND timer_id = :timerId!\n      AND EXISTS (SELECT FROM held_shard)\n    RETURNING *\n  )\nSELECT\n  updated_timer.timer_id AS \"id?\",\n  updated_timer.timer_namespace AS \"namespace!\",\n  updated_timer.timer_uuid AS \"uuid!\",\n  CASE\n    WHEN isfinite(updated_timer.timer_execute_at)\n    THEN (date_part('epoch', updated_timer.timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"executeAtMs\",\n  updated_timer.timer_callback_url AS \"callbackUrl!\",\n  updated_timer.timer_payload AS \"payload\",\n  updated_timer.timer_retry_policy AS \"retryPolicy\",\n  updated_timer.timer_callback_timeout_seconds AS \"callbackTimeoutSeconds!\",\n  CASE\n    WHEN isfinite(updated_timer.timer_created_at)\n    THEN (date_part('epoch', updated_timer.timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"createdAtMs\",\n  updated_timer.timer_attempts AS \"attempts!\"\nFROM held_shard\nLEFT JOIN updated_timer ON updated_timer.shard_id = held_shard.shard_id\nWHERE held_shard.shard_id = :shardId!                                                             "};

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
 *         timer_callback_url = COALESCE(:callbackUrl, timer_callback_url),
 *         timer_payload = CASE WHEN :setPayload!::bool THEN :payload ELSE timer_payload END,
 *         timer_retry_policy = CASE WHEN :setRetryPolicy!::bool THEN :retryPolicy ELSE timer_retry_policy END,
 *         timer_callback_timeout_seconds = COALESCE(:callbackTimeoutSeconds, timer_callback_timeout_seconds),
 *         timer_attempts = COALESCE(:attempts, timer_attempts)
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
 *   updated_timer.timer_callback_url AS "callbackUrl!",
 *   updated_timer.timer_payload AS "payload",
 *   updated_timer.timer_retry_policy AS "retryPolicy",
 *   updated_timer.timer_callback_timeout_seconds AS "callbackTimeoutSeconds!",
 *   CASE
 *     WHEN isfinite(updated_timer.timer_created_at)
 *     THEN (date_part('epoch', updated_timer.timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *   END AS "createdAtMs",
 *   updated_timer.timer_attempts AS "attempts!"
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
  setPayload: boolean;
  setRetryPolicy: boolean;
  shardId: number;
  timerId: string;
}

/** 'UpdateTimerNoLock' return type */
export interface UpdateTimerNoLockResult {
  /** Calls of the callback that have failed so far. */
  attempts: number;
  /** Seconds that one call of the callback may take. */
  callbackTimeoutSeconds: number;
  /** Absolute http(s) URL that is called when the timer fires. */
  callbackUrl: string;
  createdAtMs: number | null;
  executeAtMs: number | null;
  /** Id given by the caller, unique within namespace and shard. */
  id: string;
  /** Namespace of timer_id. */
  namespace: string;
  /** JSON value sent to the callback; NULL = none. */
  payload: Json | null;
  /** What to do when the callback fails, as a JSON object; NULL = the service's default. */
  retryPolicy: Json | null;
  /** Orders the timers that are due in the same millisecond. Shard row: all zeros. */
  uuid: string;
}

/** 'UpdateTimerNoLock' query type */
export interface UpdateTimerNoLockQuery {
  params: UpdateTimerNoLockParams;
  result: UpdateTimerNoLockResult;
}

const updateTimerNoLockIR: any = {"usedParamSet":{"executeAt":true,"callbackUrl":true,"setPayload":true,"payload":true,"setRetryPolicy":true,"retryPolicy":true,"callbackTimeoutSeconds":true,"attempts":true,"shardId":true,"namespace":true,"timerId":true},"params":[{"name":"executeAt","required":false,"transform":{"type":"scalar"},"locs":[{"a":46,"b":55}]},{"name":"callbackUrl","required":false,"transform":{"type":"scalar"},"locs":[{"a":111,"b":122}]},{"name":"setPayload","required":true,"transform":{"type":"scalar"},"locs":[{"a":176,"b":187}]},{"name":"payload","required":false,"transform":{"type":"scalar"},"locs":[{"a":200,"b":207}]},{"name":"setRetryPolicy","required":true,"transform":{"type":"scalar"},"locs":[{"a":268,"b":283}]},{"name":"retryPolicy","required":false,"transform":{"type":"scalar"},"locs":[{"a":296,"b":307}]},{"name":"callbackTimeoutSeconds","required":false,"transform":{"type":"scalar"},"locs":[{"a":384,"b":406}]},{"name":"attempts","required":false,"transform":{"type":"scalar"},"locs":[{"a":472,"b":480}]},{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":516,"b":524},{"a":690,"b":698}]},{"name":"namespace","required":true,"transform":{"type":"scalar"},"locs":[{"a":569,"b":579}]},{"name":"timerId","required":true,"transform":{"type":"scalar"},"locs":[{"a":598,"b":606}]}],"statement":"UPDATE timers\nSET timer_execute_at = COALESCE(:executeAt, timer_execute_at),\n    timer_callback_url = COALESCE(:callbackUrl, timer_callback_url),\n    timer_payload = CASE WHEN :setPayload!::bool THEN :payload ELSE timer_payload END,\n    timer_retry_policy = CASE WHEN :setRetryPolicy!::bool THEN :retryPolicy ELSE timer_retry_policy END,\n    timer_callback_timeout_seconds = COALESCE(:callbackTimeoutSeconds, timer_callback_timeout_seconds),\n    timer_attempts = COALESCE(:attempts, timer_attempts)\nWHERE shard_id = :shardId!\n  AND row_type = 2\n  AND timer_namespace = :namespace!\n  AND timer_id = :timerId!\n  AND NOT EXISTS (\n    SELECT\n    FROM timers AS shard\n    WHERE shard.shard_id = :shardId!\n      AND shard.row_type = 1\n      AND shard.timer_execute_at = '1970-01-01 00:00:01+00'\n      AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'\n      AND shard.shard_version IS NULL\n  )\nRETURNING\n  timer_id AS \"id!\",\n  timer_namespace AS \"namespace!\",\n  timer_uuid AS \"uuid!\",\n  CASE\n    WHEN isfinite(timer_execute_at)\n    THEN (date_part('epoch', timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"executeAtMs\",\n  timer_callback_url AS \"callbackUrl!\",\n  timer_payload AS \"payload\",\n  timer_retry_policy AS \"retryPolicy\",\n  timer_callback_timeout_seconds AS \"callbackTimeoutSeconds!\",\n  CASE\n    WHEN isfinite(timer_created_at)\n    THEN (date_part('epoch', timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"createdAtMs\",\n  timer_attempts AS \"attempts!\""};

/**
 * Query generated from SQL:
 * ```
 * UPDATE timers
 * SET timer_execute_at = COALESCE(:executeAt, timer_execute_at),
 *     timer_callback_url = COALESCE(:callbackUrl, timer_callback_url),
 *     timer_payload = CASE WHEN :setPayload!::bool THEN :payload ELSE timer_payload END,
 *     timer_retry_policy = CASE WHEN :setRetryPolicy!::bool THEN :retryPolicy ELSE timer_retry_policy END,
 *     timer_callback_timeout_seconds = COALESCE(:callbackTimeoutSeconds, timer_callback_timeout_seconds),
 *     timer_attempts = COALESCE(:attempts, timer_attempts)
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
 *   timer_callback_url AS "callbackUrl!",
 *   timer_payload AS "payload",
 *   timer_retry_policy AS "retryPolicy",
 *   timer_callback_timeout_seconds AS "callbackTimeoutSeconds!",
 *   CASE
 *     WHEN isfinite(timer_created_at)
 *     THEN (date_part('epoch', timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *   END AS "createdAtMs",
 *   timer_attempts AS "attempts!"
 * ```
 */
export const updateTimerNoLock = new PreparedQuery<UpdateTimerNoLockParams,UpdateTimerNoLockResult>(updateTimerNoLockIR);


