/*
  Moving a shard to another server.

  A shard row whose version is NULL is sealed: no fenced write and no claim ever finds its version, and the writes
  without a fence look for the seal. What a sealed row is for stands in its metadata, under "move":

    {"id", "state": "incoming", "run"}   the target, from before the first timer is copied
    {"id", "state": "arrived"}           the target, in use; its row is no longer sealed
    {"id", "state": "outgoing", "version"}  the source, whose timers are still there
    {"id", "state": "gone", "version"}   the source, without timers, for ever

  The id is that of the move, and run that of the call that works on it: each write to the target locks its row
  FOR SHARE at this run, so that a call that was taken over, such as one of a process that was thought dead, writes
  nothing more.

  Rows travel as text that no setting of a connection changes: times in UTC as JSON has them, JSON as jsonb prints it.
*/

/* Any shard row, sealed or not, readable or not. */
/* @name readMovingShard */
SELECT
  shard_version AS "version",
  shard_owner_addr AS "ownerAddr",
  to_jsonb(shard_claimed_at AT TIME ZONE 'UTC') #>> '{}' AS "claimedAt",
  shard_metadata::text AS "metadata",
  COALESCE(jsonb_typeof(shard_metadata) = 'object', false) AS "hasMetadata!",
  shard_metadata #>> '{move,id}' AS "moveId",
  shard_metadata #>> '{move,state}' AS "moveState",
  (shard_metadata #>> '{move,version}')::int8 AS "moveVersion"
FROM timers
WHERE shard_id = :shardId!
  AND row_type = 1
  AND timer_execute_at = '1970-01-01 00:00:01+00'
  AND timer_uuid = '00000000-0000-0000-0000-000000000000';

/* No row: the target has one already. */
/* @name seedTarget */
INSERT INTO timers (shard_id, row_type, timer_execute_at, timer_uuid, shard_metadata)
VALUES (
  :shardId!, 1, '1970-01-01 00:00:01+00', '00000000-0000-0000-0000-000000000000', :move!::jsonb
)
ON CONFLICT DO NOTHING;

/* No row: the target's row is no longer what was seen. */
/* @name takeTarget */
UPDATE timers
SET shard_metadata = :move!::jsonb
WHERE shard_id = :shardId!
  AND row_type = 1
  AND timer_execute_at = '1970-01-01 00:00:01+00'
  AND timer_uuid = '00000000-0000-0000-0000-000000000000'
  AND shard_version IS NULL
  AND shard_metadata = :seenMetadata!::jsonb;

/* No row: the shard has another version by now. Waits for the fenced writes that are under way, as a claim does. */
/* @name sealSource */
UPDATE timers
SET shard_version = NULL,
    shard_metadata = shard_metadata || :move!::jsonb
WHERE shard_id = :shardId!
  AND row_type = 1
  AND timer_execute_at = '1970-01-01 00:00:01+00'
  AND timer_uuid = '00000000-0000-0000-0000-000000000000'
  AND shard_version = :version!;

/*
  A page of timers in order, each with a digest of all that it has. NULL and the JSON value null look alike in an array,
  so which of them it is has a place of its own. The size is what the timer takes in memory, about.

  OFFSET 0 keeps the planner from putting the text together twice. BETWEEN: see delete.sql.
*/
/* @name listMovingTimers */
SELECT
  to_jsonb(timer.timer_execute_at AT TIME ZONE 'UTC') #>> '{}' AS "executeAt!",
  timer.timer_uuid AS "uuid!",
  encode(sha256(convert_to(content.text, 'UTF8')), 'hex') AS "digest!",
  octet_length(content.text) AS "size!"
FROM timers AS timer
CROSS JOIN LATERAL (
  SELECT json_build_array(
    timer.timer_id, timer.timer_namespace, timer.timer_callback_url,
    timer.timer_payload IS NULL, timer.timer_payload, timer.timer_retry_policy IS NULL, timer.timer_retry_policy,
    timer.timer_callback_timeout_seconds, timer.timer_created_at AT TIME ZONE 'UTC', timer.timer_attempts,
    timer.timer_revision, timer.timer_updated_at AT TIME ZONE 'UTC', timer.timer_due_at AT TIME ZONE 'UTC',
    timer.timer_first_attempt_at AT TIME ZONE 'UTC', timer.timer_last_error, timer.timer_traceparent,
    timer.shard_version, timer.shard_owner_addr, timer.shard_claimed_at AT TIME ZONE 'UTC',
    timer.shard_metadata IS NULL, timer.shard_metadata
  )::text AS text
  OFFSET 0
) AS content
WHERE timer.shard_id = :shardId!
  AND timer.row_type = :rowType!
  AND timer.timer_execute_at BETWEEN (:afterExecuteAt!::timestamp AT TIME ZONE 'UTC')
    AND (:upToExecuteAt!::timestamp AT TIME ZONE 'UTC')
  AND (timer.timer_execute_at, timer.timer_uuid) >= (:afterExecuteAt!::timestamp AT TIME ZONE 'UTC', :afterUuid!::uuid)
  AND (timer.timer_execute_at, timer.timer_uuid) <= (:upToExecuteAt!::timestamp AT TIME ZONE 'UTC', :upToUuid!::uuid)
  AND (
    :includeAfter!::bool
    OR (timer.timer_execute_at, timer.timer_uuid) <> (:afterExecuteAt!::timestamp AT TIME ZONE 'UTC', :afterUuid!::uuid)
  )
ORDER BY timer.timer_execute_at, timer.timer_uuid
LIMIT :limit!::int;

/*
  Whole timers by their keys, as far as they are still there. LATERAL with a LIMIT makes it one lookup for each, and the
  key as a range in an order makes it one by the primary key: on a table without statistics, the planner goes through the
  whole shard otherwise, as one timer seems to be all that there is.
*/
/* @name readMovingTimers */
SELECT
  to_jsonb(timer.timer_execute_at AT TIME ZONE 'UTC') #>> '{}' AS "executeAt!",
  timer.timer_uuid AS "uuid!",
  timer.timer_id AS "id",
  timer.timer_namespace AS "namespace",
  timer.timer_callback_url AS "callbackUrl",
  timer.timer_payload::text AS "payload",
  timer.timer_retry_policy::text AS "retryPolicy",
  timer.timer_callback_timeout_seconds AS "callbackTimeoutSeconds",
  to_jsonb(timer.timer_created_at AT TIME ZONE 'UTC') #>> '{}' AS "createdAt!",
  timer.timer_attempts AS "attempts!",
  timer.timer_revision::text AS "revision!",
  to_jsonb(timer.timer_updated_at AT TIME ZONE 'UTC') #>> '{}' AS "updatedAt",
  to_jsonb(timer.timer_due_at AT TIME ZONE 'UTC') #>> '{}' AS "dueAt",
  to_jsonb(timer.timer_first_attempt_at AT TIME ZONE 'UTC') #>> '{}' AS "firstAttemptAt",
  timer.timer_last_error AS "lastError",
  timer.timer_traceparent AS "traceparent",
  timer.shard_version::text AS "version",
  timer.shard_owner_addr AS "ownerAddr",
  to_jsonb(timer.shard_claimed_at AT TIME ZONE 'UTC') #>> '{}' AS "claimedAt",
  timer.shard_metadata::text AS "metadata"
FROM (
  SELECT
    unnest(:executeAts!::text[])::timestamp AT TIME ZONE 'UTC' AS execute_at,
    unnest(:uuids!::uuid[]) AS uuid
) AS wanted
CROSS JOIN LATERAL (
  SELECT *
  FROM timers
  WHERE shard_id = :shardId!
    AND row_type = :rowType!
    AND timer_execute_at BETWEEN wanted.execute_at AND wanted.execute_at
    AND (timer_execute_at, timer_uuid) >= (wanted.execute_at, wanted.uuid)
    AND (timer_execute_at, timer_uuid) <= (wanted.execute_at, wanted.uuid)
  ORDER BY timer_execute_at, timer_uuid
  LIMIT 1
) AS timer
WHERE timer.shard_id = :shardId!;

/*
  Writes timers to the target in exchange for stale ones, and for those with the same ids, wherever they are due there.
  No row: the target's row is no longer at this run. Nobody else writes there, so that a ctid stays what it is. The
  INSERT reads the count of the deleted rows, so that it cannot start before the DELETE is done.
*/
/* @name replaceMovingTimers */
WITH
  held_shard AS MATERIALIZED (
    SELECT shard_id
    FROM timers
    WHERE shard_id = :shardId!
      AND row_type = 1
      AND timer_execute_at = '1970-01-01 00:00:01+00'
      AND timer_uuid = '00000000-0000-0000-0000-000000000000'
      AND shard_version IS NULL
      AND shard_metadata #>> '{move,run}' = :run!
    FOR SHARE
  ),
  stale_timers AS (
    SELECT timer.ctid
    FROM (
      SELECT
        unnest(:staleExecuteAts!::text[])::timestamp AT TIME ZONE 'UTC' AS execute_at,
        unnest(:staleUuids!::uuid[]) AS uuid
    ) AS stale
    CROSS JOIN LATERAL (
      SELECT shard_id, ctid
      FROM timers
      WHERE shard_id = :shardId!
        AND row_type = :rowType!
        AND timer_execute_at BETWEEN stale.execute_at AND stale.execute_at
        AND (timer_execute_at, timer_uuid) >= (stale.execute_at, stale.uuid)
        AND (timer_execute_at, timer_uuid) <= (stale.execute_at, stale.uuid)
      ORDER BY timer_execute_at, timer_uuid
      LIMIT 1
    ) AS timer
    UNION ALL
    SELECT timer.ctid
    FROM (SELECT unnest(:namespaces!::text[]) AS namespace, unnest(:ids!::text[]) AS id) AS replaced
    CROSS JOIN LATERAL (
      SELECT shard_id, ctid
      FROM timers
      WHERE shard_id = :shardId!
        AND row_type = :rowType!
        AND timer_namespace = replaced.namespace
        AND timer_id = replaced.id
      OFFSET 0
    ) AS timer
  ),
  deleted_timers AS (
    DELETE FROM timers
    WHERE shard_id = :shardId!
      AND row_type = :rowType!
      AND ctid = ANY (ARRAY(SELECT ctid FROM stale_timers))
      AND EXISTS (SELECT FROM held_shard)
    RETURNING shard_id
  ),
  deletion AS MATERIALIZED (
    SELECT count(*) AS deleted_count
    FROM deleted_timers
  ),
  inserted_timers AS (
    INSERT INTO timers (
      shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
      timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,
      timer_revision, timer_updated_at, timer_due_at, timer_first_attempt_at, timer_last_error,
      timer_traceparent, shard_version, shard_owner_addr, shard_claimed_at, shard_metadata
    )
    SELECT
      held_shard.shard_id, :rowType!::smallint, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,
      t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts,
      t.revision, t.updated_at, t.due_at, t.first_attempt_at, t.last_error,
      t.traceparent, t.version, t.owner_addr, t.claimed_at, t.metadata
    FROM held_shard
    CROSS JOIN deletion
    CROSS JOIN (
      SELECT
        unnest(:executeAts!::text[])::timestamp AT TIME ZONE 'UTC' AS execute_at,
        unnest(:uuids!::uuid[]) AS uuid,
        unnest(:ids!::text[]) AS id,
        unnest(:namespaces!::text[]) AS namespace,
        unnest(:callbackUrls!::text[]) AS callback_url,
        unnest(:payloads!::jsonb[]) AS payload,
        unnest(:retryPolicies!::jsonb[]) AS retry_policy,
        unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,
        unnest(:createdAts!::text[])::timestamp AT TIME ZONE 'UTC' AS created_at,
        unnest(:attempts!::int[]) AS attempts,
        unnest(:revisions!::text[])::int8 AS revision,
        unnest(:updatedAts!::text[])::timestamp AT TIME ZONE 'UTC' AS updated_at,
        unnest(:dueAts!::text[])::timestamp AT TIME ZONE 'UTC' AS due_at,
        unnest(:firstAttemptAts!::text[])::timestamp AT TIME ZONE 'UTC' AS first_attempt_at,
        unnest(:lastErrors!::text[]) AS last_error,
        unnest(:traceparents!::text[]) AS traceparent,
        unnest(:versions!::text[])::int8 AS version,
        unnest(:ownerAddrs!::text[]) AS owner_addr,
        unnest(:claimedAts!::text[])::timestamp AT TIME ZONE 'UTC' AS claimed_at,
        unnest(:metadatas!::jsonb[]) AS metadata
    ) AS t
    RETURNING shard_id
  )
SELECT (SELECT count(*) FROM inserted_timers)::int AS "insertedCount!"
FROM held_shard
WHERE held_shard.shard_id = :shardId!;

/* From here on the target is the shard's server. No row: its row is no longer at this run. */
/* @name activateTarget */
UPDATE timers
SET shard_version = :version!,
    shard_owner_addr = :ownerAddr,
    shard_claimed_at = :claimedAt::timestamp AT TIME ZONE 'UTC',
    shard_metadata = :metadata!::jsonb || :move!::jsonb
WHERE shard_id = :shardId!
  AND row_type = 1
  AND timer_execute_at = '1970-01-01 00:00:01+00'
  AND timer_uuid = '00000000-0000-0000-0000-000000000000'
  AND shard_version IS NULL
  AND shard_metadata #>> '{move,run}' = :run!;

/*
  Deletes the first timers of the source from a place on, which is the one where the last delete ended: the server need
  not go through what was deleted before. No row: the source's row is no longer that of this move.
*/
/* @name deleteMovedTimers */
WITH
  held_shard AS MATERIALIZED (
    SELECT shard_id
    FROM timers
    WHERE shard_id = :shardId!
      AND row_type = 1
      AND timer_execute_at = '1970-01-01 00:00:01+00'
      AND timer_uuid = '00000000-0000-0000-0000-000000000000'
      AND shard_version IS NULL
      AND shard_metadata #>> '{move,id}' = :moveId!
    FOR SHARE
  ),
  limit_timer AS (
    SELECT timer_execute_at, timer_uuid
    FROM timers
    WHERE shard_id = :shardId!
      AND row_type = :rowType!
      AND timer_execute_at >= (:afterExecuteAt!::timestamp AT TIME ZONE 'UTC')
      AND (timer_execute_at, timer_uuid) >= (:afterExecuteAt!::timestamp AT TIME ZONE 'UTC', :afterUuid!::uuid)
    ORDER BY timer_execute_at, timer_uuid
    OFFSET :limit!::int - 1
    LIMIT 1
  ),
  last_key AS MATERIALIZED (
    SELECT timer_execute_at, timer_uuid
    FROM limit_timer
    UNION ALL
    SELECT 'infinity'::timestamptz, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid
    ORDER BY timer_execute_at, timer_uuid
    LIMIT 1
  ),
  deleted_timers AS (
    DELETE FROM timers
    WHERE shard_id = :shardId!
      AND row_type = :rowType!
      AND timer_execute_at BETWEEN
        (:afterExecuteAt!::timestamp AT TIME ZONE 'UTC') AND (SELECT timer_execute_at FROM last_key)
      AND (timer_execute_at, timer_uuid) >= (:afterExecuteAt!::timestamp AT TIME ZONE 'UTC', :afterUuid!::uuid)
      AND (timer_execute_at, timer_uuid) <= (SELECT timer_execute_at, timer_uuid FROM last_key)
      AND EXISTS (SELECT FROM held_shard)
    RETURNING shard_id
  )
SELECT
  (SELECT count(*) FROM deleted_timers)::int AS "deletedCount!",
  to_jsonb(last_key.timer_execute_at AT TIME ZONE 'UTC') #>> '{}' AS "executeAt!",
  last_key.timer_uuid AS "uuid!"
FROM held_shard
CROSS JOIN last_key
WHERE held_shard.shard_id = :shardId!;

/* The tombstone. No row: the source's row is no longer that of this move. */
/* @name finishMove */
UPDATE timers
SET shard_metadata = shard_metadata || :move!::jsonb
WHERE shard_id = :shardId!
  AND row_type = 1
  AND timer_execute_at = '1970-01-01 00:00:01+00'
  AND timer_uuid = '00000000-0000-0000-0000-000000000000'
  AND shard_version IS NULL
  AND shard_metadata #>> '{move,id}' = :moveId!;
