/*
  Deleting timers: by their ids, a range of at most so many, or a range in exchange for new ones.

  Each fenced query locks the shard row FOR SHARE and deletes only if that lock was had. Where it has a result, no
  row in it means that the fence failed.

  The BETWEEN of each DELETE says nothing that the tuples do not. But from tuples alone, the planner takes a range whose
  bounds it does not know for a ninth of the table, and reads all of a large one. What is in order and has a LIMIT has no
  BETWEEN: the planner would take so small a range for cheaper to sort than to read in order.

  A limited delete finds the last timer within the limit once and deletes up to it, or up to the end of the range
  if there are fewer. As an IN with a LIMIT, the subquery could run again in the middle and take more than the
  limit (PostgreSQL BUG #15715). What is moved out of the range or in front of it while the delete waits is left
  alone, as the outer WHERE sees it.
*/

/* A deletedCount of 0: the fence held, but there is no such timer. */
/* @name deleteTimer */
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
  deleted_timers AS (
    DELETE FROM timers
    WHERE shard_id = :shardId!
      AND row_type = 2
      AND timer_namespace = :namespace!
      AND timer_id = :timerId!
      AND EXISTS (SELECT FROM held_shard)
    RETURNING shard_id
  )
SELECT (SELECT count(*) FROM deleted_timers)::int AS "deletedCount!"
FROM held_shard
WHERE held_shard.shard_id = :shardId!;

/*
  Several timers of one shard, of which the statement leaves alone what another program has locked or changes meanwhile
  (see update.sql). The places, among those that were asked for, of the timers that were deleted, and of those that were
  missed. Of the others there is no timer.
*/
/* @name deleteTimers */
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
  asked_timer AS MATERIALIZED (
    SELECT
      unnest(:places!::int[]) AS place,
      unnest(:namespaces!::text[]) AS namespace,
      unnest(:ids!::text[]) AS id
  ),
  locked_timer AS MATERIALIZED (
    SELECT asked_timer.*, timer.row_place
    FROM asked_timer
    CROSS JOIN LATERAL (
      SELECT ctid AS row_place
      FROM timers
      WHERE shard_id = :shardId!
        AND row_type = 2
        AND timer_namespace = asked_timer.namespace
        AND timer_id = asked_timer.id
      LIMIT 1
      FOR UPDATE SKIP LOCKED
    ) AS timer
    WHERE EXISTS (SELECT FROM held_shard)
    LIMIT (SELECT count(*) FROM asked_timer)
  ),
  deleted_timer AS (
    DELETE FROM timers
    USING locked_timer
    WHERE timers.shard_id = :shardId!
      AND timers.ctid = locked_timer.row_place
      AND EXISTS (SELECT FROM held_shard)
    RETURNING locked_timer.place
  ),
  missed_timer AS MATERIALIZED (
    SELECT place
    FROM asked_timer
    WHERE place NOT IN (SELECT place FROM deleted_timer)
      AND (
        SELECT true
        FROM timers
        WHERE shard_id = :shardId!
          AND row_type = 2
          AND timer_namespace = asked_timer.namespace
          AND timer_id = asked_timer.id
        LIMIT 1
      )
  )
SELECT
  to_json(ARRAY(SELECT place FROM deleted_timer)) AS "deletedPlaces!",
  CASE
    WHEN (SELECT count(*) FROM deleted_timer) < cardinality(:places!::int[])
    THEN to_json(ARRAY(SELECT place FROM missed_timer))
    ELSE '[]'
  END AS "missedPlaces!"
FROM held_shard
WHERE held_shard.shard_id = :shardId!;

/* The same for many shards, each fenced for itself: one row, with the owners that have lost their shards besides. */
/* @name deleteTimersOfShards */
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
  asked_timer AS MATERIALIZED (
    SELECT
      unnest(:places!::int[]) AS place,
      unnest(:timerOwners!::int[]) AS owner,
      unnest(:timerShardIds!::int[]) AS shard_id,
      unnest(:namespaces!::text[]) AS namespace,
      unnest(:ids!::text[]) AS id
  ),
  locked_timer AS MATERIALIZED (
    SELECT asked_timer.*, timer.row_place
    FROM asked_timer
    CROSS JOIN LATERAL (
      SELECT ctid AS row_place
      FROM timers
      WHERE shard_id = asked_timer.shard_id
        AND row_type = 2
        AND timer_namespace = asked_timer.namespace
        AND timer_id = asked_timer.id
      LIMIT 1
      FOR UPDATE SKIP LOCKED
    ) AS timer
    WHERE asked_timer.owner = ANY (ARRAY(SELECT owner FROM held_shard))
    LIMIT (SELECT count(*) FROM asked_timer)
  ),
  deleted_timer AS (
    DELETE FROM timers
    USING locked_timer
    WHERE timers.shard_id = locked_timer.shard_id
      AND timers.ctid = locked_timer.row_place
    RETURNING locked_timer.place
  ),
  missed_timer AS MATERIALIZED (
    SELECT place
    FROM asked_timer
    WHERE place NOT IN (SELECT place FROM deleted_timer)
      AND (
        SELECT true
        FROM timers
        WHERE shard_id = asked_timer.shard_id
          AND row_type = 2
          AND timer_namespace = asked_timer.namespace
          AND timer_id = asked_timer.id
        LIMIT 1
      )
  )
