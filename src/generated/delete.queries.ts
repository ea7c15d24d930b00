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

const deleteTimerIR: any = {"usedParamSet":{"shardId":true,"shardVersion":true,"namespace":true,"timerId":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":93,"b":101},{"a":368,"b":376},{"a":654,"b":662}]},{"name":"shardVersion","required":true,"transform":{"type":"scalar"},"locs":[{"a":268,"b":281}]},{"name":"namespace","required":true,"transform":{"type":"scalar"},"locs":[{"a":429,"b":439}]},{"name":"timerId","required":true,"transform":{"type":"scalar"},"locs":[{"a":462,"b":470}]}],"statement":"WITH\n  held_shard AS MATERIALIZED (\n    SELECT shard_id\n    FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = 1\n      AND timer_execute_at = '1970-01-01 00:00:01+00'\n      AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n      AND shard_version = :shardVersion!\n    FOR SHARE\n  ),\n  deleted_timers AS (\n    DELETE FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = 2\n      AND timer_namespace = :namespace!\n      AND timer_id = :timerId!\n      AND EXISTS (SELECT FROM held_shard)\n    RETURNING shard_id\n  )\nSELECT (SELECT count(*) FROM deleted_timers)::int AS \"deletedCount!\"\nFROM held_shard\nWHERE held_shard.shard_id = :shardId!                                             "};

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

const deleteTimerNoLockIR: any = {"usedParamSet":{"shardId":true,"namespace":true,"timerId":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":36,"b":44}]},{"name":"namespace","required":true,"transform":{"type":"scalar"},"locs":[{"a":89,"b":99}]},{"name":"timerId","required":true,"transform":{"type":"scalar"},"locs":[{"a":118,"b":126}]}],"statement":"DELETE FROM timers\nWHERE shard_id = :shardId!\n  AND row_type = 2\n  AND timer_namespace = :namespace!\n  AND timer_id = :timerId!"};

/**
 * Query generated from SQL:
 * ```
 * DELETE FROM timers
 * WHERE shard_id = :shardId!
 *   AND row_type = 2
 *   AND timer_namespace = :namespace!
 *   AND timer_id = :timerId!
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
export interface RangeDeleteWithLimitResult {
  deletedCount: number;
}

/** 'RangeDeleteWithLimit' query type */
export interface RangeDeleteWithLimitQuery {
  params: RangeDeleteWithLimitParams;
  result: RangeDeleteWithLimitResult;
}

const rangeDeleteWithLimitIR: any = {"usedParamSet":{"shardId":true,"shardVersion":true,"afterExecuteAt":true,"afterUuid":true,"upToExecuteAt":true,"upToUuid":true,"limit":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":93,"b":101},{"a":399,"b":407},{"a":879,"b":887},{"a":1267,"b":1275}]},{"name":"shardVersion","required":true,"transform":{"type":"scalar"},"locs":[{"a":268,"b":281}]},{"name":"afterExecuteAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":476,"b":491},{"a":956,"b":971}]},{"name":"afterUuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":494,"b":504},{"a":974,"b":984}]},{"name":"upToExecuteAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":552,"b":566}]},{"name":"upToUuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":569,"b":578}]},{"name":"limit","required":true,"transform":{"type":"scalar"},"locs":[{"a":633,"b":639}]}],"statement":"WITH\n  held_shard AS MATERIALIZED (\n    SELECT shard_id\n    FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = 1\n      AND timer_execute_at = '1970-01-01 00:00:01+00'\n      AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n      AND shard_version = :shardVersion!\n    FOR SHARE\n  ),\n  first_timers AS (\n    SELECT timer_execute_at, timer_uuid\n    FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = 2\n      AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)\n      AND (timer_execute_at, timer_uuid) <= (:upToExecuteAt!, :upToUuid!)\n    ORDER BY timer_execute_at, timer_uuid\n    LIMIT :limit!::int\n  ),\n  last_timer AS MATERIALIZED (\n    SELECT timer_execute_at, timer_uuid\n    FROM first_timers\n    ORDER BY timer_execute_at DESC, timer_uuid DESC\n    LIMIT 1\n  ),\n  deleted_timers AS (\n    DELETE FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = 2\n      AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)\n      AND (timer_execute_at, timer_uuid) <= (SELECT timer_execute_at, timer_uuid FROM last_timer)\n      AND EXISTS (SELECT FROM held_shard)\n    RETURNING shard_id\n  )\nSELECT (SELECT count(*) FROM deleted_timers)::int AS \"deletedCount!\"\nFROM held_shard\nWHERE held_shard.shard_id = :shardId!"};

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
 *   first_timers AS (
 *     SELECT timer_execute_at, timer_uuid
 *     FROM timers
 *     WHERE shard_id = :shardId!
 *       AND row_type = 2
 *       AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)
 *       AND (timer_execute_at, timer_uuid) <= (:upToExecuteAt!, :upToUuid!)
 *     ORDER BY timer_execute_at, timer_uuid
 *     LIMIT :limit!::int
 *   ),
 *   last_timer AS MATERIALIZED (
 *     SELECT timer_execute_at, timer_uuid
 *     FROM first_timers
 *     ORDER BY timer_execute_at DESC, timer_uuid DESC
 *     LIMIT 1
 *   ),
 *   deleted_timers AS (
 *     DELETE FROM timers
 *     WHERE shard_id = :shardId!
 *       AND row_type = 2
 *       AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)
 *       AND (timer_execute_at, timer_uuid) <= (SELECT timer_execute_at, timer_uuid FROM last_timer)
 *       AND EXISTS (SELECT FROM held_shard)
 *     RETURNING shard_id
 *   )
 * SELECT (SELECT count(*) FROM deleted_timers)::int AS "deletedCount!"
 * FROM held_shard
 * WHERE held_shard.shard_id = :shardId!
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
export interface RangeDeleteWithLimitNoLockResult {
  deletedCount: number;
}

