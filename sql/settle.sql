/*
  Settling timers that were delivered: each by its key, and only while it is still the row that was delivered. Its
  revision tells: whoever writes a row gives it another.

  One statement settles timers of many shards. An owner is a shard at the version that its process thinks it has. Each is
  fenced for itself: of one that has lost its shard nothing is written, and the others are settled all the same. Shards
  come in the order of their numbers, in which every statement locks their rows; for the row of a timer no statement here
  waits: so none waits for another in a circle.
*/

/*
  Deletes what has been done. One row: the owners that hold their shards; the places of the timers that were not settled;
  and, of those, the places of the timers that are still there as they were delivered, but that another transaction holds.
  Nobody waits for that one: the others of the statement would have to. Nor is one settled that another program has written
  after the statement began, without another revision: the row that is locked then is not among those that it sees.

  Each timer is looked up by LATERAL with an order and a LIMIT, which makes it one range of the primary key, and is then
  deleted by its place in the table. Joined by its key, it would be found by whatever the planner thinks of the table: on
  one without statistics, by going through all timers of the shards for each (30 times slower). The LIMIT leaves none out:
  of one that it does not know, the planner expects a tenth, one row, of which the place is the cheapest. For more, it
  would read a whole index in a plan that it makes while the table is empty, and keep that plan.
*/
/* @name settleDoneTimers */
WITH
  held_shard AS MATERIALIZED (
    SELECT owned.owner
    FROM (
      SELECT
        unnest(:owners!::int[]) AS owner,
        unnest(:shardIds!::int[]) AS shard_id,
        unnest(:shardVersions!::int8[]) AS shard_version
    ) AS owned
    CROSS JOIN LATERAL (
      SELECT shard_id
      FROM timers
      WHERE shard_id = owned.shard_id
        AND row_type = 1
        AND timer_execute_at = '1970-01-01 00:00:01+00'
        AND timer_uuid = '00000000-0000-0000-0000-000000000000'
        AND shard_version = owned.shard_version
      FOR SHARE
    ) AS shard
  ),
  done AS MATERIALIZED (
    SELECT
      unnest(:places!::int[]) AS place,
      unnest(:timerOwners!::int[]) AS owner,
      unnest(:timerShardIds!::int[]) AS shard_id,
      unnest(:executeAts!::timestamptz[]) AS execute_at,
      unnest(:uuids!::uuid[]) AS uuid,
      unnest(:revisions!::text[])::int8 AS revision
  ),
  locked_timer AS MATERIALIZED (
    SELECT done.place, timer.shard_id, timer.row_place
    FROM done
    CROSS JOIN LATERAL (
      SELECT shard_id, ctid AS row_place
      FROM timers
      WHERE shard_id = done.shard_id
        AND row_type = 2
        AND timer_execute_at BETWEEN done.execute_at AND done.execute_at
        AND (timer_execute_at, timer_uuid) >= (done.execute_at, done.uuid)
        AND (timer_execute_at, timer_uuid) <= (done.execute_at, done.uuid)
        AND timer_revision = done.revision
      ORDER BY timer_execute_at, timer_uuid
      LIMIT 1
      FOR UPDATE SKIP LOCKED
    ) AS timer
    WHERE done.owner = ANY (ARRAY(SELECT owner FROM held_shard))
  ),
  deleted_timer AS (
    DELETE FROM timers
    USING (
      SELECT place, shard_id, row_place
      FROM locked_timer
      LIMIT (SELECT count(*) FROM done)
    ) AS settled_timer
    WHERE timers.shard_id = settled_timer.shard_id
      AND timers.ctid = settled_timer.row_place
    RETURNING settled_timer.place
  ),
  unsettled AS MATERIALIZED (
    SELECT *
    FROM done
    WHERE place NOT IN (SELECT place FROM deleted_timer)
  )
SELECT
  to_json(ARRAY(SELECT owner FROM held_shard)) AS "heldOwners!",
  to_json(ARRAY(SELECT place FROM unsettled)) AS "unsettledPlaces!",
  to_json(ARRAY(
    SELECT unsettled.place
    FROM unsettled
    CROSS JOIN LATERAL (
      SELECT
      FROM timers
      WHERE shard_id = unsettled.shard_id
        AND row_type = 2
        AND timer_execute_at BETWEEN unsettled.execute_at AND unsettled.execute_at
        AND (timer_execute_at, timer_uuid) >= (unsettled.execute_at, unsettled.uuid)
        AND (timer_execute_at, timer_uuid) <= (unsettled.execute_at, unsettled.uuid)
        AND timer_revision = unsettled.revision
      ORDER BY timer_execute_at, timer_uuid
      LIMIT 1
    ) AS timer
  )) AS "lockedPlaces!";

