/** Types generated for queries found in "sql/dead.sql" */
import { PreparedQuery } from '@pgtyped/runtime';

export type DateOrString = Date | string;

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** 'DeleteDeadTimer' parameters type */
export interface DeleteDeadTimerParams {
  namespace: string;
  shardId: number;
  timerId: string;
}

/** 'DeleteDeadTimer' return type */
export type DeleteDeadTimerResult = void;

/** 'DeleteDeadTimer' query type */
export interface DeleteDeadTimerQuery {
  params: DeleteDeadTimerParams;
  result: DeleteDeadTimerResult;
}

const deleteDeadTimerIR: any = {"usedParamSet":{"shardId":true,"namespace":true,"timerId":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":36,"b":44},{"a":210,"b":218}]},{"name":"namespace","required":true,"transform":{"type":"scalar"},"locs":[{"a":89,"b":99}]},{"name":"timerId","required":true,"transform":{"type":"scalar"},"locs":[{"a":118,"b":126}]}],"statement":"DELETE FROM timers\nWHERE shard_id = :shardId!\n  AND row_type = 3\n  AND timer_namespace = :namespace!\n  AND timer_id = :timerId!\n  AND NOT EXISTS (\n    SELECT\n    FROM timers AS shard\n    WHERE shard.shard_id = :shardId!\n      AND shard.row_type = 1\n      AND shard.timer_execute_at = '1970-01-01 00:00:01+00'\n      AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'\n      AND shard.shard_version IS NULL\n  )"};

/**
 * Query generated from SQL:
 * ```
 * DELETE FROM timers
 * WHERE shard_id = :shardId!
 *   AND row_type = 3
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
 * ```
 */
export const deleteDeadTimer = new PreparedQuery<DeleteDeadTimerParams,DeleteDeadTimerResult>(deleteDeadTimerIR);


/** 'GetDeadTimer' parameters type */
export interface GetDeadTimerParams {
  namespace: string;
  shardId: number;
  timerId: string;
}

/** 'GetDeadTimer' return type */
export interface GetDeadTimerResult {
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

/** 'GetDeadTimer' query type */
export interface GetDeadTimerQuery {
  params: GetDeadTimerParams;
  result: GetDeadTimerResult;
}

const getDeadTimerIR: any = {"usedParamSet":{"shardId":true,"namespace":true,"timerId":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":1490,"b":1498}]},{"name":"namespace","required":true,"transform":{"type":"scalar"},"locs":[{"a":1543,"b":1553}]},{"name":"timerId","required":true,"transform":{"type":"scalar"},"locs":[{"a":1572,"b":1580}]}],"statement":"SELECT\n  timer_id AS \"id!\",\n  timer_namespace AS \"namespace!\",\n  timer_uuid AS \"uuid!\",\n  CASE\n    WHEN isfinite(timer_execute_at)\n    THEN (date_part('epoch', timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"executeAtMs\",\n  timer_callback_url AS \"callbackUrl\",\n  timer_payload AS \"payload\",\n  timer_retry_policy AS \"retryPolicy\",\n  timer_callback_timeout_seconds AS \"callbackTimeoutSeconds!\",\n  CASE\n    WHEN isfinite(timer_created_at)\n    THEN (date_part('epoch', timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"createdAtMs\",\n  timer_attempts AS \"attempts!\",\n  timer_revision::text AS \"revision!\",\n  CASE\n    WHEN isfinite(timer_updated_at)\n    THEN (date_part('epoch', timer_updated_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_updated_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"updatedAtMs\",\n  CASE\n    WHEN isfinite(timer_due_at)\n    THEN (date_part('epoch', timer_due_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_due_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"dueAtMs\",\n  CASE\n    WHEN isfinite(timer_first_attempt_at)\n    THEN (date_part('epoch', timer_first_attempt_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_first_attempt_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"firstAttemptAtMs\",\n  timer_last_error AS \"lastError\",\n  timer_traceparent AS \"traceparent\"\nFROM timers\nWHERE shard_id = :shardId!\n  AND row_type = 3\n  AND timer_namespace = :namespace!\n  AND timer_id = :timerId!                                                                                     "};

/**
 * Query generated from SQL:
 * ```
 * SELECT
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
 * FROM timers
 * WHERE shard_id = :shardId!
 *   AND row_type = 3
 *   AND timer_namespace = :namespace!
 *   AND timer_id = :timerId!                                                                                     
 * ```
 */
export const getDeadTimer = new PreparedQuery<GetDeadTimerParams,GetDeadTimerResult>(getDeadTimerIR);


/** 'GetDeadTimerState' parameters type */
export interface GetDeadTimerStateParams {
  namespace: string;
  shardId: number;
  timerId: string;
}

/** 'GetDeadTimerState' return type */
export interface GetDeadTimerStateResult {
  isLiving: boolean;
}

/** 'GetDeadTimerState' query type */
export interface GetDeadTimerStateQuery {
  params: GetDeadTimerStateParams;
  result: GetDeadTimerStateResult;
}

const getDeadTimerStateIR: any = {"usedParamSet":{"shardId":true,"namespace":true,"timerId":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":82,"b":90},{"a":275,"b":283}]},{"name":"namespace","required":true,"transform":{"type":"scalar"},"locs":[{"a":143,"b":153},{"a":328,"b":338}]},{"name":"timerId","required":true,"transform":{"type":"scalar"},"locs":[{"a":176,"b":184},{"a":357,"b":365}]}],"statement":"WITH\n  living_timer AS (\n    SELECT shard_id\n    FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = 2\n      AND timer_namespace = :namespace!\n      AND timer_id = :timerId!\n  )\nSELECT EXISTS (SELECT FROM living_timer) AS \"isLiving!\"\nFROM timers\nWHERE shard_id = :shardId!\n  AND row_type = 3\n  AND timer_namespace = :namespace!\n  AND timer_id = :timerId!                        "};

/**
 * Query generated from SQL:
 * ```
 * WITH
 *   living_timer AS (
 *     SELECT shard_id
 *     FROM timers
 *     WHERE shard_id = :shardId!
 *       AND row_type = 2
 *       AND timer_namespace = :namespace!
 *       AND timer_id = :timerId!
 *   )
 * SELECT EXISTS (SELECT FROM living_timer) AS "isLiving!"
 * FROM timers
 * WHERE shard_id = :shardId!
 *   AND row_type = 3
 *   AND timer_namespace = :namespace!
 *   AND timer_id = :timerId!                        
 * ```
 */
export const getDeadTimerState = new PreparedQuery<GetDeadTimerStateParams,GetDeadTimerStateResult>(getDeadTimerStateIR);


/** 'RangeGetDeadTimers' parameters type */
export interface RangeGetDeadTimersParams {
  afterExecuteAt: DateOrString;
  afterUuid: string;
  limit: number;
  shardId: number;
  upToExecuteAt: DateOrString;
  upToUuid: string;
}

/** 'RangeGetDeadTimers' return type */
export interface RangeGetDeadTimersResult {
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

/** 'RangeGetDeadTimers' query type */
export interface RangeGetDeadTimersQuery {
  params: RangeGetDeadTimersParams;
  result: RangeGetDeadTimersResult;
}

const rangeGetDeadTimersIR: any = {"usedParamSet":{"shardId":true,"afterExecuteAt":true,"afterUuid":true,"upToExecuteAt":true,"upToUuid":true,"limit":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":1490,"b":1498}]},{"name":"afterExecuteAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":1559,"b":1574}]},{"name":"afterUuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":1577,"b":1587}]},{"name":"upToExecuteAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":1631,"b":1645}]},{"name":"upToUuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":1648,"b":1657}]},{"name":"limit","required":true,"transform":{"type":"scalar"},"locs":[{"a":1704,"b":1710}]}],"statement":"SELECT\n  timer_id AS \"id!\",\n  timer_namespace AS \"namespace!\",\n  timer_uuid AS \"uuid!\",\n  CASE\n    WHEN isfinite(timer_execute_at)\n    THEN (date_part('epoch', timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"executeAtMs\",\n  timer_callback_url AS \"callbackUrl\",\n  timer_payload AS \"payload\",\n  timer_retry_policy AS \"retryPolicy\",\n  timer_callback_timeout_seconds AS \"callbackTimeoutSeconds!\",\n  CASE\n    WHEN isfinite(timer_created_at)\n    THEN (date_part('epoch', timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"createdAtMs\",\n  timer_attempts AS \"attempts!\",\n  timer_revision::text AS \"revision!\",\n  CASE\n    WHEN isfinite(timer_updated_at)\n    THEN (date_part('epoch', timer_updated_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_updated_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"updatedAtMs\",\n  CASE\n    WHEN isfinite(timer_due_at)\n    THEN (date_part('epoch', timer_due_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_due_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"dueAtMs\",\n  CASE\n    WHEN isfinite(timer_first_attempt_at)\n    THEN (date_part('epoch', timer_first_attempt_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_first_attempt_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"firstAttemptAtMs\",\n  timer_last_error AS \"lastError\",\n  timer_traceparent AS \"traceparent\"\nFROM timers\nWHERE shard_id = :shardId!\n  AND row_type = 3\n  AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)\n  AND (timer_execute_at, timer_uuid) <= (:upToExecuteAt!, :upToUuid!)\nORDER BY timer_execute_at, timer_uuid\nLIMIT :limit!::int                                                                                         "};

/**
 * Query generated from SQL:
 * ```
 * SELECT
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
 * FROM timers
 * WHERE shard_id = :shardId!
 *   AND row_type = 3
 *   AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)
 *   AND (timer_execute_at, timer_uuid) <= (:upToExecuteAt!, :upToUuid!)
 * ORDER BY timer_execute_at, timer_uuid
 * LIMIT :limit!::int                                                                                         
 * ```
 */
export const rangeGetDeadTimers = new PreparedQuery<RangeGetDeadTimersParams,RangeGetDeadTimersResult>(rangeGetDeadTimersIR);


/** 'ReviveTimer' parameters type */
export interface ReviveTimerParams {
  executeAt: DateOrString;
  namespace: string;
  revision: string;
  shardId: number;
  timerId: string;
}

/** 'ReviveTimer' return type */
export interface ReviveTimerResult {
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

/** 'ReviveTimer' query type */
export interface ReviveTimerQuery {
  params: ReviveTimerParams;
  result: ReviveTimerResult;
}

const reviveTimerIR: any = {"usedParamSet":{"executeAt":true,"revision":true,"shardId":true,"namespace":true,"timerId":true},"params":[{"name":"executeAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":55,"b":65}]},{"name":"revision","required":true,"transform":{"type":"scalar"},"locs":[{"a":113,"b":122}]},{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":300,"b":308},{"a":476,"b":484},{"a":687,"b":695}]},{"name":"namespace","required":true,"transform":{"type":"scalar"},"locs":[{"a":353,"b":363},{"a":551,"b":561}]},{"name":"timerId","required":true,"transform":{"type":"scalar"},"locs":[{"a":382,"b":390},{"a":591,"b":599}]}],"statement":"UPDATE timers\nSET row_type = 2,\n    timer_execute_at = :executeAt!,\n    timer_attempts = 0,\n    timer_revision = :revision!::text::int8,\n    timer_updated_at = date_trunc('milliseconds', now()),\n    timer_due_at = NULL,\n    timer_first_attempt_at = NULL,\n    timer_last_error = NULL\nWHERE shard_id = :shardId!\n  AND row_type = 3\n  AND timer_namespace = :namespace!\n  AND timer_id = :timerId!\n  AND NOT EXISTS (\n    SELECT\n    FROM timers AS living\n    WHERE living.shard_id = :shardId!\n      AND living.row_type = 2\n      AND living.timer_namespace = :namespace!\n      AND living.timer_id = :timerId!\n  )\n  AND NOT EXISTS (\n    SELECT\n    FROM timers AS shard\n    WHERE shard.shard_id = :shardId!\n      AND shard.row_type = 1\n      AND shard.timer_execute_at = '1970-01-01 00:00:01+00'\n      AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'\n      AND shard.shard_version IS NULL\n  )\nRETURNING\n  timer_id AS \"id!\",\n  timer_namespace AS \"namespace!\",\n  timer_uuid AS \"uuid!\",\n  CASE\n    WHEN isfinite(timer_execute_at)\n    THEN (date_part('epoch', timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"executeAtMs\",\n  timer_callback_url AS \"callbackUrl\",\n  timer_payload AS \"payload\",\n  timer_retry_policy AS \"retryPolicy\",\n  timer_callback_timeout_seconds AS \"callbackTimeoutSeconds!\",\n  CASE\n    WHEN isfinite(timer_created_at)\n    THEN (date_part('epoch', timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"createdAtMs\",\n  timer_attempts AS \"attempts!\",\n  timer_revision::text AS \"revision!\",\n  CASE\n    WHEN isfinite(timer_updated_at)\n    THEN (date_part('epoch', timer_updated_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_updated_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"updatedAtMs\",\n  CASE\n    WHEN isfinite(timer_due_at)\n    THEN (date_part('epoch', timer_due_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_due_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"dueAtMs\",\n  CASE\n    WHEN isfinite(timer_first_attempt_at)\n    THEN (date_part('epoch', timer_first_attempt_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_first_attempt_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"firstAttemptAtMs\",\n  timer_last_error AS \"lastError\",\n  timer_traceparent AS \"traceparent\""};

/**
 * Query generated from SQL:
 * ```
 * UPDATE timers
 * SET row_type = 2,
 *     timer_execute_at = :executeAt!,
 *     timer_attempts = 0,
 *     timer_revision = :revision!::text::int8,
 *     timer_updated_at = date_trunc('milliseconds', now()),
 *     timer_due_at = NULL,
 *     timer_first_attempt_at = NULL,
 *     timer_last_error = NULL
 * WHERE shard_id = :shardId!
 *   AND row_type = 3
 *   AND timer_namespace = :namespace!
 *   AND timer_id = :timerId!
 *   AND NOT EXISTS (
 *     SELECT
 *     FROM timers AS living
 *     WHERE living.shard_id = :shardId!
 *       AND living.row_type = 2
 *       AND living.timer_namespace = :namespace!
 *       AND living.timer_id = :timerId!
 *   )
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
export const reviveTimer = new PreparedQuery<ReviveTimerParams,ReviveTimerResult>(reviveTimerIR);


