/** Types generated for queries found in "sql/insert.sql" */
import { PreparedQuery } from '@pgtyped/runtime';

export type DateOrString = Date | string;

export type DateOrStringArray = (DateOrString)[];

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export type JsonArray = (Json)[];

export type numberArray = (number)[];

export type stringArray = (string)[];

/** 'CreateTimers' parameters type */
export interface CreateTimersParams {
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
  uuids: stringArray;
}

/** 'CreateTimers' return type */
export type CreateTimersResult = void;

/** 'CreateTimers' query type */
export interface CreateTimersQuery {
  params: CreateTimersParams;
  result: CreateTimersResult;
}

const createTimersIR: any = {"usedParamSet":{"executeAts":true,"uuids":true,"ids":true,"namespaces":true,"callbackUrls":true,"payloads":true,"retryPolicies":true,"callbackTimeoutSeconds":true,"createdAts":true,"attempts":true,"shardId":true,"shardVersion":true},"params":[{"name":"executeAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":433,"b":444}]},{"name":"uuids","required":true,"transform":{"type":"scalar"},"locs":[{"a":462,"b":468}]},{"name":"ids","required":true,"transform":{"type":"scalar"},"locs":[{"a":479,"b":483}]},{"name":"namespaces","required":true,"transform":{"type":"scalar"},"locs":[{"a":494,"b":505}]},{"name":"callbackUrls","required":true,"transform":{"type":"scalar"},"locs":[{"a":516,"b":529}]},{"name":"payloads","required":true,"transform":{"type":"scalar"},"locs":[{"a":542,"b":551}]},{"name":"retryPolicies","required":true,"transform":{"type":"scalar"},"locs":[{"a":563,"b":577}]},{"name":"callbackTimeoutSeconds","required":true,"transform":{"type":"scalar"},"locs":[{"a":589,"b":612}]},{"name":"createdAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":622,"b":633}]},{"name":"attempts","required":true,"transform":{"type":"scalar"},"locs":[{"a":653,"b":662}]},{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":828,"b":836}]},{"name":"shardVersion","required":true,"transform":{"type":"scalar"},"locs":[{"a":1011,"b":1024}]}],"statement":"INSERT INTO timers (\n  shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,\n  timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts\n)\nSELECT\n  shard.shard_id, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,\n  t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts\nFROM timers AS shard\nCROSS JOIN unnest(\n  :executeAts!::timestamptz[], :uuids!::uuid[], :ids!::text[], :namespaces!::text[], :callbackUrls!::text[],\n  :payloads!::jsonb[], :retryPolicies!::jsonb[], :callbackTimeoutSeconds!::int[], :createdAts!::timestamptz[],\n  :attempts!::int[]\n) AS t (\n  execute_at, uuid, id, namespace, callback_url,\n  payload, retry_policy, callback_timeout_seconds, created_at,\n  attempts\n)\nWHERE shard.shard_id = :shardId!\n  AND shard.row_type = 1\n  AND shard.timer_execute_at = '1970-01-01 00:00:01+00'\n  AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'\n  AND shard.shard_version = :shardVersion!\nORDER BY t.namespace, t.id\nFOR SHARE OF shard\nON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE\nSET timer_execute_at = excluded.timer_execute_at,\n    timer_uuid = excluded.timer_uuid,\n    timer_callback_url = excluded.timer_callback_url,\n    timer_payload = excluded.timer_payload,\n    timer_retry_policy = excluded.timer_retry_policy,\n    timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,\n    timer_created_at = excluded.timer_created_at,\n    timer_attempts = excluded.timer_attempts                                                                        "};

/**
 * Query generated from SQL:
 * ```
 * INSERT INTO timers (
 *   shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
 *   timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts
 * )
 * SELECT
 *   shard.shard_id, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,
 *   t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts
 * FROM timers AS shard
 * CROSS JOIN unnest(
 *   :executeAts!::timestamptz[], :uuids!::uuid[], :ids!::text[], :namespaces!::text[], :callbackUrls!::text[],
 *   :payloads!::jsonb[], :retryPolicies!::jsonb[], :callbackTimeoutSeconds!::int[], :createdAts!::timestamptz[],
 *   :attempts!::int[]
 * ) AS t (
 *   execute_at, uuid, id, namespace, callback_url,
 *   payload, retry_policy, callback_timeout_seconds, created_at,
 *   attempts
 * )
 * WHERE shard.shard_id = :shardId!
 *   AND shard.row_type = 1
 *   AND shard.timer_execute_at = '1970-01-01 00:00:01+00'
 *   AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'
 *   AND shard.shard_version = :shardVersion!
 * ORDER BY t.namespace, t.id
 * FOR SHARE OF shard
 * ON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE
 * SET timer_execute_at = excluded.timer_execute_at,
 *     timer_uuid = excluded.timer_uuid,
 *     timer_callback_url = excluded.timer_callback_url,
 *     timer_payload = excluded.timer_payload,
 *     timer_retry_policy = excluded.timer_retry_policy,
 *     timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,
 *     timer_created_at = excluded.timer_created_at,
 *     timer_attempts = excluded.timer_attempts                                                                        
 * ```
 */
export const createTimers = new PreparedQuery<CreateTimersParams,CreateTimersResult>(createTimersIR);


/** 'CreateTimersNoLock' parameters type */
export interface CreateTimersNoLockParams {
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
  uuids: stringArray;
}

/** 'CreateTimersNoLock' return type */
export type CreateTimersNoLockResult = void;

/** 'CreateTimersNoLock' query type */
export interface CreateTimersNoLockQuery {
  params: CreateTimersNoLockParams;
  result: CreateTimersNoLockResult;
}

const createTimersNoLockIR: any = {"usedParamSet":{"shardId":true,"executeAts":true,"uuids":true,"ids":true,"namespaces":true,"callbackUrls":true,"payloads":true,"retryPolicies":true,"callbackTimeoutSeconds":true,"createdAts":true,"attempts":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":233,"b":241}]},{"name":"executeAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":401,"b":412}]},{"name":"uuids","required":true,"transform":{"type":"scalar"},"locs":[{"a":430,"b":436}]},{"name":"ids","required":true,"transform":{"type":"scalar"},"locs":[{"a":447,"b":451}]},{"name":"namespaces","required":true,"transform":{"type":"scalar"},"locs":[{"a":462,"b":473}]},{"name":"callbackUrls","required":true,"transform":{"type":"scalar"},"locs":[{"a":484,"b":497}]},{"name":"payloads","required":true,"transform":{"type":"scalar"},"locs":[{"a":510,"b":519}]},{"name":"retryPolicies","required":true,"transform":{"type":"scalar"},"locs":[{"a":531,"b":545}]},{"name":"callbackTimeoutSeconds","required":true,"transform":{"type":"scalar"},"locs":[{"a":557,"b":580}]},{"name":"createdAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":590,"b":601}]},{"name":"attempts","required":true,"transform":{"type":"scalar"},"locs":[{"a":621,"b":630}]}],"statement":"INSERT INTO timers (\n  shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,\n  timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts\n)\nSELECT\n  :shardId!, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,\n  t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts\nFROM unnest(\n  :executeAts!::timestamptz[], :uuids!::uuid[], :ids!::text[], :namespaces!::text[], :callbackUrls!::text[],\n  :payloads!::jsonb[], :retryPolicies!::jsonb[], :callbackTimeoutSeconds!::int[], :createdAts!::timestamptz[],\n  :attempts!::int[]\n) AS t (\n  execute_at, uuid, id, namespace, callback_url,\n  payload, retry_policy, callback_timeout_seconds, created_at,\n  attempts\n)\nORDER BY t.namespace, t.id\nON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE\nSET timer_execute_at = excluded.timer_execute_at,\n    timer_uuid = excluded.timer_uuid,\n    timer_callback_url = excluded.timer_callback_url,\n    timer_payload = excluded.timer_payload,\n    timer_retry_policy = excluded.timer_retry_policy,\n    timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,\n    timer_created_at = excluded.timer_created_at,\n    timer_attempts = excluded.timer_attempts"};

/**
 * Query generated from SQL:
 * ```
 * INSERT INTO timers (
 *   shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
 *   timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts
 * )
 * SELECT
 *   :shardId!, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,
 *   t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts
 * FROM unnest(
 *   :executeAts!::timestamptz[], :uuids!::uuid[], :ids!::text[], :namespaces!::text[], :callbackUrls!::text[],
 *   :payloads!::jsonb[], :retryPolicies!::jsonb[], :callbackTimeoutSeconds!::int[], :createdAts!::timestamptz[],
 *   :attempts!::int[]
 * ) AS t (
 *   execute_at, uuid, id, namespace, callback_url,
 *   payload, retry_policy, callback_timeout_seconds, created_at,
 *   attempts
 * )
 * ORDER BY t.namespace, t.id
 * ON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE
 * SET timer_execute_at = excluded.timer_execute_at,
 *     timer_uuid = excluded.timer_uuid,
 *     timer_callback_url = excluded.timer_callback_url,
 *     timer_payload = excluded.timer_payload,
 *     timer_retry_policy = excluded.timer_retry_policy,
 *     timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,
 *     timer_created_at = excluded.timer_created_at,
 *     timer_attempts = excluded.timer_attempts
 * ```
 */
export const createTimersNoLock = new PreparedQuery<CreateTimersNoLockParams,CreateTimersNoLockResult>(createTimersNoLockIR);


