/*
  Reading timers: a range of due ones in order, or one by its id.

  Times leave as whole milliseconds since 1970, infinity as NULL, or as a number beyond all times where NULL has a meaning:
  the text of a timestamp or a float8 depends on settings of the connection. They are counted from 2000, as the server
  does itself: a difference from 1970 could be too large, and date_part of the time itself has to know the time zone,
  which Citus does not allow everywhere.
*/

/* One range of the primary key. The tuple comparison is what makes it one; spelled with OR, the
   server reads every earlier timer of the shard too. */
/* @name rangeGetTimers */
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
  AND row_type = 2
  AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)
  AND (timer_execute_at, timer_uuid) <= (:upToExecuteAt!, :upToUuid!)
ORDER BY timer_execute_at, timer_uuid
LIMIT :limit!::int;

/* @name getTimer */
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
  AND row_type = 2
  AND timer_namespace = :namespace!
  AND timer_id = :timerId!;

/* In order of their ids: one range of the lookup index, from an id on. */
/* @name rangeGetTimersOfNamespace */
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
  AND row_type = 2
  AND timer_namespace = :namespace!
  AND timer_id >= :fromId!
ORDER BY timer_id
LIMIT :limit!::int;
