/** Types generated for queries found in "sql/list.sql" */
import { PreparedQuery } from '@pgtyped/runtime';

export type DateOrString = Date | string;

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export type numberArray = (number)[];

/** 'CountTimersOfNamespace' parameters type */
export interface CountTimersOfNamespaceParams {
  limit: number;
  namespace: string;
  shardIds: numberArray;
}

/** 'CountTimersOfNamespace' return type */
export interface CountTimersOfNamespaceResult {
  dead: number;
  hasMore: boolean;
  pending: number;
}

/** 'CountTimersOfNamespace' query type */
export interface CountTimersOfNamespaceQuery {
  params: CountTimersOfNamespaceParams;
  result: CountTimersOfNamespaceResult;
}

const countTimersOfNamespaceIR: any = {"usedParamSet":{"limit":true,"shardIds":true,"namespace":true},"params":[{"name":"limit","required":true,"transform":{"type":"scalar"},"locs":[{"a":163,"b":169},{"a":194,"b":200},{"a":513,"b":519},{"a":775,"b":781}]},{"name":"shardIds","required":true,"transform":{"type":"scalar"},"locs":[{"a":248,"b":257}]},{"name":"namespace","required":true,"transform":{"type":"scalar"},"locs":[{"a":469,"b":479},{"a":731,"b":741}]}],"statement":"SELECT\n  coalesce(sum(living.timer_count), 0)::int8 AS \"pending!\",\n  coalesce(sum(dead.timer_count), 0)::int8 AS \"dead!\",\n  coalesce(bool_or(living.timer_count >= :limit! OR dead.timer_count >= :limit!), false) AS \"hasMore!\"\nFROM (\n  SELECT unnest(:shardIds!::int[]) AS shard_id\n) AS wanted\nCROSS JOIN LATERAL (\n  SELECT count(*) AS timer_count\n  FROM (\n    SELECT\n    FROM timers\n    WHERE shard_id = wanted.shard_id\n      AND row_type = 2\n      AND timer_namespace = :namespace!\n    ORDER BY timer_id\n    LIMIT :limit!::int\n  ) AS counted\n) AS living\nCROSS JOIN LATERAL (\n  SELECT count(*) AS timer_count\n  FROM (\n    SELECT\n    FROM timers\n    WHERE shard_id = wanted.shard_id\n      AND row_type = 3\n      AND timer_namespace = :namespace!\n    ORDER BY timer_id\n    LIMIT :limit!::int\n  ) AS counted\n) AS dead                                                                                                          "};

/**
 * Query generated from SQL:
 * ```
 * SELECT
 *   coalesce(sum(living.timer_count), 0)::int8 AS "pending!",
 *   coalesce(sum(dead.timer_count), 0)::int8 AS "dead!",
 *   coalesce(bool_or(living.timer_count >= :limit! OR dead.timer_count >= :limit!), false) AS "hasMore!"
 * FROM (
 *   SELECT unnest(:shardIds!::int[]) AS shard_id
 * ) AS wanted
 * CROSS JOIN LATERAL (
 *   SELECT count(*) AS timer_count
 *   FROM (
 *     SELECT
 *     FROM timers
 *     WHERE shard_id = wanted.shard_id
 *       AND row_type = 2
 *       AND timer_namespace = :namespace!
 *     ORDER BY timer_id
 *     LIMIT :limit!::int
 *   ) AS counted
 * ) AS living
 * CROSS JOIN LATERAL (
 *   SELECT count(*) AS timer_count
 *   FROM (
 *     SELECT
 *     FROM timers
 *     WHERE shard_id = wanted.shard_id
 *       AND row_type = 3
 *       AND timer_namespace = :namespace!
 *     ORDER BY timer_id
 *     LIMIT :limit!::int
 *   ) AS counted
 * ) AS dead                                                                                                          
 * ```
 */
export const countTimersOfNamespace = new PreparedQuery<CountTimersOfNamespaceParams,CountTimersOfNamespaceResult>(countTimersOfNamespaceIR);


/** 'ListTimersById' parameters type */
export interface ListTimersByIdParams {
  fromId: string;
  limit: number;
  namespace: string;
  rowType: number;
  shardIds: numberArray;
}

