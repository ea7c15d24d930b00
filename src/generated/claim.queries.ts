/** Types generated for queries found in "sql/claim.sql" */
import { PreparedQuery } from '@pgtyped/runtime';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** 'ClaimShardOwnership' parameters type */
export interface ClaimShardOwnershipParams {
  ownerAddr: string;
  shardId: number;
}

/** 'ClaimShardOwnership' return type */
export interface ClaimShardOwnershipResult {
  claimedAtMs: number | null;
  /** State that outlives owners, as a JSON object: {"committedOffset": {"executeAt", "uuid"}} once there is one. */
  metadata: Json;
  /** Address of the process that owns the shard. */
  ownerAddr: string;
  previousClaimedAtMs: number | null;
  /** Address of the process that owns the shard. */
  previousOwnerAddr: string;
  /** Version of the ownership: 1 for the first claim, one more for each that follows. Every fenced write names it. */
  previousVersion: number | null;
  /** Version of the ownership: 1 for the first claim, one more for each that follows. Every fenced write names it. */
  shardVersion: number | null;
}

/** 'ClaimShardOwnership' query type */
export interface ClaimShardOwnershipQuery {
  params: ClaimShardOwnershipParams;
  result: ClaimShardOwnershipResult;
}

const claimShardOwnershipIR: any = {"usedParamSet":{"shardId":true,"ownerAddr":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":144,"b":152},{"a":548,"b":556},{"a":1668,"b":1676}]},{"name":"ownerAddr","required":true,"transform":{"type":"scalar"},"locs":[{"a":427,"b":437}]}],"statement":"WITH\n  seen_shard AS MATERIALIZED (\n    SELECT shard_id, shard_version, shard_owner_addr, shard_claimed_at\n    FROM timers\n    WHERE shard_id = :shardId!\n      AND row_type = 1\n      AND timer_execute_at = '1970-01-01 00:00:01+00'\n      AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n  ),\n  claimed_shard AS (\n    UPDATE timers AS shard\n    SET shard_version = seen_shard.shard_version + 1,\n        shard_owner_addr = :ownerAddr!,\n        shard_claimed_at = date_trunc('milliseconds', now())\n    FROM seen_shard\n    WHERE shard.shard_id = :shardId!\n      AND shard.row_type = 1\n      AND shard.timer_execute_at = '1970-01-01 00:00:01+00'\n      AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'\n      AND shard.shard_version = seen_shard.shard_version\n    RETURNING shard.shard_id, shard.shard_version, shard.shard_owner_addr, shard.shard_claimed_at, shard.shard_metadata\n  )\nSELECT\n  seen_shard.shard_version AS \"previousVersion?\",\n  seen_shard.shard_owner_addr AS \"previousOwnerAddr!\",\n  CASE\n    WHEN isfinite(seen_shard.shard_claimed_at)\n    THEN (date_part('epoch', seen_shard.shard_claimed_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"previousClaimedAtMs\",\n  claimed_shard.shard_version AS \"shardVersion?\",\n  claimed_shard.shard_owner_addr AS \"ownerAddr!\",\n  CASE\n    WHEN isfinite(claimed_shard.shard_claimed_at)\n    THEN (date_part('epoch', claimed_shard.shard_claimed_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"claimedAtMs\",\n  claimed_shard.shard_metadata AS \"metadata!\"\nFROM seen_shard\nLEFT JOIN claimed_shard ON claimed_shard.shard_id = seen_shard.shard_id\nWHERE seen_shard.shard_id = :shardId!                                                                                         "};

/**
 * Query generated from SQL:
 * ```
 * WITH
 *   seen_shard AS MATERIALIZED (
 *     SELECT shard_id, shard_version, shard_owner_addr, shard_claimed_at
 *     FROM timers
 *     WHERE shard_id = :shardId!
 *       AND row_type = 1
 *       AND timer_execute_at = '1970-01-01 00:00:01+00'
 *       AND timer_uuid = '00000000-0000-0000-0000-000000000000'
 *   ),
 *   claimed_shard AS (
 *     UPDATE timers AS shard
 *     SET shard_version = seen_shard.shard_version + 1,
 *         shard_owner_addr = :ownerAddr!,
 *         shard_claimed_at = date_trunc('milliseconds', now())
 *     FROM seen_shard
 *     WHERE shard.shard_id = :shardId!
 *       AND shard.row_type = 1
 *       AND shard.timer_execute_at = '1970-01-01 00:00:01+00'
 *       AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'
 *       AND shard.shard_version = seen_shard.shard_version
 *     RETURNING shard.shard_id, shard.shard_version, shard.shard_owner_addr, shard.shard_claimed_at, shard.shard_metadata
 *   )
 * SELECT
 *   seen_shard.shard_version AS "previousVersion?",
 *   seen_shard.shard_owner_addr AS "previousOwnerAddr!",
 *   CASE
 *     WHEN isfinite(seen_shard.shard_claimed_at)
 *     THEN (date_part('epoch', seen_shard.shard_claimed_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *   END AS "previousClaimedAtMs",
 *   claimed_shard.shard_version AS "shardVersion?",
 *   claimed_shard.shard_owner_addr AS "ownerAddr!",
 *   CASE
 *     WHEN isfinite(claimed_shard.shard_claimed_at)
 *     THEN (date_part('epoch', claimed_shard.shard_claimed_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *   END AS "claimedAtMs",
 *   claimed_shard.shard_metadata AS "metadata!"
 * FROM seen_shard
 * LEFT JOIN claimed_shard ON claimed_shard.shard_id = seen_shard.shard_id
 * WHERE seen_shard.shard_id = :shardId!                                                                                         
 * ```
 */
export const claimShardOwnership = new PreparedQuery<ClaimShardOwnershipParams,ClaimShardOwnershipResult>(claimShardOwnershipIR);


/** 'ClaimNewShard' parameters type */
export interface ClaimNewShardParams {
  ownerAddr: string;
  shardId: number;
}

/** 'ClaimNewShard' return type */
export interface ClaimNewShardResult {
  claimedAtMs: number | null;
  /** State that outlives owners, as a JSON object: {"committedOffset": {"executeAt", "uuid"}} once there is one. */
  metadata: Json;
  /** Address of the process that owns the shard. */
  ownerAddr: string;
  /** Version of the ownership: 1 for the first claim, one more for each that follows. Every fenced write names it. */
  shardVersion: number;
}

/** 'ClaimNewShard' query type */
export interface ClaimNewShardQuery {
  params: ClaimNewShardParams;
  result: ClaimNewShardResult;
}

const claimNewShardIR: any = {"usedParamSet":{"shardId":true,"ownerAddr":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":154,"b":162}]},{"name":"ownerAddr","required":true,"transform":{"type":"scalar"},"locs":[{"a":239,"b":249}]}],"statement":"INSERT INTO timers (\n  shard_id, row_type, timer_execute_at, timer_uuid,\n  shard_version, shard_owner_addr, shard_claimed_at, shard_metadata\n)\nVALUES (\n  :shardId!, 1, '1970-01-01 00:00:01+00', '00000000-0000-0000-0000-000000000000',\n  1, :ownerAddr!, date_trunc('milliseconds', now()), '{}'\n)\nON CONFLICT DO NOTHING\nRETURNING\n  shard_version AS \"shardVersion!\",\n  shard_owner_addr AS \"ownerAddr!\",\n  CASE\n    WHEN isfinite(shard_claimed_at)\n    THEN (date_part('epoch', shard_claimed_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"claimedAtMs\",\n  shard_metadata AS \"metadata!\""};

/**
 * Query generated from SQL:
 * ```
 * INSERT INTO timers (
 *   shard_id, row_type, timer_execute_at, timer_uuid,
 *   shard_version, shard_owner_addr, shard_claimed_at, shard_metadata
 * )
 * VALUES (
 *   :shardId!, 1, '1970-01-01 00:00:01+00', '00000000-0000-0000-0000-000000000000',
 *   1, :ownerAddr!, date_trunc('milliseconds', now()), '{}'
 * )
 * ON CONFLICT DO NOTHING
 * RETURNING
 *   shard_version AS "shardVersion!",
 *   shard_owner_addr AS "ownerAddr!",
 *   CASE
 *     WHEN isfinite(shard_claimed_at)
 *     THEN (date_part('epoch', shard_claimed_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *   END AS "claimedAtMs",
 *   shard_metadata AS "metadata!"
 * ```
 */
export const claimNewShard = new PreparedQuery<ClaimNewShardParams,ClaimNewShardResult>(claimNewShardIR);


/** 'GetShard' parameters type */
export interface GetShardParams {
  shardId: number;
}

/** 'GetShard' return type */
export interface GetShardResult {
  claimedAtMs: number | null;
  /** State that outlives owners, as a JSON object: {"committedOffset": {"executeAt", "uuid"}} once there is one. */
  metadata: Json;
  /** Address of the process that owns the shard. */
  ownerAddr: string;
  /** Version of the ownership: 1 for the first claim, one more for each that follows. Every fenced write names it. */
  shardVersion: number | null;
}

/** 'GetShard' query type */
export interface GetShardQuery {
  params: GetShardParams;
  result: GetShardResult;
}

const getShardIR: any = {"usedParamSet":{"shardId":true},"params":[{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":310,"b":318}]}],"statement":"SELECT\n  shard_version AS \"shardVersion?\",\n  shard_owner_addr AS \"ownerAddr!\",\n  CASE\n    WHEN isfinite(shard_claimed_at)\n    THEN (date_part('epoch', shard_claimed_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8\n  END AS \"claimedAtMs\",\n  shard_metadata AS \"metadata!\"\nFROM timers\nWHERE shard_id = :shardId!\n  AND row_type = 1\n  AND timer_execute_at = '1970-01-01 00:00:01+00'\n  AND timer_uuid = '00000000-0000-0000-0000-000000000000'                                                                                                                   "};

/**
 * Query generated from SQL:
 * ```
 * SELECT
 *   shard_version AS "shardVersion?",
 *   shard_owner_addr AS "ownerAddr!",
 *   CASE
 *     WHEN isfinite(shard_claimed_at)
 *     THEN (date_part('epoch', shard_claimed_at - '2000-01-01 00:00:00+00') * 1000 + 946684800000)::int8
 *   END AS "claimedAtMs",
 *   shard_metadata AS "metadata!"
 * FROM timers
 * WHERE shard_id = :shardId!
 *   AND row_type = 1
 *   AND timer_execute_at = '1970-01-01 00:00:01+00'
 *   AND timer_uuid = '00000000-0000-0000-0000-000000000000'                                                                                                                   
 * ```
 */
export const getShard = new PreparedQuery<GetShardParams,GetShardResult>(getShardIR);


/** 'UpdateShardMetadata' parameters type */
export interface UpdateShardMetadataParams {
  metadata: Json;
  shardId: number;
  shardVersion: number;
}

/** 'UpdateShardMetadata' return type */
export type UpdateShardMetadataResult = void;

/** 'UpdateShardMetadata' query type */
export interface UpdateShardMetadataQuery {
  params: UpdateShardMetadataParams;
  result: UpdateShardMetadataResult;
}

const updateShardMetadataIR: any = {"usedParamSet":{"metadata":true,"shardId":true,"shardVersion":true},"params":[{"name":"metadata","required":true,"transform":{"type":"scalar"},"locs":[{"a":57,"b":66},{"a":115,"b":124}]},{"name":"shardId","required":true,"transform":{"type":"scalar"},"locs":[{"a":152,"b":160}]},{"name":"shardVersion","required":true,"transform":{"type":"scalar"},"locs":[{"a":311,"b":324}]}],"statement":"UPDATE timers\nSET shard_metadata = COALESCE(\n  jsonb_set(:metadata!::jsonb, '{move}', shard_metadata -> 'move'),\n  :metadata!::jsonb\n)\nWHERE shard_id = :shardId!\n  AND row_type = 1\n  AND timer_execute_at = '1970-01-01 00:00:01+00'\n  AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n  AND shard_version = :shardVersion!"};

/**
 * Query generated from SQL:
 * ```
 * UPDATE timers
 * SET shard_metadata = COALESCE(
 *   jsonb_set(:metadata!::jsonb, '{move}', shard_metadata -> 'move'),
 *   :metadata!::jsonb
 * )
 * WHERE shard_id = :shardId!
 *   AND row_type = 1
 *   AND timer_execute_at = '1970-01-01 00:00:01+00'
 *   AND timer_uuid = '00000000-0000-0000-0000-000000000000'
 *   AND shard_version = :shardVersion!
 * ```
 */
export const updateShardMetadata = new PreparedQuery<UpdateShardMetadataParams,UpdateShardMetadataResult>(updateShardMetadataIR);