/** 'RangeDeleteWithLimitNoLock' query type */
export interface RangeDeleteWithLimitNoLockQuery {
  params: RangeDeleteWithLimitNoLockParams;
  result: RangeDeleteWithLimitNoLockResult;
}

const rangeDeleteWithLimitNoLockIR: any = {"usedParamSet":{"shardId":true,"afterExecuteAt":true,"afterUuid":true,"upToExecuteAt":true,"upToUuid":true,"limit":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":102,"b":110},{"a":582,"b":590},{"a":907,"b":915}]},{"name":"afterExecuteAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":179,"b":194},{"a":659,"b":674}]},{"name":"afterUuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":197,"b":207},{"a":677,"b":687}]},{"name":"upToExecuteAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":255,"b":269}]},{"name":"upToUuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":272,"b":281}]},{"name":"limit","required":true,"transform":{"type":"scalar"},"locs":[{"a":336,"b":342}]}],"statement":"WITH\n  first_timers AS (\n    SELECT timer_execute_at, timer_uuid\n    FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = 2\n      AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)\n      AND (timer_execute_at, timer_uuid) <= (:upToExecuteAt!, :upToUuid!)\n    ORDER BY timer_execute_at, timer_uuid\n    LIMIT :limit!::int\n  ),\n  last_timer AS MATERIALIZED (\n    SELECT timer_execute_at, timer_uuid\n    FROM first_timers\n    ORDER BY timer_execute_at DESC, timer_uuid DESC\n    LIMIT 1\n  ),\n  deleted_timers AS (\n    DELETE FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = 2\n      AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)\n      AND (timer_execute_at, timer_uuid) <= (SELECT timer_execute_at, timer_uuid FROM last_timer)\n    RETURNING shard_id\n  )\nSELECT count(*)::int AS \"deletedCount!\"\nFROM deleted_timers\nWHERE deleted_timers.shard_id = :shardId!                                                                                                                                                                                      "};

