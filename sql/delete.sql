/*
  Deleting timers: one by its id, a range of at most so many, or a range in exchange for new ones.

  Each fenced query locks the shard row FOR SHARE and deletes only if that lock was had. No row in
  the result: the fence failed.

  A limited delete finds the last of the first timers of its range once, and deletes up to there. As an IN with
  a LIMIT, the subquery could run again in the middle and take more than the limit (PostgreSQL BUG #15715). What
  is moved out of the range or in front of it while the delete waits is left alone, as the outer WHERE sees it.
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

/* No row deleted: there is no such timer. */
/* @name deleteTimerNoLock */
DELETE FROM timers
WHERE shard_id = :shardId!
  AND row_type = 2
  AND timer_namespace = :namespace!
  AND timer_id = :timerId!;

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
  first_timers AS (
    SELECT timer_execute_at, timer_uuid
    FROM timers
    WHERE shard_id = :shardId!
      AND row_type = 2
      AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)
      AND (timer_execute_at, timer_uuid) <= (:upToExecuteAt!, :upToUuid!)
    ORDER BY timer_execute_at, timer_uuid
    LIMIT :limit!::int
  ),
  last_timer AS MATERIALIZED (
    SELECT timer_execute_at, timer_uuid
    FROM first_timers
    ORDER BY timer_execute_at DESC, timer_uuid DESC
    LIMIT 1
  ),
  deleted_timers AS (
    DELETE FROM timers
    WHERE shard_id = :shardId!
      AND row_type = 2
      AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)
      AND (timer_execute_at, timer_uuid) <= (SELECT timer_execute_at, timer_uuid FROM last_timer)
      AND EXISTS (SELECT FROM held_shard)
    RETURNING shard_id
  )
SELECT (SELECT count(*) FROM deleted_timers)::int AS "deletedCount!"
FROM held_shard
WHERE held_shard.shard_id = :shardId!;

/* @name rangeDeleteWithLimitNoLock */
WITH
  first_timers AS (
    SELECT timer_execute_at, timer_uuid
    FROM timers
    WHERE shard_id = :shardId!
      AND row_type = 2
      AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)
      AND (timer_execute_at, timer_uuid) <= (:upToExecuteAt!, :upToUuid!)
    ORDER BY timer_execute_at, timer_uuid
    LIMIT :limit!::int
  ),
  last_timer AS MATERIALIZED (
    SELECT timer_execute_at, timer_uuid
    FROM first_timers
    ORDER BY timer_execute_at DESC, timer_uuid DESC
    LIMIT 1
  ),
  deleted_timers AS (
    DELETE FROM timers
    WHERE shard_id = :shardId!
      AND row_type = 2
      AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)
      AND (timer_execute_at, timer_uuid) <= (SELECT timer_execute_at, timer_uuid FROM last_timer)
    RETURNING shard_id
  )
SELECT count(*)::int AS "deletedCount!"
FROM deleted_timers
WHERE deleted_timers.shard_id = :shardId!;

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
      timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts
    )
    SELECT
      held_shard.shard_id, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,
      t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts
    FROM held_shard
    CROSS JOIN deletion
    CROSS JOIN unnest(
      :executeAts!::timestamptz[], :uuids!::uuid[], :ids!::text[], :namespaces!::text[], :callbackUrls!::text[],
      :payloads!::jsonb[], :retryPolicies!::jsonb[], :callbackTimeoutSeconds!::int[], :createdAts!::timestamptz[],
      :attempts!::int[]
    ) AS t (
      execute_at, uuid, id, namespace, callback_url,
      payload, retry_policy, callback_timeout_seconds, created_at,
      attempts
    )
    ORDER BY t.namespace, t.id
    ON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE
    SET timer_execute_at = excluded.timer_execute_at,
        timer_uuid = excluded.timer_uuid,
        timer_callback_url = excluded.timer_callback_url,
        timer_payload = excluded.timer_payload,
        timer_retry_policy = excluded.timer_retry_policy,
        timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,
        timer_created_at = excluded.timer_created_at,
        timer_attempts = excluded.timer_attempts
  )
SELECT deletion.deleted_count AS "deletedCount!"
FROM held_shard
CROSS JOIN deletion
WHERE held_shard.shard_id = :shardId!;
