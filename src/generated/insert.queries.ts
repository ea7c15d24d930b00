/** Types generated for queries found in "sql/insert.sql" */
import { PreparedQuery } from '@pgtyped/runtime';

export type DateOrString = Date | string;

export type DateOrStringArray = (DateOrString)[];

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export type JsonArray = (Json)[];

export type numberArray = (number)[];

export type stringArray = (string)[];

/** 'CreateTimer' parameters type */
export interface CreateTimerParams {
  attempts: number;
  callbackTimeoutSeconds: number;
  callbackUrl: string;
  createdAt: DateOrString;
  executeAt: DateOrString;
  id: string;
  namespace: string;
  payload?: Json | null | void;
  retryPolicy?: Json | null | void;
  shardId: number;
  shardVersion: number;
  uuid: string;
}

/** 'CreateTimer' return type */
export type CreateTimerResult = void;

/** 'CreateTimer' query type */
export interface CreateTimerQuery {
  params: CreateTimerParams;
  result: CreateTimerResult;
}

const createTimerIR: any = {"usedParamSet":{"executeAt":true,"uuid":true,"id":true,"namespace":true,"callbackUrl":true,"payload":true,"retryPolicy":true,"callbackTimeoutSeconds":true,"createdAt":true,"attempts":true,"shardId":true,"shardVersion":true},"params":[{"name":"executeAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":252,"b":262}]},{"name":"uuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":278,"b":283}]},{"name":"id","required":true,"transform":{"type":"scalar"},"locs":[{"a":292,"b":295}]},{"name":"namespace","required":true,"transform":{"type":"scalar"},"locs":[{"a":304,"b":314}]},{"name":"callbackUrl","required":true,"transform":{"type":"scalar"},"locs":[{"a":323,"b":335}]},{"name":"payload","required":false,"transform":{"type":"scalar"},"locs":[{"a":346,"b":353}]},{"name":"retryPolicy","required":false,"transform":{"type":"scalar"},"locs":[{"a":363,"b":374}]},{"name":"callbackTimeoutSeconds","required":true,"transform":{"type":"scalar"},"locs":[{"a":384,"b":407}]},{"name":"createdAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":415,"b":425}]},{"name":"attempts","required":true,"transform":{"type":"scalar"},"locs":[{"a":441,"b":450}]},{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":501,"b":509}]},{"name":"shardVersion","required":true,"transform":{"type":"scalar"},"locs":[{"a":684,"b":697}]}],"statement":"INSERT INTO timers (\n  shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,\n  timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts\n)\nSELECT\n  shard.shard_id, 2, :executeAt!::timestamptz, :uuid!::uuid, :id!::text, :namespace!::text, :callbackUrl!::text,\n  :payload::jsonb, :retryPolicy::jsonb, :callbackTimeoutSeconds!::int, :createdAt!::timestamptz, :attempts!::int\nFROM timers AS shard\nWHERE shard.shard_id = :shardId!\n  AND shard.row_type = 1\n  AND shard.timer_execute_at = '1970-01-01 00:00:01+00'\n  AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'\n  AND shard.shard_version = :shardVersion!\nFOR SHARE OF shard\nON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE\nSET timer_execute_at = excluded.timer_execute_at,\n    timer_uuid = excluded.timer_uuid,\n    timer_callback_url = excluded.timer_callback_url,\n    timer_payload = excluded.timer_payload,\n    timer_retry_policy = excluded.timer_retry_policy,\n    timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,\n    timer_created_at = excluded.timer_created_at,\n    timer_attempts = excluded.timer_attempts                                                                                                                                                                                                                                               "};

/**
 * Query generated from SQL:
 * ```
 * INSERT INTO timers (
 *   shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
 *   timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts
 * )
 * SELECT
 *   shard.shard_id, 2, :executeAt!::timestamptz, :uuid!::uuid, :id!::text, :namespace!::text, :callbackUrl!::text,
 *   :payload::jsonb, :retryPolicy::jsonb, :callbackTimeoutSeconds!::int, :createdAt!::timestamptz, :attempts!::int
 * FROM timers AS shard
 * WHERE shard.shard_id = :shardId!
 *   AND shard.row_type = 1
 *   AND shard.timer_execute_at = '1970-01-01 00:00:01+00'
 *   AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'
 *   AND shard.shard_version = :shardVersion!
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
export const createTimer = new PreparedQuery<CreateTimerParams,CreateTimerResult>(createTimerIR);


/** 'CreateTimerNoLock' parameters type */
export interface CreateTimerNoLockParams {
  attempts: number;
  callbackTimeoutSeconds: number;
  callbackUrl: string;
  createdAt: DateOrString;
  executeAt: DateOrString;
  id: string;
  namespace: string;
  payload?: Json | null | void;
  retryPolicy?: Json | null | void;
  shardId: number;
  uuid: string;
}

/** 'CreateTimerNoLock' return type */
export type CreateTimerNoLockResult = void;

/** 'CreateTimerNoLock' query type */
export interface CreateTimerNoLockQuery {
  params: CreateTimerNoLockParams;
  result: CreateTimerNoLockResult;
}

const createTimerNoLockIR: any = {"usedParamSet":{"executeAt":true,"uuid":true,"id":true,"namespace":true,"callbackUrl":true,"payload":true,"retryPolicy":true,"callbackTimeoutSeconds":true,"createdAt":true,"attempts":true,"shardId":true},"params":[{"name":"executeAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":252,"b":262}]},{"name":"uuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":278,"b":283}]},{"name":"id","required":true,"transform":{"type":"scalar"},"locs":[{"a":292,"b":295}]},{"name":"namespace","required":true,"transform":{"type":"scalar"},"locs":[{"a":304,"b":314}]},{"name":"callbackUrl","required":true,"transform":{"type":"scalar"},"locs":[{"a":323,"b":335}]},{"name":"payload","required":false,"transform":{"type":"scalar"},"locs":[{"a":346,"b":353}]},{"name":"retryPolicy","required":false,"transform":{"type":"scalar"},"locs":[{"a":363,"b":374}]},{"name":"callbackTimeoutSeconds","required":true,"transform":{"type":"scalar"},"locs":[{"a":384,"b":407}]},{"name":"createdAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":415,"b":425}]},{"name":"attempts","required":true,"transform":{"type":"scalar"},"locs":[{"a":441,"b":450}]},{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":501,"b":509}]}],"statement":"INSERT INTO timers (\n  shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,\n  timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts\n)\nSELECT\n  shard.shard_id, 2, :executeAt!::timestamptz, :uuid!::uuid, :id!::text, :namespace!::text, :callbackUrl!::text,\n  :payload::jsonb, :retryPolicy::jsonb, :callbackTimeoutSeconds!::int, :createdAt!::timestamptz, :attempts!::int\nFROM timers AS shard\nWHERE shard.shard_id = :shardId!\n  AND shard.row_type = 1\n  AND shard.timer_execute_at = '1970-01-01 00:00:01+00'\n  AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'\n  AND shard.shard_version IS NOT NULL\nON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE\nSET timer_execute_at = excluded.timer_execute_at,\n    timer_uuid = excluded.timer_uuid,\n    timer_callback_url = excluded.timer_callback_url,\n    timer_payload = excluded.timer_payload,\n    timer_retry_policy = excluded.timer_retry_policy,\n    timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,\n    timer_created_at = excluded.timer_created_at,\n    timer_attempts = excluded.timer_attempts"};

/**
 * Query generated from SQL:
 * ```
 * INSERT INTO timers (
 *   shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
 *   timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts
 * )
 * SELECT
 *   shard.shard_id, 2, :executeAt!::timestamptz, :uuid!::uuid, :id!::text, :namespace!::text, :callbackUrl!::text,
 *   :payload::jsonb, :retryPolicy::jsonb, :callbackTimeoutSeconds!::int, :createdAt!::timestamptz, :attempts!::int
 * FROM timers AS shard
 * WHERE shard.shard_id = :shardId!
 *   AND shard.row_type = 1
 *   AND shard.timer_execute_at = '1970-01-01 00:00:01+00'
 *   AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'
 *   AND shard.shard_version IS NOT NULL
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
export const createTimerNoLock = new PreparedQuery<CreateTimerNoLockParams,CreateTimerNoLockResult>(createTimerNoLockIR);


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

const createTimersIR: any = {"usedParamSet":{"executeAts":true,"uuids":true,"ids":true,"namespaces":true,"callbackUrls":true,"payloads":true,"retryPolicies":true,"callbackTimeoutSeconds":true,"createdAts":true,"attempts":true,"shardId":true,"shardVersion":true},"params":[{"name":"executeAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":445,"b":456}]},{"name":"uuids","required":true,"transform":{"type":"scalar"},"locs":[{"a":500,"b":506}]},{"name":"ids","required":true,"transform":{"type":"scalar"},"locs":[{"a":537,"b":541}]},{"name":"namespaces","required":true,"transform":{"type":"scalar"},"locs":[{"a":570,"b":581}]},{"name":"callbackUrls","required":true,"transform":{"type":"scalar"},"locs":[{"a":617,"b":630}]},{"name":"payloads","required":true,"transform":{"type":"scalar"},"locs":[{"a":669,"b":678}]},{"name":"retryPolicies","required":true,"transform":{"type":"scalar"},"locs":[{"a":713,"b":727}]},{"name":"callbackTimeoutSeconds","required":true,"transform":{"type":"scalar"},"locs":[{"a":767,"b":790}]},{"name":"createdAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":840,"b":851}]},{"name":"attempts","required":true,"transform":{"type":"scalar"},"locs":[{"a":895,"b":904}]},{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":956,"b":964}]},{"name":"shardVersion","required":true,"transform":{"type":"scalar"},"locs":[{"a":1139,"b":1152}]}],"statement":"INSERT INTO timers (\n  shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,\n  timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts\n)\nSELECT\n  shard.shard_id, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,\n  t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts\nFROM timers AS shard\nCROSS JOIN (\n  SELECT\n    unnest(:executeAts!::timestamptz[]) AS execute_at,\n    unnest(:uuids!::uuid[]) AS uuid,\n    unnest(:ids!::text[]) AS id,\n    unnest(:namespaces!::text[]) AS namespace,\n    unnest(:callbackUrls!::text[]) AS callback_url,\n    unnest(:payloads!::jsonb[]) AS payload,\n    unnest(:retryPolicies!::jsonb[]) AS retry_policy,\n    unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,\n    unnest(:createdAts!::timestamptz[]) AS created_at,\n    unnest(:attempts!::int[]) AS attempts\n) AS t\nWHERE shard.shard_id = :shardId!\n  AND shard.row_type = 1\n  AND shard.timer_execute_at = '1970-01-01 00:00:01+00'\n  AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'\n  AND shard.shard_version = :shardVersion!\nFOR SHARE OF shard\nON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE\nSET timer_execute_at = excluded.timer_execute_at,\n    timer_uuid = excluded.timer_uuid,\n    timer_callback_url = excluded.timer_callback_url,\n    timer_payload = excluded.timer_payload,\n    timer_retry_policy = excluded.timer_retry_policy,\n    timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,\n    timer_created_at = excluded.timer_created_at,\n    timer_attempts = excluded.timer_attempts"};

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
 * CROSS JOIN (
 *   SELECT
 *     unnest(:executeAts!::timestamptz[]) AS execute_at,
 *     unnest(:uuids!::uuid[]) AS uuid,
 *     unnest(:ids!::text[]) AS id,
 *     unnest(:namespaces!::text[]) AS namespace,
 *     unnest(:callbackUrls!::text[]) AS callback_url,
 *     unnest(:payloads!::jsonb[]) AS payload,
 *     unnest(:retryPolicies!::jsonb[]) AS retry_policy,
 *     unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,
 *     unnest(:createdAts!::timestamptz[]) AS created_at,
 *     unnest(:attempts!::int[]) AS attempts
 * ) AS t
 * WHERE shard.shard_id = :shardId!
 *   AND shard.row_type = 1
 *   AND shard.timer_execute_at = '1970-01-01 00:00:01+00'
 *   AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'
 *   AND shard.shard_version = :shardVersion!
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

const createTimersNoLockIR: any = {"usedParamSet":{"executeAts":true,"uuids":true,"ids":true,"namespaces":true,"callbackUrls":true,"payloads":true,"retryPolicies":true,"callbackTimeoutSeconds":true,"createdAts":true,"attempts":true,"shardId":true},"params":[{"name":"executeAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":445,"b":456}]},{"name":"uuids","required":true,"transform":{"type":"scalar"},"locs":[{"a":500,"b":506}]},{"name":"ids","required":true,"transform":{"type":"scalar"},"locs":[{"a":537,"b":541}]},{"name":"namespaces","required":true,"transform":{"type":"scalar"},"locs":[{"a":570,"b":581}]},{"name":"callbackUrls","required":true,"transform":{"type":"scalar"},"locs":[{"a":617,"b":630}]},{"name":"payloads","required":true,"transform":{"type":"scalar"},"locs":[{"a":669,"b":678}]},{"name":"retryPolicies","required":true,"transform":{"type":"scalar"},"locs":[{"a":713,"b":727}]},{"name":"callbackTimeoutSeconds","required":true,"transform":{"type":"scalar"},"locs":[{"a":767,"b":790}]},{"name":"createdAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":840,"b":851}]},{"name":"attempts","required":true,"transform":{"type":"scalar"},"locs":[{"a":895,"b":904}]},{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":956,"b":964}]}],"statement":"INSERT INTO timers (\n  shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,\n  timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts\n)\nSELECT\n  shard.shard_id, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,\n  t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts\nFROM timers AS shard\nCROSS JOIN (\n  SELECT\n    unnest(:executeAts!::timestamptz[]) AS execute_at,\n    unnest(:uuids!::uuid[]) AS uuid,\n    unnest(:ids!::text[]) AS id,\n    unnest(:namespaces!::text[]) AS namespace,\n    unnest(:callbackUrls!::text[]) AS callback_url,\n    unnest(:payloads!::jsonb[]) AS payload,\n    unnest(:retryPolicies!::jsonb[]) AS retry_policy,\n    unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,\n    unnest(:createdAts!::timestamptz[]) AS created_at,\n    unnest(:attempts!::int[]) AS attempts\n) AS t\nWHERE shard.shard_id = :shardId!\n  AND shard.row_type = 1\n  AND shard.timer_execute_at = '1970-01-01 00:00:01+00'\n  AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'\n  AND shard.shard_version IS NOT NULL\nON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE\nSET timer_execute_at = excluded.timer_execute_at,\n    timer_uuid = excluded.timer_uuid,\n    timer_callback_url = excluded.timer_callback_url,\n    timer_payload = excluded.timer_payload,\n    timer_retry_policy = excluded.timer_retry_policy,\n    timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,\n    timer_created_at = excluded.timer_created_at,\n    timer_attempts = excluded.timer_attempts                                                                          "};

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
 * CROSS JOIN (
 *   SELECT
 *     unnest(:executeAts!::timestamptz[]) AS execute_at,
 *     unnest(:uuids!::uuid[]) AS uuid,
 *     unnest(:ids!::text[]) AS id,
 *     unnest(:namespaces!::text[]) AS namespace,
 *     unnest(:callbackUrls!::text[]) AS callback_url,
 *     unnest(:payloads!::jsonb[]) AS payload,
 *     unnest(:retryPolicies!::jsonb[]) AS retry_policy,
 *     unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,
 *     unnest(:createdAts!::timestamptz[]) AS created_at,
 *     unnest(:attempts!::int[]) AS attempts
 * ) AS t
 * WHERE shard.shard_id = :shardId!
 *   AND shard.row_type = 1
 *   AND shard.timer_execute_at = '1970-01-01 00:00:01+00'
 *   AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'
 *   AND shard.shard_version IS NOT NULL
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


/** 'CreateTimersOfUnclaimedShard' parameters type */
export interface CreateTimersOfUnclaimedShardParams {
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

/** 'CreateTimersOfUnclaimedShard' return type */
export type CreateTimersOfUnclaimedShardResult = void;

/** 'CreateTimersOfUnclaimedShard' query type */
export interface CreateTimersOfUnclaimedShardQuery {
  params: CreateTimersOfUnclaimedShardParams;
  result: CreateTimersOfUnclaimedShardResult;
}

const createTimersOfUnclaimedShardIR: any = {"usedParamSet":{"shardId":true,"executeAts":true,"uuids":true,"ids":true,"namespaces":true,"callbackUrls":true,"payloads":true,"retryPolicies":true,"callbackTimeoutSeconds":true,"createdAts":true,"attempts":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":233,"b":241},{"a":977,"b":985}]},{"name":"executeAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":413,"b":424}]},{"name":"uuids","required":true,"transform":{"type":"scalar"},"locs":[{"a":468,"b":474}]},{"name":"ids","required":true,"transform":{"type":"scalar"},"locs":[{"a":505,"b":509}]},{"name":"namespaces","required":true,"transform":{"type":"scalar"},"locs":[{"a":538,"b":549}]},{"name":"callbackUrls","required":true,"transform":{"type":"scalar"},"locs":[{"a":585,"b":598}]},{"name":"payloads","required":true,"transform":{"type":"scalar"},"locs":[{"a":637,"b":646}]},{"name":"retryPolicies","required":true,"transform":{"type":"scalar"},"locs":[{"a":681,"b":695}]},{"name":"callbackTimeoutSeconds","required":true,"transform":{"type":"scalar"},"locs":[{"a":735,"b":758}]},{"name":"createdAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":808,"b":819}]},{"name":"attempts","required":true,"transform":{"type":"scalar"},"locs":[{"a":863,"b":872}]}],"statement":"INSERT INTO timers (\n  shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,\n  timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts\n)\nSELECT\n  :shardId!, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,\n  t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts\nFROM (\n  SELECT\n    unnest(:executeAts!::timestamptz[]) AS execute_at,\n    unnest(:uuids!::uuid[]) AS uuid,\n    unnest(:ids!::text[]) AS id,\n    unnest(:namespaces!::text[]) AS namespace,\n    unnest(:callbackUrls!::text[]) AS callback_url,\n    unnest(:payloads!::jsonb[]) AS payload,\n    unnest(:retryPolicies!::jsonb[]) AS retry_policy,\n    unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,\n    unnest(:createdAts!::timestamptz[]) AS created_at,\n    unnest(:attempts!::int[]) AS attempts\n) AS t\nWHERE NOT EXISTS (\n  SELECT\n  FROM timers AS shard\n  WHERE shard.shard_id = :shardId!\n    AND shard.row_type = 1\n    AND shard.timer_execute_at = '1970-01-01 00:00:01+00'\n    AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'\n)\nON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE\nSET timer_execute_at = excluded.timer_execute_at,\n    timer_uuid = excluded.timer_uuid,\n    timer_callback_url = excluded.timer_callback_url,\n    timer_payload = excluded.timer_payload,\n    timer_retry_policy = excluded.timer_retry_policy,\n    timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,\n    timer_created_at = excluded.timer_created_at,\n    timer_attempts = excluded.timer_attempts"};

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
 * FROM (
 *   SELECT
 *     unnest(:executeAts!::timestamptz[]) AS execute_at,
 *     unnest(:uuids!::uuid[]) AS uuid,
 *     unnest(:ids!::text[]) AS id,
 *     unnest(:namespaces!::text[]) AS namespace,
 *     unnest(:callbackUrls!::text[]) AS callback_url,
 *     unnest(:payloads!::jsonb[]) AS payload,
 *     unnest(:retryPolicies!::jsonb[]) AS retry_policy,
 *     unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,
 *     unnest(:createdAts!::timestamptz[]) AS created_at,
 *     unnest(:attempts!::int[]) AS attempts
 * ) AS t
 * WHERE NOT EXISTS (
 *   SELECT
 *   FROM timers AS shard
 *   WHERE shard.shard_id = :shardId!
 *     AND shard.row_type = 1
 *     AND shard.timer_execute_at = '1970-01-01 00:00:01+00'
 *     AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'
 * )
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
export const createTimersOfUnclaimedShard = new PreparedQuery<CreateTimersOfUnclaimedShardParams,CreateTimersOfUnclaimedShardResult>(createTimersOfUnclaimedShardIR);


