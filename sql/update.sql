/*
  Changing timers by their ids. A parameter that is NULL keeps what is there; where NULL is a value itself, a flag of its
  own says whether to set it. Never an upsert: a timer deleted meanwhile stays deleted.

  A statement of several timers waits for nobody's lock on a row: what another program has locked, or changes meanwhile,
  it leaves alone and names among the missed places. So no timer waits for another, and none in a circle. Each timer is
  found by its id, locked, and written by its place in the table: joined by its key, it would be found by whatever the
  planner thinks of the table. The LIMIT leaves none out: it makes the planner expect few rows, of which the place is the
  cheapest (see settle.sql).
*/

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
  updated_timer.timer_last_error AS "lastError",
  updated_timer.timer_traceparent AS "traceparent"
FROM held_shard
LEFT JOIN updated_timer ON updated_timer.shard_id = held_shard.shard_id
WHERE held_shard.shard_id = :shardId!;

/*
  Several timers of one shard. No row: the fence failed. Else one for each updated timer, with its place among those that
  were asked for, or one without a place where none was updated; in each of them, the places of the timers that were
  missed. Of the others there is no timer.
*/
/* @name updateTimers */
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
  change AS MATERIALIZED (
    SELECT
      unnest(:places!::int[]) AS place,
      unnest(:namespaces!::text[]) AS namespace,
      unnest(:ids!::text[]) AS id,
      unnest(:executeAts!::timestamptz[]) AS execute_at,
      unnest(:setCallbackUrls!::bool[]) AS set_callback_url,
      unnest(:callbackUrls!::text[]) AS callback_url,
      unnest(:setPayloads!::bool[]) AS set_payload,
      unnest(:payloads!::jsonb[]) AS payload,
      unnest(:setRetryPolicies!::bool[]) AS set_retry_policy,
      unnest(:retryPolicies!::jsonb[]) AS retry_policy,
      unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,
      unnest(:attempts!::int[]) AS attempts
  ),
  locked_timer AS MATERIALIZED (
    SELECT change.*, timer.row_place
    FROM change
    CROSS JOIN LATERAL (
      SELECT ctid AS row_place
      FROM timers
      WHERE shard_id = :shardId!
        AND row_type = 2
        AND timer_namespace = change.namespace
        AND timer_id = change.id
      LIMIT 1
      FOR UPDATE SKIP LOCKED
    ) AS timer
    WHERE EXISTS (SELECT FROM held_shard)
    LIMIT (SELECT count(*) FROM change)
  ),
  updated_timer AS (
    UPDATE timers
    SET timer_execute_at = COALESCE(locked_timer.execute_at, timers.timer_execute_at),
        timer_callback_url =
          CASE WHEN locked_timer.set_callback_url THEN locked_timer.callback_url ELSE timers.timer_callback_url END,
        timer_payload = CASE WHEN locked_timer.set_payload THEN locked_timer.payload ELSE timers.timer_payload END,
        timer_retry_policy =
          CASE WHEN locked_timer.set_retry_policy THEN locked_timer.retry_policy ELSE timers.timer_retry_policy END,
        timer_callback_timeout_seconds =
          COALESCE(locked_timer.callback_timeout_seconds, timers.timer_callback_timeout_seconds),
        timer_attempts = COALESCE(locked_timer.attempts, timers.timer_attempts),
        timer_revision = :revision!::text::int8,
        timer_updated_at = date_trunc('milliseconds', now()),
        timer_due_at = CASE WHEN locked_timer.execute_at IS NULL THEN timers.timer_due_at END,
        timer_first_attempt_at = CASE WHEN locked_timer.execute_at IS NULL THEN timers.timer_first_attempt_at END,
        timer_last_error = CASE WHEN locked_timer.execute_at IS NULL THEN timers.timer_last_error END
    FROM locked_timer
    WHERE timers.shard_id = :shardId!
      AND timers.ctid = locked_timer.row_place
      AND EXISTS (SELECT FROM held_shard)
    RETURNING locked_timer.place, timers.*
  ),
  missed_timer AS MATERIALIZED (
    SELECT place
    FROM change
    WHERE place NOT IN (SELECT place FROM updated_timer)
      AND (
        SELECT true
        FROM timers
        WHERE shard_id = :shardId!
          AND row_type = 2
          AND timer_namespace = change.namespace
          AND timer_id = change.id
        LIMIT 1
      )
  )
SELECT
  CASE
    WHEN (SELECT count(*) FROM updated_timer) < cardinality(:places!::int[])
    THEN to_json(ARRAY(SELECT place FROM missed_timer))
    ELSE '[]'
  END AS "missedPlaces!",
  updated_timer.place AS "place?",
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
  updated_timer.timer_last_error AS "lastError",
  updated_timer.timer_traceparent AS "traceparent"
FROM held_shard
LEFT JOIN updated_timer ON updated_timer.shard_id = held_shard.shard_id
WHERE held_shard.shard_id = :shardId!;

