/*
  Creating timers, one or many in one statement.

  The fence: what is inserted comes from the shard row, locked FOR SHARE. A claim that commits first leaves nothing
  to insert; one that comes later waits until this write is committed. No row inserted: the fence failed.

  Many timers come as arrays of one element for each, so that the text stays the same for any number of them and can
  be prepared once. unnest in the SELECT list takes the server half as long as in FROM, where it keeps a copy of each
  array. The arrays come in the order of the ids: statements that share timers lock them in one order, so that none
  waits for another in a circle.
*/

/* @name createTimer */
INSERT INTO timers (
  shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
  timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,
  timer_revision, timer_traceparent
)
SELECT
  shard.shard_id, 2, :executeAt!::timestamptz, :uuid!::uuid, :id!::text, :namespace!::text, :callbackUrl::text,
  :payload::jsonb, :retryPolicy::jsonb, :callbackTimeoutSeconds!::int, :createdAt!::timestamptz, :attempts!::int,
  :revision!::text::int8, :traceparent::text
FROM timers AS shard
WHERE shard.shard_id = :shardId!
  AND shard.row_type = 1
  AND shard.timer_execute_at = '1970-01-01 00:00:01+00'
  AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'
  AND shard.shard_version = :shardVersion!
FOR SHARE OF shard
ON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE
SET timer_execute_at = excluded.timer_execute_at,
    timer_uuid = excluded.timer_uuid,
    timer_callback_url = excluded.timer_callback_url,
    timer_payload = excluded.timer_payload,
    timer_retry_policy = excluded.timer_retry_policy,
    timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,
    timer_created_at = excluded.timer_created_at,
    timer_attempts = excluded.timer_attempts,
    timer_revision = excluded.timer_revision,
    timer_traceparent = excluded.timer_traceparent,
    timer_updated_at = excluded.timer_updated_at,
    timer_due_at = excluded.timer_due_at,
    timer_first_attempt_at = excluded.timer_first_attempt_at,
    timer_last_error = excluded.timer_last_error;

/*
  The same without a fence, for processes that do not own the shard. What is inserted comes from the first row of the
  shard, read without a lock: its shard row, or, if it has never been claimed, a timer. No row inserted: the shard is
  sealed, since it is being moved (see move.sql), or it has no row yet.
*/
/* @name createTimerNoLock */
INSERT INTO timers (
  shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
  timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,
  timer_revision, timer_traceparent
)
SELECT
  first_row.shard_id, 2, :executeAt!::timestamptz, :uuid!::uuid, :id!::text, :namespace!::text, :callbackUrl::text,
  :payload::jsonb, :retryPolicy::jsonb, :callbackTimeoutSeconds!::int, :createdAt!::timestamptz, :attempts!::int,
  :revision!::text::int8, :traceparent::text
FROM (
  SELECT shard_id, row_type, shard_version
  FROM timers
  WHERE shard_id = :shardId!
    AND row_type >= 1
  ORDER BY row_type, timer_execute_at, timer_uuid
  LIMIT 1
) AS first_row
WHERE first_row.row_type <> 1
   OR first_row.shard_version IS NOT NULL
ON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE
SET timer_execute_at = excluded.timer_execute_at,
    timer_uuid = excluded.timer_uuid,
    timer_callback_url = excluded.timer_callback_url,
    timer_payload = excluded.timer_payload,
    timer_retry_policy = excluded.timer_retry_policy,
    timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,
    timer_created_at = excluded.timer_created_at,
    timer_attempts = excluded.timer_attempts,
    timer_revision = excluded.timer_revision,
    timer_traceparent = excluded.timer_traceparent,
    timer_updated_at = excluded.timer_updated_at,
    timer_due_at = excluded.timer_due_at,
    timer_first_attempt_at = excluded.timer_first_attempt_at,
    timer_last_error = excluded.timer_last_error;

/* @name createTimers */
INSERT INTO timers (
  shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
  timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,
  timer_revision, timer_traceparent
)
SELECT
  shard.shard_id, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,
  t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts,
  :revision!::text::int8, t.traceparent
