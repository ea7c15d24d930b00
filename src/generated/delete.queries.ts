/** Types generated for queries found in "sql/delete.sql" */
import { PreparedQuery } from '@pgtyped/runtime';

export type DateOrString = Date | string;

export type DateOrStringArray = (DateOrString)[];

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export type JsonArray = (Json)[];

export type numberArray = (number)[];

export type stringArray = (string)[];

/** 'DeleteTimer' parameters type */
export interface DeleteTimerParams {
  namespace: string;
  shardId: number;
  shardVersion: number;
  timerId: string;
}

/** 'DeleteTimer' return type */
export interface DeleteTimerResult {
  deletedCount: number;
}

/** 'DeleteTimer' query type */
export interface DeleteTimerQuery {
  params: DeleteTimerParams;
  result: DeleteTimerResult;
}

const deleteTimerIR: any = {"usedParamSet":{"shardId":true,"shardVersion":true,"namespace":true,"timerId":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":93,"b":101},{"a":368,"b":376},{"a":654,"b":662}]},{"name":"shardVersion","required":true,"transform":{"type":"scalar"},"locs":[{"a":268,"b":281}]},{"name":"namespace","required":true,"transform":{"type":"scalar"},"locs":[{"a":429,"b":439}]},{"name":"timerId","required":true,"transform":{"type":"scalar"},"locs":[{"a":462,"b":470}]}],"statement":"WITH\n  held_shard AS MATERIALIZED (\n    SELECT shard_id\n    FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = 1\n      AND timer_execute_at = '1970-01-01 00:00:01+00'\n      AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n      AND shard_version = :shardVersion!\n    FOR SHARE\n  ),\n  deleted_timers AS (\n    DELETE FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = 2\n      AND timer_namespace = :namespace!\n      AND timer_id = :timerId!\n      AND EXISTS (SELECT FROM held_shard)\n    RETURNING shard_id\n  )\nSELECT (SELECT count(*) FROM deleted_timers)::int AS \"deletedCount!\"\nFROM held_shard\nWHERE held_shard.shard_id = :shardId!                                                                                                                                                                                                                                                                                                 "};

/**
 * Query generated from SQL:
 * ```
 * WITH
 *   held_shard AS MATERIALIZED (
 *     SELECT shard_id
 *     FROM timers
 *     WHERE shard_id = :shardId!
 *       AND row_type = 1
 *       AND timer_execute_at = '1970-01-01 00:00:01+00'
 *       AND timer_uuid = '00000000-0000-0000-0000-000000000000'
 *       AND shard_version = :shardVersion!
 *     FOR SHARE
 *   ),
 *   deleted_timers AS (
 *     DELETE FROM timers
 *     WHERE shard_id = :shardId!
 *       AND row_type = 2
 *       AND timer_namespace = :namespace!
 *       AND timer_id = :timerId!
 *       AND EXISTS (SELECT FROM held_shard)
 *     RETURNING shard_id
 *   )
 * SELECT (SELECT count(*) FROM deleted_timers)::int AS "deletedCount!"
 * FROM held_shard
 * WHERE held_shard.shard_id = :shardId!                                                                                                                                                                                                                                                                                                 
 * ```
 */
export const deleteTimer = new PreparedQuery<DeleteTimerParams,DeleteTimerResult>(deleteTimerIR);


/** 'DeleteTimers' parameters type */
export interface DeleteTimersParams {
  ids: stringArray;
  namespaces: stringArray;
  places: numberArray;
  shardId: number;
  shardVersion: number;
}

/** 'DeleteTimers' return type */
export interface DeleteTimersResult {
  deletedPlaces: Json;
  missedPlaces: Json;
}

/** 'DeleteTimers' query type */
export interface DeleteTimersQuery {
  params: DeleteTimersParams;
  result: DeleteTimersResult;
}

const deleteTimersIR: any = {"usedParamSet":{"shardId":true,"shardVersion":true,"places":true,"namespaces":true,"ids":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":93,"b":101},{"a":666,"b":674},{"a":1036,"b":1044},{"a":1378,"b":1386},{"a":1838,"b":1846}]},{"name":"shardVersion","required":true,"transform":{"type":"scalar"},"locs":[{"a":268,"b":281}]},{"name":"places","required":true,"transform":{"type":"scalar"},"locs":[{"a":358,"b":365},{"a":1682,"b":1689}]},{"name":"namespaces","required":true,"transform":{"type":"scalar"},"locs":[{"a":398,"b":409}]},{"name":"ids","required":true,"transform":{"type":"scalar"},"locs":[{"a":447,"b":451}]}],"statement":"WITH\n  held_shard AS MATERIALIZED (\n    SELECT shard_id\n    FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = 1\n      AND timer_execute_at = '1970-01-01 00:00:01+00'\n      AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n      AND shard_version = :shardVersion!\n    FOR SHARE\n  ),\n  asked_timer AS MATERIALIZED (\n    SELECT\n      unnest(:places!::int[]) AS place,\n      unnest(:namespaces!::text[]) AS namespace,\n      unnest(:ids!::text[]) AS id\n  ),\n  locked_timer AS MATERIALIZED (\n    SELECT asked_timer.*, timer.row_place\n    FROM asked_timer\n    CROSS JOIN LATERAL (\n      SELECT ctid AS row_place\n      FROM timers\n      WHERE shard_id = :shardId!\n        AND row_type = 2\n        AND timer_namespace = asked_timer.namespace\n        AND timer_id = asked_timer.id\n      LIMIT 1\n      FOR UPDATE SKIP LOCKED\n    ) AS timer\n    WHERE EXISTS (SELECT FROM held_shard)\n    LIMIT (SELECT count(*) FROM asked_timer)\n  ),\n  deleted_timer AS (\n    DELETE FROM timers\n    USING locked_timer\n    WHERE timers.shard_id = :shardId!\n      AND timers.ctid = locked_timer.row_place\n      AND EXISTS (SELECT FROM held_shard)\n    RETURNING locked_timer.place\n  ),\n  missed_timer AS MATERIALIZED (\n    SELECT place\n    FROM asked_timer\n    WHERE place NOT IN (SELECT place FROM deleted_timer)\n      AND (\n        SELECT true\n        FROM timers\n        WHERE shard_id = :shardId!\n          AND row_type = 2\n          AND timer_namespace = asked_timer.namespace\n          AND timer_id = asked_timer.id\n        LIMIT 1\n      )\n  )\nSELECT\n  to_json(ARRAY(SELECT place FROM deleted_timer)) AS \"deletedPlaces!\",\n  CASE\n    WHEN (SELECT count(*) FROM deleted_timer) < cardinality(:places!::int[])\n    THEN to_json(ARRAY(SELECT place FROM missed_timer))\n    ELSE '[]'\n  END AS \"missedPlaces!\"\nFROM held_shard\nWHERE held_shard.shard_id = :shardId!                                                                                                                     "};

/**
 * Query generated from SQL:
 * ```
 * WITH
 *   held_shard AS MATERIALIZED (
 *     SELECT shard_id
 *     FROM timers
 *     WHERE shard_id = :shardId!
 *       AND row_type = 1
 *       AND timer_execute_at = '1970-01-01 00:00:01+00'
 *       AND timer_uuid = '00000000-0000-0000-0000-000000000000'
 *       AND shard_version = :shardVersion!
 *     FOR SHARE
 *   ),
 *   asked_timer AS MATERIALIZED (
 *     SELECT
 *       unnest(:places!::int[]) AS place,
 *       unnest(:namespaces!::text[]) AS namespace,
 *       unnest(:ids!::text[]) AS id
 *   ),
 *   locked_timer AS MATERIALIZED (
 *     SELECT asked_timer.*, timer.row_place
 *     FROM asked_timer
 *     CROSS JOIN LATERAL (
 *       SELECT ctid AS row_place
 *       FROM timers
 *       WHERE shard_id = :shardId!
 *         AND row_type = 2
 *         AND timer_namespace = asked_timer.namespace
 *         AND timer_id = asked_timer.id
 *       LIMIT 1
 *       FOR UPDATE SKIP LOCKED
 *     ) AS timer
 *     WHERE EXISTS (SELECT FROM held_shard)
 *     LIMIT (SELECT count(*) FROM asked_timer)
 *   ),
 *   deleted_timer AS (
 *     DELETE FROM timers
 *     USING locked_timer
 *     WHERE timers.shard_id = :shardId!
 *       AND timers.ctid = locked_timer.row_place
 *       AND EXISTS (SELECT FROM held_shard)
 *     RETURNING locked_timer.place
 *   ),
 *   missed_timer AS MATERIALIZED (
 *     SELECT place
 *     FROM asked_timer
 *     WHERE place NOT IN (SELECT place FROM deleted_timer)
 *       AND (
 *         SELECT true
 *         FROM timers
 *         WHERE shard_id = :shardId!
 *           AND row_type = 2
 *           AND timer_namespace = asked_timer.namespace
 *           AND timer_id = asked_timer.id
 *         LIMIT 1
 *       )
 *   )
 * SELECT
 *   to_json(ARRAY(SELECT place FROM deleted_timer)) AS "deletedPlaces!",
 *   CASE
 *     WHEN (SELECT count(*) FROM deleted_timer) < cardinality(:places!::int[])
 *     THEN to_json(ARRAY(SELECT place FROM missed_timer))
 *     ELSE '[]'
 *   END AS "missedPlaces!"
 * FROM held_shard
 * WHERE held_shard.shard_id = :shardId!                                                                                                                     
 * ```
 */
export const deleteTimers = new PreparedQuery<DeleteTimersParams,DeleteTimersResult>(deleteTimersIR);


/** 'DeleteTimersOfShards' parameters type */
export interface DeleteTimersOfShardsParams {
  ids: stringArray;
  namespaces: stringArray;
  owners: numberArray;
  places: numberArray;
  shardIds: numberArray;
  shardVersions: numberArray;
  timerOwners: numberArray;
  timerShardIds: numberArray;
}

/** 'DeleteTimersOfShards' return type */
export interface DeleteTimersOfShardsResult {
  deletedPlaces: Json;
  lostOwners: Json;
  missedPlaces: Json;
}

/** 'DeleteTimersOfShards' query type */
export interface DeleteTimersOfShardsQuery {
  params: DeleteTimersOfShardsParams;
  result: DeleteTimersOfShardsResult;
}

const deleteTimersOfShardsIR: any = {"usedParamSet":{"owners":true,"shardIds":true,"shardVersions":true,"places":true,"timerOwners":true,"timerShardIds":true,"namespaces":true,"ids":true},"params":[{"name":"owners","required":true,"transform":{"type":"scalar"},"locs":[{"a":61,"b":68}]},{"name":"shardIds","required":true,"transform":{"type":"scalar"},"locs":[{"a":101,"b":110}]},{"name":"shardVersions","required":true,"transform":{"type":"scalar"},"locs":[{"a":146,"b":160}]},{"name":"places","required":true,"transform":{"type":"scalar"},"locs":[{"a":674,"b":681},{"a":2231,"b":2238}]},{"name":"timerOwners","required":true,"transform":{"type":"scalar"},"locs":[{"a":714,"b":726}]},{"name":"timerShardIds","required":true,"transform":{"type":"scalar"},"locs":[{"a":759,"b":773}]},{"name":"namespaces","required":true,"transform":{"type":"scalar"},"locs":[{"a":809,"b":820}]},{"name":"ids","required":true,"transform":{"type":"scalar"},"locs":[{"a":858,"b":862}]}],"statement":"WITH\n  asked_shard AS MATERIALIZED (\n    SELECT\n      unnest(:owners!::int[]) AS owner,\n      unnest(:shardIds!::int[]) AS shard_id,\n      unnest(:shardVersions!::int8[]) AS shard_version\n  ),\n  held_shard AS MATERIALIZED (\n    SELECT asked_shard.owner\n    FROM asked_shard\n    CROSS JOIN LATERAL (\n      SELECT shard_id\n      FROM timers\n      WHERE shard_id = asked_shard.shard_id\n        AND row_type = 1\n        AND timer_execute_at = '1970-01-01 00:00:01+00'\n        AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n        AND shard_version = asked_shard.shard_version\n      FOR SHARE\n    ) AS shard\n  ),\n  asked_timer AS MATERIALIZED (\n    SELECT\n      unnest(:places!::int[]) AS place,\n      unnest(:timerOwners!::int[]) AS owner,\n      unnest(:timerShardIds!::int[]) AS shard_id,\n      unnest(:namespaces!::text[]) AS namespace,\n      unnest(:ids!::text[]) AS id\n  ),\n  locked_timer AS MATERIALIZED (\n    SELECT asked_timer.*, timer.row_place\n    FROM asked_timer\n    CROSS JOIN LATERAL (\n      SELECT ctid AS row_place\n      FROM timers\n      WHERE shard_id = asked_timer.shard_id\n        AND row_type = 2\n        AND timer_namespace = asked_timer.namespace\n        AND timer_id = asked_timer.id\n      LIMIT 1\n      FOR UPDATE SKIP LOCKED\n    ) AS timer\n    WHERE asked_timer.owner = ANY (ARRAY(SELECT owner FROM held_shard))\n    LIMIT (SELECT count(*) FROM asked_timer)\n  ),\n  deleted_timer AS (\n    DELETE FROM timers\n    USING locked_timer\n    WHERE timers.shard_id = locked_timer.shard_id\n      AND timers.ctid = locked_timer.row_place\n    RETURNING locked_timer.place\n  ),\n  missed_timer AS MATERIALIZED (\n    SELECT place\n    FROM asked_timer\n    WHERE place NOT IN (SELECT place FROM deleted_timer)\n      AND (\n        SELECT true\n        FROM timers\n        WHERE shard_id = asked_timer.shard_id\n          AND row_type = 2\n          AND timer_namespace = asked_timer.namespace\n          AND timer_id = asked_timer.id\n        LIMIT 1\n      )\n  )\nSELECT\n  to_json(ARRAY(SELECT owner FROM asked_shard WHERE owner NOT IN (SELECT owner FROM held_shard))) AS \"lostOwners!\",\n  to_json(ARRAY(SELECT place FROM deleted_timer)) AS \"deletedPlaces!\",\n  CASE\n    WHEN (SELECT count(*) FROM deleted_timer) < cardinality(:places!::int[])\n    THEN to_json(ARRAY(SELECT place FROM missed_timer))\n    ELSE '[]'\n  END AS \"missedPlaces!\"                                                                                    "};

/**
 * Query generated from SQL:
 * ```
 * WITH
 *   asked_shard AS MATERIALIZED (
 *     SELECT
 *       unnest(:owners!::int[]) AS owner,
 *       unnest(:shardIds!::int[]) AS shard_id,
 *       unnest(:shardVersions!::int8[]) AS shard_version
 *   ),
 *   held_shard AS MATERIALIZED (
 *     SELECT asked_shard.owner
 *     FROM asked_shard
 *     CROSS JOIN LATERAL (
 *       SELECT shard_id
 *       FROM timers
 *       WHERE shard_id = asked_shard.shard_id
 *         AND row_type = 1
 *         AND timer_execute_at = '1970-01-01 00:00:01+00'
 *         AND timer_uuid = '00000000-0000-0000-0000-000000000000'
 *         AND shard_version = asked_shard.shard_version
 *       FOR SHARE
 *     ) AS shard
 *   ),
 *   asked_timer AS MATERIALIZED (
 *     SELECT
 *       unnest(:places!::int[]) AS place,
 *       unnest(:timerOwners!::int[]) AS owner,
 *       unnest(:timerShardIds!::int[]) AS shard_id,
 *       unnest(:namespaces!::text[]) AS namespace,
 *       unnest(:ids!::text[]) AS id
 *   ),
 *   locked_timer AS MATERIALIZED (
 *     SELECT asked_timer.*, timer.row_place
 *     FROM asked_timer
 *     CROSS JOIN LATERAL (
 *       SELECT ctid AS row_place
 *       FROM timers
 *       WHERE shard_id = asked_timer.shard_id
 *         AND row_type = 2
 *         AND timer_namespace = asked_timer.namespace
 *         AND timer_id = asked_timer.id
 *       LIMIT 1
 *       FOR UPDATE SKIP LOCKED
 *     ) AS timer
 *     WHERE asked_timer.owner = ANY (ARRAY(SELECT owner FROM held_shard))
 *     LIMIT (SELECT count(*) FROM asked_timer)
 *   ),
 *   deleted_timer AS (
 *     DELETE FROM timers
 *     USING locked_timer
 *     WHERE timers.shard_id = locked_timer.shard_id
 *       AND timers.ctid = locked_timer.row_place
 *     RETURNING locked_timer.place
 *   ),
 *   missed_timer AS MATERIALIZED (
 *     SELECT place
 *     FROM asked_timer
 *     WHERE place NOT IN (SELECT place FROM deleted_timer)
 *       AND (
 *         SELECT true
 *         FROM timers
 *         WHERE shard_id = asked_timer.shard_id
 *           AND row_type = 2
 *           AND timer_namespace = asked_timer.namespace
 *           AND timer_id = asked_timer.id
 *         LIMIT 1
 *       )
 *   )
 * SELECT
 *   to_json(ARRAY(SELECT owner FROM asked_shard WHERE owner NOT IN (SELECT owner FROM held_shard))) AS "lostOwners!",
 *   to_json(ARRAY(SELECT place FROM deleted_timer)) AS "deletedPlaces!",
 *   CASE
 *     WHEN (SELECT count(*) FROM deleted_timer) < cardinality(:places!::int[])
 *     THEN to_json(ARRAY(SELECT place FROM missed_timer))
 *     ELSE '[]'
 *   END AS "missedPlaces!"                                                                                    
 * ```
 */
export const deleteTimersOfShards = new PreparedQuery<DeleteTimersOfShardsParams,DeleteTimersOfShardsResult>(deleteTimersOfShardsIR);


/** 'DeleteTimerNoLock' parameters type */
export interface DeleteTimerNoLockParams {
  namespace: string;
  shardId: number;
  timerId: string;
}

/** 'DeleteTimerNoLock' return type */
export type DeleteTimerNoLockResult = void;

/** 'DeleteTimerNoLock' query type */
export interface DeleteTimerNoLockQuery {
  params: DeleteTimerNoLockParams;
  result: DeleteTimerNoLockResult;
}

const deleteTimerNoLockIR: any = {"usedParamSet":{"shardId":true,"namespace":true,"timerId":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":36,"b":44},{"a":210,"b":218}]},{"name":"namespace","required":true,"transform":{"type":"scalar"},"locs":[{"a":89,"b":99}]},{"name":"timerId","required":true,"transform":{"type":"scalar"},"locs":[{"a":118,"b":126}]}],"statement":"DELETE FROM timers\nWHERE shard_id = :shardId!\n  AND row_type = 2\n  AND timer_namespace = :namespace!\n  AND timer_id = :timerId!\n  AND NOT EXISTS (\n    SELECT\n    FROM timers AS shard\n    WHERE shard.shard_id = :shardId!\n      AND shard.row_type = 1\n      AND shard.timer_execute_at = '1970-01-01 00:00:01+00'\n      AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'\n      AND shard.shard_version IS NULL\n  )                                                                                                                                                                                    "};

/**
 * Query generated from SQL:
 * ```
 * DELETE FROM timers
 * WHERE shard_id = :shardId!
 *   AND row_type = 2
 *   AND timer_namespace = :namespace!
 *   AND timer_id = :timerId!
 *   AND NOT EXISTS (
 *     SELECT
 *     FROM timers AS shard
 *     WHERE shard.shard_id = :shardId!
 *       AND shard.row_type = 1
 *       AND shard.timer_execute_at = '1970-01-01 00:00:01+00'
 *       AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'
 *       AND shard.shard_version IS NULL
 *   )                                                                                                                                                                                    
 * ```
 */
export const deleteTimerNoLock = new PreparedQuery<DeleteTimerNoLockParams,DeleteTimerNoLockResult>(deleteTimerNoLockIR);


/** 'RangeDeleteWithLimit' parameters type */
export interface RangeDeleteWithLimitParams {
  afterExecuteAt: DateOrString;
  afterUuid: string;
  limit: number;
  shardId: number;
  shardVersion: number;
  upToExecuteAt: DateOrString;
  upToUuid: string;
}

/** 'RangeDeleteWithLimit' return type */
export type RangeDeleteWithLimitResult = void;

/** 'RangeDeleteWithLimit' query type */
export interface RangeDeleteWithLimitQuery {
  params: RangeDeleteWithLimitParams;
  result: RangeDeleteWithLimitResult;
}

const rangeDeleteWithLimitIR: any = {"usedParamSet":{"shardId":true,"shardVersion":true,"afterExecuteAt":true,"afterUuid":true,"upToExecuteAt":true,"upToUuid":true,"limit":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":93,"b":101},{"a":398,"b":406},{"a":917,"b":925}]},{"name":"shardVersion","required":true,"transform":{"type":"scalar"},"locs":[{"a":268,"b":281}]},{"name":"afterExecuteAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":475,"b":490},{"a":977,"b":992},{"a":1078,"b":1093}]},{"name":"afterUuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":493,"b":503},{"a":1096,"b":1106}]},{"name":"upToExecuteAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":551,"b":565},{"a":795,"b":809}]},{"name":"upToUuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":568,"b":577},{"a":812,"b":821}]},{"name":"limit","required":true,"transform":{"type":"scalar"},"locs":[{"a":642,"b":648},{"a":1207,"b":1213}]}],"statement":"WITH\n  held_shard AS MATERIALIZED (\n    SELECT shard_id\n    FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = 1\n      AND timer_execute_at = '1970-01-01 00:00:01+00'\n      AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n      AND shard_version = :shardVersion!\n    FOR SHARE\n  ),\n  limit_timer AS (\n    SELECT timer_execute_at, timer_uuid\n    FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = 2\n      AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)\n      AND (timer_execute_at, timer_uuid) <= (:upToExecuteAt!, :upToUuid!)\n    ORDER BY timer_execute_at, timer_uuid\n    OFFSET GREATEST(:limit!::int - 1, 0)\n    LIMIT 1\n  ),\n  last_key AS MATERIALIZED (\n    SELECT timer_execute_at, timer_uuid\n    FROM limit_timer\n    UNION ALL\n    SELECT :upToExecuteAt!, :upToUuid!\n    ORDER BY timer_execute_at, timer_uuid\n    LIMIT 1\n  )\nDELETE FROM timers\nWHERE shard_id = :shardId!\n  AND row_type = 2\n  AND timer_execute_at BETWEEN :afterExecuteAt! AND (SELECT timer_execute_at FROM last_key)\n  AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)\n  AND (timer_execute_at, timer_uuid) <= (SELECT timer_execute_at, timer_uuid FROM last_key)\n  AND :limit! > 0\n  AND EXISTS (SELECT FROM held_shard)"};

/**
 * Query generated from SQL:
 * ```
 * WITH
 *   held_shard AS MATERIALIZED (
 *     SELECT shard_id
 *     FROM timers
 *     WHERE shard_id = :shardId!
 *       AND row_type = 1
 *       AND timer_execute_at = '1970-01-01 00:00:01+00'
 *       AND timer_uuid = '00000000-0000-0000-0000-000000000000'
 *       AND shard_version = :shardVersion!
 *     FOR SHARE
 *   ),
 *   limit_timer AS (
 *     SELECT timer_execute_at, timer_uuid
 *     FROM timers
 *     WHERE shard_id = :shardId!
 *       AND row_type = 2
 *       AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)
 *       AND (timer_execute_at, timer_uuid) <= (:upToExecuteAt!, :upToUuid!)
 *     ORDER BY timer_execute_at, timer_uuid
 *     OFFSET GREATEST(:limit!::int - 1, 0)
 *     LIMIT 1
 *   ),
 *   last_key AS MATERIALIZED (
 *     SELECT timer_execute_at, timer_uuid
 *     FROM limit_timer
 *     UNION ALL
 *     SELECT :upToExecuteAt!, :upToUuid!
 *     ORDER BY timer_execute_at, timer_uuid
 *     LIMIT 1
 *   )
 * DELETE FROM timers
 * WHERE shard_id = :shardId!
 *   AND row_type = 2
 *   AND timer_execute_at BETWEEN :afterExecuteAt! AND (SELECT timer_execute_at FROM last_key)
 *   AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)
 *   AND (timer_execute_at, timer_uuid) <= (SELECT timer_execute_at, timer_uuid FROM last_key)
 *   AND :limit! > 0
 *   AND EXISTS (SELECT FROM held_shard)
 * ```
 */
export const rangeDeleteWithLimit = new PreparedQuery<RangeDeleteWithLimitParams,RangeDeleteWithLimitResult>(rangeDeleteWithLimitIR);


/** 'RangeDeleteWithLimitNoLock' parameters type */
export interface RangeDeleteWithLimitNoLockParams {
  afterExecuteAt: DateOrString;
  afterUuid: string;
  limit: number;
  shardId: number;
  upToExecuteAt: DateOrString;
  upToUuid: string;
}

/** 'RangeDeleteWithLimitNoLock' return type */
export type RangeDeleteWithLimitNoLockResult = void;

/** 'RangeDeleteWithLimitNoLock' query type */
export interface RangeDeleteWithLimitNoLockQuery {
  params: RangeDeleteWithLimitNoLockParams;
  result: RangeDeleteWithLimitNoLockResult;
}

const rangeDeleteWithLimitNoLockIR: any = {"usedParamSet":{"shardId":true,"afterExecuteAt":true,"afterUuid":true,"upToExecuteAt":true,"upToUuid":true,"limit":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":101,"b":109},{"a":620,"b":628},{"a":1004,"b":1012}]},{"name":"afterExecuteAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":178,"b":193},{"a":680,"b":695},{"a":781,"b":796}]},{"name":"afterUuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":196,"b":206},{"a":799,"b":809}]},{"name":"upToExecuteAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":254,"b":268},{"a":498,"b":512}]},{"name":"upToUuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":271,"b":280},{"a":515,"b":524}]},{"name":"limit","required":true,"transform":{"type":"scalar"},"locs":[{"a":345,"b":351},{"a":910,"b":916}]}],"statement":"WITH\n  limit_timer AS (\n    SELECT timer_execute_at, timer_uuid\n    FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = 2\n      AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)\n      AND (timer_execute_at, timer_uuid) <= (:upToExecuteAt!, :upToUuid!)\n    ORDER BY timer_execute_at, timer_uuid\n    OFFSET GREATEST(:limit!::int - 1, 0)\n    LIMIT 1\n  ),\n  last_key AS MATERIALIZED (\n    SELECT timer_execute_at, timer_uuid\n    FROM limit_timer\n    UNION ALL\n    SELECT :upToExecuteAt!, :upToUuid!\n    ORDER BY timer_execute_at, timer_uuid\n    LIMIT 1\n  )\nDELETE FROM timers\nWHERE shard_id = :shardId!\n  AND row_type = 2\n  AND timer_execute_at BETWEEN :afterExecuteAt! AND (SELECT timer_execute_at FROM last_key)\n  AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)\n  AND (timer_execute_at, timer_uuid) <= (SELECT timer_execute_at, timer_uuid FROM last_key)\n  AND :limit! > 0\n  AND NOT EXISTS (\n    SELECT\n    FROM timers AS shard\n    WHERE shard.shard_id = :shardId!\n      AND shard.row_type = 1\n      AND shard.timer_execute_at = '1970-01-01 00:00:01+00'\n      AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'\n      AND shard.shard_version IS NULL\n  )                                                                                                                                                                                      "};

/**
 * Query generated from SQL:
 * ```
 * WITH
 *   limit_timer AS (
 *     SELECT timer_execute_at, timer_uuid
 *     FROM timers
 *     WHERE shard_id = :shardId!
 *       AND row_type = 2
 *       AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)
 *       AND (timer_execute_at, timer_uuid) <= (:upToExecuteAt!, :upToUuid!)
 *     ORDER BY timer_execute_at, timer_uuid
 *     OFFSET GREATEST(:limit!::int - 1, 0)
 *     LIMIT 1
 *   ),
 *   last_key AS MATERIALIZED (
 *     SELECT timer_execute_at, timer_uuid
 *     FROM limit_timer
 *     UNION ALL
 *     SELECT :upToExecuteAt!, :upToUuid!
 *     ORDER BY timer_execute_at, timer_uuid
 *     LIMIT 1
 *   )
 * DELETE FROM timers
 * WHERE shard_id = :shardId!
 *   AND row_type = 2
 *   AND timer_execute_at BETWEEN :afterExecuteAt! AND (SELECT timer_execute_at FROM last_key)
 *   AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)
 *   AND (timer_execute_at, timer_uuid) <= (SELECT timer_execute_at, timer_uuid FROM last_key)
 *   AND :limit! > 0
 *   AND NOT EXISTS (
 *     SELECT
 *     FROM timers AS shard
 *     WHERE shard.shard_id = :shardId!
 *       AND shard.row_type = 1
 *       AND shard.timer_execute_at = '1970-01-01 00:00:01+00'
 *       AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'
 *       AND shard.shard_version IS NULL
 *   )                                                                                                                                                                                      
 * ```
 */
export const rangeDeleteWithLimitNoLock = new PreparedQuery<RangeDeleteWithLimitNoLockParams,RangeDeleteWithLimitNoLockResult>(rangeDeleteWithLimitNoLockIR);


/** 'RangeDeleteWithBatchInsertTxn' parameters type */
export interface RangeDeleteWithBatchInsertTxnParams {
  afterExecuteAt: DateOrString;
  afterUuid: string;
  attempts: numberArray;
  callbackTimeoutSeconds: numberArray;
  callbackUrls: stringArray;
  createdAts: DateOrStringArray;
  executeAts: DateOrStringArray;
  ids: stringArray;
  namespaces: stringArray;
  payloads: JsonArray;
  retryPolicies: JsonArray;
  revision: string;
  shardId: number;
  shardVersion: number;
  traceparents: stringArray;
  upToExecuteAt: DateOrString;
  upToUuid: string;
  uuids: stringArray;
}

/** 'RangeDeleteWithBatchInsertTxn' return type */
export interface RangeDeleteWithBatchInsertTxnResult {
  deletedCount: number;
}

/** 'RangeDeleteWithBatchInsertTxn' query type */
export interface RangeDeleteWithBatchInsertTxnQuery {
  params: RangeDeleteWithBatchInsertTxnParams;
  result: RangeDeleteWithBatchInsertTxnResult;
}

const rangeDeleteWithBatchInsertTxnIR: any = {"usedParamSet":{"shardId":true,"shardVersion":true,"afterExecuteAt":true,"upToExecuteAt":true,"afterUuid":true,"upToUuid":true,"revision":true,"executeAts":true,"uuids":true,"ids":true,"namespaces":true,"callbackUrls":true,"payloads":true,"retryPolicies":true,"callbackTimeoutSeconds":true,"createdAts":true,"attempts":true,"traceparents":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":93,"b":101},{"a":368,"b":376},{"a":2959,"b":2967}]},{"name":"shardVersion","required":true,"transform":{"type":"scalar"},"locs":[{"a":268,"b":281}]},{"name":"afterExecuteAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":436,"b":451},{"a":517,"b":532}]},{"name":"upToExecuteAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":457,"b":471},{"a":593,"b":607}]},{"name":"afterUuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":535,"b":545}]},{"name":"upToUuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":610,"b":619}]},{"name":"revision","required":true,"transform":{"type":"scalar"},"locs":[{"a":1287,"b":1296}]},{"name":"executeAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":1414,"b":1425}]},{"name":"uuids","required":true,"transform":{"type":"scalar"},"locs":[{"a":1473,"b":1479}]},{"name":"ids","required":true,"transform":{"type":"scalar"},"locs":[{"a":1514,"b":1518}]},{"name":"namespaces","required":true,"transform":{"type":"scalar"},"locs":[{"a":1551,"b":1562}]},{"name":"callbackUrls","required":true,"transform":{"type":"scalar"},"locs":[{"a":1602,"b":1615}]},{"name":"payloads","required":true,"transform":{"type":"scalar"},"locs":[{"a":1658,"b":1667}]},{"name":"retryPolicies","required":true,"transform":{"type":"scalar"},"locs":[{"a":1706,"b":1720}]},{"name":"callbackTimeoutSeconds","required":true,"transform":{"type":"scalar"},"locs":[{"a":1764,"b":1787}]},{"name":"createdAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":1841,"b":1852}]},{"name":"attempts","required":true,"transform":{"type":"scalar"},"locs":[{"a":1900,"b":1909}]},{"name":"traceparents","required":true,"transform":{"type":"scalar"},"locs":[{"a":1947,"b":1960}]}],"statement":"WITH\n  held_shard AS MATERIALIZED (\n    SELECT shard_id\n    FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = 1\n      AND timer_execute_at = '1970-01-01 00:00:01+00'\n      AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n      AND shard_version = :shardVersion!\n    FOR SHARE\n  ),\n  deleted_timers AS (\n    DELETE FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = 2\n      AND timer_execute_at BETWEEN :afterExecuteAt! AND :upToExecuteAt!\n      AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)\n      AND (timer_execute_at, timer_uuid) <= (:upToExecuteAt!, :upToUuid!)\n      AND EXISTS (SELECT FROM held_shard)\n    RETURNING shard_id\n  ),\n  deletion AS MATERIALIZED (\n    SELECT count(*)::int AS deleted_count\n    FROM deleted_timers\n  ),\n  inserted_timers AS (\n    INSERT INTO timers (\n      shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,\n      timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,\n      timer_revision, timer_traceparent\n    )\n    SELECT\n      held_shard.shard_id, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,\n      t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts,\n      :revision!::text::int8, t.traceparent\n    FROM held_shard\n    CROSS JOIN deletion\n    CROSS JOIN (\n      SELECT\n        unnest(:executeAts!::timestamptz[]) AS execute_at,\n        unnest(:uuids!::uuid[]) AS uuid,\n        unnest(:ids!::text[]) AS id,\n        unnest(:namespaces!::text[]) AS namespace,\n        unnest(:callbackUrls!::text[]) AS callback_url,\n        unnest(:payloads!::jsonb[]) AS payload,\n        unnest(:retryPolicies!::jsonb[]) AS retry_policy,\n        unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,\n        unnest(:createdAts!::timestamptz[]) AS created_at,\n        unnest(:attempts!::int[]) AS attempts,\n        unnest(:traceparents!::text[]) AS traceparent\n    ) AS t\n    ON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE\n    SET timer_execute_at = excluded.timer_execute_at,\n        timer_uuid = excluded.timer_uuid,\n        timer_callback_url = excluded.timer_callback_url,\n        timer_payload = excluded.timer_payload,\n        timer_retry_policy = excluded.timer_retry_policy,\n        timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,\n        timer_created_at = excluded.timer_created_at,\n        timer_attempts = excluded.timer_attempts,\n        timer_revision = excluded.timer_revision,\n        timer_traceparent = excluded.timer_traceparent,\n        timer_updated_at = excluded.timer_updated_at,\n        timer_due_at = excluded.timer_due_at,\n        timer_first_attempt_at = excluded.timer_first_attempt_at,\n        timer_last_error = excluded.timer_last_error\n  )\nSELECT deletion.deleted_count AS \"deletedCount!\"\nFROM held_shard\nCROSS JOIN deletion\nWHERE held_shard.shard_id = :shardId!"};

/**
 * Query generated from SQL:
 * ```
 * WITH
 *   held_shard AS MATERIALIZED (
 *     SELECT shard_id
 *     FROM timers
 *     WHERE shard_id = :shardId!
 *       AND row_type = 1
 *       AND timer_execute_at = '1970-01-01 00:00:01+00'
 *       AND timer_uuid = '00000000-0000-0000-0000-000000000000'
 *       AND shard_version = :shardVersion!
 *     FOR SHARE
 *   ),
 *   deleted_timers AS (
 *     DELETE FROM timers
 *     WHERE shard_id = :shardId!
 *       AND row_type = 2
 *       AND timer_execute_at BETWEEN :afterExecuteAt! AND :upToExecuteAt!
 *       AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)
 *       AND (timer_execute_at, timer_uuid) <= (:upToExecuteAt!, :upToUuid!)
 *       AND EXISTS (SELECT FROM held_shard)
 *     RETURNING shard_id
 *   ),
 *   deletion AS MATERIALIZED (
 *     SELECT count(*)::int AS deleted_count
 *     FROM deleted_timers
 *   ),
 *   inserted_timers AS (
 *     INSERT INTO timers (
 *       shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
 *       timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,
 *       timer_revision, timer_traceparent
 *     )
 *     SELECT
 *       held_shard.shard_id, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,
 *       t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts,
 *       :revision!::text::int8, t.traceparent
 *     FROM held_shard
 *     CROSS JOIN deletion
 *     CROSS JOIN (
 *       SELECT
 *         unnest(:executeAts!::timestamptz[]) AS execute_at,
 *         unnest(:uuids!::uuid[]) AS uuid,
 *         unnest(:ids!::text[]) AS id,
 *         unnest(:namespaces!::text[]) AS namespace,
 *         unnest(:callbackUrls!::text[]) AS callback_url,
 *         unnest(:payloads!::jsonb[]) AS payload,
 *         unnest(:retryPolicies!::jsonb[]) AS retry_policy,
 *         unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,
 *         unnest(:createdAts!::timestamptz[]) AS created_at,
 *         unnest(:attempts!::int[]) AS attempts,
 *         unnest(:traceparents!::text[]) AS traceparent
 *     ) AS t
 *     ON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE
 *     SET timer_execute_at = excluded.timer_execute_at,
 *         timer_uuid = excluded.timer_uuid,
 *         timer_callback_url = excluded.timer_callback_url,
 *         timer_payload = excluded.timer_payload,
 *         timer_retry_policy = excluded.timer_retry_policy,
 *         timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,
 *         timer_created_at = excluded.timer_created_at,
 *         timer_attempts = excluded.timer_attempts,
 *         timer_revision = excluded.timer_revision,
 *         timer_traceparent = excluded.timer_traceparent,
 *         timer_updated_at = excluded.timer_updated_at,
 *         timer_due_at = excluded.timer_due_at,
 *         timer_first_attempt_at = excluded.timer_first_attempt_at,
 *         timer_last_error = excluded.timer_last_error
 *   )
 * SELECT deletion.deleted_count AS "deletedCount!"
 * FROM held_shard
 * CROSS JOIN deletion
 * WHERE held_shard.shard_id = :shardId!
 * ```
 */
export const rangeDeleteWithBatchInsertTxn = new PreparedQuery<RangeDeleteWithBatchInsertTxnParams,RangeDeleteWithBatchInsertTxnResult>(rangeDeleteWithBatchInsertTxnIR);