/*
  Settles whatever came of deliveries: 'done' deletes the timer, 'again' moves it to its next attempt or its next run,
  'dead' makes it a dead timer, in place of an earlier one of its id, unless it is not settled itself. All are locked
  first; the two deletes and the update would lock them in three runs. The UPDATE reads the count of what was deleted, so
  that it cannot start before that is gone, and has made room. One row, as above.
*/
/* @name settleTimers */
WITH
  held_shard AS MATERIALIZED (
    SELECT owned.owner
    FROM (
      SELECT
        unnest(:owners!::int[]) AS owner,
        unnest(:shardIds!::int[]) AS shard_id,
        unnest(:shardVersions!::int8[]) AS shard_version
    ) AS owned
    CROSS JOIN LATERAL (
      SELECT shard_id
      FROM timers
      WHERE shard_id = owned.shard_id
        AND row_type = 1
        AND timer_execute_at = '1970-01-01 00:00:01+00'
        AND timer_uuid = '00000000-0000-0000-0000-000000000000'
        AND shard_version = owned.shard_version
      FOR SHARE
    ) AS shard
  ),
  delivered AS MATERIALIZED (
    SELECT
      unnest(:places!::int[]) AS place,
      unnest(:timerOwners!::int[]) AS owner,
      unnest(:timerShardIds!::int[]) AS shard_id,
      unnest(:executeAts!::timestamptz[]) AS execute_at,
      unnest(:uuids!::uuid[]) AS uuid,
      unnest(:revisions!::text[])::int8 AS revision,
      unnest(:outcomes!::text[]) AS outcome,
      unnest(:nextExecuteAts!::timestamptz[]) AS next_execute_at,
      unnest(:dueAts!::timestamptz[]) AS due_at,
      unnest(:firstAttemptAts!::timestamptz[]) AS first_attempt_at,
      unnest(:attempts!::int[]) AS attempts,
      unnest(:newRevisions!::text[])::int8 AS new_revision,
      unnest(:lastErrors!::text[]) AS last_error,
      unnest(:setPayloads!::bool[]) AS set_payload,
      unnest(:payloads!::jsonb[]) AS payload
  ),
  locked_timer AS MATERIALIZED (
    SELECT delivered.*, timer.namespace, timer.id, timer.row_place
    FROM delivered
    CROSS JOIN LATERAL (
      SELECT shard_id, timer_namespace AS namespace, timer_id AS id, ctid AS row_place
      FROM timers
      WHERE shard_id = delivered.shard_id
        AND row_type = 2
        AND timer_execute_at BETWEEN delivered.execute_at AND delivered.execute_at
        AND (timer_execute_at, timer_uuid) >= (delivered.execute_at, delivered.uuid)
        AND (timer_execute_at, timer_uuid) <= (delivered.execute_at, delivered.uuid)
        AND timer_revision = delivered.revision
      ORDER BY timer_execute_at, timer_uuid
      LIMIT 1
      FOR UPDATE SKIP LOCKED
    ) AS timer
    WHERE delivered.owner = ANY (ARRAY(SELECT owner FROM held_shard))
  ),
  deleted_timer AS (
    DELETE FROM timers
    USING locked_timer
    WHERE timers.shard_id = locked_timer.shard_id
      AND timers.ctid = locked_timer.row_place
      AND locked_timer.outcome = 'done'
    RETURNING locked_timer.place
  ),
  dead_row AS MATERIALIZED (
    SELECT earlier.shard_id, earlier.row_place
    FROM locked_timer
    CROSS JOIN LATERAL (
      SELECT shard_id, ctid AS row_place
      FROM timers
      WHERE shard_id = locked_timer.shard_id
        AND row_type = 3
        AND timer_namespace = locked_timer.namespace
        AND timer_id = locked_timer.id
      LIMIT 1
    ) AS earlier
    WHERE locked_timer.outcome = 'dead'
      AND (
        SELECT true
        FROM timers
        WHERE shard_id = locked_timer.shard_id AND ctid = locked_timer.row_place
      )
  ),
  replaced_dead_timer AS (
    DELETE FROM timers
    USING dead_row
    WHERE timers.shard_id = dead_row.shard_id
      AND timers.ctid = dead_row.row_place
    RETURNING timers.shard_id
  ),
  deletion AS MATERIALIZED (
    SELECT count(*) AS deleted_count
    FROM (SELECT place FROM deleted_timer UNION ALL SELECT shard_id FROM replaced_dead_timer) AS deleted
  ),
  moved_timer AS (
    UPDATE timers
    SET row_type = CASE WHEN locked_timer.outcome = 'dead' THEN 3 ELSE 2 END,
        timer_execute_at = locked_timer.next_execute_at,
        timer_payload = CASE WHEN locked_timer.set_payload THEN locked_timer.payload ELSE timers.timer_payload END,
        timer_attempts = locked_timer.attempts,
        timer_revision = locked_timer.new_revision,
        timer_updated_at = date_trunc('milliseconds', now()),
        timer_due_at = CASE WHEN locked_timer.outcome = 'dead' THEN timers.timer_due_at ELSE locked_timer.due_at END,
        timer_first_attempt_at = locked_timer.first_attempt_at,
        timer_last_error = locked_timer.last_error
    FROM locked_timer
    CROSS JOIN deletion
    WHERE timers.shard_id = locked_timer.shard_id
      AND timers.ctid = locked_timer.row_place
      AND locked_timer.outcome IN ('again', 'dead')
    RETURNING locked_timer.place
  ),
  unsettled AS MATERIALIZED (
    SELECT *
    FROM delivered
    WHERE place NOT IN (SELECT place FROM deleted_timer UNION ALL SELECT place FROM moved_timer)
  )