FROM timers AS shard
CROSS JOIN (
  SELECT
    unnest(:executeAts!::timestamptz[]) AS execute_at,
    unnest(:uuids!::uuid[]) AS uuid,
    unnest(:ids!::text[]) AS id,
    unnest(:namespaces!::text[]) AS namespace,
    unnest(:callbackUrls!::text[]) AS callback_url,
    unnest(:payloads!::jsonb[]) AS payload,
    unnest(:retryPolicies!::jsonb[]) AS retry_policy,
    unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,
    unnest(:createdAts!::timestamptz[]) AS created_at,
    unnest(:attempts!::int[]) AS attempts,
    unnest(:traceparents!::text[]) AS traceparent
) AS t
WHERE shard.shard_id = :shardId!
  AND shard.row_type = 1
  AND shard.timer_execute_at = '1970-01-01 00:00:01+00'
  AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'
  AND shard.shard_version = :shardVersion!
FOR SHARE OF shard
ON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE
SET timer_execute_at = excluded.timer_execute_at,
    timer_uuid = excluded.timer_uuid,
    timer_callback_url = excluded.timer_callback_url,
    timer_payload = excluded.timer_payload,
    timer_retry_policy = excluded.timer_retry_policy,
    timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,
    timer_created_at = excluded.timer_created_at,
    timer_attempts = excluded.timer_attempts,
    timer_revision = excluded.timer_revision,
    timer_traceparent = excluded.timer_traceparent,
    timer_updated_at = excluded.timer_updated_at,
    timer_due_at = excluded.timer_due_at,
    timer_first_attempt_at = excluded.timer_first_attempt_at,
    timer_last_error = excluded.timer_last_error;

/* @name createTimersNoLock */
INSERT INTO timers (
  shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
  timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,
  timer_revision, timer_traceparent
)
SELECT
  first_row.shard_id, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,
  t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts,
  :revision!::text::int8, t.traceparent
FROM (
  SELECT shard_id, row_type, shard_version
  FROM timers
  WHERE shard_id = :shardId!
    AND row_type >= 1
  ORDER BY row_type, timer_execute_at, timer_uuid
  LIMIT 1
) AS first_row
CROSS JOIN (
  SELECT
    unnest(:executeAts!::timestamptz[]) AS execute_at,
    unnest(:uuids!::uuid[]) AS uuid,
    unnest(:ids!::text[]) AS id,
    unnest(:namespaces!::text[]) AS namespace,
    unnest(:callbackUrls!::text[]) AS callback_url,
    unnest(:payloads!::jsonb[]) AS payload,
    unnest(:retryPolicies!::jsonb[]) AS retry_policy,
    unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,
    unnest(:createdAts!::timestamptz[]) AS created_at,
    unnest(:attempts!::int[]) AS attempts,
    unnest(:traceparents!::text[]) AS traceparent
) AS t
WHERE first_row.row_type <> 1
   OR first_row.shard_version IS NOT NULL
ON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE
SET timer_execute_at = excluded.timer_execute_at,
    timer_uuid = excluded.timer_uuid,
    timer_callback_url = excluded.timer_callback_url,
    timer_payload = excluded.timer_payload,
    timer_retry_policy = excluded.timer_retry_policy,
    timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,
    timer_created_at = excluded.timer_created_at,
    timer_attempts = excluded.timer_attempts,
    timer_revision = excluded.timer_revision,
    timer_traceparent = excluded.timer_traceparent,
    timer_updated_at = excluded.timer_updated_at,
    timer_due_at = excluded.timer_due_at,
    timer_first_attempt_at = excluded.timer_first_attempt_at,
    timer_last_error = excluded.timer_last_error;

/* For a shard that has no row yet. No row inserted: it has one by now. */
/* @name createTimersOfUnclaimedShard */
INSERT INTO timers (
  shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
  timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,
  timer_revision, timer_traceparent
)
SELECT
  :shardId!, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,
  t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts,
  :revision!::text::int8, t.traceparent
