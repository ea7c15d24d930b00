/*
  What operators ask of many shards at once. LATERAL makes the part of each shard a range of the primary key of its own,
  which needs nothing but the index. What is counted is in order, as otherwise the planner may take the other index, and
  look at every row for its time.
*/

/*
  For each shard, in their order: who owns it, how many timers it has and how many of them are due, how many dead ones,
  each counted no further than a limit, and when its first timer is due. A shard that has a row without a version is
  sealed (see move.sql). The server's time, in microseconds since 1970, does not move within a statement.
*/
/* @name readBacklogs */
SELECT
  wanted.shard_id AS "shardId!",
  shard.shard_id IS NOT NULL AS "hasRow!",
  shard.shard_version AS "shardVersion?",
  shard.shard_owner_addr AS "ownerAddr?",
  CASE
    WHEN isfinite(shard.shard_claimed_at)
    THEN (date_part('epoch', shard.shard_claimed_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
  END AS "claimedAtMs",
  pending.timer_count AS "backlog!",
  due.timer_count AS "due!",
  dead.timer_count AS "dead!",
  CASE
    WHEN isfinite(first_timer.timer_execute_at)
    THEN (date_part('epoch', first_timer.timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
  END AS "firstExecuteAtMs",
  (date_part('epoch', now() - '2000-01-01 00:00:00+00') * 1000000 + 946684800000000)::int8 AS "nowUs!"
FROM (
  SELECT unnest(:shardIds!::int[]) AS shard_id
) AS wanted
LEFT JOIN LATERAL (
  SELECT shard_id, shard_version, shard_owner_addr, shard_claimed_at
  FROM timers
  WHERE shard_id = wanted.shard_id
    AND row_type = 1
    AND timer_execute_at = '1970-01-01 00:00:01+00'
    AND timer_uuid = '00000000-0000-0000-0000-000000000000'
  OFFSET 0
) AS shard ON true
CROSS JOIN LATERAL (
  SELECT count(*) AS timer_count
  FROM (
    SELECT
    FROM timers
    WHERE shard_id = wanted.shard_id
      AND row_type = 2
    ORDER BY timer_execute_at, timer_uuid
    LIMIT :limit!::int
  ) AS counted
) AS pending
CROSS JOIN LATERAL (
  SELECT count(*) AS timer_count
  FROM (
    SELECT
    FROM timers
    WHERE shard_id = wanted.shard_id
      AND row_type = 2
      AND timer_execute_at <= now()
    ORDER BY timer_execute_at, timer_uuid
    LIMIT :limit!::int
  ) AS counted
) AS due
CROSS JOIN LATERAL (
  SELECT count(*) AS timer_count
  FROM (
    SELECT
    FROM timers
    WHERE shard_id = wanted.shard_id
      AND row_type = 3
    ORDER BY timer_execute_at, timer_uuid
    LIMIT :limit!::int
  ) AS counted
) AS dead
LEFT JOIN LATERAL (
  SELECT timer_execute_at
  FROM timers
  WHERE shard_id = wanted.shard_id
    AND row_type = 2
  ORDER BY timer_execute_at, timer_uuid
  LIMIT 1
) AS first_timer ON true;
