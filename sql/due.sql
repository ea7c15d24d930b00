/*
  What an engine needs of many shards at once: what is due in them, and a word when something new is due soon.

  LATERAL makes the part of each shard a range of the primary key of its own, on its own partition, however many there
  are and whatever the planner thinks of the table.
*/

/*
  For each shard, in the order of the shards: its timers after a place that are due up to now and a little further, in
  order and at most so many; then one row without a timer, which says who owns the shard, by which an owner knows that it
  still does, and when the first timer is due that is due later, by which the next look knows its time; and what the
  server's clock says when it makes that row, in microseconds since 1970: in the last row, just before the answer leaves.
*/
/* @name readDueTimers */
SELECT
  wanted.shard_id AS "shardId!",
  timer.timer_id AS "id?",
  timer.timer_namespace AS "namespace?",
  timer.timer_uuid AS "uuid?",
  CASE
    WHEN isfinite(timer.timer_execute_at)
    THEN (date_part('epoch', timer.timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
  END AS "executeAtMs",
  timer.timer_callback_url AS "callbackUrl",
  timer.timer_payload AS "payload",
  timer.timer_retry_policy AS "retryPolicy",
  timer.timer_callback_timeout_seconds AS "callbackTimeoutSeconds?",
  CASE
    WHEN isfinite(timer.timer_created_at)
    THEN (date_part('epoch', timer.timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
  END AS "createdAtMs",
  timer.timer_attempts AS "attempts?",
  timer.timer_revision::text AS "revision?",
  CASE
    WHEN isfinite(timer.timer_updated_at)
    THEN (date_part('epoch', timer.timer_updated_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
    WHEN timer.timer_updated_at IS NOT NULL
    THEN 9223372036854775807
  END AS "updatedAtMs",
  CASE
    WHEN isfinite(timer.timer_due_at)
    THEN (date_part('epoch', timer.timer_due_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
    WHEN timer.timer_due_at IS NOT NULL
    THEN 9223372036854775807
  END AS "dueAtMs",
  CASE
    WHEN isfinite(timer.timer_first_attempt_at)
    THEN (date_part('epoch', timer.timer_first_attempt_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
    WHEN timer.timer_first_attempt_at IS NOT NULL
    THEN 9223372036854775807
  END AS "firstAttemptAtMs",
  timer.timer_last_error AS "lastError",
  timer.timer_traceparent AS "traceparent",
  timer.shard_version AS "shardVersion?",
  timer.shard_owner_addr AS "ownerAddr?",
  CASE
    WHEN timer.timer_uuid IS NULL
    THEN (date_part('epoch', clock_timestamp() - '2000-01-01 00:00:00+00') * 1000000 + 946684800000000)::int8
  END AS "nowUs?"
FROM (
  SELECT
    unnest(:shardIds!::int[]) AS shard_id,
    unnest(:afterExecuteAts!::timestamptz[]) AS after_execute_at,
    unnest(:afterUuids!::uuid[]) AS after_uuid
) AS wanted
CROSS JOIN LATERAL (
  (
    SELECT
      timer_id, timer_namespace, timer_uuid, timer_execute_at, timer_callback_url, timer_payload, timer_retry_policy,
      timer_callback_timeout_seconds, timer_created_at, timer_attempts, timer_revision, timer_updated_at, timer_due_at,
      timer_first_attempt_at, timer_last_error, timer_traceparent, NULL::int8 AS shard_version,
      NULL AS shard_owner_addr
    FROM timers
    WHERE shard_id = wanted.shard_id
      AND row_type = 2
      AND (timer_execute_at, timer_uuid) > (wanted.after_execute_at, wanted.after_uuid)
      AND timer_execute_at <= now() + :lookAheadMs!::int * interval '1 millisecond'
    ORDER BY timer_execute_at, timer_uuid
    LIMIT :limit!::int
  )
  UNION ALL
  (
    SELECT
      NULL, NULL, NULL, later_timer.timer_execute_at, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
      shard.shard_version, shard.shard_owner_addr
    FROM (SELECT) AS nothing
    LEFT JOIN LATERAL (
      SELECT shard_version, shard_owner_addr
      FROM timers
      WHERE shard_id = wanted.shard_id
        AND row_type = 1
        AND timer_execute_at = '1970-01-01 00:00:01+00'
        AND timer_uuid = '00000000-0000-0000-0000-000000000000'
    ) AS shard ON true
    LEFT JOIN LATERAL (
      SELECT timer_execute_at
      FROM timers
      WHERE shard_id = wanted.shard_id
        AND row_type = 2
        AND timer_execute_at > now() + :lookAheadMs!::int * interval '1 millisecond'
      ORDER BY timer_execute_at, timer_uuid
      LIMIT 1
    ) AS later_timer ON true
  )
) AS timer;

/*
  The same for the shards of one part of Citus, which has to see that they are: from what is given beside the rows. It lets
  no statement ask the clock, so that the server's time is that of the statement's beginning.
*/
/* @name readDueTimersOfPart */
SELECT
  wanted.shard_id AS "shardId!",
  timer.timer_id AS "id?",
  timer.timer_namespace AS "namespace?",
  timer.timer_uuid AS "uuid?",
  CASE
    WHEN isfinite(timer.timer_execute_at)
    THEN (date_part('epoch', timer.timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
  END AS "executeAtMs",
  timer.timer_callback_url AS "callbackUrl",
  timer.timer_payload AS "payload",
  timer.timer_retry_policy AS "retryPolicy",
  timer.timer_callback_timeout_seconds AS "callbackTimeoutSeconds?",
  CASE
    WHEN isfinite(timer.timer_created_at)
    THEN (date_part('epoch', timer.timer_created_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
  END AS "createdAtMs",
  timer.timer_attempts AS "attempts?",
  timer.timer_revision::text AS "revision?",
  CASE
    WHEN isfinite(timer.timer_updated_at)
    THEN (date_part('epoch', timer.timer_updated_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
    WHEN timer.timer_updated_at IS NOT NULL
    THEN 9223372036854775807
  END AS "updatedAtMs",
  CASE
    WHEN isfinite(timer.timer_due_at)
    THEN (date_part('epoch', timer.timer_due_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
    WHEN timer.timer_due_at IS NOT NULL
    THEN 9223372036854775807
  END AS "dueAtMs",
  CASE
    WHEN isfinite(timer.timer_first_attempt_at)
    THEN (date_part('epoch', timer.timer_first_attempt_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
    WHEN timer.timer_first_attempt_at IS NOT NULL
    THEN 9223372036854775807
  END AS "firstAttemptAtMs",
  timer.timer_last_error AS "lastError",
  timer.timer_traceparent AS "traceparent",
  timer.shard_version AS "shardVersion?",
  timer.shard_owner_addr AS "ownerAddr?",
  CASE
    WHEN timer.timer_uuid IS NULL
    THEN (date_part('epoch', now() - '2000-01-01 00:00:00+00') * 1000000 + 946684800000000)::int8
  END AS "nowUs?"
FROM (
  SELECT
    unnest(:shardIds!::int[]) AS shard_id,
    unnest(:afterExecuteAts!::timestamptz[]) AS after_execute_at,
    unnest(:afterUuids!::uuid[]) AS after_uuid
) AS wanted
CROSS JOIN LATERAL (
  (
    SELECT
      timer_id, timer_namespace, timer_uuid, timer_execute_at, timer_callback_url, timer_payload, timer_retry_policy,
      timer_callback_timeout_seconds, timer_created_at, timer_attempts, timer_revision, timer_updated_at, timer_due_at,
      timer_first_attempt_at, timer_last_error, timer_traceparent, NULL::int8 AS shard_version,
      NULL AS shard_owner_addr
    FROM timers
    WHERE shard_id = wanted.shard_id
      AND shard_id = ANY(:shardIds!)
      AND row_type = 2
      AND (timer_execute_at, timer_uuid) > (wanted.after_execute_at, wanted.after_uuid)
      AND timer_execute_at <= now() + :lookAheadMs!::int * interval '1 millisecond'
    ORDER BY timer_execute_at, timer_uuid
    LIMIT :limit!::int
  )
  UNION ALL
  (
    SELECT
      NULL, NULL, NULL, later_timer.timer_execute_at, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
      shard.shard_version, shard.shard_owner_addr
    FROM (SELECT) AS nothing
    LEFT JOIN LATERAL (
      SELECT shard_version, shard_owner_addr
      FROM timers
      WHERE shard_id = wanted.shard_id
        AND shard_id = ANY(:shardIds!)
        AND row_type = 1
        AND timer_execute_at = '1970-01-01 00:00:01+00'
        AND timer_uuid = '00000000-0000-0000-0000-000000000000'
    ) AS shard ON true
    LEFT JOIN LATERAL (
      SELECT timer_execute_at
      FROM timers
      WHERE shard_id = wanted.shard_id
        AND shard_id = ANY(:shardIds!)
        AND row_type = 2
        AND timer_execute_at > now() + :lookAheadMs!::int * interval '1 millisecond'
      ORDER BY timer_execute_at, timer_uuid
      LIMIT 1
    ) AS later_timer ON true
  )
) AS timer;

/*
  Tells the engines of other processes that timers of these shards are due soon. The channel is named after the schema,
  so that stores beside each other do not wake each other. In a transaction, the word goes out when it commits.
*/
/* @name announceDueTimers */
SELECT pg_notify('pg_timer_store_due_' || relnamespace, :shardIds!::text)::text AS "announced"
FROM pg_class
WHERE oid = to_regclass('timers');

/* @name readDueChannel */
SELECT 'pg_timer_store_due_' || relnamespace AS "channel!"
FROM pg_class
WHERE oid = to_regclass('timers');

/* Whether this session still listens: a pooler may have given the client another one. */
/* @name readIsListening */
SELECT EXISTS (
  SELECT
  FROM pg_listening_channels() AS listening (channel)
  WHERE listening.channel = :channel!
) AS "isListening!";