SELECT
  to_json(ARRAY(SELECT owner FROM held_shard)) AS "heldOwners!",
  to_json(ARRAY(SELECT place FROM unsettled)) AS "unsettledPlaces!",
  to_json(ARRAY(
    SELECT unsettled.place
    FROM unsettled
    CROSS JOIN LATERAL (
      SELECT
      FROM timers
      WHERE shard_id = unsettled.shard_id
        AND row_type = 2
        AND timer_execute_at BETWEEN unsettled.execute_at AND unsettled.execute_at
        AND (timer_execute_at, timer_uuid) >= (unsettled.execute_at, unsettled.uuid)
        AND (timer_execute_at, timer_uuid) <= (unsettled.execute_at, unsettled.uuid)
        AND timer_revision = unsettled.revision
      ORDER BY timer_execute_at, timer_uuid
      LIMIT 1
    ) AS timer
  )) AS "lockedPlaces!";

/* Both for the shards of one part of Citus, which has to see that they are. */
/* @name settleDoneTimersOfPart */
WITH
  held_shard AS MATERIALIZED (
    SELECT owned.owner
    FROM (
      SELECT
        unnest(:owners!::int[]) AS owner,
        unnest(:shardIds!::int[]) AS shard_id,
        unnest(:shardVersions!::int8[]) AS shard_version
    ) AS owned
    CROSS JOIN LATERAL (
      SELECT shard_id
      FROM timers
      WHERE shard_id = owned.shard_id
        AND shard_id = ANY(:shardIds!)
        AND row_type = 1
        AND timer_execute_at = '1970-01-01 00:00:01+00'
        AND timer_uuid = '00000000-0000-0000-0000-000000000000'
        AND shard_version = owned.shard_version
      FOR SHARE
    ) AS shard
  ),
  done AS MATERIALIZED (
    SELECT
      unnest(:places!::int[]) AS place,
      unnest(:timerOwners!::int[]) AS owner,
      unnest(:timerShardIds!::int[]) AS shard_id,
      unnest(:executeAts!::timestamptz[]) AS execute_at,
      unnest(:uuids!::uuid[]) AS uuid,
      unnest(:revisions!::text[])::int8 AS revision
  ),
  locked_timer AS MATERIALIZED (
    SELECT done.place, timer.shard_id, timer.row_place
    FROM done
    CROSS JOIN LATERAL (
      SELECT shard_id, ctid AS row_place
      FROM timers
      WHERE shard_id = done.shard_id
        AND shard_id = ANY(:shardIds!)
        AND row_type = 2
        AND timer_execute_at BETWEEN done.execute_at AND done.execute_at
        AND (timer_execute_at, timer_uuid) >= (done.execute_at, done.uuid)
        AND (timer_execute_at, timer_uuid) <= (done.execute_at, done.uuid)
        AND timer_revision = done.revision
      ORDER BY timer_execute_at, timer_uuid
      LIMIT 1
      FOR UPDATE SKIP LOCKED
    ) AS timer
    WHERE done.owner = ANY (ARRAY(SELECT owner FROM held_shard))
  ),
  deleted_timer AS (
    DELETE FROM timers
    USING (
      SELECT place, shard_id, row_place
      FROM locked_timer
      LIMIT (SELECT count(*) FROM done)
    ) AS settled_timer
    WHERE timers.shard_id = settled_timer.shard_id
      AND timers.shard_id = ANY(:shardIds!)
      AND timers.ctid = settled_timer.row_place
    RETURNING settled_timer.place
  ),
  unsettled AS MATERIALIZED (
    SELECT *
    FROM done
    WHERE place NOT IN (SELECT place FROM deleted_timer)
  )