/** 'ListTimersById' return type */
export interface ListTimersByIdResult {
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
  /** Shard of the row; the key for partitioning and distribution. */
  shardId: number;
  /** W3C trace context in which the timer was created, to which its deliveries link; NULL = none was active. */
  traceparent: string | null;
  updatedAtMs: number | null;
  /** Orders the timers that are due in the same millisecond. Shard row: all zeros. */
  uuid: string;
}

/** 'ListTimersById' query type */
export interface ListTimersByIdQuery {
  params: ListTimersByIdParams;
  result: ListTimersByIdResult;
}

const listTimersByIdIR: any = {"usedParamSet":{"shardIds":true,"rowType":true,"namespace":true,"fromId":true,"limit":true},"params":[{"name":"shardIds","required":true,"transform":{"type":"scalar"},"locs":[{"a":1517,"b":1526}]},{"name":"rowType","required":true,"transform":{"type":"scalar"},"locs":[{"a":1966,"b":1974}]},{"name":"namespace","required":true,"transform":{"type":"scalar"},"locs":[{"a":2002,"b":2012}]},{"name":"fromId","required":true,"transform":{"type":"scalar"},"locs":[{"a":2034,"b":2041}]},{"name":"limit","required":true,"transform":{"type":"scalar"},"locs":[{"a":2071,"b":2077}]}],"statement":"SELECT\n  listed.shard_id AS \"shardId!\",\n  timer_id AS \"id!\",\n  timer_namespace AS \"namespace!\",\n  timer_uuid AS \"uuid!\",\n  CASE\n    WHEN isfinite(timer_execute_at)\n    THEN (date_part('epoch', timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"executeAtMs\",\n  timer_callback_url AS \"callbackUrl\",\n  timer_payload AS \"payload\",\n  timer_retry_policy AS \"retryPolicy\",\n  timer_callback_timeout_seconds AS \"callbackTimeoutSeconds!\",\n  CASE\n    WHEN isfinite(timer_created_at)\n    THEN (date_part('epoch', timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"createdAtMs\",\n  timer_attempts AS \"attempts!\",\n  timer_revision::text AS \"revision!\",\n  CASE\n    WHEN isfinite(timer_updated_at)\n    THEN (date_part('epoch', timer_updated_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_updated_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"updatedAtMs\",\n  CASE\n    WHEN isfinite(timer_due_at)\n    THEN (date_part('epoch', timer_due_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_due_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"dueAtMs\",\n  CASE\n    WHEN isfinite(timer_first_attempt_at)\n    THEN (date_part('epoch', timer_first_attempt_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_first_attempt_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"firstAttemptAtMs\",\n  timer_last_error AS \"lastError\",\n  timer_traceparent AS \"traceparent\"\nFROM (\n  SELECT unnest(:shardIds!::int[]) AS shard_id\n) AS wanted\nCROSS JOIN LATERAL (\n  SELECT\n    shard_id, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url, timer_payload,\n    timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_revision, timer_updated_at, timer_due_at,\n    timer_first_attempt_at, timer_attempts, timer_last_error, timer_traceparent\n  FROM timers\n  WHERE shard_id = wanted.shard_id\n    AND row_type = :rowType!\n    AND timer_namespace = :namespace!\n    AND timer_id >= :fromId!\n  ORDER BY timer_id\n  LIMIT :limit!::int\n) AS listed                                                                                                                                                                                                               "};

/**
 * Query generated from SQL:
 * ```
 * SELECT
 *   listed.shard_id AS "shardId!",
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
 * FROM (
 *   SELECT unnest(:shardIds!::int[]) AS shard_id
 * ) AS wanted
 * CROSS JOIN LATERAL (
 *   SELECT
 *     shard_id, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url, timer_payload,
 *     timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_revision, timer_updated_at, timer_due_at,
 *     timer_first_attempt_at, timer_attempts, timer_last_error, timer_traceparent
 *   FROM timers
 *   WHERE shard_id = wanted.shard_id
 *     AND row_type = :rowType!
 *     AND timer_namespace = :namespace!
 *     AND timer_id >= :fromId!
 *   ORDER BY timer_id
 *   LIMIT :limit!::int
 * ) AS listed                                                                                                                                                                                                               
 * ```
 */
export const listTimersById = new PreparedQuery<ListTimersByIdParams,ListTimersByIdResult>(listTimersByIdIR);


