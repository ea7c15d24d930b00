/*
  Lists: what people and programs look through, of many shards at once. LATERAL makes the part of each shard a range of an
  index of its own. Living timers have the row type 2, dead ones 3.
*/

/* How many timers of a namespace are alive and dead, of each shard counted no further than a limit. */
/* @name countTimersOfNamespace */
SELECT
  coalesce(sum(living.timer_count), 0)::int8 AS "pending!",
  coalesce(sum(dead.timer_count), 0)::int8 AS "dead!",
  coalesce(bool_or(living.timer_count >= :limit! OR dead.timer_count >= :limit!), false) AS "hasMore!"
FROM (
  SELECT unnest(:shardIds!::int[]) AS shard_id
) AS wanted
CROSS JOIN LATERAL (
  SELECT count(*) AS timer_count
  FROM (
    SELECT
    FROM timers
    WHERE shard_id = wanted.shard_id
      AND row_type = 2
      AND timer_namespace = :namespace!
    ORDER BY timer_id
    LIMIT :limit!::int
  ) AS counted
) AS living
CROSS JOIN LATERAL (
  SELECT count(*) AS timer_count
  FROM (
    SELECT
    FROM timers
    WHERE shard_id = wanted.shard_id
      AND row_type = 3
      AND timer_namespace = :namespace!
    ORDER BY timer_id
    LIMIT :limit!::int
  ) AS counted
) AS dead;

/* Timers of a namespace by their ids, from one on: of each shard the first ones, no more than a limit. */
/* @name listTimersById */
SELECT
  listed.shard_id AS "shardId!",
  timer_id AS "id!",
  timer_namespace AS "namespace!",
  timer_uuid AS "uuid!",
  CASE
    WHEN isfinite(timer_execute_at)
    THEN (date_part('epoch', timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
  END AS "executeAtMs",
  timer_callback_url AS "callbackUrl",
  timer_payload AS "payload",
  timer_retry_policy AS "retryPolicy",
  timer_callback_timeout_seconds AS "callbackTimeoutSeconds!",
  CASE
    WHEN isfinite(timer_created_at)
    THEN (date_part('epoch', timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
  END AS "createdAtMs",
  timer_attempts AS "attempts!",
  timer_revision::text AS "revision!",
  CASE
    WHEN isfinite(timer_updated_at)
    THEN (date_part('epoch', timer_updated_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
    WHEN timer_updated_at IS NOT NULL
    THEN 9223372036854775807
  END AS "updatedAtMs",
  CASE
    WHEN isfinite(timer_due_at)
    THEN (date_part('epoch', timer_due_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
    WHEN timer_due_at IS NOT NULL
    THEN 9223372036854775807
  END AS "dueAtMs",
  CASE
    WHEN isfinite(timer_first_attempt_at)
    THEN (date_part('epoch', timer_first_attempt_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
    WHEN timer_first_attempt_at IS NOT NULL
    THEN 9223372036854775807
  END AS "firstAttemptAtMs",
  timer_last_error AS "lastError",
  timer_traceparent AS "traceparent"
FROM (
  SELECT unnest(:shardIds!::int[]) AS shard_id
) AS wanted
CROSS JOIN LATERAL (
  SELECT
    shard_id, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url, timer_payload,
    timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_revision, timer_updated_at, timer_due_at,
    timer_first_attempt_at, timer_attempts, timer_last_error, timer_traceparent
  FROM timers
  WHERE shard_id = wanted.shard_id
    AND row_type = :rowType!
    AND timer_namespace = :namespace!
    AND timer_id >= :fromId!
  ORDER BY timer_id
  LIMIT :limit!::int
) AS listed;

/*
  Timers of a namespace by their times: of each shard those among its first ones, no more than a limit, of whatever
  namespace. The last of these comes in any case: it says how far the shard was read.
*/
/* @name listTimersByTime */
SELECT
  listed.shard_id AS "shardId!",
  listed.place AS "place!",
  timer_id AS "id!",
  timer_namespace AS "namespace!",
  timer_uuid AS "uuid!",
  CASE
    WHEN isfinite(timer_execute_at)
    THEN (date_part('epoch', timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
  END AS "executeAtMs",
  timer_callback_url AS "callbackUrl",
  timer_payload AS "payload",
  timer_retry_policy AS "retryPolicy",
  timer_callback_timeout_seconds AS "callbackTimeoutSeconds!",
  CASE
    WHEN isfinite(timer_created_at)
    THEN (date_part('epoch', timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
  END AS "createdAtMs",
  timer_attempts AS "attempts!",
  timer_revision::text AS "revision!",
  CASE
    WHEN isfinite(timer_updated_at)
    THEN (date_part('epoch', timer_updated_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
    WHEN timer_updated_at IS NOT NULL
    THEN 9223372036854775807
  END AS "updatedAtMs",
  CASE
    WHEN isfinite(timer_due_at)
    THEN (date_part('epoch', timer_due_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
    WHEN timer_due_at IS NOT NULL
    THEN 9223372036854775807
  END AS "dueAtMs",
  CASE
    WHEN isfinite(timer_first_attempt_at)
    THEN (date_part('epoch', timer_first_attempt_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
    WHEN timer_first_attempt_at IS NOT NULL
    THEN 9223372036854775807
  END AS "firstAttemptAtMs",
  timer_last_error AS "lastError",
  timer_traceparent AS "traceparent"
FROM (
  SELECT unnest(:shardIds!::int[]) AS shard_id
) AS wanted
CROSS JOIN LATERAL (
  SELECT
    shard_id, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url, timer_payload,
    timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_revision, timer_updated_at, timer_due_at,
    timer_first_attempt_at, timer_attempts, timer_last_error, timer_traceparent,
    row_number() OVER (ORDER BY timer_execute_at, timer_uuid) AS place
  FROM timers
  WHERE shard_id = wanted.shard_id
    AND row_type = :rowType!
    AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)
    AND (timer_execute_at, timer_uuid) <= (:upToExecuteAt!, :upToUuid!)
  ORDER BY timer_execute_at, timer_uuid
  LIMIT :limit!::int
) AS listed
WHERE listed.place = :limit!::int
  OR (timer_namespace = :namespace! AND starts_with(timer_id, :idPrefix!));

/* The namespace that comes next in their order, of living or dead timers. */
/* @name readNextNamespace */
SELECT min(next_timer.timer_namespace) AS "namespace?"
FROM (
  SELECT unnest(:shardIds!::int[]) AS shard_id
) AS wanted
CROSS JOIN LATERAL (
  (
    SELECT timer_namespace
    FROM timers
    WHERE shard_id = wanted.shard_id
      AND row_type = 2
      AND timer_namespace > :after!
    ORDER BY timer_namespace
    LIMIT 1
  )
  UNION ALL
  (
    SELECT timer_namespace
    FROM timers
    WHERE shard_id = wanted.shard_id
      AND row_type = 3
      AND timer_namespace > :after!
    ORDER BY timer_namespace
    LIMIT 1
  )
) AS next_timer;