/*
  Timers of many shards. An owner is a shard at the version that its process thinks it has; each is fenced for itself. One
  row at least, as above, with the owners that have lost their shards besides.
*/
/* @name updateTimersOfShards */
WITH
  asked_shard AS MATERIALIZED (
    SELECT
      unnest(:owners!::int[]) AS owner,
      unnest(:shardIds!::int[]) AS shard_id,
      unnest(:shardVersions!::int8[]) AS shard_version
  ),
  held_shard AS MATERIALIZED (
    SELECT asked_shard.owner
    FROM asked_shard
    CROSS JOIN LATERAL (
      SELECT shard_id
      FROM timers
      WHERE shard_id = asked_shard.shard_id
        AND row_type = 1
        AND timer_execute_at = '1970-01-01 00:00:01+00'
        AND timer_uuid = '00000000-0000-0000-0000-000000000000'
        AND shard_version = asked_shard.shard_version
      FOR SHARE
    ) AS shard
  ),
  change AS MATERIALIZED (
    SELECT
      unnest(:places!::int[]) AS place,
      unnest(:timerOwners!::int[]) AS owner,
      unnest(:timerShardIds!::int[]) AS shard_id,
      unnest(:namespaces!::text[]) AS namespace,
      unnest(:ids!::text[]) AS id,
      unnest(:executeAts!::timestamptz[]) AS execute_at,
      unnest(:setCallbackUrls!::bool[]) AS set_callback_url,
      unnest(:callbackUrls!::text[]) AS callback_url,
      unnest(:setPayloads!::bool[]) AS set_payload,
      unnest(:payloads!::jsonb[]) AS payload,
      unnest(:setRetryPolicies!::bool[]) AS set_retry_policy,
      unnest(:retryPolicies!::jsonb[]) AS retry_policy,
      unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,
      unnest(:attempts!::int[]) AS attempts
  ),
  locked_timer AS MATERIALIZED (
    SELECT change.*, timer.row_place
    FROM change
    CROSS JOIN LATERAL (
      SELECT ctid AS row_place
      FROM timers
      WHERE shard_id = change.shard_id
        AND row_type = 2
        AND timer_namespace = change.namespace
        AND timer_id = change.id
      LIMIT 1
      FOR UPDATE SKIP LOCKED
    ) AS timer
    WHERE change.owner = ANY (ARRAY(SELECT owner FROM held_shard))
    LIMIT (SELECT count(*) FROM change)
  ),
  updated_timer AS (
    UPDATE timers
    SET timer_execute_at = COALESCE(locked_timer.execute_at, timers.timer_execute_at),
        timer_callback_url =
          CASE WHEN locked_timer.set_callback_url THEN locked_timer.callback_url ELSE timers.timer_callback_url END,
        timer_payload = CASE WHEN locked_timer.set_payload THEN locked_timer.payload ELSE timers.timer_payload END,
        timer_retry_policy =
          CASE WHEN locked_timer.set_retry_policy THEN locked_timer.retry_policy ELSE timers.timer_retry_policy END,
        timer_callback_timeout_seconds =
          COALESCE(locked_timer.callback_timeout_seconds, timers.timer_callback_timeout_seconds),
        timer_attempts = COALESCE(locked_timer.attempts, timers.timer_attempts),
        timer_revision = :revision!::text::int8,
        timer_updated_at = date_trunc('milliseconds', now()),
        timer_due_at = CASE WHEN locked_timer.execute_at IS NULL THEN timers.timer_due_at END,
        timer_first_attempt_at = CASE WHEN locked_timer.execute_at IS NULL THEN timers.timer_first_attempt_at END,
        timer_last_error = CASE WHEN locked_timer.execute_at IS NULL THEN timers.timer_last_error END
    FROM locked_timer
    WHERE timers.shard_id = locked_timer.shard_id
      AND timers.ctid = locked_timer.row_place
    RETURNING locked_timer.place, timers.*
  ),
  missed_timer AS MATERIALIZED (
    SELECT place
    FROM change
    WHERE place NOT IN (SELECT place FROM updated_timer)
      AND (
        SELECT true
        FROM timers
        WHERE shard_id = change.shard_id
          AND row_type = 2
          AND timer_namespace = change.namespace
          AND timer_id = change.id
        LIMIT 1
      )
  )
SELECT
  to_json(ARRAY(SELECT owner FROM asked_shard WHERE owner NOT IN (SELECT owner FROM held_shard))) AS "lostOwners!",
  CASE
    WHEN (SELECT count(*) FROM updated_timer) < cardinality(:places!::int[])
    THEN to_json(ARRAY(SELECT place FROM missed_timer))
    ELSE '[]'
  END AS "missedPlaces!",
  updated_timer.place AS "place?",
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
  updated_timer.timer_last_error AS "lastError",
  updated_timer.timer_traceparent AS "traceparent"
FROM (SELECT) AS statement
LEFT JOIN updated_timer ON TRUE;

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
  timer_last_error AS "lastError",
  timer_traceparent AS "traceparent";