/** 'ListTimersByTime' parameters type */
export interface ListTimersByTimeParams {
  afterExecuteAt: DateOrString;
  afterUuid: string;
  idPrefix: string;
  limit: number;
  namespace: string;
  rowType: number;
  shardIds: numberArray;
  upToExecuteAt: DateOrString;
  upToUuid: string;
}

/** 'ListTimersByTime' return type */
export interface ListTimersByTimeResult {
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
  place: number;
  /** What to do when the callback fails, as a JSON object; NULL = the service's default. */
  retryPolicy: Json | null;
  revision: string;
  /** Shard of the row; the key for partitioning and distribution. */
  shardId: number;
  /** W3C trace context in which the timer was created, to which its deliveries link; NULL = none was active. */
  traceparent: string | null;
  updatedAtMs: number | null;
  /** Orders the timers that are due in the same millisecond. Shard row: all zeros. */
  uuid: string;
}

/** 'ListTimersByTime' query type */
export interface ListTimersByTimeQuery {
  params: ListTimersByTimeParams;
  result: ListTimersByTimeResult;
}

const listTimersByTimeIR: any = {"usedParamSet":{"shardIds":true,"rowType":true,"afterExecuteAt":true,"afterUuid":true,"upToExecuteAt":true,"upToUuid":true,"limit":true,"namespace":true,"idPrefix":true},"params":[{"name":"shardIds","required":true,"transform":{"type":"scalar"},"locs":[{"a":1545,"b":1554}]},{"name":"rowType","required":true,"transform":{"type":"scalar"},"locs":[{"a":2066,"b":2074}]},{"name":"afterExecuteAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":2118,"b":2133}]},{"name":"afterUuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":2136,"b":2146}]},{"name":"upToExecuteAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":2192,"b":2206}]},{"name":"upToUuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":2209,"b":2218}]},{"name":"limit","required":true,"transform":{"type":"scalar"},"locs":[{"a":2269,"b":2275},{"a":2315,"b":2321}]},{"name":"namespace","required":true,"transform":{"type":"scalar"},"locs":[{"a":2352,"b":2362}]},{"name":"idPrefix","required":true,"transform":{"type":"scalar"},"locs":[{"a":2390,"b":2399}]}],"statement":"SELECT\n  listed.shard_id AS \"shardId!\",\n  listed.place AS \"place!\",\n  timer_id AS \"id!\",\n  timer_namespace AS \"namespace!\",\n  timer_uuid AS \"uuid!\",\n  CASE\n    WHEN isfinite(timer_execute_at)\n    THEN (date_part('epoch', timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"executeAtMs\",\n  timer_callback_url AS \"callbackUrl\",\n  timer_payload AS \"payload\",\n  timer_retry_policy AS \"retryPolicy\",\n  timer_callback_timeout_seconds AS \"callbackTimeoutSeconds!\",\n  CASE\n    WHEN isfinite(timer_created_at)\n    THEN (date_part('epoch', timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"createdAtMs\",\n  timer_attempts AS \"attempts!\",\n  timer_revision::text AS \"revision!\",\n  CASE\n    WHEN isfinite(timer_updated_at)\n    THEN (date_part('epoch', timer_updated_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_updated_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"updatedAtMs\",\n  CASE\n    WHEN isfinite(timer_due_at)\n    THEN (date_part('epoch', timer_due_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_due_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"dueAtMs\",\n  CASE\n    WHEN isfinite(timer_first_attempt_at)\n    THEN (date_part('epoch', timer_first_attempt_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n    WHEN timer_first_attempt_at IS NOT NULL\n    THEN 9223372036854775807\n  END AS \"firstAttemptAtMs\",\n  timer_last_error AS \"lastError\",\n  timer_traceparent AS \"traceparent\"\nFROM (\n  SELECT unnest(:shardIds!::int[]) AS shard_id\n) AS wanted\nCROSS JOIN LATERAL (\n  SELECT\n    shard_id, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url, timer_payload,\n    timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_revision, timer_updated_at, timer_due_at,\n    timer_first_attempt_at, timer_attempts, timer_last_error, timer_traceparent,\n    row_number() OVER (ORDER BY timer_execute_at, timer_uuid) AS place\n  FROM timers\n  WHERE shard_id = wanted.shard_id\n    AND row_type = :rowType!\n    AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)\n    AND (timer_execute_at, timer_uuid) <= (:upToExecuteAt!, :upToUuid!)\n  ORDER BY timer_execute_at, timer_uuid\n  LIMIT :limit!::int\n) AS listed\nWHERE listed.place = :limit!::int\n  OR (timer_namespace = :namespace! AND starts_with(timer_id, :idPrefix!))                                                                             "};

