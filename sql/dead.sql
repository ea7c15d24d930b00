/*
  Dead timers: those that were given up, kept until somebody revives or deletes them. They are rows of a type of their
  own, so that a living timer and a dead one may have the same id.
*/

/* No row: there is no such dead timer, or the shard is sealed (see move.sql). */
/* @name deleteDeadTimer */
DELETE FROM timers
WHERE shard_id = :shardId!
  AND row_type = 3
  AND timer_namespace = :namespace!
  AND timer_id = :timerId!
  AND NOT EXISTS (
    SELECT
    FROM timers AS shard
    WHERE shard.shard_id = :shardId!
      AND shard.row_type = 1
      AND shard.timer_execute_at = '1970-01-01 00:00:01+00'
      AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'
      AND shard.shard_version IS NULL
  );

/* @name getDeadTimer */
SELECT
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
FROM timers
WHERE shard_id = :shardId!
  AND row_type = 3
  AND timer_namespace = :namespace!
  AND timer_id = :timerId!;

/* Whether the id of a dead timer lives, too. No row: there is no such dead timer. */
/* @name getDeadTimerState */
WITH
  living_timer AS (
    SELECT shard_id
    FROM timers
    WHERE shard_id = :shardId!
      AND row_type = 2
      AND timer_namespace = :namespace!
      AND timer_id = :timerId!
  )
SELECT EXISTS (SELECT FROM living_timer) AS "isLiving!"
FROM timers
WHERE shard_id = :shardId!
  AND row_type = 3
  AND timer_namespace = :namespace!
  AND timer_id = :timerId!;

/* As rangeGetTimers. */
/* @name rangeGetDeadTimers */
SELECT
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
FROM timers
WHERE shard_id = :shardId!
  AND row_type = 3
  AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)
  AND (timer_execute_at, timer_uuid) <= (:upToExecuteAt!, :upToUuid!)
ORDER BY timer_execute_at, timer_uuid
LIMIT :limit!::int;

/* No row: there is no such dead timer, or its id lives again, or the shard is sealed. */
/* @name reviveTimer */
UPDATE timers
SET row_type = 2,
    timer_execute_at = :executeAt!,
    timer_attempts = 0,
    timer_revision = :revision!::text::int8,
    timer_updated_at = date_trunc('milliseconds', now()),
    timer_due_at = NULL,
    timer_first_attempt_at = NULL,
    timer_last_error = NULL
WHERE shard_id = :shardId!
  AND row_type = 3
  AND timer_namespace = :namespace!
  AND timer_id = :timerId!
  AND NOT EXISTS (
    SELECT
    FROM timers AS living
    WHERE living.shard_id = :shardId!
      AND living.row_type = 2
      AND living.timer_namespace = :namespace!
      AND living.timer_id = :timerId!
  )
  AND NOT EXISTS (
    SELECT
    FROM timers AS shard
    WHERE shard.shard_id = :shardId!
      AND shard.row_type = 1
      AND shard.timer_execute_at = '1970-01-01 00:00:01+00'
      AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'
      AND shard.shard_version IS NULL
  )
RETURNING
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
  timer_traceparent AS "traceparent";
