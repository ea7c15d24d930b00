/* Ownership of a shard: its one shard row, found by the whole primary key. */

/*
  Compare-and-set: of several claims that saw one version, the first to lock the row wins; the
  others find the version changed and return no claimed version. Not one row at all: the shard
  has never been claimed. A previous version of NULL: the shard is sealed (see move.sql).

  The previous owner is what the winning claim saw; the version proves that it is still true. The
  metadata is of the row as it was updated, since the previous owner may have written it meanwhile.
*/
/* @name claimShardOwnership */
WITH
  seen_shard AS MATERIALIZED (
    SELECT shard_id, shard_version, shard_owner_addr, shard_claimed_at
    FROM timers
    WHERE shard_id = :shardId!
      AND row_type = 1
      AND timer_execute_at = '1970-01-01 00:00:01+00'
      AND timer_uuid = '00000000-0000-0000-0000-000000000000'
  ),
  claimed_shard AS (
    UPDATE timers AS shard
    SET shard_version = seen_shard.shard_version + 1,
        shard_owner_addr = :ownerAddr!,
        shard_claimed_at = date_trunc('milliseconds', now())
    FROM seen_shard
    WHERE shard.shard_id = :shardId!
      AND shard.row_type = 1
      AND shard.timer_execute_at = '1970-01-01 00:00:01+00'
      AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'
      AND shard.shard_version = seen_shard.shard_version
    RETURNING shard.shard_id, shard.shard_version, shard.shard_owner_addr, shard.shard_claimed_at, shard.shard_metadata
  )
SELECT
  seen_shard.shard_version AS "previousVersion?",
  seen_shard.shard_owner_addr AS "previousOwnerAddr!",
  CASE
    WHEN isfinite(seen_shard.shard_claimed_at)
    THEN (date_part('epoch', seen_shard.shard_claimed_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
  END AS "previousClaimedAtMs",
  claimed_shard.shard_version AS "shardVersion?",
  claimed_shard.shard_owner_addr AS "ownerAddr!",
  CASE
    WHEN isfinite(claimed_shard.shard_claimed_at)
    THEN (date_part('epoch', claimed_shard.shard_claimed_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
  END AS "claimedAtMs",
  claimed_shard.shard_metadata AS "metadata!"
FROM seen_shard
LEFT JOIN claimed_shard ON claimed_shard.shard_id = seen_shard.shard_id
WHERE seen_shard.shard_id = :shardId!;

/* The first claim of a shard. No row: another process made the first claim meanwhile. */
/* @name claimNewShard */
INSERT INTO timers (
  shard_id, row_type, timer_execute_at, timer_uuid,
  shard_version, shard_owner_addr, shard_claimed_at, shard_metadata
)
VALUES (
  :shardId!, 1, '1970-01-01 00:00:01+00', '00000000-0000-0000-0000-000000000000',
  1, :ownerAddr!, date_trunc('milliseconds', now()), '{}'
)
ON CONFLICT DO NOTHING
RETURNING
  shard_version AS "shardVersion!",
  shard_owner_addr AS "ownerAddr!",
  CASE
    WHEN isfinite(shard_claimed_at)
    THEN (date_part('epoch', shard_claimed_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
  END AS "claimedAtMs",
  shard_metadata AS "metadata!";

/* @name getShard */
SELECT
  shard_version AS "shardVersion?",
  shard_owner_addr AS "ownerAddr!",
  CASE
    WHEN isfinite(shard_claimed_at)
    THEN (date_part('epoch', shard_claimed_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
  END AS "claimedAtMs",
  shard_metadata AS "metadata!"
FROM timers
WHERE shard_id = :shardId!
  AND row_type = 1
  AND timer_execute_at = '1970-01-01 00:00:01+00'
  AND timer_uuid = '00000000-0000-0000-0000-000000000000';

/* No row updated: the fence failed. By what a move wrote, the call that ends it knows its target: see move.sql. */
/* @name updateShardMetadata */
UPDATE timers
SET shard_metadata = COALESCE(
  jsonb_set(:metadata!::jsonb, '{move}', shard_metadata -> 'move'),
  :metadata!::jsonb
)
WHERE shard_id = :shardId!
  AND row_type = 1
  AND timer_execute_at = '1970-01-01 00:00:01+00'
  AND timer_uuid = '00000000-0000-0000-0000-000000000000'
  AND shard_version = :shardVersion!;