SELECT
  to_json(ARRAY(SELECT owner FROM asked_shard WHERE owner NOT IN (SELECT owner FROM held_shard))) AS "lostOwners!",
  to_json(ARRAY(SELECT place FROM deleted_timer)) AS "deletedPlaces!",
  CASE
    WHEN (SELECT count(*) FROM deleted_timer) < cardinality(:places!::int[])
    THEN to_json(ARRAY(SELECT place FROM missed_timer))
    ELSE '[]'
  END AS "missedPlaces!";

/* No row deleted: there is no such timer, or the shard is sealed (see move.sql). */
/* @name deleteTimerNoLock */
DELETE FROM timers
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
  );

/*
  The rows are counted by the server's answer: returning them would take half as long again. So no row deleted can
  also mean that the fence failed, which is then asked for.
*/
/* @name rangeDeleteWithLimit */
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
  limit_timer AS (
    SELECT timer_execute_at, timer_uuid
    FROM timers
    WHERE shard_id = :shardId!
      AND row_type = 2
      AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)
      AND (timer_execute_at, timer_uuid) <= (:upToExecuteAt!, :upToUuid!)
    ORDER BY timer_execute_at, timer_uuid
    OFFSET GREATEST(:limit!::int - 1, 0)
    LIMIT 1
  ),
  last_key AS MATERIALIZED (
    SELECT timer_execute_at, timer_uuid
    FROM limit_timer
    UNION ALL
    SELECT :upToExecuteAt!, :upToUuid!
    ORDER BY timer_execute_at, timer_uuid
    LIMIT 1
  )
DELETE FROM timers
WHERE shard_id = :shardId!
  AND row_type = 2
  AND timer_execute_at BETWEEN :afterExecuteAt! AND (SELECT timer_execute_at FROM last_key)
  AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)
  AND (timer_execute_at, timer_uuid) <= (SELECT timer_execute_at, timer_uuid FROM last_key)
  AND :limit! > 0
  AND EXISTS (SELECT FROM held_shard);

/* @name rangeDeleteWithLimitNoLock */
WITH
  limit_timer AS (
    SELECT timer_execute_at, timer_uuid
    FROM timers
    WHERE shard_id = :shardId!
      AND row_type = 2
      AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)
      AND (timer_execute_at, timer_uuid) <= (:upToExecuteAt!, :upToUuid!)
    ORDER BY timer_execute_at, timer_uuid
    OFFSET GREATEST(:limit!::int - 1, 0)
    LIMIT 1
  ),
  last_key AS MATERIALIZED (
    SELECT timer_execute_at, timer_uuid
    FROM limit_timer
    UNION ALL
    SELECT :upToExecuteAt!, :upToUuid!
    ORDER BY timer_execute_at, timer_uuid
    LIMIT 1
  )
DELETE FROM timers
WHERE shard_id = :shardId!
  AND row_type = 2
  AND timer_execute_at BETWEEN :afterExecuteAt! AND (SELECT timer_execute_at FROM last_key)
  AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)
  AND (timer_execute_at, timer_uuid) <= (SELECT timer_execute_at, timer_uuid FROM last_key)
  AND :limit! > 0
  AND NOT EXISTS (
    SELECT
    FROM timers AS shard
    WHERE shard.shard_id = :shardId!
      AND shard.row_type = 1
      AND shard.timer_execute_at = '1970-01-01 00:00:01+00'
      AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'
      AND shard.shard_version IS NULL
  );

/*
  The INSERT reads the count of the deleted rows, so that it cannot start before the DELETE is done:
  a timer that is deleted and inserted again does not meet its own old row.
*/
/* @name rangeDeleteWithBatchInsertTxn */
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
  deleted_timers AS (
    DELETE FROM timers
    WHERE shard_id = :shardId!
      AND row_type = 2
      AND timer_execute_at BETWEEN :afterExecuteAt! AND :upToExecuteAt!
      AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)
      AND (timer_execute_at, timer_uuid) <= (:upToExecuteAt!, :upToUuid!)
      AND EXISTS (SELECT FROM held_shard)
    RETURNING shard_id
  ),
  deletion AS MATERIALIZED (
    SELECT count(*)::int AS deleted_count
    FROM deleted_timers
  ),
  inserted_timers AS (
    INSERT INTO timers (
      shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
      timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,
      timer_revision, timer_traceparent
    )
    SELECT
      held_shard.shard_id, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,
      t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts,
      :revision!::text::int8, t.traceparent
    FROM held_shard
    CROSS JOIN deletion
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
SELECT deletion.deleted_count AS "deletedCount!"
FROM held_shard
CROSS JOIN deletion
WHERE held_shard.shard_id = :shardId!;
