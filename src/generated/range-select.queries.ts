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

/** 'RangeGetTimers' query type */
export interface RangeGetTimersQuery {
  params: RangeGetTimersParams;
  result: RangeGetTimersResult;
}

const rangeGetTimersIR: any = {"usedParamSet":{"shardId":true,"afterExecuteAt":true,"afterUuid":true,"upToExecuteAt":true,"upToUuid":true,"limit":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":661,"b":669}]},{"name":"afterExecuteAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":730,"b":745}]},{"name":"afterUuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":748,"b":758}]},{"name":"upToExecuteAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":802,"b":816}]},{"name":"upToUuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":819,"b":828}]},{"name":"limit","required":true,"transform":{"type":"scalar"},"locs":[{"a":875,"b":881}]}],"statement":"SELECT\n  timer_id AS \"id!\",\n  timer_namespace AS \"namespace!\",\n  timer_uuid AS \"uuid!\",\n  CASE\n    WHEN isfinite(timer_execute_at)\n    THEN (date_part('epoch', timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"executeAtMs\",\n  timer_callback_url AS \"callbackUrl!\",\n  timer_payload AS \"payload\",\n  timer_retry_policy AS \"retryPolicy\",\n  timer_callback_timeout_seconds AS \"callbackTimeoutSeconds!\",\n  CASE\n    WHEN isfinite(timer_created_at)\n    THEN (date_part('epoch', timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"createdAtMs\",\n  timer_attempts AS \"attempts!\"\nFROM timers\nWHERE shard_id = :shardId!\n  AND row_type = 2\n  AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)\n  AND (timer_execute_at, timer_uuid) <= (:upToExecuteAt!, :upToUuid!)\nORDER BY timer_execute_at, timer_uuid\nLIMIT :limit!::int"};

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
 *   timer_callback_url AS "callbackUrl!",
 *   timer_payload AS "payload",
 *   timer_retry_policy AS "retryPolicy",
 *   timer_callback_timeout_seconds AS "callbackTimeoutSeconds!",
 *   CASE
 *     WHEN isfinite(timer_created_at)
 *     THEN (date_part('epoch', timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *   END AS "createdAtMs",
 *   timer_attempts AS "attempts!"
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

/** 'GetTimer' query type */
export interface GetTimerQuery {
  params: GetTimerParams;
  result: GetTimerResult;
}

const getTimerIR: any = {"usedParamSet":{"shardId":true,"namespace":true,"timerId":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":661,"b":669}]},{"name":"namespace","required":true,"transform":{"type":"scalar"},"locs":[{"a":714,"b":724}]},{"name":"timerId","required":true,"transform":{"type":"scalar"},"locs":[{"a":743,"b":751}]}],"statement":"SELECT\n  timer_id AS \"id!\",\n  timer_namespace AS \"namespace!\",\n  timer_uuid AS \"uuid!\",\n  CASE\n    WHEN isfinite(timer_execute_at)\n    THEN (date_part('epoch', timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"executeAtMs\",\n  timer_callback_url AS \"callbackUrl!\",\n  timer_payload AS \"payload\",\n  timer_retry_policy AS \"retryPolicy\",\n  timer_callback_timeout_seconds AS \"callbackTimeoutSeconds!\",\n  CASE\n    WHEN isfinite(timer_created_at)\n    THEN (date_part('epoch', timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"createdAtMs\",\n  timer_attempts AS \"attempts!\"\nFROM timers\nWHERE shard_id = :shardId!\n  AND row_type = 2\n  AND timer_namespace = :namespace!\n  AND timer_id = :timerId!"};

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
 *   timer_callback_url AS "callbackUrl!",
 *   timer_payload AS "payload",
 *   timer_retry_policy AS "retryPolicy",
 *   timer_callback_timeout_seconds AS "callbackTimeoutSeconds!",
 *   CASE
 *     WHEN isfinite(timer_created_at)
 *     THEN (date_part('epoch', timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *   END AS "createdAtMs",
 *   timer_attempts AS "attempts!"
 * FROM timers
 * WHERE shard_id = :shardId!
 *   AND row_type = 2
 *   AND timer_namespace = :namespace!
 *   AND timer_id = :timerId!
 * ```
 */
export const getTimer = new PreparedQuery<GetTimerParams,GetTimerResult>(getTimerIR);


