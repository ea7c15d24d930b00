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
  callbackUrl?: string | null | void;
  createdAt: DateOrString;
  executeAt: DateOrString;
  id: string;
  namespace: string;
  payload?: Json | null | void;
  retryPolicy?: Json | null | void;
  revision: string;
  shardId: number;
  shardVersion: number;
  traceparent?: string | null | void;
  uuid: string;
}

/** 'CreateTimer' return type */
export type CreateTimerResult = void;

/** 'CreateTimer' query type */
export interface CreateTimerQuery {
  params: CreateTimerParams;
  result: CreateTimerResult;
}

const createTimerIR: any = {"usedParamSet":{"executeAt":true,"uuid":true,"id":true,"namespace":true,"callbackUrl":true,"payload":true,"retryPolicy":true,"callbackTimeoutSeconds":true,"createdAt":true,"attempts":true,"revision":true,"traceparent":true,"shardId":true,"shardVersion":true},"params":[{"name":"executeAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":289,"b":299}]},{"name":"uuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":315,"b":320}]},{"name":"id","required":true,"transform":{"type":"scalar"},"locs":[{"a":329,"b":332}]},{"name":"namespace","required":true,"transform":{"type":"scalar"},"locs":[{"a":341,"b":351}]},{"name":"callbackUrl","required":false,"transform":{"type":"scalar"},"locs":[{"a":360,"b":371}]},{"name":"payload","required":false,"transform":{"type":"scalar"},"locs":[{"a":382,"b":389}]},{"name":"retryPolicy","required":false,"transform":{"type":"scalar"},"locs":[{"a":399,"b":410}]},{"name":"callbackTimeoutSeconds","required":true,"transform":{"type":"scalar"},"locs":[{"a":420,"b":443}]},{"name":"createdAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":451,"b":461}]},{"name":"attempts","required":true,"transform":{"type":"scalar"},"locs":[{"a":477,"b":486}]},{"name":"revision","required":true,"transform":{"type":"scalar"},"locs":[{"a":496,"b":505}]},{"name":"traceparent","required":false,"transform":{"type":"scalar"},"locs":[{"a":520,"b":531}]},{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":583,"b":591}]},{"name":"shardVersion","required":true,"transform":{"type":"scalar"},"locs":[{"a":766,"b":779}]}],"statement":"INSERT INTO timers (\n  shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,\n  timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,\n  timer_revision, timer_traceparent\n)\nSELECT\n  shard.shard_id, 2, :executeAt!::timestamptz, :uuid!::uuid, :id!::text, :namespace!::text, :callbackUrl::text,\n  :payload::jsonb, :retryPolicy::jsonb, :callbackTimeoutSeconds!::int, :createdAt!::timestamptz, :attempts!::int,\n  :revision!::text::int8, :traceparent::text\nFROM timers AS shard\nWHERE shard.shard_id = :shardId!\n  AND shard.row_type = 1\n  AND shard.timer_execute_at = '1970-01-01 00:00:01+00'\n  AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'\n  AND shard.shard_version = :shardVersion!\nFOR SHARE OF shard\nON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE\nSET timer_execute_at = excluded.timer_execute_at,\n    timer_uuid = excluded.timer_uuid,\n    timer_callback_url = excluded.timer_callback_url,\n    timer_payload = excluded.timer_payload,\n    timer_retry_policy = excluded.timer_retry_policy,\n    timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,\n    timer_created_at = excluded.timer_created_at,\n    timer_attempts = excluded.timer_attempts,\n    timer_revision = excluded.timer_revision,\n    timer_traceparent = excluded.timer_traceparent,\n    timer_updated_at = excluded.timer_updated_at,\n    timer_due_at = excluded.timer_due_at,\n    timer_first_attempt_at = excluded.timer_first_attempt_at,\n    timer_last_error = excluded.timer_last_error                                                                                                                                                                                                                                                                                                                         "};

/**
 * Query generated from SQL:
 * ```
 * INSERT INTO timers (
 *   shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
 *   timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,
 *   timer_revision, timer_traceparent
 * )
 * SELECT
 *   shard.shard_id, 2, :executeAt!::timestamptz, :uuid!::uuid, :id!::text, :namespace!::text, :callbackUrl::text,
 *   :payload::jsonb, :retryPolicy::jsonb, :callbackTimeoutSeconds!::int, :createdAt!::timestamptz, :attempts!::int,
 *   :revision!::text::int8, :traceparent::text
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
 *     timer_attempts = excluded.timer_attempts,
 *     timer_revision = excluded.timer_revision,
 *     timer_traceparent = excluded.timer_traceparent,
 *     timer_updated_at = excluded.timer_updated_at,
 *     timer_due_at = excluded.timer_due_at,
 *     timer_first_attempt_at = excluded.timer_first_attempt_at,
 *     timer_last_error = excluded.timer_last_error                                                                                                                                                                                                                                                                                                                         
 * ```
 */
export const createTimer = new PreparedQuery<CreateTimerParams,CreateTimerResult>(createTimerIR);


/** 'CreateTimerNoLock' parameters type */
export interface CreateTimerNoLockParams {
  attempts: number;
  callbackTimeoutSeconds: number;
  callbackUrl?: string | null | void;
  createdAt: DateOrString;
  executeAt: DateOrString;
  id: string;
  namespace: string;
  payload?: Json | null | void;
  retryPolicy?: Json | null | void;
  revision: string;
  shardId: number;
  traceparent?: string | null | void;
  uuid: string;
}

/** 'CreateTimerNoLock' return type */
export type CreateTimerNoLockResult = void;

/** 'CreateTimerNoLock' query type */
export interface CreateTimerNoLockQuery {
  params: CreateTimerNoLockParams;
  result: CreateTimerNoLockResult;
}

const createTimerNoLockIR: any = {"usedParamSet":{"executeAt":true,"uuid":true,"id":true,"namespace":true,"callbackUrl":true,"payload":true,"retryPolicy":true,"callbackTimeoutSeconds":true,"createdAt":true,"attempts":true,"revision":true,"traceparent":true,"shardId":true},"params":[{"name":"executeAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":293,"b":303}]},{"name":"uuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":319,"b":324}]},{"name":"id","required":true,"transform":{"type":"scalar"},"locs":[{"a":333,"b":336}]},{"name":"namespace","required":true,"transform":{"type":"scalar"},"locs":[{"a":345,"b":355}]},{"name":"callbackUrl","required":false,"transform":{"type":"scalar"},"locs":[{"a":364,"b":375}]},{"name":"payload","required":false,"transform":{"type":"scalar"},"locs":[{"a":386,"b":393}]},{"name":"retryPolicy","required":false,"transform":{"type":"scalar"},"locs":[{"a":403,"b":414}]},{"name":"callbackTimeoutSeconds","required":true,"transform":{"type":"scalar"},"locs":[{"a":424,"b":447}]},{"name":"createdAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":455,"b":465}]},{"name":"attempts","required":true,"transform":{"type":"scalar"},"locs":[{"a":481,"b":490}]},{"name":"revision","required":true,"transform":{"type":"scalar"},"locs":[{"a":500,"b":509}]},{"name":"traceparent","required":false,"transform":{"type":"scalar"},"locs":[{"a":524,"b":535}]},{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":626,"b":634}]}],"statement":"INSERT INTO timers (\n  shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,\n  timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,\n  timer_revision, timer_traceparent\n)\nSELECT\n  first_row.shard_id, 2, :executeAt!::timestamptz, :uuid!::uuid, :id!::text, :namespace!::text, :callbackUrl::text,\n  :payload::jsonb, :retryPolicy::jsonb, :callbackTimeoutSeconds!::int, :createdAt!::timestamptz, :attempts!::int,\n  :revision!::text::int8, :traceparent::text\nFROM (\n  SELECT shard_id, row_type, shard_version\n  FROM timers\n  WHERE shard_id = :shardId!\n    AND row_type >= 1\n  ORDER BY row_type, timer_execute_at, timer_uuid\n  LIMIT 1\n) AS first_row\nWHERE first_row.row_type <> 1\n   OR first_row.shard_version IS NOT NULL\nON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE\nSET timer_execute_at = excluded.timer_execute_at,\n    timer_uuid = excluded.timer_uuid,\n    timer_callback_url = excluded.timer_callback_url,\n    timer_payload = excluded.timer_payload,\n    timer_retry_policy = excluded.timer_retry_policy,\n    timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,\n    timer_created_at = excluded.timer_created_at,\n    timer_attempts = excluded.timer_attempts,\n    timer_revision = excluded.timer_revision,\n    timer_traceparent = excluded.timer_traceparent,\n    timer_updated_at = excluded.timer_updated_at,\n    timer_due_at = excluded.timer_due_at,\n    timer_first_attempt_at = excluded.timer_first_attempt_at,\n    timer_last_error = excluded.timer_last_error"};

/**
 * Query generated from SQL:
 * ```
 * INSERT INTO timers (
 *   shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
 *   timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,
 *   timer_revision, timer_traceparent
 * )
 * SELECT
 *   first_row.shard_id, 2, :executeAt!::timestamptz, :uuid!::uuid, :id!::text, :namespace!::text, :callbackUrl::text,
 *   :payload::jsonb, :retryPolicy::jsonb, :callbackTimeoutSeconds!::int, :createdAt!::timestamptz, :attempts!::int,
 *   :revision!::text::int8, :traceparent::text
 * FROM (
 *   SELECT shard_id, row_type, shard_version
 *   FROM timers
 *   WHERE shard_id = :shardId!
 *     AND row_type >= 1
 *   ORDER BY row_type, timer_execute_at, timer_uuid
 *   LIMIT 1
 * ) AS first_row
 * WHERE first_row.row_type <> 1
 *    OR first_row.shard_version IS NOT NULL
 * ON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE
 * SET timer_execute_at = excluded.timer_execute_at,
 *     timer_uuid = excluded.timer_uuid,
 *     timer_callback_url = excluded.timer_callback_url,
 *     timer_payload = excluded.timer_payload,
 *     timer_retry_policy = excluded.timer_retry_policy,
 *     timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,
 *     timer_created_at = excluded.timer_created_at,
 *     timer_attempts = excluded.timer_attempts,
 *     timer_revision = excluded.timer_revision,
 *     timer_traceparent = excluded.timer_traceparent,
 *     timer_updated_at = excluded.timer_updated_at,
 *     timer_due_at = excluded.timer_due_at,
 *     timer_first_attempt_at = excluded.timer_first_attempt_at,
 *     timer_last_error = excluded.timer_last_error
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
  revision: string;
  shardId: number;
  shardVersion: number;
  traceparents: stringArray;
  uuids: stringArray;
}

/** 'CreateTimers' return type */
export type CreateTimersResult = void;

/** 'CreateTimers' query type */
export interface CreateTimersQuery {
  params: CreateTimersParams;
  result: CreateTimersResult;
}

const createTimersIR: any = {"usedParamSet":{"revision":true,"executeAts":true,"uuids":true,"ids":true,"namespaces":true,"callbackUrls":true,"payloads":true,"retryPolicies":true,"callbackTimeoutSeconds":true,"createdAts":true,"attempts":true,"traceparents":true,"shardId":true,"shardVersion":true},"params":[{"name":"revision","required":true,"transform":{"type":"scalar"},"locs":[{"a":431,"b":440}]},{"name":"executeAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":523,"b":534}]},{"name":"uuids","required":true,"transform":{"type":"scalar"},"locs":[{"a":578,"b":584}]},{"name":"ids","required":true,"transform":{"type":"scalar"},"locs":[{"a":615,"b":619}]},{"name":"namespaces","required":true,"transform":{"type":"scalar"},"locs":[{"a":648,"b":659}]},{"name":"callbackUrls","required":true,"transform":{"type":"scalar"},"locs":[{"a":695,"b":708}]},{"name":"payloads","required":true,"transform":{"type":"scalar"},"locs":[{"a":747,"b":756}]},{"name":"retryPolicies","required":true,"transform":{"type":"scalar"},"locs":[{"a":791,"b":805}]},{"name":"callbackTimeoutSeconds","required":true,"transform":{"type":"scalar"},"locs":[{"a":845,"b":868}]},{"name":"createdAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":918,"b":929}]},{"name":"attempts","required":true,"transform":{"type":"scalar"},"locs":[{"a":973,"b":982}]},{"name":"traceparents","required":true,"transform":{"type":"scalar"},"locs":[{"a":1016,"b":1029}]},{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":1085,"b":1093}]},{"name":"shardVersion","required":true,"transform":{"type":"scalar"},"locs":[{"a":1268,"b":1281}]}],"statement":"INSERT INTO timers (\n  shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,\n  timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,\n  timer_revision, timer_traceparent\n)\nSELECT\n  shard.shard_id, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,\n  t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts,\n  :revision!::text::int8, t.traceparent\nFROM timers AS shard\nCROSS JOIN (\n  SELECT\n    unnest(:executeAts!::timestamptz[]) AS execute_at,\n    unnest(:uuids!::uuid[]) AS uuid,\n    unnest(:ids!::text[]) AS id,\n    unnest(:namespaces!::text[]) AS namespace,\n    unnest(:callbackUrls!::text[]) AS callback_url,\n    unnest(:payloads!::jsonb[]) AS payload,\n    unnest(:retryPolicies!::jsonb[]) AS retry_policy,\n    unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,\n    unnest(:createdAts!::timestamptz[]) AS created_at,\n    unnest(:attempts!::int[]) AS attempts,\n    unnest(:traceparents!::text[]) AS traceparent\n) AS t\nWHERE shard.shard_id = :shardId!\n  AND shard.row_type = 1\n  AND shard.timer_execute_at = '1970-01-01 00:00:01+00'\n  AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'\n  AND shard.shard_version = :shardVersion!\nFOR SHARE OF shard\nON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE\nSET timer_execute_at = excluded.timer_execute_at,\n    timer_uuid = excluded.timer_uuid,\n    timer_callback_url = excluded.timer_callback_url,\n    timer_payload = excluded.timer_payload,\n    timer_retry_policy = excluded.timer_retry_policy,\n    timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,\n    timer_created_at = excluded.timer_created_at,\n    timer_attempts = excluded.timer_attempts,\n    timer_revision = excluded.timer_revision,\n    timer_traceparent = excluded.timer_traceparent,\n    timer_updated_at = excluded.timer_updated_at,\n    timer_due_at = excluded.timer_due_at,\n    timer_first_attempt_at = excluded.timer_first_attempt_at,\n    timer_last_error = excluded.timer_last_error"};

/**
 * Query generated from SQL:
 * ```
 * INSERT INTO timers (
 *   shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
 *   timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,
 *   timer_revision, timer_traceparent
 * )
 * SELECT
 *   shard.shard_id, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,
 *   t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts,
 *   :revision!::text::int8, t.traceparent
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
 *     unnest(:attempts!::int[]) AS attempts,
 *     unnest(:traceparents!::text[]) AS traceparent
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
 *     timer_attempts = excluded.timer_attempts,
 *     timer_revision = excluded.timer_revision,
 *     timer_traceparent = excluded.timer_traceparent,
 *     timer_updated_at = excluded.timer_updated_at,
 *     timer_due_at = excluded.timer_due_at,
 *     timer_first_attempt_at = excluded.timer_first_attempt_at,
 *     timer_last_error = excluded.timer_last_error
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
  revision: string;
  shardId: number;
  traceparents: stringArray;
  uuids: stringArray;
}

/** 'CreateTimersNoLock' return type */
export type CreateTimersNoLockResult = void;

/** 'CreateTimersNoLock' query type */
export interface CreateTimersNoLockQuery {
  params: CreateTimersNoLockParams;
  result: CreateTimersNoLockResult;
}

const createTimersNoLockIR: any = {"usedParamSet":{"revision":true,"shardId":true,"executeAts":true,"uuids":true,"ids":true,"namespaces":true,"callbackUrls":true,"payloads":true,"retryPolicies":true,"callbackTimeoutSeconds":true,"createdAts":true,"attempts":true,"traceparents":true},"params":[{"name":"revision","required":true,"transform":{"type":"scalar"},"locs":[{"a":435,"b":444}]},{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":556,"b":564}]},{"name":"executeAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":696,"b":707}]},{"name":"uuids","required":true,"transform":{"type":"scalar"},"locs":[{"a":751,"b":757}]},{"name":"ids","required":true,"transform":{"type":"scalar"},"locs":[{"a":788,"b":792}]},{"name":"namespaces","required":true,"transform":{"type":"scalar"},"locs":[{"a":821,"b":832}]},{"name":"callbackUrls","required":true,"transform":{"type":"scalar"},"locs":[{"a":868,"b":881}]},{"name":"payloads","required":true,"transform":{"type":"scalar"},"locs":[{"a":920,"b":929}]},{"name":"retryPolicies","required":true,"transform":{"type":"scalar"},"locs":[{"a":964,"b":978}]},{"name":"callbackTimeoutSeconds","required":true,"transform":{"type":"scalar"},"locs":[{"a":1018,"b":1041}]},{"name":"createdAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":1091,"b":1102}]},{"name":"attempts","required":true,"transform":{"type":"scalar"},"locs":[{"a":1146,"b":1155}]},{"name":"traceparents","required":true,"transform":{"type":"scalar"},"locs":[{"a":1189,"b":1202}]}],"statement":"INSERT INTO timers (\n  shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,\n  timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,\n  timer_revision, timer_traceparent\n)\nSELECT\n  first_row.shard_id, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,\n  t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts,\n  :revision!::text::int8, t.traceparent\nFROM (\n  SELECT shard_id, row_type, shard_version\n  FROM timers\n  WHERE shard_id = :shardId!\n    AND row_type >= 1\n  ORDER BY row_type, timer_execute_at, timer_uuid\n  LIMIT 1\n) AS first_row\nCROSS JOIN (\n  SELECT\n    unnest(:executeAts!::timestamptz[]) AS execute_at,\n    unnest(:uuids!::uuid[]) AS uuid,\n    unnest(:ids!::text[]) AS id,\n    unnest(:namespaces!::text[]) AS namespace,\n    unnest(:callbackUrls!::text[]) AS callback_url,\n    unnest(:payloads!::jsonb[]) AS payload,\n    unnest(:retryPolicies!::jsonb[]) AS retry_policy,\n    unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,\n    unnest(:createdAts!::timestamptz[]) AS created_at,\n    unnest(:attempts!::int[]) AS attempts,\n    unnest(:traceparents!::text[]) AS traceparent\n) AS t\nWHERE first_row.row_type <> 1\n   OR first_row.shard_version IS NOT NULL\nON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE\nSET timer_execute_at = excluded.timer_execute_at,\n    timer_uuid = excluded.timer_uuid,\n    timer_callback_url = excluded.timer_callback_url,\n    timer_payload = excluded.timer_payload,\n    timer_retry_policy = excluded.timer_retry_policy,\n    timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,\n    timer_created_at = excluded.timer_created_at,\n    timer_attempts = excluded.timer_attempts,\n    timer_revision = excluded.timer_revision,\n    timer_traceparent = excluded.timer_traceparent,\n    timer_updated_at = excluded.timer_updated_at,\n    timer_due_at = excluded.timer_due_at,\n    timer_first_attempt_at = excluded.timer_first_attempt_at,\n    timer_last_error = excluded.timer_last_error                                                                          "};

/**
 * Query generated from SQL:
 * ```
 * INSERT INTO timers (
 *   shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
 *   timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,
 *   timer_revision, timer_traceparent
 * )
 * SELECT
 *   first_row.shard_id, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,
 *   t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts,
 *   :revision!::text::int8, t.traceparent
 * FROM (
 *   SELECT shard_id, row_type, shard_version
 *   FROM timers
 *   WHERE shard_id = :shardId!
 *     AND row_type >= 1
 *   ORDER BY row_type, timer_execute_at, timer_uuid
 *   LIMIT 1
 * ) AS first_row
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
 *     unnest(:attempts!::int[]) AS attempts,
 *     unnest(:traceparents!::text[]) AS traceparent
 * ) AS t
 * WHERE first_row.row_type <> 1
 *    OR first_row.shard_version IS NOT NULL
 * ON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE
 * SET timer_execute_at = excluded.timer_execute_at,
 *     timer_uuid = excluded.timer_uuid,
 *     timer_callback_url = excluded.timer_callback_url,
 *     timer_payload = excluded.timer_payload,
 *     timer_retry_policy = excluded.timer_retry_policy,
 *     timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,
 *     timer_created_at = excluded.timer_created_at,
 *     timer_attempts = excluded.timer_attempts,
 *     timer_revision = excluded.timer_revision,
 *     timer_traceparent = excluded.timer_traceparent,
 *     timer_updated_at = excluded.timer_updated_at,
 *     timer_due_at = excluded.timer_due_at,
 *     timer_first_attempt_at = excluded.timer_first_attempt_at,
 *     timer_last_error = excluded.timer_last_error                                                                          
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
  revision: string;
  shardId: number;
  traceparents: stringArray;
  uuids: stringArray;
}

/** 'CreateTimersOfUnclaimedShard' return type */
export type CreateTimersOfUnclaimedShardResult = void;

/** 'CreateTimersOfUnclaimedShard' query type */
export interface CreateTimersOfUnclaimedShardQuery {
  params: CreateTimersOfUnclaimedShardParams;
  result: CreateTimersOfUnclaimedShardResult;
}

const createTimersOfUnclaimedShardIR: any = {"usedParamSet":{"shardId":true,"revision":true,"executeAts":true,"uuids":true,"ids":true,"namespaces":true,"callbackUrls":true,"payloads":true,"retryPolicies":true,"callbackTimeoutSeconds":true,"createdAts":true,"attempts":true,"traceparents":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":270,"b":278},{"a":1106,"b":1114}]},{"name":"revision","required":true,"transform":{"type":"scalar"},"locs":[{"a":426,"b":435}]},{"name":"executeAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":491,"b":502}]},{"name":"uuids","required":true,"transform":{"type":"scalar"},"locs":[{"a":546,"b":552}]},{"name":"ids","required":true,"transform":{"type":"scalar"},"locs":[{"a":583,"b":587}]},{"name":"namespaces","required":true,"transform":{"type":"scalar"},"locs":[{"a":616,"b":627}]},{"name":"callbackUrls","required":true,"transform":{"type":"scalar"},"locs":[{"a":663,"b":676}]},{"name":"payloads","required":true,"transform":{"type":"scalar"},"locs":[{"a":715,"b":724}]},{"name":"retryPolicies","required":true,"transform":{"type":"scalar"},"locs":[{"a":759,"b":773}]},{"name":"callbackTimeoutSeconds","required":true,"transform":{"type":"scalar"},"locs":[{"a":813,"b":836}]},{"name":"createdAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":886,"b":897}]},{"name":"attempts","required":true,"transform":{"type":"scalar"},"locs":[{"a":941,"b":950}]},{"name":"traceparents","required":true,"transform":{"type":"scalar"},"locs":[{"a":984,"b":997}]}],"statement":"INSERT INTO timers (\n  shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,\n  timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,\n  timer_revision, timer_traceparent\n)\nSELECT\n  :shardId!, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,\n  t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts,\n  :revision!::text::int8, t.traceparent\nFROM (\n  SELECT\n    unnest(:executeAts!::timestamptz[]) AS execute_at,\n    unnest(:uuids!::uuid[]) AS uuid,\n    unnest(:ids!::text[]) AS id,\n    unnest(:namespaces!::text[]) AS namespace,\n    unnest(:callbackUrls!::text[]) AS callback_url,\n    unnest(:payloads!::jsonb[]) AS payload,\n    unnest(:retryPolicies!::jsonb[]) AS retry_policy,\n    unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,\n    unnest(:createdAts!::timestamptz[]) AS created_at,\n    unnest(:attempts!::int[]) AS attempts,\n    unnest(:traceparents!::text[]) AS traceparent\n) AS t\nWHERE NOT EXISTS (\n  SELECT\n  FROM timers AS shard\n  WHERE shard.shard_id = :shardId!\n    AND shard.row_type = 1\n    AND shard.timer_execute_at = '1970-01-01 00:00:01+00'\n    AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'\n)\nON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE\nSET timer_execute_at = excluded.timer_execute_at,\n    timer_uuid = excluded.timer_uuid,\n    timer_callback_url = excluded.timer_callback_url,\n    timer_payload = excluded.timer_payload,\n    timer_retry_policy = excluded.timer_retry_policy,\n    timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,\n    timer_created_at = excluded.timer_created_at,\n    timer_attempts = excluded.timer_attempts,\n    timer_revision = excluded.timer_revision,\n    timer_traceparent = excluded.timer_traceparent,\n    timer_updated_at = excluded.timer_updated_at,\n    timer_due_at = excluded.timer_due_at,\n    timer_first_attempt_at = excluded.timer_first_attempt_at,\n    timer_last_error = excluded.timer_last_error                                                                                                                                                                                                                                                                                                                          "};

/**
 * Query generated from SQL:
 * ```
 * INSERT INTO timers (
 *   shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
 *   timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,
 *   timer_revision, timer_traceparent
 * )
 * SELECT
 *   :shardId!, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,
 *   t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts,
 *   :revision!::text::int8, t.traceparent
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
 *     unnest(:attempts!::int[]) AS attempts,
 *     unnest(:traceparents!::text[]) AS traceparent
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
 *     timer_attempts = excluded.timer_attempts,
 *     timer_revision = excluded.timer_revision,
 *     timer_traceparent = excluded.timer_traceparent,
 *     timer_updated_at = excluded.timer_updated_at,
 *     timer_due_at = excluded.timer_due_at,
 *     timer_first_attempt_at = excluded.timer_first_attempt_at,
 *     timer_last_error = excluded.timer_last_error                                                                                                                                                                                                                                                                                                                          
 * ```
 */
export const createTimersOfUnclaimedShard = new PreparedQuery<CreateTimersOfUnclaimedShardParams,CreateTimersOfUnclaimedShardResult>(createTimersOfUnclaimedShardIR);


/** 'CreateTimerOfUnclaimedShard' parameters type */
export interface CreateTimerOfUnclaimedShardParams {
  attempts: number;
  callbackTimeoutSeconds: number;
  callbackUrl?: string | null | void;
  createdAt: DateOrString;
  executeAt: DateOrString;
  id: string;
  namespace: string;
  payload?: Json | null | void;
  retryPolicy?: Json | null | void;
  revision: string;
  shardId: number;
  traceparent?: string | null | void;
  uuid: string;
}

/** 'CreateTimerOfUnclaimedShard' return type */
export type CreateTimerOfUnclaimedShardResult = void;

/** 'CreateTimerOfUnclaimedShard' query type */
export interface CreateTimerOfUnclaimedShardQuery {
  params: CreateTimerOfUnclaimedShardParams;
  result: CreateTimerOfUnclaimedShardResult;
}

const createTimerOfUnclaimedShardIR: any = {"usedParamSet":{"shardId":true,"executeAt":true,"uuid":true,"id":true,"namespace":true,"callbackUrl":true,"payload":true,"retryPolicy":true,"callbackTimeoutSeconds":true,"createdAt":true,"attempts":true,"revision":true,"traceparent":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":272,"b":280}]},{"name":"executeAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":286,"b":296}]},{"name":"uuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":312,"b":317}]},{"name":"id","required":true,"transform":{"type":"scalar"},"locs":[{"a":326,"b":329}]},{"name":"namespace","required":true,"transform":{"type":"scalar"},"locs":[{"a":338,"b":348}]},{"name":"callbackUrl","required":false,"transform":{"type":"scalar"},"locs":[{"a":357,"b":368}]},{"name":"payload","required":false,"transform":{"type":"scalar"},"locs":[{"a":379,"b":386}]},{"name":"retryPolicy","required":false,"transform":{"type":"scalar"},"locs":[{"a":396,"b":407}]},{"name":"callbackTimeoutSeconds","required":true,"transform":{"type":"scalar"},"locs":[{"a":417,"b":440}]},{"name":"createdAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":448,"b":458}]},{"name":"attempts","required":true,"transform":{"type":"scalar"},"locs":[{"a":474,"b":483}]},{"name":"revision","required":true,"transform":{"type":"scalar"},"locs":[{"a":493,"b":502}]},{"name":"traceparent","required":false,"transform":{"type":"scalar"},"locs":[{"a":517,"b":528}]}],"statement":"INSERT INTO timers (\n  shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,\n  timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,\n  timer_revision, timer_traceparent\n)\nVALUES (\n  :shardId!, 2, :executeAt!::timestamptz, :uuid!::uuid, :id!::text, :namespace!::text, :callbackUrl::text,\n  :payload::jsonb, :retryPolicy::jsonb, :callbackTimeoutSeconds!::int, :createdAt!::timestamptz, :attempts!::int,\n  :revision!::text::int8, :traceparent::text\n)\nON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE\nSET timer_execute_at = excluded.timer_execute_at,\n    timer_uuid = excluded.timer_uuid,\n    timer_callback_url = excluded.timer_callback_url,\n    timer_payload = excluded.timer_payload,\n    timer_retry_policy = excluded.timer_retry_policy,\n    timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,\n    timer_created_at = excluded.timer_created_at,\n    timer_attempts = excluded.timer_attempts,\n    timer_revision = excluded.timer_revision,\n    timer_traceparent = excluded.timer_traceparent,\n    timer_updated_at = excluded.timer_updated_at,\n    timer_due_at = excluded.timer_due_at,\n    timer_first_attempt_at = excluded.timer_first_attempt_at,\n    timer_last_error = excluded.timer_last_error                                                                                                                                                                                                                                                                                                                                                            "};

/**
 * Query generated from SQL:
 * ```
 * INSERT INTO timers (
 *   shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
 *   timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,
 *   timer_revision, timer_traceparent
 * )
 * VALUES (
 *   :shardId!, 2, :executeAt!::timestamptz, :uuid!::uuid, :id!::text, :namespace!::text, :callbackUrl::text,
 *   :payload::jsonb, :retryPolicy::jsonb, :callbackTimeoutSeconds!::int, :createdAt!::timestamptz, :attempts!::int,
 *   :revision!::text::int8, :traceparent::text
 * )
 * ON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE
 * SET timer_execute_at = excluded.timer_execute_at,
 *     timer_uuid = excluded.timer_uuid,
 *     timer_callback_url = excluded.timer_callback_url,
 *     timer_payload = excluded.timer_payload,
 *     timer_retry_policy = excluded.timer_retry_policy,
 *     timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,
 *     timer_created_at = excluded.timer_created_at,
 *     timer_attempts = excluded.timer_attempts,
 *     timer_revision = excluded.timer_revision,
 *     timer_traceparent = excluded.timer_traceparent,
 *     timer_updated_at = excluded.timer_updated_at,
 *     timer_due_at = excluded.timer_due_at,
 *     timer_first_attempt_at = excluded.timer_first_attempt_at,
 *     timer_last_error = excluded.timer_last_error                                                                                                                                                                                                                                                                                                                                                            
 * ```
 */
export const createTimerOfUnclaimedShard = new PreparedQuery<CreateTimerOfUnclaimedShardParams,CreateTimerOfUnclaimedShardResult>(createTimerOfUnclaimedShardIR);


/** 'CreateTimersOfShards' parameters type */
export interface CreateTimersOfShardsParams {
  attempts: numberArray;
  callbackTimeoutSeconds: numberArray;
  callbackUrls: stringArray;
  createdAts: DateOrStringArray;
  executeAts: DateOrStringArray;
  ids: stringArray;
  namespaces: stringArray;
  payloads: JsonArray;
  places: numberArray;
  retryPolicies: JsonArray;
  revision: string;
  shardIds: numberArray;
  shardVersions: numberArray;
  timerPlaces: numberArray;
  timerShardIds: numberArray;
  traceparents: stringArray;
  uuids: stringArray;
}

/** 'CreateTimersOfShards' return type */
export interface CreateTimersOfShardsResult {
  openPlaces: Json;
}

/** 'CreateTimersOfShards' query type */
export interface CreateTimersOfShardsQuery {
  params: CreateTimersOfShardsParams;
  result: CreateTimersOfShardsResult;
}

const createTimersOfShardsIR: any = {"usedParamSet":{"places":true,"shardIds":true,"shardVersions":true,"revision":true,"timerPlaces":true,"timerShardIds":true,"executeAts":true,"uuids":true,"ids":true,"namespaces":true,"callbackUrls":true,"payloads":true,"retryPolicies":true,"callbackTimeoutSeconds":true,"createdAts":true,"attempts":true,"traceparents":true},"params":[{"name":"places","required":true,"transform":{"type":"scalar"},"locs":[{"a":61,"b":68}]},{"name":"shardIds","required":true,"transform":{"type":"scalar"},"locs":[{"a":101,"b":110}]},{"name":"shardVersions","required":true,"transform":{"type":"scalar"},"locs":[{"a":146,"b":160}]},{"name":"revision","required":true,"transform":{"type":"scalar"},"locs":[{"a":1734,"b":1743}]},{"name":"timerPlaces","required":true,"transform":{"type":"scalar"},"locs":[{"a":1811,"b":1823}]},{"name":"timerShardIds","required":true,"transform":{"type":"scalar"},"locs":[{"a":1858,"b":1872}]},{"name":"executeAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":1910,"b":1921}]},{"name":"uuids","required":true,"transform":{"type":"scalar"},"locs":[{"a":1969,"b":1975}]},{"name":"ids","required":true,"transform":{"type":"scalar"},"locs":[{"a":2010,"b":2014}]},{"name":"namespaces","required":true,"transform":{"type":"scalar"},"locs":[{"a":2047,"b":2058}]},{"name":"callbackUrls","required":true,"transform":{"type":"scalar"},"locs":[{"a":2098,"b":2111}]},{"name":"payloads","required":true,"transform":{"type":"scalar"},"locs":[{"a":2154,"b":2163}]},{"name":"retryPolicies","required":true,"transform":{"type":"scalar"},"locs":[{"a":2202,"b":2216}]},{"name":"callbackTimeoutSeconds","required":true,"transform":{"type":"scalar"},"locs":[{"a":2260,"b":2283}]},{"name":"createdAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":2337,"b":2348}]},{"name":"attempts","required":true,"transform":{"type":"scalar"},"locs":[{"a":2396,"b":2405}]},{"name":"traceparents","required":true,"transform":{"type":"scalar"},"locs":[{"a":2443,"b":2456}]}],"statement":"WITH\n  asked_shard AS MATERIALIZED (\n    SELECT\n      unnest(:places!::int[]) AS place,\n      unnest(:shardIds!::int[]) AS shard_id,\n      unnest(:shardVersions!::int8[]) AS shard_version\n  ),\n  held_shard AS MATERIALIZED (\n    SELECT asked_shard.place\n    FROM asked_shard\n    CROSS JOIN LATERAL (\n      SELECT shard_id\n      FROM timers\n      WHERE shard_id = asked_shard.shard_id\n        AND row_type = 1\n        AND timer_execute_at = '1970-01-01 00:00:01+00'\n        AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n        AND shard_version = asked_shard.shard_version\n      FOR SHARE\n    ) AS shard\n    WHERE asked_shard.shard_version IS NOT NULL\n  ),\n  unsealed_shard AS MATERIALIZED (\n    SELECT asked_shard.place\n    FROM asked_shard\n    CROSS JOIN LATERAL (\n      SELECT shard_id\n      FROM timers\n      WHERE shard_id = asked_shard.shard_id\n        AND row_type = 1\n        AND timer_execute_at = '1970-01-01 00:00:01+00'\n        AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n        AND shard_version IS NOT NULL\n      OFFSET 0\n    ) AS shard\n    WHERE asked_shard.shard_version IS NULL\n  ),\n  open_shard AS MATERIALIZED (\n    SELECT place\n    FROM held_shard\n    UNION ALL\n    SELECT place\n    FROM unsealed_shard\n  ),\n  created_timer AS (\n    INSERT INTO timers (\n      shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,\n      timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,\n      timer_revision, timer_traceparent\n    )\n    SELECT\n      t.shard_id, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,\n      t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts,\n      :revision!::text::int8, t.traceparent\n    FROM (\n      SELECT\n        unnest(:timerPlaces!::int[]) AS place,\n        unnest(:timerShardIds!::int[]) AS shard_id,\n        unnest(:executeAts!::timestamptz[]) AS execute_at,\n        unnest(:uuids!::uuid[]) AS uuid,\n        unnest(:ids!::text[]) AS id,\n        unnest(:namespaces!::text[]) AS namespace,\n        unnest(:callbackUrls!::text[]) AS callback_url,\n        unnest(:payloads!::jsonb[]) AS payload,\n        unnest(:retryPolicies!::jsonb[]) AS retry_policy,\n        unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,\n        unnest(:createdAts!::timestamptz[]) AS created_at,\n        unnest(:attempts!::int[]) AS attempts,\n        unnest(:traceparents!::text[]) AS traceparent\n    ) AS t\n    WHERE t.place = ANY (ARRAY(SELECT place FROM open_shard))\n    ON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE\n    SET timer_execute_at = excluded.timer_execute_at,\n        timer_uuid = excluded.timer_uuid,\n        timer_callback_url = excluded.timer_callback_url,\n        timer_payload = excluded.timer_payload,\n        timer_retry_policy = excluded.timer_retry_policy,\n        timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,\n        timer_created_at = excluded.timer_created_at,\n        timer_attempts = excluded.timer_attempts,\n        timer_revision = excluded.timer_revision,\n        timer_traceparent = excluded.timer_traceparent,\n        timer_updated_at = excluded.timer_updated_at,\n        timer_due_at = excluded.timer_due_at,\n        timer_first_attempt_at = excluded.timer_first_attempt_at,\n        timer_last_error = excluded.timer_last_error\n  )\nSELECT to_json(ARRAY(SELECT place FROM open_shard)) AS \"openPlaces!\"                                                                                                                                                                                                                            "};

/**
 * Query generated from SQL:
 * ```
 * WITH
 *   asked_shard AS MATERIALIZED (
 *     SELECT
 *       unnest(:places!::int[]) AS place,
 *       unnest(:shardIds!::int[]) AS shard_id,
 *       unnest(:shardVersions!::int8[]) AS shard_version
 *   ),
 *   held_shard AS MATERIALIZED (
 *     SELECT asked_shard.place
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
 *     WHERE asked_shard.shard_version IS NOT NULL
 *   ),
 *   unsealed_shard AS MATERIALIZED (
 *     SELECT asked_shard.place
 *     FROM asked_shard
 *     CROSS JOIN LATERAL (
 *       SELECT shard_id
 *       FROM timers
 *       WHERE shard_id = asked_shard.shard_id
 *         AND row_type = 1
 *         AND timer_execute_at = '1970-01-01 00:00:01+00'
 *         AND timer_uuid = '00000000-0000-0000-0000-000000000000'
 *         AND shard_version IS NOT NULL
 *       OFFSET 0
 *     ) AS shard
 *     WHERE asked_shard.shard_version IS NULL
 *   ),
 *   open_shard AS MATERIALIZED (
 *     SELECT place
 *     FROM held_shard
 *     UNION ALL
 *     SELECT place
 *     FROM unsealed_shard
 *   ),
 *   created_timer AS (
 *     INSERT INTO timers (
 *       shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
 *       timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,
 *       timer_revision, timer_traceparent
 *     )
 *     SELECT
 *       t.shard_id, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,
 *       t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts,
 *       :revision!::text::int8, t.traceparent
 *     FROM (
 *       SELECT
 *         unnest(:timerPlaces!::int[]) AS place,
 *         unnest(:timerShardIds!::int[]) AS shard_id,
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
 *     WHERE t.place = ANY (ARRAY(SELECT place FROM open_shard))
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
 * SELECT to_json(ARRAY(SELECT place FROM open_shard)) AS "openPlaces!"                                                                                                                                                                                                                            
 * ```
 */
export const createTimersOfShards = new PreparedQuery<CreateTimersOfShardsParams,CreateTimersOfShardsResult>(createTimersOfShardsIR);


/** 'CreateTimersOfPart' parameters type */
export interface CreateTimersOfPartParams {
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
  shardIds: numberArray;
  timerShardIds: numberArray;
  timerShardVersions: numberArray;
  traceparents: stringArray;
  uuids: stringArray;
}

/** 'CreateTimersOfPart' return type */
export interface CreateTimersOfPartResult {
  /** Shard of the row; the key for partitioning and distribution. */
  shardId: number;
}

/** 'CreateTimersOfPart' query type */
export interface CreateTimersOfPartQuery {
  params: CreateTimersOfPartParams;
  result: CreateTimersOfPartResult;
}

const createTimersOfPartIR: any = {"usedParamSet":{"revision":true,"timerShardIds":true,"timerShardVersions":true,"executeAts":true,"uuids":true,"ids":true,"namespaces":true,"callbackUrls":true,"payloads":true,"retryPolicies":true,"callbackTimeoutSeconds":true,"createdAts":true,"attempts":true,"traceparents":true,"shardIds":true},"params":[{"name":"revision","required":true,"transform":{"type":"scalar"},"locs":[{"a":431,"b":440}]},{"name":"timerShardIds","required":true,"transform":{"type":"scalar"},"locs":[{"a":517,"b":531}]},{"name":"timerShardVersions","required":true,"transform":{"type":"scalar"},"locs":[{"a":565,"b":584}]},{"name":"executeAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":624,"b":635}]},{"name":"uuids","required":true,"transform":{"type":"scalar"},"locs":[{"a":679,"b":685}]},{"name":"ids","required":true,"transform":{"type":"scalar"},"locs":[{"a":716,"b":720}]},{"name":"namespaces","required":true,"transform":{"type":"scalar"},"locs":[{"a":749,"b":760}]},{"name":"callbackUrls","required":true,"transform":{"type":"scalar"},"locs":[{"a":796,"b":809}]},{"name":"payloads","required":true,"transform":{"type":"scalar"},"locs":[{"a":848,"b":857}]},{"name":"retryPolicies","required":true,"transform":{"type":"scalar"},"locs":[{"a":892,"b":906}]},{"name":"callbackTimeoutSeconds","required":true,"transform":{"type":"scalar"},"locs":[{"a":946,"b":969}]},{"name":"createdAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":1019,"b":1030}]},{"name":"attempts","required":true,"transform":{"type":"scalar"},"locs":[{"a":1074,"b":1083}]},{"name":"traceparents","required":true,"transform":{"type":"scalar"},"locs":[{"a":1117,"b":1130}]},{"name":"shardIds","required":true,"transform":{"type":"scalar"},"locs":[{"a":1263,"b":1272}]}],"statement":"INSERT INTO timers (\n  shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,\n  timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,\n  timer_revision, timer_traceparent\n)\nSELECT\n  shard.shard_id, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,\n  t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts,\n  :revision!::text::int8, t.traceparent\nFROM timers AS shard\nJOIN (\n  SELECT\n    unnest(:timerShardIds!::int[]) AS shard_id,\n    unnest(:timerShardVersions!::int8[]) AS shard_version,\n    unnest(:executeAts!::timestamptz[]) AS execute_at,\n    unnest(:uuids!::uuid[]) AS uuid,\n    unnest(:ids!::text[]) AS id,\n    unnest(:namespaces!::text[]) AS namespace,\n    unnest(:callbackUrls!::text[]) AS callback_url,\n    unnest(:payloads!::jsonb[]) AS payload,\n    unnest(:retryPolicies!::jsonb[]) AS retry_policy,\n    unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,\n    unnest(:createdAts!::timestamptz[]) AS created_at,\n    unnest(:attempts!::int[]) AS attempts,\n    unnest(:traceparents!::text[]) AS traceparent\n) AS t ON t.shard_id = shard.shard_id AND t.shard_version = shard.shard_version\nWHERE shard.shard_id = ANY(:shardIds!::int[])\n  AND shard.row_type = 1\n  AND shard.timer_execute_at = '1970-01-01 00:00:01+00'\n  AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'\nFOR SHARE OF shard\nON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE\nSET timer_execute_at = excluded.timer_execute_at,\n    timer_uuid = excluded.timer_uuid,\n    timer_callback_url = excluded.timer_callback_url,\n    timer_payload = excluded.timer_payload,\n    timer_retry_policy = excluded.timer_retry_policy,\n    timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,\n    timer_created_at = excluded.timer_created_at,\n    timer_attempts = excluded.timer_attempts,\n    timer_revision = excluded.timer_revision,\n    timer_traceparent = excluded.timer_traceparent,\n    timer_updated_at = excluded.timer_updated_at,\n    timer_due_at = excluded.timer_due_at,\n    timer_first_attempt_at = excluded.timer_first_attempt_at,\n    timer_last_error = excluded.timer_last_error\nRETURNING shard_id AS \"shardId!\""};

/**
 * Query generated from SQL:
 * ```
 * INSERT INTO timers (
 *   shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
 *   timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,
 *   timer_revision, timer_traceparent
 * )
 * SELECT
 *   shard.shard_id, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,
 *   t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts,
 *   :revision!::text::int8, t.traceparent
 * FROM timers AS shard
 * JOIN (
 *   SELECT
 *     unnest(:timerShardIds!::int[]) AS shard_id,
 *     unnest(:timerShardVersions!::int8[]) AS shard_version,
 *     unnest(:executeAts!::timestamptz[]) AS execute_at,
 *     unnest(:uuids!::uuid[]) AS uuid,
 *     unnest(:ids!::text[]) AS id,
 *     unnest(:namespaces!::text[]) AS namespace,
 *     unnest(:callbackUrls!::text[]) AS callback_url,
 *     unnest(:payloads!::jsonb[]) AS payload,
 *     unnest(:retryPolicies!::jsonb[]) AS retry_policy,
 *     unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,
 *     unnest(:createdAts!::timestamptz[]) AS created_at,
 *     unnest(:attempts!::int[]) AS attempts,
 *     unnest(:traceparents!::text[]) AS traceparent
 * ) AS t ON t.shard_id = shard.shard_id AND t.shard_version = shard.shard_version
 * WHERE shard.shard_id = ANY(:shardIds!::int[])
 *   AND shard.row_type = 1
 *   AND shard.timer_execute_at = '1970-01-01 00:00:01+00'
 *   AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'
 * FOR SHARE OF shard
 * ON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE
 * SET timer_execute_at = excluded.timer_execute_at,
 *     timer_uuid = excluded.timer_uuid,
 *     timer_callback_url = excluded.timer_callback_url,
 *     timer_payload = excluded.timer_payload,
 *     timer_retry_policy = excluded.timer_retry_policy,
 *     timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,
 *     timer_created_at = excluded.timer_created_at,
 *     timer_attempts = excluded.timer_attempts,
 *     timer_revision = excluded.timer_revision,
 *     timer_traceparent = excluded.timer_traceparent,
 *     timer_updated_at = excluded.timer_updated_at,
 *     timer_due_at = excluded.timer_due_at,
 *     timer_first_attempt_at = excluded.timer_first_attempt_at,
 *     timer_last_error = excluded.timer_last_error
 * RETURNING shard_id AS "shardId!"
 * ```
 */
export const createTimersOfPart = new PreparedQuery<CreateTimersOfPartParams,CreateTimersOfPartResult>(createTimersOfPartIR);