FROM (
  SELECT
    unnest(:executeAts!::timestamptz[]) AS execute_at,
    unnest(:uuids!::uuid[]) AS uuid,
    unnest(:ids!::text[]) AS id,
    unnest(:namespaces!::text[]) AS namespace,
    unnest(:callbackUrls!::text[]) AS callback_url,
    unnest(:payloads!::jsonb[]) AS payload,
    unnest(:retryPolicies!::jsonb[]) AS retry_policy,
    unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,
    unnest(:createdAts!::timestamptz[]) AS created_at,
    unnest(:attempts!::int[]) AS attempts,
    unnest(:traceparents!::text[]) AS traceparent
) AS t
WHERE NOT EXISTS (
  SELECT
  FROM timers AS shard
  WHERE shard.shard_id = :shardId!
    AND shard.row_type = 1
    AND shard.timer_execute_at = '1970-01-01 00:00:01+00'
    AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'
)
ON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE
SET timer_execute_at = excluded.timer_execute_at,
    timer_uuid = excluded.timer_uuid,
    timer_callback_url = excluded.timer_callback_url,
    timer_payload = excluded.timer_payload,
    timer_retry_policy = excluded.timer_retry_policy,
    timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,
    timer_created_at = excluded.timer_created_at,
    timer_attempts = excluded.timer_attempts,
    timer_revision = excluded.timer_revision,
    timer_traceparent = excluded.timer_traceparent,
    timer_updated_at = excluded.timer_updated_at,
    timer_due_at = excluded.timer_due_at,
    timer_first_attempt_at = excluded.timer_first_attempt_at,
    timer_last_error = excluded.timer_last_error;

/*
  The same on Citus, which would take that statement apart, since it takes the shard from no row, and commit it in two
  phases. So one timer is inserted alone; then there is a row that others can come from. It does not look for the seal: a
  shard that was seen open stays so, since moveShard refuses Citus.
*/
/* @name createTimerOfUnclaimedShard */
INSERT INTO timers (
  shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
  timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,
  timer_revision, timer_traceparent
)
VALUES (
  :shardId!, 2, :executeAt!::timestamptz, :uuid!::uuid, :id!::text, :namespace!::text, :callbackUrl::text,
  :payload::jsonb, :retryPolicy::jsonb, :callbackTimeoutSeconds!::int, :createdAt!::timestamptz, :attempts!::int,
  :revision!::text::int8, :traceparent::text
)
ON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE
SET timer_execute_at = excluded.timer_execute_at,
    timer_uuid = excluded.timer_uuid,
    timer_callback_url = excluded.timer_callback_url,
    timer_payload = excluded.timer_payload,
    timer_retry_policy = excluded.timer_retry_policy,
    timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,
    timer_created_at = excluded.timer_created_at,
    timer_attempts = excluded.timer_attempts,
    timer_revision = excluded.timer_revision,
    timer_traceparent = excluded.timer_traceparent,
    timer_updated_at = excluded.timer_updated_at,
    timer_due_at = excluded.timer_due_at,
    timer_first_attempt_at = excluded.timer_first_attempt_at,
    timer_last_error = excluded.timer_last_error;