/**
 * Query generated from SQL:
 * ```
 * WITH
 *   first_timers AS (
 *     SELECT timer_execute_at, timer_uuid
 *     FROM timers
 *     WHERE shard_id = :shardId!
 *       AND row_type = 2
 *       AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)
 *       AND (timer_execute_at, timer_uuid) <= (:upToExecuteAt!, :upToUuid!)
 *     ORDER BY timer_execute_at, timer_uuid
 *     LIMIT :limit!::int
 *   ),
 *   last_timer AS MATERIALIZED (
 *     SELECT timer_execute_at, timer_uuid
 *     FROM first_timers
 *     ORDER BY timer_execute_at DESC, timer_uuid DESC
 *     LIMIT 1
 *   ),
 *   deleted_timers AS (
 *     DELETE FROM timers
 *     WHERE shard_id = :shardId!
 *       AND row_type = 2
 *       AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)
 *       AND (timer_execute_at, timer_uuid) <= (SELECT timer_execute_at, timer_uuid FROM last_timer)
 *     RETURNING shard_id
 *   )
 * SELECT count(*)::int AS "deletedCount!"
 * FROM deleted_timers
 * WHERE deleted_timers.shard_id = :shardId!                                                                                                                                                                                      
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
  shardId: number;
  shardVersion: number;
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

const rangeDeleteWithBatchInsertTxnIR: any = {"usedParamSet":{"shardId":true,"shardVersion":true,"afterExecuteAt":true,"afterUuid":true,"upToExecuteAt":true,"upToUuid":true,"executeAts":true,"uuids":true,"ids":true,"namespaces":true,"callbackUrls":true,"payloads":true,"retryPolicies":true,"callbackTimeoutSeconds":true,"createdAts":true,"attempts":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":93,"b":101},{"a":368,"b":376},{"a":2307,"b":2315}]},{"name":"shardVersion","required":true,"transform":{"type":"scalar"},"locs":[{"a":268,"b":281}]},{"name":"afterExecuteAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":445,"b":460}]},{"name":"afterUuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":463,"b":473}]},{"name":"upToExecuteAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":521,"b":535}]},{"name":"upToUuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":538,"b":547}]},{"name":"executeAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":1240,"b":1251}]},{"name":"uuids","required":true,"transform":{"type":"scalar"},"locs":[{"a":1269,"b":1275}]},{"name":"ids","required":true,"transform":{"type":"scalar"},"locs":[{"a":1286,"b":1290}]},{"name":"namespaces","required":true,"transform":{"type":"scalar"},"locs":[{"a":1301,"b":1312}]},{"name":"callbackUrls","required":true,"transform":{"type":"scalar"},"locs":[{"a":1323,"b":1336}]},{"name":"payloads","required":true,"transform":{"type":"scalar"},"locs":[{"a":1353,"b":1362}]},{"name":"retryPolicies","required":true,"transform":{"type":"scalar"},"locs":[{"a":1374,"b":1388}]},{"name":"callbackTimeoutSeconds","required":true,"transform":{"type":"scalar"},"locs":[{"a":1400,"b":1423}]},{"name":"createdAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":1433,"b":1444}]},{"name":"attempts","required":true,"transform":{"type":"scalar"},"locs":[{"a":1468,"b":1477}]}],"statement":"WITH\n  held_shard AS MATERIALIZED (\n    SELECT shard_id\n    FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = 1\n      AND timer_execute_at = '1970-01-01 00:00:01+00'\n      AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n      AND shard_version = :shardVersion!\n    FOR SHARE\n  ),\n  deleted_timers AS (\n    DELETE FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = 2\n      AND (timer_execute_at, timer_uuid) > (:afterExecuteAt!, :afterUuid!)\n      AND (timer_execute_at, timer_uuid) <= (:upToExecuteAt!, :upToUuid!)\n      AND EXISTS (SELECT FROM held_shard)\n    RETURNING shard_id\n  ),\n  deletion AS MATERIALIZED (\n    SELECT count(*)::int AS deleted_count\n    FROM deleted_timers\n  ),\n  inserted_timers AS (\n    INSERT INTO timers (\n      shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,\n      timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts\n    )\n    SELECT\n      held_shard.shard_id, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,\n      t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts\n    FROM held_shard\n    CROSS JOIN deletion\n    CROSS JOIN unnest(\n      :executeAts!::timestamptz[], :uuids!::uuid[], :ids!::text[], :namespaces!::text[], :callbackUrls!::text[],\n      :payloads!::jsonb[], :retryPolicies!::jsonb[], :callbackTimeoutSeconds!::int[], :createdAts!::timestamptz[],\n      :attempts!::int[]\n    ) AS t (\n      execute_at, uuid, id, namespace, callback_url,\n      payload, retry_policy, callback_timeout_seconds, created_at,\n      attempts\n    )\n    ORDER BY t.namespace, t.id\n    ON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE\n    SET timer_execute_at = excluded.timer_execute_at,\n        timer_uuid = excluded.timer_uuid,\n        timer_callback_url = excluded.timer_callback_url,\n        timer_payload = excluded.timer_payload,\n        timer_retry_policy = excluded.timer_retry_policy,\n        timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,\n        timer_created_at = excluded.timer_created_at,\n        timer_attempts = excluded.timer_attempts\n  )\nSELECT deletion.deleted_count AS \"deletedCount!\"\nFROM held_shard\nCROSS JOIN deletion\nWHERE held_shard.shard_id = :shardId!"};

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
 *       timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts
 *     )
 *     SELECT
 *       held_shard.shard_id, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,
 *       t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts
 *     FROM held_shard
 *     CROSS JOIN deletion
 *     CROSS JOIN unnest(
 *       :executeAts!::timestamptz[], :uuids!::uuid[], :ids!::text[], :namespaces!::text[], :callbackUrls!::text[],
 *       :payloads!::jsonb[], :retryPolicies!::jsonb[], :callbackTimeoutSeconds!::int[], :createdAts!::timestamptz[],
 *       :attempts!::int[]
 *     ) AS t (
 *       execute_at, uuid, id, namespace, callback_url,
 *       payload, retry_policy, callback_timeout_seconds, created_at,
 *       attempts
 *     )
 *     ORDER BY t.namespace, t.id
 *     ON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE
 *     SET timer_execute_at = excluded.timer_execute_at,
 *         timer_uuid = excluded.timer_uuid,
 *         timer_callback_url = excluded.timer_callback_url,
 *         timer_payload = excluded.timer_payload,
 *         timer_retry_policy = excluded.timer_retry_policy,
 *         timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,
 *         timer_created_at = excluded.timer_created_at,
 *         timer_attempts = excluded.timer_attempts
 *   )
 * SELECT deletion.deleted_count AS "deletedCount!"
 * FROM held_shard
 * CROSS JOIN deletion
 * WHERE held_shard.shard_id = :shardId!
 * ```
 */
export const rangeDeleteWithBatchInsertTxn = new PreparedQuery<RangeDeleteWithBatchInsertTxnParams,RangeDeleteWithBatchInsertTxnResult>(rangeDeleteWithBatchInsertTxnIR);


