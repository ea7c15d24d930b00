/* Changing one timer. A parameter that is NULL keeps what is there; where NULL is a value itself, a
   flag of its own says whether to set it. Never an upsert: a timer deleted meanwhile stays deleted. */

/* No row: the fence failed. A row without id: the fence held, but there is no such timer. */
/* @name updateTimer */
WITH
  held_shard AS MATERIALIZED (
    SELECT shard_id
    FROM timers
    WHERE shard_id = :shardId!
      AND row_type = 1
      AND timer_execute_at = '1970-01-01 00:00:01+00'
      AND timer_uuid = '00000000-0000-0000-0000-000000000000'
      AND shard_version = :shardVersion!
    FOR SHARE
  ),
  updated_timer AS (
    UPDATE timers
    SET timer_execute_at = COALESCE(:executeAt, timer_execute_at),
        timer_callback_url = CASE WHEN :setCallbackUrl!::bool THEN :callbackUrl ELSE timer_callback_url END,
        timer_payload = CASE WHEN :setPayload!::bool THEN :payload ELSE timer_payload END,
        timer_retry_policy = CASE WHEN :setRetryPolicy!::bool THEN :retryPolicy ELSE timer_retry_policy END,
        timer_callback_timeout_seconds = COALESCE(:callbackTimeoutSeconds, timer_callback_timeout_seconds),
        timer_attempts = COALESCE(:attempts, timer_attempts),
        timer_revision = :revision!::text::int8,
        timer_updated_at = date_trunc('milliseconds', now()),
        timer_due_at = CASE WHEN :executeAt::timestamptz IS NULL THEN timer_due_at END,
        timer_first_attempt_at = CASE WHEN :executeAt::timestamptz IS NULL THEN timer_first_attempt_at END,
        timer_last_error = CASE WHEN :executeAt::timestamptz IS NULL THEN timer_last_error END
    WHERE shard_id = :shardId!
      AND row_type = 2
      AND timer_namespace = :namespace!
      AND timer_id = :timerId!
      AND EXISTS (SELECT FROM held_shard)
    RETURNING *
  )
SELECT
  updated_timer.timer_id AS "id?",
  updated_timer.timer_namespace AS "namespace!",
  updated_timer.timer_uuid AS "uuid!",
  CASE
    WHEN isfinite(updated_timer.timer_execute_at)
    THEN (date_part('epoch', updated_timer.timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
  END AS "executeAtMs",
  updated_timer.timer_callback_url AS "callbackUrl",
  updated_timer.timer_payload AS "payload",
  updated_timer.timer_retry_policy AS "retryPolicy",
  updated_timer.timer_callback_timeout_seconds AS "callbackTimeoutSeconds!",
  CASE
    WHEN isfinite(updated_timer.timer_created_at)
    THEN (date_part('epoch', updated_timer.timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
  END AS "createdAtMs",
  updated_timer.timer_attempts AS "attempts!",
  updated_timer.timer_revision::text AS "revision!",
  CASE
    WHEN isfinite(updated_timer.timer_updated_at)
    THEN (date_part('epoch', updated_timer.timer_updated_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
    WHEN updated_timer.timer_updated_at IS NOT NULL
    THEN 9223372036854775807
  END AS "updatedAtMs",
  CASE
    WHEN isfinite(updated_timer.timer_due_at)
    THEN (date_part('epoch', updated_timer.timer_due_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
    WHEN updated_timer.timer_due_at IS NOT NULL
    THEN 9223372036854775807
  END AS "dueAtMs",
  CASE
    WHEN isfinite(updated_timer.timer_first_attempt_at)
    THEN (date_part('epoch', updated_timer.timer_first_attempt_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
    WHEN updated_timer.timer_first_attempt_at IS NOT NULL
    THEN 9223372036854775807
  END AS "firstAttemptAtMs",
  updated_timer.timer_last_error AS "lastError"
FROM held_shard
LEFT JOIN updated_timer ON updated_timer.shard_id = held_shard.shard_id
WHERE held_shard.shard_id = :shardId!;

/* No row: there is no such timer, or the shard is sealed. */
/* @name updateTimerNoLock */
UPDATE timers
SET timer_execute_at = COALESCE(:executeAt, timer_execute_at),
    timer_callback_url = CASE WHEN :setCallbackUrl!::bool THEN :callbackUrl ELSE timer_callback_url END,
    timer_payload = CASE WHEN :setPayload!::bool THEN :payload ELSE timer_payload END,
    timer_retry_policy = CASE WHEN :setRetryPolicy!::bool THEN :retryPolicy ELSE timer_retry_policy END,
    timer_callback_timeout_seconds = COALESCE(:callbackTimeoutSeconds, timer_callback_timeout_seconds),
    timer_attempts = COALESCE(:attempts, timer_attempts),
    timer_revision = :revision!::text::int8,
    timer_updated_at = date_trunc('milliseconds', now()),
    timer_due_at = CASE WHEN :executeAt::timestamptz IS NULL THEN timer_due_at END,
    timer_first_attempt_at = CASE WHEN :executeAt::timestamptz IS NULL THEN timer_first_attempt_at END,
    timer_last_error = CASE WHEN :executeAt::timestamptz IS NULL THEN timer_last_error END
WHERE shard_id = :shardId!
  AND row_type = 2
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
  timer_last_error AS "lastError";