/*
  Creates timers of many shards, some of them with a fence. Each shard is fenced for itself: of one that has another
  version than its owner thinks, or is sealed, or has never been claimed, nothing is written. One row: the places, among
  the shards, of those that were held. A shard that is asked for with a fence and without is two places.
*/
/* @name createTimersOfShards */
WITH
  asked_shard AS MATERIALIZED (
    SELECT
      unnest(:places!::int[]) AS place,
      unnest(:shardIds!::int[]) AS shard_id,
      unnest(:shardVersions!::int8[]) AS shard_version
  ),
  held_shard AS MATERIALIZED (
    SELECT asked_shard.place
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
    WHERE asked_shard.shard_version IS NOT NULL
  ),
  unsealed_shard AS MATERIALIZED (
    SELECT asked_shard.place
    FROM asked_shard
    CROSS JOIN LATERAL (
      SELECT shard_id
      FROM timers
      WHERE shard_id = asked_shard.shard_id
        AND row_type = 1
        AND timer_execute_at = '1970-01-01 00:00:01+00'
        AND timer_uuid = '00000000-0000-0000-0000-000000000000'
        AND shard_version IS NOT NULL
      OFFSET 0
    ) AS shard
    WHERE asked_shard.shard_version IS NULL
  ),
  open_shard AS MATERIALIZED (
    SELECT place
    FROM held_shard
    UNION ALL
    SELECT place
    FROM unsealed_shard
  ),
  created_timer AS (
    INSERT INTO timers (
      shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
      timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,
      timer_revision, timer_traceparent
    )
    SELECT
      t.shard_id, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,
      t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts,
      :revision!::text::int8, t.traceparent
    FROM (
      SELECT
        unnest(:timerPlaces!::int[]) AS place,
        unnest(:timerShardIds!::int[]) AS shard_id,
        unnest(:executeAts!::timestamptz[]) AS execute_at,
        unnest(:uuids!::uuid[]) AS uuid,
        unnest(:ids!::text[]) AS id,
        unnest(:namespaces!::text[]) AS namespace,
        unnest(:callbackUrls!::text[]) AS callback_url,
        unnest(:payloads!::jsonb[]) AS payload,
        unnest(:retryPolicies!::jsonb[]) AS retry_policy,
        unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,
        unnest(:createdAts!::timestamptz[]) AS created_at,
        unnest(:attempts!::int[]) AS attempts,
        unnest(:traceparents!::text[]) AS traceparent
    ) AS t
    WHERE t.place = ANY (ARRAY(SELECT place FROM open_shard))
    ON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE
    SET timer_execute_at = excluded.timer_execute_at,
        timer_uuid = excluded.timer_uuid,
        timer_callback_url = excluded.timer_callback_url,
        timer_payload = excluded.timer_payload,
        timer_retry_policy = excluded.timer_retry_policy,
        timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,
        timer_created_at = excluded.timer_created_at,
        timer_attempts = excluded.timer_attempts,
        timer_revision = excluded.timer_revision,
        timer_traceparent = excluded.timer_traceparent,
        timer_updated_at = excluded.timer_updated_at,
        timer_due_at = excluded.timer_due_at,
        timer_first_attempt_at = excluded.timer_first_attempt_at,
        timer_last_error = excluded.timer_last_error
  )
SELECT to_json(ARRAY(SELECT place FROM open_shard)) AS "openPlaces!";

/*
  Creates timers of the shards of one part of Citus, each under the version of its owner. A row for each timer that was
  written: of a shard that has none, the fence failed. Each shard is asked for by one version.
*/
/* @name createTimersOfPart */
INSERT INTO timers (
  shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
  timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,
  timer_revision, timer_traceparent
)
SELECT
  shard.shard_id, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,
  t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts,
  :revision!::text::int8, t.traceparent
FROM timers AS shard
JOIN (
  SELECT
    unnest(:timerShardIds!::int[]) AS shard_id,
    unnest(:timerShardVersions!::int8[]) AS shard_version,
    unnest(:executeAts!::timestamptz[]) AS execute_at,
    unnest(:uuids!::uuid[]) AS uuid,
    unnest(:ids!::text[]) AS id,
    unnest(:namespaces!::text[]) AS namespace,
    unnest(:callbackUrls!::text[]) AS callback_url,
    unnest(:payloads!::jsonb[]) AS payload,
    unnest(:retryPolicies!::jsonb[]) AS retry_policy,
    unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,
    unnest(:createdAts!::timestamptz[]) AS created_at,
    unnest(:attempts!::int[]) AS attempts,
    unnest(:traceparents!::text[]) AS traceparent
) AS t ON t.shard_id = shard.shard_id AND t.shard_version = shard.shard_version
WHERE shard.shard_id = ANY(:shardIds!::int[])
  AND shard.row_type = 1
  AND shard.timer_execute_at = '1970-01-01 00:00:01+00'
  AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'
FOR SHARE OF shard
ON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE
SET timer_execute_at = excluded.timer_execute_at,
    timer_uuid = excluded.timer_uuid,
    timer_callback_url = excluded.timer_callback_url,
    timer_payload = excluded.timer_payload,
    timer_retry_policy = excluded.timer_retry_policy,
    timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,
    timer_created_at = excluded.timer_created_at,
    timer_attempts = excluded.timer_attempts,
    timer_revision = excluded.timer_revision,
    timer_traceparent = excluded.timer_traceparent,
    timer_updated_at = excluded.timer_updated_at,
    timer_due_at = excluded.timer_due_at,
    timer_first_attempt_at = excluded.timer_first_attempt_at,
    timer_last_error = excluded.timer_last_error
RETURNING shard_id AS "shardId!";
