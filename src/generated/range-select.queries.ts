/** Types generated for queries found in "sql/range-select.sql" */
import { PreparedQuery } from '@pgtyped/runtime';

export type DateOrString = Date | string;

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** 'RangeGetTimers' parameters type */
export interface RangeGetTimersParams {
  afterExecuteAt: DateOrString;
  afterUuid: string;
  limit: number;
  shardId: number;
  upToExecuteAt: DateOrString;
  upToUuid: string;
}

/** 'RangeGetTimers' return type */
export interface RangeGetTimersResult {
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

/** 'RangeGetTimers' query type */
export interface RangeGetTimersQuery {
  params: RangeGetTimersParams;
  result: RangeGetTimersResult;
}

const rangeGetTimersIR: any = {"usedParamSet":{"shardId":true,"afterExecuteAt":true,"afterUuid":true,"upToExecuteAt":true,"upToUuid":true,"limit":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":1490,"b":1498}]},{"name":"afterExecuteAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":1559,"b":1574}]},{"name":"afterUuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":1577,"b":1587}]},{"name":"upToExecuteAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":1631,"b":1645}]},{"name":"upToUuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":1648,"b":1657}]},{"name":"limit","required":true,"transform":{"type":"scalar"},"locs":[{"a":1704,"b":1710}]}],"statement":"SELECT\n  timer_id AS \"id!\",\n  timer_namespace AS \"namespace!\",\n  timer_uuid AS \"uuid!\",\n  CASE\n    WHEN isfinite(timer_execute_at)\n    THEN (date_part('epoch', timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"executeAtMs\",\n  timer_callback_url AS \"callbackUrl\",\n  timer_payload AS \"payload\",\n  timer_retry_policy AS \"retryPolicy\",\n  timer_callback_timeout_seconds AS \"callbackTimeoutSeconds!\",\n  CASE\n    WHEN isfinite(timer_created_at)\n    THEN (date_part('epoch', timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"createdAtMs\",\n  timer_attempts AS \"attempts!\",\n  timer_revision::text AS \"revision!\",\n  CASE\n    WHEN isfinite(timer_updated_at)\n    THEN (date_part('epoch', timer_updated_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_updated_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"updatedAtMs\",\n  CASE\n    WHEN isfinite(timer_due_at)\n    THEN (date_part('epoch', timer_due_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_due_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"dueAtMs\",\n  CASE\n    WHEN isfinite(timer_first_attempt_at)\n    THEN (date_part('epoch', timer_first_attempt_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_first_attempt_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"firstAttemptAtMs\",\n  timer_last_error AS \"lastError\",\n  timer_traceparent AS \"traceparent\"\nFROM timers\nWHERE shard_id = :shardId!\n  AND row_type = 2\n  AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)\n  AND (timer_execute_at, timer_uuid) <= (:upToExecuteAt!, :upToUuid!)\nORDER BY timer_execute_at, timer_uuid\nLIMIT :limit!::int"};

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
 *   AND row_type = 2
 *   AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)
 *   AND (timer_execute_at, timer_uuid) <= (:upToExecuteAt!, :upToUuid!)
 * ORDER BY timer_execute_at, timer_uuid
 * LIMIT :limit!::int
 * ```
 */
export const rangeGetTimers = new PreparedQuery<RangeGetTimersParams,RangeGetTimersResult>(rangeGetTimersIR);


/** 'GetTimer' parameters type */
export interface GetTimerParams {
  namespace: string;
  shardId: number;
  timerId: string;
}

/** 'GetTimer' return type */
export interface GetTimerResult {
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

/** 'GetTimer' query type */
export interface GetTimerQuery {
  params: GetTimerParams;
  result: GetTimerResult;
}

const getTimerIR: any = {"usedParamSet":{"shardId":true,"namespace":true,"timerId":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":1490,"b":1498}]},{"name":"namespace","required":true,"transform":{"type":"scalar"},"locs":[{"a":1543,"b":1553}]},{"name":"timerId","required":true,"transform":{"type":"scalar"},"locs":[{"a":1572,"b":1580}]}],"statement":"SELECT\n  timer_id AS \"id!\",\n  timer_namespace AS \"namespace!\",\n  timer_uuid AS \"uuid!\",\n  CASE\n    WHEN isfinite(timer_execute_at)\n    THEN (date_part('epoch', timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"executeAtMs\",\n  timer_callback_url AS \"callbackUrl\",\n  timer_payload AS \"payload\",\n  timer_retry_policy AS \"retryPolicy\",\n  timer_callback_timeout_seconds AS \"callbackTimeoutSeconds!\",\n  CASE\n    WHEN isfinite(timer_created_at)\n    THEN (date_part('epoch', timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"createdAtMs\",\n  timer_attempts AS \"attempts!\",\n  timer_revision::text AS \"revision!\",\n  CASE\n    WHEN isfinite(timer_updated_at)\n    THEN (date_part('epoch', timer_updated_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_updated_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"updatedAtMs\",\n  CASE\n    WHEN isfinite(timer_due_at)\n    THEN (date_part('epoch', timer_due_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_due_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"dueAtMs\",\n  CASE\n    WHEN isfinite(timer_first_attempt_at)\n    THEN (date_part('epoch', timer_first_attempt_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_first_attempt_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"firstAttemptAtMs\",\n  timer_last_error AS \"lastError\",\n  timer_traceparent AS \"traceparent\"\nFROM timers\nWHERE shard_id = :shardId!\n  AND row_type = 2\n  AND timer_namespace = :namespace!\n  AND timer_id = :timerId!                                                                          "};

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
 *   AND row_type = 2
 *   AND timer_namespace = :namespace!
 *   AND timer_id = :timerId!                                                                          
 * ```
 */
export const getTimer = new PreparedQuery<GetTimerParams,GetTimerResult>(getTimerIR);


/** 'RangeGetTimersOfNamespace' parameters type */
export interface RangeGetTimersOfNamespaceParams {
  fromId: string;
  limit: number;
  namespace: string;
  shardId: number;
}

/** 'RangeGetTimersOfNamespace' return type */
export interface RangeGetTimersOfNamespaceResult {
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

/** 'RangeGetTimersOfNamespace' query type */
export interface RangeGetTimersOfNamespaceQuery {
  params: RangeGetTimersOfNamespaceParams;
  result: RangeGetTimersOfNamespaceResult;
}

const rangeGetTimersOfNamespaceIR: any = {"usedParamSet":{"shardId":true,"namespace":true,"fromId":true,"limit":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":1490,"b":1498}]},{"name":"namespace","required":true,"transform":{"type":"scalar"},"locs":[{"a":1543,"b":1553}]},{"name":"fromId","required":true,"transform":{"type":"scalar"},"locs":[{"a":1573,"b":1580}]},{"name":"limit","required":true,"transform":{"type":"scalar"},"locs":[{"a":1606,"b":1612}]}],"statement":"SELECT\n  timer_id AS \"id!\",\n  timer_namespace AS \"namespace!\",\n  timer_uuid AS \"uuid!\",\n  CASE\n    WHEN isfinite(timer_execute_at)\n    THEN (date_part('epoch', timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"executeAtMs\",\n  timer_callback_url AS \"callbackUrl\",\n  timer_payload AS \"payload\",\n  timer_retry_policy AS \"retryPolicy\",\n  timer_callback_timeout_seconds AS \"callbackTimeoutSeconds!\",\n  CASE\n    WHEN isfinite(timer_created_at)\n    THEN (date_part('epoch', timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"createdAtMs\",\n  timer_attempts AS \"attempts!\",\n  timer_revision::text AS \"revision!\",\n  CASE\n    WHEN isfinite(timer_updated_at)\n    THEN (date_part('epoch', timer_updated_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_updated_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"updatedAtMs\",\n  CASE\n    WHEN isfinite(timer_due_at)\n    THEN (date_part('epoch', timer_due_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_due_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"dueAtMs\",\n  CASE\n    WHEN isfinite(timer_first_attempt_at)\n    THEN (date_part('epoch', timer_first_attempt_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_first_attempt_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"firstAttemptAtMs\",\n  timer_last_error AS \"lastError\",\n  timer_traceparent AS \"traceparent\"\nFROM timers\nWHERE shard_id = :shardId!\n  AND row_type = 2\n  AND timer_namespace = :namespace!\n  AND timer_id >= :fromId!\nORDER BY timer_id\nLIMIT :limit!::int"};

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
 *   AND row_type = 2
 *   AND timer_namespace = :namespace!
 *   AND timer_id >= :fromId!
 * ORDER BY timer_id
 * LIMIT :limit!::int
 * ```
 */
export const rangeGetTimersOfNamespace = new PreparedQuery<RangeGetTimersOfNamespaceParams,RangeGetTimersOfNamespaceResult>(rangeGetTimersOfNamespaceIR);


