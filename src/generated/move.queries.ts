/** Types generated for queries found in "sql/move.sql" */
import { PreparedQuery } from '@pgtyped/runtime';

export type DateOrString = Date | string;

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export type JsonArray = (Json)[];

export type numberArray = (number)[];

export type stringArray = (string)[];

/** 'ReadMovingShard' parameters type */
export interface ReadMovingShardParams {
  shardId: number;
}

/** 'ReadMovingShard' return type */
export interface ReadMovingShardResult {
  claimedAt: string | null;
  hasMetadata: boolean;
  metadata: string | null;
  moveId: string | null;
  moveState: string | null;
  moveVersion: number | null;
  /** Address of the process that owns the shard. */
  ownerAddr: string | null;
  /** Version of the ownership: 1 for the first claim, one more for each that follows. Every fenced write names it. */
  version: number | null;
}

/** 'ReadMovingShard' query type */
export interface ReadMovingShardQuery {
  params: ReadMovingShardParams;
  result: ReadMovingShardResult;
}

const readMovingShardIR: any = {"usedParamSet":{"shardId":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":451,"b":459}]}],"statement":"SELECT\n  shard_version AS \"version\",\n  shard_owner_addr AS \"ownerAddr\",\n  to_jsonb(shard_claimed_at AT TIME ZONE 'UTC') #>> '{}' AS \"claimedAt\",\n  shard_metadata::text AS \"metadata\",\n  COALESCE(jsonb_typeof(shard_metadata) = 'object', false) AS \"hasMetadata!\",\n  shard_metadata #>> '{move,id}' AS \"moveId\",\n  shard_metadata #>> '{move,state}' AS \"moveState\",\n  (shard_metadata #>> '{move,version}')::int8 AS \"moveVersion\"\nFROM timers\nWHERE shard_id = :shardId!\n  AND row_type = 1\n  AND timer_execute_at = '1970-01-01 00:00:01+00'\n  AND timer_uuid = '00000000-0000-0000-0000-000000000000'                                         "};

/**
 * Query generated from SQL:
 * ```
 * SELECT
 *   shard_version AS "version",
 *   shard_owner_addr AS "ownerAddr",
 *   to_jsonb(shard_claimed_at AT TIME ZONE 'UTC') #>> '{}' AS "claimedAt",
 *   shard_metadata::text AS "metadata",
 *   COALESCE(jsonb_typeof(shard_metadata) = 'object', false) AS "hasMetadata!",
 *   shard_metadata #>> '{move,id}' AS "moveId",
 *   shard_metadata #>> '{move,state}' AS "moveState",
 *   (shard_metadata #>> '{move,version}')::int8 AS "moveVersion"
 * FROM timers
 * WHERE shard_id = :shardId!
 *   AND row_type = 1
 *   AND timer_execute_at = '1970-01-01 00:00:01+00'
 *   AND timer_uuid = '00000000-0000-0000-0000-000000000000'                                         
 * ```
 */
export const readMovingShard = new PreparedQuery<ReadMovingShardParams,ReadMovingShardResult>(readMovingShardIR);


/** 'SeedTarget' parameters type */
export interface SeedTargetParams {
  move: Json;
  shardId: number;
}

/** 'SeedTarget' return type */
export type SeedTargetResult = void;

/** 'SeedTarget' query type */
export interface SeedTargetQuery {
  params: SeedTargetParams;
  result: SeedTargetResult;
}

const seedTargetIR: any = {"usedParamSet":{"shardId":true,"move":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":97,"b":105}]},{"name":"move","required":true,"transform":{"type":"scalar"},"locs":[{"a":177,"b":182}]}],"statement":"INSERT INTO timers (shard_id, row_type, timer_execute_at, timer_uuid, shard_metadata)\nVALUES (\n  :shardId!, 1, '1970-01-01 00:00:01+00', '00000000-0000-0000-0000-000000000000', :move!::jsonb\n)\nON CONFLICT DO NOTHING                                                          "};

/**
 * Query generated from SQL:
 * ```
 * INSERT INTO timers (shard_id, row_type, timer_execute_at, timer_uuid, shard_metadata)
 * VALUES (
 *   :shardId!, 1, '1970-01-01 00:00:01+00', '00000000-0000-0000-0000-000000000000', :move!::jsonb
 * )
 * ON CONFLICT DO NOTHING                                                          
 * ```
 */
export const seedTarget = new PreparedQuery<SeedTargetParams,SeedTargetResult>(seedTargetIR);


/** 'TakeTarget' parameters type */
export interface TakeTargetParams {
  move: Json;
  seenMetadata: Json;
  shardId: number;
}

/** 'TakeTarget' return type */
export type TakeTargetResult = void;

/** 'TakeTarget' query type */
export interface TakeTargetQuery {
  params: TakeTargetParams;
  result: TakeTargetResult;
}

const takeTargetIR: any = {"usedParamSet":{"move":true,"shardId":true,"seenMetadata":true},"params":[{"name":"move","required":true,"transform":{"type":"scalar"},"locs":[{"a":35,"b":40}]},{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":66,"b":74}]},{"name":"seenMetadata","required":true,"transform":{"type":"scalar"},"locs":[{"a":254,"b":267}]}],"statement":"UPDATE timers\nSET shard_metadata = :move!::jsonb\nWHERE shard_id = :shardId!\n  AND row_type = 1\n  AND timer_execute_at = '1970-01-01 00:00:01+00'\n  AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n  AND shard_version IS NULL\n  AND shard_metadata = :seenMetadata!::jsonb                                                                                                                    "};

/**
 * Query generated from SQL:
 * ```
 * UPDATE timers
 * SET shard_metadata = :move!::jsonb
 * WHERE shard_id = :shardId!
 *   AND row_type = 1
 *   AND timer_execute_at = '1970-01-01 00:00:01+00'
 *   AND timer_uuid = '00000000-0000-0000-0000-000000000000'
 *   AND shard_version IS NULL
 *   AND shard_metadata = :seenMetadata!::jsonb                                                                                                                    
 * ```
 */
export const takeTarget = new PreparedQuery<TakeTargetParams,TakeTargetResult>(takeTargetIR);


/** 'SealSource' parameters type */
export interface SealSourceParams {
  move: Json;
  shardId: number;
  version: number;
}

/** 'SealSource' return type */
export type SealSourceResult = void;

/** 'SealSource' query type */
export interface SealSourceQuery {
  params: SealSourceParams;
  result: SealSourceResult;
}

const sealSourceIR: any = {"usedParamSet":{"move":true,"shardId":true,"version":true},"params":[{"name":"move","required":true,"transform":{"type":"scalar"},"locs":[{"a":79,"b":84}]},{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":110,"b":118}]},{"name":"version","required":true,"transform":{"type":"scalar"},"locs":[{"a":269,"b":277}]}],"statement":"UPDATE timers\nSET shard_version = NULL,\n    shard_metadata = shard_metadata || :move!::jsonb\nWHERE shard_id = :shardId!\n  AND row_type = 1\n  AND timer_execute_at = '1970-01-01 00:00:01+00'\n  AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n  AND shard_version = :version!                                                                                                                                                                                                                                                                                                                               "};

/**
 * Query generated from SQL:
 * ```
 * UPDATE timers
 * SET shard_version = NULL,
 *     shard_metadata = shard_metadata || :move!::jsonb
 * WHERE shard_id = :shardId!
 *   AND row_type = 1
 *   AND timer_execute_at = '1970-01-01 00:00:01+00'
 *   AND timer_uuid = '00000000-0000-0000-0000-000000000000'
 *   AND shard_version = :version!                                                                                                                                                                                                                                                                                                                               
 * ```
 */
export const sealSource = new PreparedQuery<SealSourceParams,SealSourceResult>(sealSourceIR);


/** 'ListMovingTimers' parameters type */
export interface ListMovingTimersParams {
  afterExecuteAt: DateOrString;
  afterUuid: string;
  includeAfter: boolean;
  limit: number;
  rowType: number;
  shardId: number;
  upToExecuteAt: DateOrString;
  upToUuid: string;
}

/** 'ListMovingTimers' return type */
export interface ListMovingTimersResult {
  digest: string;
  executeAt: string;
  size: number;
  /** Orders the timers that are due in the same millisecond. Shard row: all zeros. */
  uuid: string;
}

/** 'ListMovingTimers' query type */
export interface ListMovingTimersQuery {
  params: ListMovingTimersParams;
  result: ListMovingTimersResult;
}

const listMovingTimersIR: any = {"usedParamSet":{"shardId":true,"rowType":true,"afterExecuteAt":true,"upToExecuteAt":true,"afterUuid":true,"upToUuid":true,"includeAfter":true,"limit":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":1011,"b":1019}]},{"name":"rowType","required":true,"transform":{"type":"scalar"},"locs":[{"a":1044,"b":1052}]},{"name":"afterExecuteAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":1092,"b":1107},{"a":1249,"b":1264},{"a":1521,"b":1536}]},{"name":"upToExecuteAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":1149,"b":1163},{"a":1369,"b":1383}]},{"name":"afterUuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":1297,"b":1307},{"a":1569,"b":1579}]},{"name":"upToUuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":1416,"b":1425}]},{"name":"includeAfter","required":true,"transform":{"type":"scalar"},"locs":[{"a":1446,"b":1459}]},{"name":"limit","required":true,"transform":{"type":"scalar"},"locs":[{"a":1648,"b":1654}]}],"statement":"SELECT\n  to_jsonb(timer.timer_execute_at AT TIME ZONE 'UTC') #>> '{}' AS \"executeAt!\",\n  timer.timer_uuid AS \"uuid!\",\n  encode(sha256(convert_to(content.text, 'UTF8')), 'hex') AS \"digest!\",\n  octet_length(content.text) AS \"size!\"\nFROM timers AS timer\nCROSS JOIN LATERAL (\n  SELECT json_build_array(\n    timer.timer_id, timer.timer_namespace, timer.timer_callback_url,\n    timer.timer_payload IS NULL, timer.timer_payload, timer.timer_retry_policy IS NULL, timer.timer_retry_policy,\n    timer.timer_callback_timeout_seconds, timer.timer_created_at AT TIME ZONE 'UTC', timer.timer_attempts,\n    timer.timer_revision, timer.timer_updated_at AT TIME ZONE 'UTC', timer.timer_due_at AT TIME ZONE 'UTC',\n    timer.timer_first_attempt_at AT TIME ZONE 'UTC', timer.timer_last_error, timer.timer_traceparent,\n    timer.shard_version, timer.shard_owner_addr, timer.shard_claimed_at AT TIME ZONE 'UTC',\n    timer.shard_metadata IS NULL, timer.shard_metadata\n  )::text AS text\n  OFFSET 0\n) AS content\nWHERE timer.shard_id = :shardId!\n  AND timer.row_type = :rowType!\n  AND timer.timer_execute_at BETWEEN (:afterExecuteAt!::timestamp AT TIME ZONE 'UTC')\n    AND (:upToExecuteAt!::timestamp AT TIME ZONE 'UTC')\n  AND (timer.timer_execute_at, timer.timer_uuid) >= (:afterExecuteAt!::timestamp AT TIME ZONE 'UTC', :afterUuid!::uuid)\n  AND (timer.timer_execute_at, timer.timer_uuid) <= (:upToExecuteAt!::timestamp AT TIME ZONE 'UTC', :upToUuid!::uuid)\n  AND (\n    :includeAfter!::bool\n    OR (timer.timer_execute_at, timer.timer_uuid) <> (:afterExecuteAt!::timestamp AT TIME ZONE 'UTC', :afterUuid!::uuid)\n  )\nORDER BY timer.timer_execute_at, timer.timer_uuid\nLIMIT :limit!::int                                                                                                                                                                                                                                                                                                                             "};

/**
 * Query generated from SQL:
 * ```
 * SELECT
 *   to_jsonb(timer.timer_execute_at AT TIME ZONE 'UTC') #>> '{}' AS "executeAt!",
 *   timer.timer_uuid AS "uuid!",
 *   encode(sha256(convert_to(content.text, 'UTF8')), 'hex') AS "digest!",
 *   octet_length(content.text) AS "size!"
 * FROM timers AS timer
 * CROSS JOIN LATERAL (
 *   SELECT json_build_array(
 *     timer.timer_id, timer.timer_namespace, timer.timer_callback_url,
 *     timer.timer_payload IS NULL, timer.timer_payload, timer.timer_retry_policy IS NULL, timer.timer_retry_policy,
 *     timer.timer_callback_timeout_seconds, timer.timer_created_at AT TIME ZONE 'UTC', timer.timer_attempts,
 *     timer.timer_revision, timer.timer_updated_at AT TIME ZONE 'UTC', timer.timer_due_at AT TIME ZONE 'UTC',
 *     timer.timer_first_attempt_at AT TIME ZONE 'UTC', timer.timer_last_error, timer.timer_traceparent,
 *     timer.shard_version, timer.shard_owner_addr, timer.shard_claimed_at AT TIME ZONE 'UTC',
 *     timer.shard_metadata IS NULL, timer.shard_metadata
 *   )::text AS text
 *   OFFSET 0
 * ) AS content
 * WHERE timer.shard_id = :shardId!
 *   AND timer.row_type = :rowType!
 *   AND timer.timer_execute_at BETWEEN (:afterExecuteAt!::timestamp AT TIME ZONE 'UTC')
 *     AND (:upToExecuteAt!::timestamp AT TIME ZONE 'UTC')
 *   AND (timer.timer_execute_at, timer.timer_uuid) >= (:afterExecuteAt!::timestamp AT TIME ZONE 'UTC', :afterUuid!::uuid)
 *   AND (timer.timer_execute_at, timer.timer_uuid) <= (:upToExecuteAt!::timestamp AT TIME ZONE 'UTC', :upToUuid!::uuid)
 *   AND (
 *     :includeAfter!::bool
 *     OR (timer.timer_execute_at, timer.timer_uuid) <> (:afterExecuteAt!::timestamp AT TIME ZONE 'UTC', :afterUuid!::uuid)
 *   )
 * ORDER BY timer.timer_execute_at, timer.timer_uuid
 * LIMIT :limit!::int                                                                                                                                                                                                                                                                                                                             
 * ```
 */
export const listMovingTimers = new PreparedQuery<ListMovingTimersParams,ListMovingTimersResult>(listMovingTimersIR);


/** 'ReadMovingTimers' parameters type */
export interface ReadMovingTimersParams {
  executeAts: stringArray;
  rowType: number;
  shardId: number;
  uuids: stringArray;
}

/** 'ReadMovingTimers' return type */
export interface ReadMovingTimersResult {
  /** Deliveries that have failed so far. */
  attempts: number;
  /** Seconds that one call of the callback may take. */
  callbackTimeoutSeconds: number | null;
  /** Absolute http(s) URL that is called when the timer fires; NULL = none. */
  callbackUrl: string | null;
  claimedAt: string | null;
  createdAt: string;
  dueAt: string | null;
  executeAt: string;
  firstAttemptAt: string | null;
  /** Id given by the caller, unique within namespace and shard. */
  id: string | null;
  /** Why the last of them failed, cut to its length; NULL = none has. */
  lastError: string | null;
  metadata: string | null;
  /** Namespace of timer_id. */
  namespace: string | null;
  /** Address of the process that owns the shard. */
  ownerAddr: string | null;
  payload: string | null;
  retryPolicy: string | null;
  revision: string;
  /** W3C trace context in which the timer was created, to which its deliveries link; NULL = none was active. */
  traceparent: string | null;
  updatedAt: string | null;
  /** Orders the timers that are due in the same millisecond. Shard row: all zeros. */
  uuid: string;
  version: string | null;
}

/** 'ReadMovingTimers' query type */
export interface ReadMovingTimersQuery {
  params: ReadMovingTimersParams;
  result: ReadMovingTimersResult;
}

const readMovingTimersIR: any = {"usedParamSet":{"executeAts":true,"uuids":true,"shardId":true,"rowType":true},"params":[{"name":"executeAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":1111,"b":1122}]},{"name":"uuids","required":true,"transform":{"type":"scalar"},"locs":[{"a":1189,"b":1195}]},{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":1291,"b":1299},{"a":1637,"b":1645}]},{"name":"rowType","required":true,"transform":{"type":"scalar"},"locs":[{"a":1320,"b":1328}]}],"statement":"SELECT\n  to_jsonb(timer.timer_execute_at AT TIME ZONE 'UTC') #>> '{}' AS \"executeAt!\",\n  timer.timer_uuid AS \"uuid!\",\n  timer.timer_id AS \"id\",\n  timer.timer_namespace AS \"namespace\",\n  timer.timer_callback_url AS \"callbackUrl\",\n  timer.timer_payload::text AS \"payload\",\n  timer.timer_retry_policy::text AS \"retryPolicy\",\n  timer.timer_callback_timeout_seconds AS \"callbackTimeoutSeconds\",\n  to_jsonb(timer.timer_created_at AT TIME ZONE 'UTC') #>> '{}' AS \"createdAt!\",\n  timer.timer_attempts AS \"attempts!\",\n  timer.timer_revision::text AS \"revision!\",\n  to_jsonb(timer.timer_updated_at AT TIME ZONE 'UTC') #>> '{}' AS \"updatedAt\",\n  to_jsonb(timer.timer_due_at AT TIME ZONE 'UTC') #>> '{}' AS \"dueAt\",\n  to_jsonb(timer.timer_first_attempt_at AT TIME ZONE 'UTC') #>> '{}' AS \"firstAttemptAt\",\n  timer.timer_last_error AS \"lastError\",\n  timer.timer_traceparent AS \"traceparent\",\n  timer.shard_version::text AS \"version\",\n  timer.shard_owner_addr AS \"ownerAddr\",\n  to_jsonb(timer.shard_claimed_at AT TIME ZONE 'UTC') #>> '{}' AS \"claimedAt\",\n  timer.shard_metadata::text AS \"metadata\"\nFROM (\n  SELECT\n    unnest(:executeAts!::text[])::timestamp AT TIME ZONE 'UTC' AS execute_at,\n    unnest(:uuids!::uuid[]) AS uuid\n) AS wanted\nCROSS JOIN LATERAL (\n  SELECT *\n  FROM timers\n  WHERE shard_id = :shardId!\n    AND row_type = :rowType!\n    AND timer_execute_at BETWEEN wanted.execute_at AND wanted.execute_at\n    AND (timer_execute_at, timer_uuid) >= (wanted.execute_at, wanted.uuid)\n    AND (timer_execute_at, timer_uuid) <= (wanted.execute_at, wanted.uuid)\n  ORDER BY timer_execute_at, timer_uuid\n  LIMIT 1\n) AS timer\nWHERE timer.shard_id = :shardId!                                                                                                                                                                                                                                                                                                                                                  "};

/**
 * Query generated from SQL:
 * ```
 * SELECT
 *   to_jsonb(timer.timer_execute_at AT TIME ZONE 'UTC') #>> '{}' AS "executeAt!",
 *   timer.timer_uuid AS "uuid!",
 *   timer.timer_id AS "id",
 *   timer.timer_namespace AS "namespace",
 *   timer.timer_callback_url AS "callbackUrl",
 *   timer.timer_payload::text AS "payload",
 *   timer.timer_retry_policy::text AS "retryPolicy",
 *   timer.timer_callback_timeout_seconds AS "callbackTimeoutSeconds",
 *   to_jsonb(timer.timer_created_at AT TIME ZONE 'UTC') #>> '{}' AS "createdAt!",
 *   timer.timer_attempts AS "attempts!",
 *   timer.timer_revision::text AS "revision!",
 *   to_jsonb(timer.timer_updated_at AT TIME ZONE 'UTC') #>> '{}' AS "updatedAt",
 *   to_jsonb(timer.timer_due_at AT TIME ZONE 'UTC') #>> '{}' AS "dueAt",
 *   to_jsonb(timer.timer_first_attempt_at AT TIME ZONE 'UTC') #>> '{}' AS "firstAttemptAt",
 *   timer.timer_last_error AS "lastError",
 *   timer.timer_traceparent AS "traceparent",
 *   timer.shard_version::text AS "version",
 *   timer.shard_owner_addr AS "ownerAddr",
 *   to_jsonb(timer.shard_claimed_at AT TIME ZONE 'UTC') #>> '{}' AS "claimedAt",
 *   timer.shard_metadata::text AS "metadata"
 * FROM (
 *   SELECT
 *     unnest(:executeAts!::text[])::timestamp AT TIME ZONE 'UTC' AS execute_at,
 *     unnest(:uuids!::uuid[]) AS uuid
 * ) AS wanted
 * CROSS JOIN LATERAL (
 *   SELECT *
 *   FROM timers
 *   WHERE shard_id = :shardId!
 *     AND row_type = :rowType!
 *     AND timer_execute_at BETWEEN wanted.execute_at AND wanted.execute_at
 *     AND (timer_execute_at, timer_uuid) >= (wanted.execute_at, wanted.uuid)
 *     AND (timer_execute_at, timer_uuid) <= (wanted.execute_at, wanted.uuid)
 *   ORDER BY timer_execute_at, timer_uuid
 *   LIMIT 1
 * ) AS timer
 * WHERE timer.shard_id = :shardId!                                                                                                                                                                                                                                                                                                                                                  
 * ```
 */
export const readMovingTimers = new PreparedQuery<ReadMovingTimersParams,ReadMovingTimersResult>(readMovingTimersIR);


/** 'ReplaceMovingTimers' parameters type */
export interface ReplaceMovingTimersParams {
  attempts: numberArray;
  callbackTimeoutSeconds: numberArray;
  callbackUrls: stringArray;
  claimedAts: stringArray;
  createdAts: stringArray;
  dueAts: stringArray;
  executeAts: stringArray;
  firstAttemptAts: stringArray;
  ids: stringArray;
  lastErrors: stringArray;
  metadatas: JsonArray;
  namespaces: stringArray;
  ownerAddrs: stringArray;
  payloads: JsonArray;
  retryPolicies: JsonArray;
  revisions: stringArray;
  rowType: number;
  run: string;
  shardId: number;
  staleExecuteAts: stringArray;
  staleUuids: stringArray;
  traceparents: stringArray;
  updatedAts: stringArray;
  uuids: stringArray;
  versions: stringArray;
}

/** 'ReplaceMovingTimers' return type */
export interface ReplaceMovingTimersResult {
  insertedCount: number;
}

/** 'ReplaceMovingTimers' query type */
export interface ReplaceMovingTimersQuery {
  params: ReplaceMovingTimersParams;
  result: ReplaceMovingTimersResult;
}

const replaceMovingTimersIR: any = {"usedParamSet":{"shardId":true,"run":true,"staleExecuteAts":true,"staleUuids":true,"rowType":true,"namespaces":true,"ids":true,"executeAts":true,"uuids":true,"callbackUrls":true,"payloads":true,"retryPolicies":true,"callbackTimeoutSeconds":true,"createdAts":true,"attempts":true,"revisions":true,"updatedAts":true,"dueAts":true,"firstAttemptAts":true,"lastErrors":true,"traceparents":true,"versions":true,"ownerAddrs":true,"claimedAts":true,"metadatas":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":93,"b":101},{"a":650,"b":658},{"a":1226,"b":1234},{"a":1454,"b":1462},{"a":3974,"b":3982}]},{"name":"run","required":true,"transform":{"type":"scalar"},"locs":[{"a":318,"b":322}]},{"name":"staleExecuteAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":424,"b":440}]},{"name":"staleUuids","required":true,"transform":{"type":"scalar"},"locs":[{"a":511,"b":522}]},{"name":"rowType","required":true,"transform":{"type":"scalar"},"locs":[{"a":683,"b":691},{"a":1259,"b":1267},{"a":1485,"b":1493},{"a":2209,"b":2217}]},{"name":"namespaces","required":true,"transform":{"type":"scalar"},"locs":[{"a":1055,"b":1066},{"a":2770,"b":2781}]},{"name":"ids","required":true,"transform":{"type":"scalar"},"locs":[{"a":1098,"b":1102},{"a":2733,"b":2737}]},{"name":"executeAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":2610,"b":2621}]},{"name":"uuids","required":true,"transform":{"type":"scalar"},"locs":[{"a":2692,"b":2698}]},{"name":"callbackUrls","required":true,"transform":{"type":"scalar"},"locs":[{"a":2821,"b":2834}]},{"name":"payloads","required":true,"transform":{"type":"scalar"},"locs":[{"a":2877,"b":2886}]},{"name":"retryPolicies","required":true,"transform":{"type":"scalar"},"locs":[{"a":2925,"b":2939}]},{"name":"callbackTimeoutSeconds","required":true,"transform":{"type":"scalar"},"locs":[{"a":2983,"b":3006}]},{"name":"createdAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":3060,"b":3071}]},{"name":"attempts","required":true,"transform":{"type":"scalar"},"locs":[{"a":3142,"b":3151}]},{"name":"revisions","required":true,"transform":{"type":"scalar"},"locs":[{"a":3189,"b":3199}]},{"name":"updatedAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":3244,"b":3255}]},{"name":"dueAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":3326,"b":3333}]},{"name":"firstAttemptAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":3400,"b":3416}]},{"name":"lastErrors","required":true,"transform":{"type":"scalar"},"locs":[{"a":3493,"b":3504}]},{"name":"traceparents","required":true,"transform":{"type":"scalar"},"locs":[{"a":3545,"b":3558}]},{"name":"versions","required":true,"transform":{"type":"scalar"},"locs":[{"a":3600,"b":3609}]},{"name":"ownerAddrs","required":true,"transform":{"type":"scalar"},"locs":[{"a":3653,"b":3664}]},{"name":"claimedAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":3705,"b":3716}]},{"name":"metadatas","required":true,"transform":{"type":"scalar"},"locs":[{"a":3787,"b":3797}]}],"statement":"WITH\n  held_shard AS MATERIALIZED (\n    SELECT shard_id\n    FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = 1\n      AND timer_execute_at = '1970-01-01 00:00:01+00'\n      AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n      AND shard_version IS NULL\n      AND shard_metadata #>> '{move,run}' = :run!\n    FOR SHARE\n  ),\n  stale_timers AS (\n    SELECT timer.ctid\n    FROM (\n      SELECT\n        unnest(:staleExecuteAts!::text[])::timestamp AT TIME ZONE 'UTC' AS execute_at,\n        unnest(:staleUuids!::uuid[]) AS uuid\n    ) AS stale\n    CROSS JOIN LATERAL (\n      SELECT shard_id, ctid\n      FROM timers\n      WHERE shard_id = :shardId!\n        AND row_type = :rowType!\n        AND timer_execute_at BETWEEN stale.execute_at AND stale.execute_at\n        AND (timer_execute_at, timer_uuid) >= (stale.execute_at, stale.uuid)\n        AND (timer_execute_at, timer_uuid) <= (stale.execute_at, stale.uuid)\n      ORDER BY timer_execute_at, timer_uuid\n      LIMIT 1\n    ) AS timer\n    UNION ALL\n    SELECT timer.ctid\n    FROM (SELECT unnest(:namespaces!::text[]) AS namespace, unnest(:ids!::text[]) AS id) AS replaced\n    CROSS JOIN LATERAL (\n      SELECT shard_id, ctid\n      FROM timers\n      WHERE shard_id = :shardId!\n        AND row_type = :rowType!\n        AND timer_namespace = replaced.namespace\n        AND timer_id = replaced.id\n      OFFSET 0\n    ) AS timer\n  ),\n  deleted_timers AS (\n    DELETE FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = :rowType!\n      AND ctid = ANY (ARRAY(SELECT ctid FROM stale_timers))\n      AND EXISTS (SELECT FROM held_shard)\n    RETURNING shard_id\n  ),\n  deletion AS MATERIALIZED (\n    SELECT count(*) AS deleted_count\n    FROM deleted_timers\n  ),\n  inserted_timers AS (\n    INSERT INTO timers (\n      shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,\n      timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,\n      timer_revision, timer_updated_at, timer_due_at, timer_first_attempt_at, timer_last_error,\n      timer_traceparent, shard_version, shard_owner_addr, shard_claimed_at, shard_metadata\n    )\n    SELECT\n      held_shard.shard_id, :rowType!::smallint, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,\n      t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts,\n      t.revision, t.updated_at, t.due_at, t.first_attempt_at, t.last_error,\n      t.traceparent, t.version, t.owner_addr, t.claimed_at, t.metadata\n    FROM held_shard\n    CROSS JOIN deletion\n    CROSS JOIN (\n      SELECT\n        unnest(:executeAts!::text[])::timestamp AT TIME ZONE 'UTC' AS execute_at,\n        unnest(:uuids!::uuid[]) AS uuid,\n        unnest(:ids!::text[]) AS id,\n        unnest(:namespaces!::text[]) AS namespace,\n        unnest(:callbackUrls!::text[]) AS callback_url,\n        unnest(:payloads!::jsonb[]) AS payload,\n        unnest(:retryPolicies!::jsonb[]) AS retry_policy,\n        unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,\n        unnest(:createdAts!::text[])::timestamp AT TIME ZONE 'UTC' AS created_at,\n        unnest(:attempts!::int[]) AS attempts,\n        unnest(:revisions!::text[])::int8 AS revision,\n        unnest(:updatedAts!::text[])::timestamp AT TIME ZONE 'UTC' AS updated_at,\n        unnest(:dueAts!::text[])::timestamp AT TIME ZONE 'UTC' AS due_at,\n        unnest(:firstAttemptAts!::text[])::timestamp AT TIME ZONE 'UTC' AS first_attempt_at,\n        unnest(:lastErrors!::text[]) AS last_error,\n        unnest(:traceparents!::text[]) AS traceparent,\n        unnest(:versions!::text[])::int8 AS version,\n        unnest(:ownerAddrs!::text[]) AS owner_addr,\n        unnest(:claimedAts!::text[])::timestamp AT TIME ZONE 'UTC' AS claimed_at,\n        unnest(:metadatas!::jsonb[]) AS metadata\n    ) AS t\n    RETURNING shard_id\n  )\nSELECT (SELECT count(*) FROM inserted_timers)::int AS \"insertedCount!\"\nFROM held_shard\nWHERE held_shard.shard_id = :shardId!                                                                                              "};

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
 *       AND shard_version IS NULL
 *       AND shard_metadata #>> '{move,run}' = :run!
 *     FOR SHARE
 *   ),
 *   stale_timers AS (
 *     SELECT timer.ctid
 *     FROM (
 *       SELECT
 *         unnest(:staleExecuteAts!::text[])::timestamp AT TIME ZONE 'UTC' AS execute_at,
 *         unnest(:staleUuids!::uuid[]) AS uuid
 *     ) AS stale
 *     CROSS JOIN LATERAL (
 *       SELECT shard_id, ctid
 *       FROM timers
 *       WHERE shard_id = :shardId!
 *         AND row_type = :rowType!
 *         AND timer_execute_at BETWEEN stale.execute_at AND stale.execute_at
 *         AND (timer_execute_at, timer_uuid) >= (stale.execute_at, stale.uuid)
 *         AND (timer_execute_at, timer_uuid) <= (stale.execute_at, stale.uuid)
 *       ORDER BY timer_execute_at, timer_uuid
 *       LIMIT 1
 *     ) AS timer
 *     UNION ALL
 *     SELECT timer.ctid
 *     FROM (SELECT unnest(:namespaces!::text[]) AS namespace, unnest(:ids!::text[]) AS id) AS replaced
 *     CROSS JOIN LATERAL (
 *       SELECT shard_id, ctid
 *       FROM timers
 *       WHERE shard_id = :shardId!
 *         AND row_type = :rowType!
 *         AND timer_namespace = replaced.namespace
 *         AND timer_id = replaced.id
 *       OFFSET 0
 *     ) AS timer
 *   ),
 *   deleted_timers AS (
 *     DELETE FROM timers
 *     WHERE shard_id = :shardId!
 *       AND row_type = :rowType!
 *       AND ctid = ANY (ARRAY(SELECT ctid FROM stale_timers))
 *       AND EXISTS (SELECT FROM held_shard)
 *     RETURNING shard_id
 *   ),
 *   deletion AS MATERIALIZED (
 *     SELECT count(*) AS deleted_count
 *     FROM deleted_timers
 *   ),
 *   inserted_timers AS (
 *     INSERT INTO timers (
 *       shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
 *       timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts,
 *       timer_revision, timer_updated_at, timer_due_at, timer_first_attempt_at, timer_last_error,
 *       timer_traceparent, shard_version, shard_owner_addr, shard_claimed_at, shard_metadata
 *     )
 *     SELECT
 *       held_shard.shard_id, :rowType!::smallint, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,
 *       t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts,
 *       t.revision, t.updated_at, t.due_at, t.first_attempt_at, t.last_error,
 *       t.traceparent, t.version, t.owner_addr, t.claimed_at, t.metadata
 *     FROM held_shard
 *     CROSS JOIN deletion
 *     CROSS JOIN (
 *       SELECT
 *         unnest(:executeAts!::text[])::timestamp AT TIME ZONE 'UTC' AS execute_at,
 *         unnest(:uuids!::uuid[]) AS uuid,
 *         unnest(:ids!::text[]) AS id,
 *         unnest(:namespaces!::text[]) AS namespace,
 *         unnest(:callbackUrls!::text[]) AS callback_url,
 *         unnest(:payloads!::jsonb[]) AS payload,
 *         unnest(:retryPolicies!::jsonb[]) AS retry_policy,
 *         unnest(:callbackTimeoutSeconds!::int[]) AS callback_timeout_seconds,
 *         unnest(:createdAts!::text[])::timestamp AT TIME ZONE 'UTC' AS created_at,
 *         unnest(:attempts!::int[]) AS attempts,
 *         unnest(:revisions!::text[])::int8 AS revision,
 *         unnest(:updatedAts!::text[])::timestamp AT TIME ZONE 'UTC' AS updated_at,
 *         unnest(:dueAts!::text[])::timestamp AT TIME ZONE 'UTC' AS due_at,
 *         unnest(:firstAttemptAts!::text[])::timestamp AT TIME ZONE 'UTC' AS first_attempt_at,
 *         unnest(:lastErrors!::text[]) AS last_error,
 *         unnest(:traceparents!::text[]) AS traceparent,
 *         unnest(:versions!::text[])::int8 AS version,
 *         unnest(:ownerAddrs!::text[]) AS owner_addr,
 *         unnest(:claimedAts!::text[])::timestamp AT TIME ZONE 'UTC' AS claimed_at,
 *         unnest(:metadatas!::jsonb[]) AS metadata
 *     ) AS t
 *     RETURNING shard_id
 *   )
 * SELECT (SELECT count(*) FROM inserted_timers)::int AS "insertedCount!"
 * FROM held_shard
 * WHERE held_shard.shard_id = :shardId!                                                                                              
 * ```
 */
export const replaceMovingTimers = new PreparedQuery<ReplaceMovingTimersParams,ReplaceMovingTimersResult>(replaceMovingTimersIR);


/** 'ActivateTarget' parameters type */
export interface ActivateTargetParams {
  claimedAt?: DateOrString | null | void;
  metadata: Json;
  move: Json;
  ownerAddr?: string | null | void;
  run: string;
  shardId: number;
  version: number;
}

/** 'ActivateTarget' return type */
export type ActivateTargetResult = void;

/** 'ActivateTarget' query type */
export interface ActivateTargetQuery {
  params: ActivateTargetParams;
  result: ActivateTargetResult;
}

const activateTargetIR: any = {"usedParamSet":{"version":true,"ownerAddr":true,"claimedAt":true,"metadata":true,"move":true,"shardId":true,"run":true},"params":[{"name":"version","required":true,"transform":{"type":"scalar"},"locs":[{"a":34,"b":42}]},{"name":"ownerAddr","required":false,"transform":{"type":"scalar"},"locs":[{"a":68,"b":77}]},{"name":"claimedAt","required":false,"transform":{"type":"scalar"},"locs":[{"a":103,"b":112}]},{"name":"metadata","required":true,"transform":{"type":"scalar"},"locs":[{"a":166,"b":175}]},{"name":"move","required":true,"transform":{"type":"scalar"},"locs":[{"a":187,"b":192}]},{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":218,"b":226}]},{"name":"run","required":true,"transform":{"type":"scalar"},"locs":[{"a":423,"b":427}]}],"statement":"UPDATE timers\nSET shard_version = :version!,\n    shard_owner_addr = :ownerAddr,\n    shard_claimed_at = :claimedAt::timestamp AT TIME ZONE 'UTC',\n    shard_metadata = :metadata!::jsonb || :move!::jsonb\nWHERE shard_id = :shardId!\n  AND row_type = 1\n  AND timer_execute_at = '1970-01-01 00:00:01+00'\n  AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n  AND shard_version IS NULL\n  AND shard_metadata #>> '{move,run}' = :run!                                                                                                                                                                                                                                "};

/**
 * Query generated from SQL:
 * ```
 * UPDATE timers
 * SET shard_version = :version!,
 *     shard_owner_addr = :ownerAddr,
 *     shard_claimed_at = :claimedAt::timestamp AT TIME ZONE 'UTC',
 *     shard_metadata = :metadata!::jsonb || :move!::jsonb
 * WHERE shard_id = :shardId!
 *   AND row_type = 1
 *   AND timer_execute_at = '1970-01-01 00:00:01+00'
 *   AND timer_uuid = '00000000-0000-0000-0000-000000000000'
 *   AND shard_version IS NULL
 *   AND shard_metadata #>> '{move,run}' = :run!                                                                                                                                                                                                                                
 * ```
 */
export const activateTarget = new PreparedQuery<ActivateTargetParams,ActivateTargetResult>(activateTargetIR);


/** 'DeleteMovedTimers' parameters type */
export interface DeleteMovedTimersParams {
  afterExecuteAt: DateOrString;
  afterUuid: string;
  limit: number;
  moveId: string;
  rowType: number;
  shardId: number;
}

/** 'DeleteMovedTimers' return type */
export interface DeleteMovedTimersResult {
  deletedCount: number;
  executeAt: string;
  uuid: string;
}

/** 'DeleteMovedTimers' query type */
export interface DeleteMovedTimersQuery {
  params: DeleteMovedTimersParams;
  result: DeleteMovedTimersResult;
}

const deleteMovedTimersIR: any = {"usedParamSet":{"shardId":true,"moveId":true,"rowType":true,"afterExecuteAt":true,"afterUuid":true,"limit":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":93,"b":101},{"a":441,"b":449},{"a":1070,"b":1078},{"a":1776,"b":1784}]},{"name":"moveId","required":true,"transform":{"type":"scalar"},"locs":[{"a":317,"b":324}]},{"name":"rowType","required":true,"transform":{"type":"scalar"},"locs":[{"a":472,"b":480},{"a":1101,"b":1109}]},{"name":"afterExecuteAt","required":true,"transform":{"type":"scalar"},"locs":[{"a":513,"b":528},{"a":606,"b":621},{"a":1155,"b":1170},{"a":1292,"b":1307}]},{"name":"afterUuid","required":true,"transform":{"type":"scalar"},"locs":[{"a":654,"b":664},{"a":1340,"b":1350}]},{"name":"limit","required":true,"transform":{"type":"scalar"},"locs":[{"a":726,"b":732}]}],"statement":"WITH\n  held_shard AS MATERIALIZED (\n    SELECT shard_id\n    FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = 1\n      AND timer_execute_at = '1970-01-01 00:00:01+00'\n      AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n      AND shard_version IS NULL\n      AND shard_metadata #>> '{move,id}' = :moveId!\n    FOR SHARE\n  ),\n  limit_timer AS (\n    SELECT timer_execute_at, timer_uuid\n    FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = :rowType!\n      AND timer_execute_at >= (:afterExecuteAt!::timestamp AT TIME ZONE 'UTC')\n      AND (timer_execute_at, timer_uuid) >= (:afterExecuteAt!::timestamp AT TIME ZONE 'UTC', :afterUuid!::uuid)\n    ORDER BY timer_execute_at, timer_uuid\n    OFFSET :limit!::int - 1\n    LIMIT 1\n  ),\n  last_key AS MATERIALIZED (\n    SELECT timer_execute_at, timer_uuid\n    FROM limit_timer\n    UNION ALL\n    SELECT 'infinity'::timestamptz, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid\n    ORDER BY timer_execute_at, timer_uuid\n    LIMIT 1\n  ),\n  deleted_timers AS (\n    DELETE FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = :rowType!\n      AND timer_execute_at BETWEEN\n        (:afterExecuteAt!::timestamp AT TIME ZONE 'UTC') AND (SELECT timer_execute_at FROM last_key)\n      AND (timer_execute_at, timer_uuid) >= (:afterExecuteAt!::timestamp AT TIME ZONE 'UTC', :afterUuid!::uuid)\n      AND (timer_execute_at, timer_uuid) <= (SELECT timer_execute_at, timer_uuid FROM last_key)\n      AND EXISTS (SELECT FROM held_shard)\n    RETURNING shard_id\n  )\nSELECT\n  (SELECT count(*) FROM deleted_timers)::int AS \"deletedCount!\",\n  to_jsonb(last_key.timer_execute_at AT TIME ZONE 'UTC') #>> '{}' AS \"executeAt!\",\n  last_key.timer_uuid AS \"uuid!\"\nFROM held_shard\nCROSS JOIN last_key\nWHERE held_shard.shard_id = :shardId!                                                                             "};

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
 *       AND shard_version IS NULL
 *       AND shard_metadata #>> '{move,id}' = :moveId!
 *     FOR SHARE
 *   ),
 *   limit_timer AS (
 *     SELECT timer_execute_at, timer_uuid
 *     FROM timers
 *     WHERE shard_id = :shardId!
 *       AND row_type = :rowType!
 *       AND timer_execute_at >= (:afterExecuteAt!::timestamp AT TIME ZONE 'UTC')
 *       AND (timer_execute_at, timer_uuid) >= (:afterExecuteAt!::timestamp AT TIME ZONE 'UTC', :afterUuid!::uuid)
 *     ORDER BY timer_execute_at, timer_uuid
 *     OFFSET :limit!::int - 1
 *     LIMIT 1
 *   ),
 *   last_key AS MATERIALIZED (
 *     SELECT timer_execute_at, timer_uuid
 *     FROM limit_timer
 *     UNION ALL
 *     SELECT 'infinity'::timestamptz, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid
 *     ORDER BY timer_execute_at, timer_uuid
 *     LIMIT 1
 *   ),
 *   deleted_timers AS (
 *     DELETE FROM timers
 *     WHERE shard_id = :shardId!
 *       AND row_type = :rowType!
 *       AND timer_execute_at BETWEEN
 *         (:afterExecuteAt!::timestamp AT TIME ZONE 'UTC') AND (SELECT timer_execute_at FROM last_key)
 *       AND (timer_execute_at, timer_uuid) >= (:afterExecuteAt!::timestamp AT TIME ZONE 'UTC', :afterUuid!::uuid)
 *       AND (timer_execute_at, timer_uuid) <= (SELECT timer_execute_at, timer_uuid FROM last_key)
 *       AND EXISTS (SELECT FROM held_shard)
 *     RETURNING shard_id
 *   )
 * SELECT
 *   (SELECT count(*) FROM deleted_timers)::int AS "deletedCount!",
 *   to_jsonb(last_key.timer_execute_at AT TIME ZONE 'UTC') #>> '{}' AS "executeAt!",
 *   last_key.timer_uuid AS "uuid!"
 * FROM held_shard
 * CROSS JOIN last_key
 * WHERE held_shard.shard_id = :shardId!                                                                             
 * ```
 */
export const deleteMovedTimers = new PreparedQuery<DeleteMovedTimersParams,DeleteMovedTimersResult>(deleteMovedTimersIR);


/** 'FinishMove' parameters type */
export interface FinishMoveParams {
  move: Json;
  moveId: string;
  shardId: number;
}

/** 'FinishMove' return type */
export type FinishMoveResult = void;

/** 'FinishMove' query type */
export interface FinishMoveQuery {
  params: FinishMoveParams;
  result: FinishMoveResult;
}

const finishMoveIR: any = {"usedParamSet":{"move":true,"shardId":true,"moveId":true},"params":[{"name":"move","required":true,"transform":{"type":"scalar"},"locs":[{"a":53,"b":58}]},{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":84,"b":92}]},{"name":"moveId","required":true,"transform":{"type":"scalar"},"locs":[{"a":288,"b":295}]}],"statement":"UPDATE timers\nSET shard_metadata = shard_metadata || :move!::jsonb\nWHERE shard_id = :shardId!\n  AND row_type = 1\n  AND timer_execute_at = '1970-01-01 00:00:01+00'\n  AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n  AND shard_version IS NULL\n  AND shard_metadata #>> '{move,id}' = :moveId!"};

/**
 * Query generated from SQL:
 * ```
 * UPDATE timers
 * SET shard_metadata = shard_metadata || :move!::jsonb
 * WHERE shard_id = :shardId!
 *   AND row_type = 1
 *   AND timer_execute_at = '1970-01-01 00:00:01+00'
 *   AND timer_uuid = '00000000-0000-0000-0000-000000000000'
 *   AND shard_version IS NULL
 *   AND shard_metadata #>> '{move,id}' = :moveId!
 * ```
 */
export const finishMove = new PreparedQuery<FinishMoveParams,FinishMoveResult>(finishMoveIR);


