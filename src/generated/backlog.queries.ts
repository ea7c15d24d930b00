/** Types generated for queries found in "sql/backlog.sql" */
import { PreparedQuery } from '@pgtyped/runtime';

export type numberArray = (number)[];

/** 'ReadBacklogs' parameters type */
export interface ReadBacklogsParams {
  limit: number;
  shardIds: numberArray;
}

/** 'ReadBacklogs' return type */
export interface ReadBacklogsResult {
  backlog: number;
  claimedAtMs: number | null;
  dead: number;
  due: number;
  firstExecuteAtMs: number | null;
  hasRow: boolean;
  nowUs: number;
  /** Address of the process that owns the shard. */
  ownerAddr: string | null;
  shardId: number;
  /** Version of the ownership: 1 for the first claim, one more for each that follows. Every fenced write names it. */
  shardVersion: number | null;
}

/** 'ReadBacklogs' query type */
export interface ReadBacklogsQuery {
  params: ReadBacklogsParams;
  result: ReadBacklogsResult;
}

const readBacklogsIR: any = {"usedParamSet":{"shardIds":true,"limit":true},"params":[{"name":"shardIds","required":true,"transform":{"type":"scalar"},"locs":[{"a":771,"b":780}]},{"name":"limit","required":true,"transform":{"type":"scalar"},"locs":[{"a":1317,"b":1323},{"a":1596,"b":1602},{"a":1835,"b":1841}]}],"statement":"SELECT\n  wanted.shard_id AS \"shardId!\",\n  shard.shard_id IS NOT NULL AS \"hasRow!\",\n  shard.shard_version AS \"shardVersion?\",\n  shard.shard_owner_addr AS \"ownerAddr?\",\n  CASE\n    WHEN isfinite(shard.shard_claimed_at)\n    THEN (date_part('epoch', shard.shard_claimed_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"claimedAtMs\",\n  pending.timer_count AS \"backlog!\",\n  due.timer_count AS \"due!\",\n  dead.timer_count AS \"dead!\",\n  CASE\n    WHEN isfinite(first_timer.timer_execute_at)\n    THEN (date_part('epoch', first_timer.timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"firstExecuteAtMs\",\n  (date_part('epoch', now() - '2000-01-01 00:00:00+00') * 1000000 + 946684800000000)::int8 AS \"nowUs!\"\nFROM (\n  SELECT unnest(:shardIds!::int[]) AS shard_id\n) AS wanted\nLEFT JOIN LATERAL (\n  SELECT shard_id, shard_version, shard_owner_addr, shard_claimed_at\n  FROM timers\n  WHERE shard_id = wanted.shard_id\n    AND row_type = 1\n    AND timer_execute_at = '1970-01-01 00:00:01+00'\n    AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n  OFFSET 0\n) AS shard ON true\nCROSS JOIN LATERAL (\n  SELECT count(*) AS timer_count\n  FROM (\n    SELECT\n    FROM timers\n    WHERE shard_id = wanted.shard_id\n      AND row_type = 2\n    ORDER BY timer_execute_at, timer_uuid\n    LIMIT :limit!::int\n  ) AS counted\n) AS pending\nCROSS JOIN LATERAL (\n  SELECT count(*) AS timer_count\n  FROM (\n    SELECT\n    FROM timers\n    WHERE shard_id = wanted.shard_id\n      AND row_type = 2\n      AND timer_execute_at <= now()\n    ORDER BY timer_execute_at, timer_uuid\n    LIMIT :limit!::int\n  ) AS counted\n) AS due\nCROSS JOIN LATERAL (\n  SELECT count(*) AS timer_count\n  FROM (\n    SELECT\n    FROM timers\n    WHERE shard_id = wanted.shard_id\n      AND row_type = 3\n    ORDER BY timer_execute_at, timer_uuid\n    LIMIT :limit!::int\n  ) AS counted\n) AS dead\nLEFT JOIN LATERAL (\n  SELECT timer_execute_at\n  FROM timers\n  WHERE shard_id = wanted.shard_id\n    AND row_type = 2\n  ORDER BY timer_execute_at, timer_uuid\n  LIMIT 1\n) AS first_timer ON true"};

/**
 * Query generated from SQL:
 * ```
 * SELECT
 *   wanted.shard_id AS "shardId!",
 *   shard.shard_id IS NOT NULL AS "hasRow!",
 *   shard.shard_version AS "shardVersion?",
 *   shard.shard_owner_addr AS "ownerAddr?",
 *   CASE
 *     WHEN isfinite(shard.shard_claimed_at)
 *     THEN (date_part('epoch', shard.shard_claimed_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *   END AS "claimedAtMs",
 *   pending.timer_count AS "backlog!",
 *   due.timer_count AS "due!",
 *   dead.timer_count AS "dead!",
 *   CASE
 *     WHEN isfinite(first_timer.timer_execute_at)
 *     THEN (date_part('epoch', first_timer.timer_execute_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *   END AS "firstExecuteAtMs",
 *   (date_part('epoch', now() - '2000-01-01 00:00:00+00') * 1000000 + 946684800000000)::int8 AS "nowUs!"
 * FROM (
 *   SELECT unnest(:shardIds!::int[]) AS shard_id
 * ) AS wanted
 * LEFT JOIN LATERAL (
 *   SELECT shard_id, shard_version, shard_owner_addr, shard_claimed_at
 *   FROM timers
 *   WHERE shard_id = wanted.shard_id
 *     AND row_type = 1
 *     AND timer_execute_at = '1970-01-01 00:00:01+00'
 *     AND timer_uuid = '00000000-0000-0000-0000-000000000000'
 *   OFFSET 0
 * ) AS shard ON true
 * CROSS JOIN LATERAL (
 *   SELECT count(*) AS timer_count
 *   FROM (
 *     SELECT
 *     FROM timers
 *     WHERE shard_id = wanted.shard_id
 *       AND row_type = 2
 *     ORDER BY timer_execute_at, timer_uuid
 *     LIMIT :limit!::int
 *   ) AS counted
 * ) AS pending
 * CROSS JOIN LATERAL (
 *   SELECT count(*) AS timer_count
 *   FROM (
 *     SELECT
 *     FROM timers
 *     WHERE shard_id = wanted.shard_id
 *       AND row_type = 2
 *       AND timer_execute_at <= now()
 *     ORDER BY timer_execute_at, timer_uuid
 *     LIMIT :limit!::int
 *   ) AS counted
 * ) AS due
 * CROSS JOIN LATERAL (
 *   SELECT count(*) AS timer_count
 *   FROM (
 *     SELECT
 *     FROM timers
 *     WHERE shard_id = wanted.shard_id
 *       AND row_type = 3
 *     ORDER BY timer_execute_at, timer_uuid
 *     LIMIT :limit!::int
 *   ) AS counted
 * ) AS dead
 * LEFT JOIN LATERAL (
 *   SELECT timer_execute_at
 *   FROM timers
 *   WHERE shard_id = wanted.shard_id
 *     AND row_type = 2
 *   ORDER BY timer_execute_at, timer_uuid
 *   LIMIT 1
 * ) AS first_timer ON true
 * ```
 */
export const readBacklogs = new PreparedQuery<ReadBacklogsParams,ReadBacklogsResult>(readBacklogsIR);