SELECT
  to_json(ARRAY(SELECT owner FROM held_shard)) AS "heldOwners!",
  to_json(ARRAY(SELECT place FROM unsettled)) AS "unsettledPlaces!",
  to_json(ARRAY(
    SELECT unsettled.place
    FROM unsettled
    CROSS JOIN LATERAL (
      SELECT
      FROM timers
      WHERE shard_id = unsettled.shard_id
        AND shard_id = ANY(:shardIds!)
        AND row_type = 2
        AND timer_execute_at BETWEEN unsettled.execute_at AND unsettled.execute_at
        AND (timer_execute_at, timer_uuid) >= (unsettled.execute_at, unsettled.uuid)
        AND (timer_execute_at, timer_uuid) <= (unsettled.execute_at, unsettled.uuid)
        AND timer_revision = unsettled.revision
      ORDER BY timer_execute_at, timer_uuid
      LIMIT 1
    ) AS timer
  )) AS "lockedPlaces!";

/* @name settleTimersOfPart */
WITH
  held_shard AS MATERIALIZED (
    SELECT owned.owner
    FROM (
      SELECT
        unnest(:owners!::int[]) AS owner,
        unnest(:shardIds!::int[]) AS shard_id,
        unnest(:shardVersions!::int8[]) AS shard_version
    ) AS owned
    CROSS JOIN LATERAL (
      SELECT shard_id
      FROM timers
      WHERE shard_id = owned.shard_id
        AND shard_id = ANY(:shardIds!)
        AND row_type = 1
        AND timer_execute_at = '1970-01-01 00:00:01+00'
        AND timer_uuid = '00000000-0000-0000-0000-000000000000'
        AND shard_version = owned.shard_version
      FOR SHARE
    ) AS shard
  ),
  delivered AS MATERIALIZED (
    SELECT
      unnest(:places!::int[]) AS place,
      unnest(:timerOwners!::int[]) AS owner,
      unnest(:timerShardIds!::int[]) AS shard_id,
      unnest(:executeAts!::timestamptz[]) AS execute_at,
      unnest(:uuids!::uuid[]) AS uuid,
      unnest(:revisions!::text[])::int8 AS revision,
      unnest(:outcomes!::text[]) AS outcome,
      unnest(:nextExecuteAts!::timestamptz[]) AS next_execute_at,
      unnest(:dueAts!::timestamptz[]) AS due_at,
      unnest(:firstAttemptAts!::timestamptz[]) AS first_attempt_at,
      unnest(:attempts!::int[]) AS attempts,
      unnest(:newRevisions!::text[])::int8 AS new_revision,
      unnest(:lastErrors!::text[]) AS last_error,
      unnest(:setPayloads!::bool[]) AS set_payload,
      unnest(:payloads!::jsonb[]) AS payload
  ),
  locked_timer AS MATERIALIZED (
    SELECT delivered.*, timer.namespace, timer.id, timer.row_place
    FROM delivered
    CROSS JOIN LATERAL (
      SELECT shard_id, timer_namespace AS namespace, timer_id AS id, ctid AS row_place
      FROM timers
      WHERE shard_id = delivered.shard_id
        AND shard_id = ANY(:shardIds!)
        AND row_type = 2
        AND timer_execute_at BETWEEN delivered.execute_at AND delivered.execute_at
        AND (timer_execute_at, timer_uuid) >= (delivered.execute_at, delivered.uuid)
        AND (timer_execute_at, timer_uuid) <= (delivered.execute_at, delivered.uuid)
        AND timer_revision = delivered.revision
      ORDER BY timer_execute_at, timer_uuid
      LIMIT 1
      FOR UPDATE SKIP LOCKED
    ) AS timer
    WHERE delivered.owner = ANY (ARRAY(SELECT owner FROM held_shard))
  ),
  deleted_timer AS (
    DELETE FROM timers
    USING locked_timer
    WHERE timers.shard_id = locked_timer.shard_id
      AND timers.shard_id = ANY(:shardIds!)
      AND timers.ctid = locked_timer.row_place
      AND locked_timer.outcome = 'done'
    RETURNING locked_timer.place
  ),
  dead_row AS MATERIALIZED (
    SELECT earlier.shard_id, earlier.row_place
    FROM locked_timer
    CROSS JOIN LATERAL (
      SELECT shard_id, ctid AS row_place
      FROM timers
      WHERE shard_id = locked_timer.shard_id
        AND shard_id = ANY(:shardIds!)
        AND row_type = 3
        AND timer_namespace = locked_timer.namespace
        AND timer_id = locked_timer.id
      LIMIT 1
    ) AS earlier
    WHERE locked_timer.outcome = 'dead'
      AND (
        SELECT true
        FROM timers
        WHERE shard_id = locked_timer.shard_id AND shard_id = ANY(:shardIds!) AND ctid = locked_timer.row_place
      )
  ),
  replaced_dead_timer AS (
    DELETE FROM timers
    USING dead_row
    WHERE timers.shard_id = dead_row.shard_id
      AND timers.shard_id = ANY(:shardIds!)
      AND timers.ctid = dead_row.row_place
    RETURNING timers.shard_id
  ),
  deletion AS MATERIALIZED (
    SELECT count(*) AS deleted_count
    FROM (SELECT place FROM deleted_timer UNION ALL SELECT shard_id FROM replaced_dead_timer) AS deleted
  ),
  moved_timer AS (
    UPDATE timers
    SET row_type = CASE WHEN locked_timer.outcome = 'dead' THEN 3 ELSE 2 END,
        timer_execute_at = locked_timer.next_execute_at,
        timer_payload = CASE WHEN locked_timer.set_payload THEN locked_timer.payload ELSE timers.timer_payload END,
        timer_attempts = locked_timer.attempts,
        timer_revision = locked_timer.new_revision,
        timer_updated_at = date_trunc('milliseconds', now()),
        timer_due_at = CASE WHEN locked_timer.outcome = 'dead' THEN timers.timer_due_at ELSE locked_timer.due_at END,
        timer_first_attempt_at = locked_timer.first_attempt_at,
        timer_last_error = locked_timer.last_error
    FROM locked_timer
    CROSS JOIN deletion
    WHERE timers.shard_id = locked_timer.shard_id
      AND timers.shard_id = ANY(:shardIds!)
      AND timers.ctid = locked_timer.row_place
      AND locked_timer.outcome IN ('again', 'dead')
    RETURNING locked_timer.place
  ),
  unsettled AS MATERIALIZED (
    SELECT *
    FROM delivered
    WHERE place NOT IN (SELECT place FROM deleted_timer UNION ALL SELECT place FROM moved_timer)
  )
SELECT
  to_json(ARRAY(SELECT owner FROM held_shard)) AS "heldOwners!",
  to_json(ARRAY(SELECT place FROM unsettled)) AS "unsettledPlaces!",
  to_json(ARRAY(
    SELECT unsettled.place
    FROM unsettled
    CROSS JOIN LATERAL (
      SELECT
      FROM timers
      WHERE shard_id = unsettled.shard_id
        AND shard_id = ANY(:shardIds!)
        AND row_type = 2
        AND timer_execute_at BETWEEN unsettled.execute_at AND unsettled.execute_at
        AND (timer_execute_at, timer_uuid) >= (unsettled.execute_at, unsettled.uuid)
        AND (timer_execute_at, timer_uuid) <= (unsettled.execute_at, unsettled.uuid)
        AND timer_revision = unsettled.revision
      ORDER BY timer_execute_at, timer_uuid
      LIMIT 1
    ) AS timer
  )) AS "lockedPlaces!";