/**
 * Query generated from SQL:
 * ```
 * SELECT
 *   listed.shard_id AS "shardId!",
 *   listed.place AS "place!",
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
 * FROM (
 *   SELECT unnest(:shardIds!::int[]) AS shard_id
 * ) AS wanted
 * CROSS JOIN LATERAL (
 *   SELECT
 *     shard_id, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url, timer_payload,
 *     timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_revision, timer_updated_at, timer_due_at,
 *     timer_first_attempt_at, timer_attempts, timer_last_error, timer_traceparent,
 *     row_number() OVER (ORDER BY timer_execute_at, timer_uuid) AS place
 *   FROM timers
 *   WHERE shard_id = wanted.shard_id
 *     AND row_type = :rowType!
 *     AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)
 *     AND (timer_execute_at, timer_uuid) <= (:upToExecuteAt!, :upToUuid!)
 *   ORDER BY timer_execute_at, timer_uuid
 *   LIMIT :limit!::int
 * ) AS listed
 * WHERE listed.place = :limit!::int
 *   OR (timer_namespace = :namespace! AND starts_with(timer_id, :idPrefix!))                                                                             
 * ```
 */
export const listTimersByTime = new PreparedQuery<ListTimersByTimeParams,ListTimersByTimeResult>(listTimersByTimeIR);


/** 'ReadNextNamespace' parameters type */
export interface ReadNextNamespaceParams {
  after: string;
  shardIds: numberArray;
}

/** 'ReadNextNamespace' return type */
export interface ReadNextNamespaceResult {
  namespace: string | null;
}

/** 'ReadNextNamespace' query type */
export interface ReadNextNamespaceQuery {
  params: ReadNextNamespaceParams;
  result: ReadNextNamespaceResult;
}

const readNextNamespaceIR: any = {"usedParamSet":{"shardIds":true,"after":true},"params":[{"name":"shardIds","required":true,"transform":{"type":"scalar"},"locs":[{"a":78,"b":87}]},{"name":"after","required":true,"transform":{"type":"scalar"},"locs":[{"a":277,"b":283},{"a":477,"b":483}]}],"statement":"SELECT min(next_timer.timer_namespace) AS \"namespace?\"\nFROM (\n  SELECT unnest(:shardIds!::int[]) AS shard_id\n) AS wanted\nCROSS JOIN LATERAL (\n  (\n    SELECT timer_namespace\n    FROM timers\n    WHERE shard_id = wanted.shard_id\n      AND row_type = 2\n      AND timer_namespace > :after!\n    ORDER BY timer_namespace\n    LIMIT 1\n  )\n  UNION ALL\n  (\n    SELECT timer_namespace\n    FROM timers\n    WHERE shard_id = wanted.shard_id\n      AND row_type = 3\n      AND timer_namespace > :after!\n    ORDER BY timer_namespace\n    LIMIT 1\n  )\n) AS next_timer"};

/**
 * Query generated from SQL:
 * ```
 * SELECT min(next_timer.timer_namespace) AS "namespace?"
 * FROM (
 *   SELECT unnest(:shardIds!::int[]) AS shard_id
 * ) AS wanted
 * CROSS JOIN LATERAL (
 *   (
 *     SELECT timer_namespace
 *     FROM timers
 *     WHERE shard_id = wanted.shard_id
 *       AND row_type = 2
 *       AND timer_namespace > :after!
 *     ORDER BY timer_namespace
 *     LIMIT 1
 *   )
 *   UNION ALL
 *   (
 *     SELECT timer_namespace
 *     FROM timers
 *     WHERE shard_id = wanted.shard_id
 *       AND row_type = 3
 *       AND timer_namespace > :after!
 *     ORDER BY timer_namespace
 *     LIMIT 1
 *   )
 * ) AS next_timer
 * ```
 */
export const readNextNamespace = new PreparedQuery<ReadNextNamespaceParams,ReadNextNamespaceResult>(readNextNamespaceIR);


