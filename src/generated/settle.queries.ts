/** Types generated for queries found in "sql/settle.sql" */
import { PreparedQuery } from '@pgtyped/runtime';

export type DateOrString = Date | string;

export type DateOrStringArray = (DateOrString)[];

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export type JsonArray = (Json)[];

export type booleanArray = (boolean)[];

export type numberArray = (number)[];

export type stringArray = (string)[];

/** 'SettleDoneTimers' parameters type */
export interface SettleDoneTimersParams {
  executeAts: DateOrStringArray;
  owners: numberArray;
  places: numberArray;
  revisions: stringArray;
  shardIds: numberArray;
  shardVersions: numberArray;
  timerOwners: numberArray;
  timerShardIds: numberArray;
  uuids: stringArray;
}

/** 'SettleDoneTimers' return type */
export interface SettleDoneTimersResult {
  heldOwners: Json;
  lockedPlaces: Json;
  unsettledPlaces: Json;
}

/** 'SettleDoneTimers' query type */
export interface SettleDoneTimersQuery {
  params: SettleDoneTimersParams;
  result: SettleDoneTimersResult;
}

const settleDoneTimersIR: any = {"usedParamSet":{"owners":true,"shardIds":true,"shardVersions":true,"places":true,"timerOwners":true,"timerShardIds":true,"executeAts":true,"uuids":true,"revisions":true},"params":[{"name":"owners","required":true,"transform":{"type":"scalar"},"locs":[{"a":98,"b":105}]},{"name":"shardIds","required":true,"transform":{"type":"scalar"},"locs":[{"a":140,"b":149}]},{"name":"shardVersions","required":true,"transform":{"type":"scalar"},"locs":[{"a":187,"b":201}]},{"name":"places","required":true,"transform":{"type":"scalar"},"locs":[{"a":625,"b":632}]},{"name":"timerOwners","required":true,"transform":{"type":"scalar"},"locs":[{"a":665,"b":677}]},{"name":"timerShardIds","required":true,"transform":{"type":"scalar"},"locs":[{"a":710,"b":724}]},{"name":"executeAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":760,"b":771}]},{"name":"uuids","required":true,"transform":{"type":"scalar"},"locs":[{"a":817,"b":823}]},{"name":"revisions","required":true,"transform":{"type":"scalar"},"locs":[{"a":856,"b":866}]}],"statement":"WITH\n  held_shard AS MATERIALIZED (\n    SELECT owned.owner\n    FROM (\n      SELECT\n        unnest(:owners!::int[]) AS owner,\n        unnest(:shardIds!::int[]) AS shard_id,\n        unnest(:shardVersions!::int8[]) AS shard_version\n    ) AS owned\n    CROSS JOIN LATERAL (\n      SELECT shard_id\n      FROM timers\n      WHERE shard_id = owned.shard_id\n        AND row_type = 1\n        AND timer_execute_at = '1970-01-01 00:00:01+00'\n        AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n        AND shard_version = owned.shard_version\n      FOR SHARE\n    ) AS shard\n  ),\n  done AS MATERIALIZED (\n    SELECT\n      unnest(:places!::int[]) AS place,\n      unnest(:timerOwners!::int[]) AS owner,\n      unnest(:timerShardIds!::int[]) AS shard_id,\n      unnest(:executeAts!::timestamptz[]) AS execute_at,\n      unnest(:uuids!::uuid[]) AS uuid,\n      unnest(:revisions!::text[])::int8 AS revision\n  ),\n  locked_timer AS MATERIALIZED (\n    SELECT done.place, timer.shard_id, timer.row_place\n    FROM done\n    CROSS JOIN LATERAL (\n      SELECT shard_id, ctid AS row_place\n      FROM timers\n      WHERE shard_id = done.shard_id\n        AND row_type = 2\n        AND timer_execute_at BETWEEN done.execute_at AND done.execute_at\n        AND (timer_execute_at, timer_uuid) >= (done.execute_at, done.uuid)\n        AND (timer_execute_at, timer_uuid) <= (done.execute_at, done.uuid)\n        AND timer_revision = done.revision\n      ORDER BY timer_execute_at, timer_uuid\n      LIMIT 1\n      FOR UPDATE SKIP LOCKED\n    ) AS timer\n    WHERE done.owner = ANY (ARRAY(SELECT owner FROM held_shard))\n  ),\n  deleted_timer AS (\n    DELETE FROM timers\n    USING (\n      SELECT place, shard_id, row_place\n      FROM locked_timer\n      LIMIT (SELECT count(*) FROM done)\n    ) AS settled_timer\n    WHERE timers.shard_id = settled_timer.shard_id\n      AND timers.ctid = settled_timer.row_place\n    RETURNING settled_timer.place\n  ),\n  unsettled AS MATERIALIZED (\n    SELECT *\n    FROM done\n    WHERE place NOT IN (SELECT place FROM deleted_timer)\n  )\nSELECT\n  to_json(ARRAY(SELECT owner FROM held_shard)) AS \"heldOwners!\",\n  to_json(ARRAY(SELECT place FROM unsettled)) AS \"unsettledPlaces!\",\n  to_json(ARRAY(\n    SELECT unsettled.place\n    FROM unsettled\n    CROSS JOIN LATERAL (\n      SELECT\n      FROM timers\n      WHERE shard_id = unsettled.shard_id\n        AND row_type = 2\n        AND timer_execute_at BETWEEN unsettled.execute_at AND unsettled.execute_at\n        AND (timer_execute_at, timer_uuid) >= (unsettled.execute_at, unsettled.uuid)\n        AND (timer_execute_at, timer_uuid) <= (unsettled.execute_at, unsettled.uuid)\n        AND timer_revision = unsettled.revision\n      ORDER BY timer_execute_at, timer_uuid\n      LIMIT 1\n    ) AS timer\n  )) AS \"lockedPlaces!\"                                                                                                                                                                                                                                                                                                                                                                                                                                                              "};

/**
 * Query generated from SQL:
 * ```
 * WITH
 *   held_shard AS MATERIALIZED (
 *     SELECT owned.owner
 *     FROM (
 *       SELECT
 *         unnest(:owners!::int[]) AS owner,
 *         unnest(:shardIds!::int[]) AS shard_id,
 *         unnest(:shardVersions!::int8[]) AS shard_version
 *     ) AS owned
 *     CROSS JOIN LATERAL (
 *       SELECT shard_id
 *       FROM timers
 *       WHERE shard_id = owned.shard_id
 *         AND row_type = 1
 *         AND timer_execute_at = '1970-01-01 00:00:01+00'
 *         AND timer_uuid = '00000000-0000-0000-0000-000000000000'
 *         AND shard_version = owned.shard_version
 *       FOR SHARE
 *     ) AS shard
 *   ),
 *   done AS MATERIALIZED (
 *     SELECT
 *       unnest(:places!::int[]) AS place,
 *       unnest(:timerOwners!::int[]) AS owner,
 *       unnest(:timerShardIds!::int[]) AS shard_id,
 *       unnest(:executeAts!::timestamptz[]) AS execute_at,
 *       unnest(:uuids!::uuid[]) AS uuid,
 *       unnest(:revisions!::text[])::int8 AS revision
 *   ),
 *   locked_timer AS MATERIALIZED (
 *     SELECT done.place, timer.shard_id, timer.row_place
 *     FROM done
 *     CROSS JOIN LATERAL (
 *       SELECT shard_id, ctid AS row_place
 *       FROM timers
 *       WHERE shard_id = done.shard_id
 *         AND row_type = 2
 *         AND timer_execute_at BETWEEN done.execute_at AND done.execute_at
 *         AND (timer_execute_at, timer_uuid) >= (done.execute_at, done.uuid)
 *         AND (timer_execute_at, timer_uuid) <= (done.execute_at, done.uuid)
 *         AND timer_revision = done.revision
 *       ORDER BY timer_execute_at, timer_uuid
 *       LIMIT 1
 *       FOR UPDATE SKIP LOCKED
 *     ) AS timer
 *     WHERE done.owner = ANY (ARRAY(SELECT owner FROM held_shard))
 *   ),
 *   deleted_timer AS (
 *     DELETE FROM timers
 *     USING (
 *       SELECT place, shard_id, row_place
 *       FROM locked_timer
 *       LIMIT (SELECT count(*) FROM done)
 *     ) AS settled_timer
 *     WHERE timers.shard_id = settled_timer.shard_id
 *       AND timers.ctid = settled_timer.row_place
 *     RETURNING settled_timer.place
 *   ),
 *   unsettled AS MATERIALIZED (
 *     SELECT *
 *     FROM done
 *     WHERE place NOT IN (SELECT place FROM deleted_timer)
 *   )
 * SELECT
 *   to_json(ARRAY(SELECT owner FROM held_shard)) AS "heldOwners!",
 *   to_json(ARRAY(SELECT place FROM unsettled)) AS "unsettledPlaces!",
 *   to_json(ARRAY(
 *     SELECT unsettled.place
 *     FROM unsettled
 *     CROSS JOIN LATERAL (
 *       SELECT
 *       FROM timers
 *       WHERE shard_id = unsettled.shard_id
 *         AND row_type = 2
 *         AND timer_execute_at BETWEEN unsettled.execute_at AND unsettled.execute_at
 *         AND (timer_execute_at, timer_uuid) >= (unsettled.execute_at, unsettled.uuid)
 *         AND (timer_execute_at, timer_uuid) <= (unsettled.execute_at, unsettled.uuid)
 *         AND timer_revision = unsettled.revision
 *       ORDER BY timer_execute_at, timer_uuid
 *       LIMIT 1
 *     ) AS timer
 *   )) AS "lockedPlaces!"                                                                                                                                                                                                                                                                                                                                                                                                                                                              
 * ```
 */
export const settleDoneTimers = new PreparedQuery<SettleDoneTimersParams,SettleDoneTimersResult>(settleDoneTimersIR);


/** 'SettleTimers' parameters type */
export interface SettleTimersParams {
  attempts: numberArray;
  dueAts: DateOrStringArray;
  executeAts: DateOrStringArray;
  firstAttemptAts: DateOrStringArray;
  lastErrors: stringArray;
  newRevisions: stringArray;
  nextExecuteAts: DateOrStringArray;
  outcomes: stringArray;
  owners: numberArray;
  payloads: JsonArray;
  places: numberArray;
  revisions: stringArray;
  setPayloads: booleanArray;
  shardIds: numberArray;
  shardVersions: numberArray;
  timerOwners: numberArray;
  timerShardIds: numberArray;
  uuids: stringArray;
}

/** 'SettleTimers' return type */
export interface SettleTimersResult {
  heldOwners: Json;
  lockedPlaces: Json;
  unsettledPlaces: Json;
}

/** 'SettleTimers' query type */
export interface SettleTimersQuery {
  params: SettleTimersParams;
  result: SettleTimersResult;
}

const settleTimersIR: any = {"usedParamSet":{"owners":true,"shardIds":true,"shardVersions":true,"places":true,"timerOwners":true,"timerShardIds":true,"executeAts":true,"uuids":true,"revisions":true,"outcomes":true,"nextExecuteAts":true,"dueAts":true,"firstAttemptAts":true,"attempts":true,"newRevisions":true,"lastErrors":true,"setPayloads":true,"payloads":true},"params":[{"name":"owners","required":true,"transform":{"type":"scalar"},"locs":[{"a":98,"b":105}]},{"name":"shardIds","required":true,"transform":{"type":"scalar"},"locs":[{"a":140,"b":149}]},{"name":"shardVersions","required":true,"transform":{"type":"scalar"},"locs":[{"a":187,"b":201}]},{"name":"places","required":true,"transform":{"type":"scalar"},"locs":[{"a":630,"b":637}]},{"name":"timerOwners","required":true,"transform":{"type":"scalar"},"locs":[{"a":670,"b":682}]},{"name":"timerShardIds","required":true,"transform":{"type":"scalar"},"locs":[{"a":715,"b":729}]},{"name":"executeAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":765,"b":776}]},{"name":"uuids","required":true,"transform":{"type":"scalar"},"locs":[{"a":822,"b":828}]},{"name":"revisions","required":true,"transform":{"type":"scalar"},"locs":[{"a":861,"b":871}]},{"name":"outcomes","required":true,"transform":{"type":"scalar"},"locs":[{"a":914,"b":923}]},{"name":"nextExecuteAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":959,"b":974}]},{"name":"dueAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":1025,"b":1032}]},{"name":"firstAttemptAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":1074,"b":1090}]},{"name":"attempts","required":true,"transform":{"type":"scalar"},"locs":[{"a":1142,"b":1151}]},{"name":"newRevisions","required":true,"transform":{"type":"scalar"},"locs":[{"a":1187,"b":1200}]},{"name":"lastErrors","required":true,"transform":{"type":"scalar"},"locs":[{"a":1247,"b":1258}]},{"name":"setPayloads","required":true,"transform":{"type":"scalar"},"locs":[{"a":1297,"b":1309}]},{"name":"payloads","required":true,"transform":{"type":"scalar"},"locs":[{"a":1349,"b":1358}]}],"statement":"WITH\n  held_shard AS MATERIALIZED (\n    SELECT owned.owner\n    FROM (\n      SELECT\n        unnest(:owners!::int[]) AS owner,\n        unnest(:shardIds!::int[]) AS shard_id,\n        unnest(:shardVersions!::int8[]) AS shard_version\n    ) AS owned\n    CROSS JOIN LATERAL (\n      SELECT shard_id\n      FROM timers\n      WHERE shard_id = owned.shard_id\n        AND row_type = 1\n        AND timer_execute_at = '1970-01-01 00:00:01+00'\n        AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n        AND shard_version = owned.shard_version\n      FOR SHARE\n    ) AS shard\n  ),\n  delivered AS MATERIALIZED (\n    SELECT\n      unnest(:places!::int[]) AS place,\n      unnest(:timerOwners!::int[]) AS owner,\n      unnest(:timerShardIds!::int[]) AS shard_id,\n      unnest(:executeAts!::timestamptz[]) AS execute_at,\n      unnest(:uuids!::uuid[]) AS uuid,\n      unnest(:revisions!::text[])::int8 AS revision,\n      unnest(:outcomes!::text[]) AS outcome,\n      unnest(:nextExecuteAts!::timestamptz[]) AS next_execute_at,\n      unnest(:dueAts!::timestamptz[]) AS due_at,\n      unnest(:firstAttemptAts!::timestamptz[]) AS first_attempt_at,\n      unnest(:attempts!::int[]) AS attempts,\n      unnest(:newRevisions!::text[])::int8 AS new_revision,\n      unnest(:lastErrors!::text[]) AS last_error,\n      unnest(:setPayloads!::bool[]) AS set_payload,\n      unnest(:payloads!::jsonb[]) AS payload\n  ),\n  locked_timer AS MATERIALIZED (\n    SELECT delivered.*, timer.namespace, timer.id, timer.row_place\n    FROM delivered\n    CROSS JOIN LATERAL (\n      SELECT shard_id, timer_namespace AS namespace, timer_id AS id, ctid AS row_place\n      FROM timers\n      WHERE shard_id = delivered.shard_id\n        AND row_type = 2\n        AND timer_execute_at BETWEEN delivered.execute_at AND delivered.execute_at\n        AND (timer_execute_at, timer_uuid) >= (delivered.execute_at, delivered.uuid)\n        AND (timer_execute_at, timer_uuid) <= (delivered.execute_at, delivered.uuid)\n        AND timer_revision = delivered.revision\n      ORDER BY timer_execute_at, timer_uuid\n      LIMIT 1\n      FOR UPDATE SKIP LOCKED\n    ) AS timer\n    WHERE delivered.owner = ANY (ARRAY(SELECT owner FROM held_shard))\n  ),\n  deleted_timer AS (\n    DELETE FROM timers\n    USING locked_timer\n    WHERE timers.shard_id = locked_timer.shard_id\n      AND timers.ctid = locked_timer.row_place\n      AND locked_timer.outcome = 'done'\n    RETURNING locked_timer.place\n  ),\n  dead_row AS MATERIALIZED (\n    SELECT earlier.shard_id, earlier.row_place\n    FROM locked_timer\n    CROSS JOIN LATERAL (\n      SELECT shard_id, ctid AS row_place\n      FROM timers\n      WHERE shard_id = locked_timer.shard_id\n        AND row_type = 3\n        AND timer_namespace = locked_timer.namespace\n        AND timer_id = locked_timer.id\n      LIMIT 1\n    ) AS earlier\n    WHERE locked_timer.outcome = 'dead'\n      AND (\n        SELECT true\n        FROM timers\n        WHERE shard_id = locked_timer.shard_id AND ctid = locked_timer.row_place\n      )\n  ),\n  replaced_dead_timer AS (\n    DELETE FROM timers\n    USING dead_row\n    WHERE timers.shard_id = dead_row.shard_id\n      AND timers.ctid = dead_row.row_place\n    RETURNING timers.shard_id\n  ),\n  deletion AS MATERIALIZED (\n    SELECT count(*) AS deleted_count\n    FROM (SELECT place FROM deleted_timer UNION ALL SELECT shard_id FROM replaced_dead_timer) AS deleted\n  ),\n  moved_timer AS (\n    UPDATE timers\n    SET row_type = CASE WHEN locked_timer.outcome = 'dead' THEN 3 ELSE 2 END,\n        timer_execute_at = locked_timer.next_execute_at,\n        timer_payload = CASE WHEN locked_timer.set_payload THEN locked_timer.payload ELSE timers.timer_payload END,\n        timer_attempts = locked_timer.attempts,\n        timer_revision = locked_timer.new_revision,\n        timer_updated_at = date_trunc('milliseconds', now()),\n        timer_due_at = CASE WHEN locked_timer.outcome = 'dead' THEN timers.timer_due_at ELSE locked_timer.due_at END,\n        timer_first_attempt_at = locked_timer.first_attempt_at,\n        timer_last_error = locked_timer.last_error\n    FROM locked_timer\n    CROSS JOIN deletion\n    WHERE timers.shard_id = locked_timer.shard_id\n      AND timers.ctid = locked_timer.row_place\n      AND locked_timer.outcome IN ('again', 'dead')\n    RETURNING locked_timer.place\n  ),\n  unsettled AS MATERIALIZED (\n    SELECT *\n    FROM delivered\n    WHERE place NOT IN (SELECT place FROM deleted_timer UNION ALL SELECT place FROM moved_timer)\n  )\nSELECT\n  to_json(ARRAY(SELECT owner FROM held_shard)) AS \"heldOwners!\",\n  to_json(ARRAY(SELECT place FROM unsettled)) AS \"unsettledPlaces!\",\n  to_json(ARRAY(\n    SELECT unsettled.place\n    FROM unsettled\n    CROSS JOIN LATERAL (\n      SELECT\n      FROM timers\n      WHERE shard_id = unsettled.shard_id\n        AND row_type = 2\n        AND timer_execute_at BETWEEN unsettled.execute_at AND unsettled.execute_at\n        AND (timer_execute_at, timer_uuid) >= (unsettled.execute_at, unsettled.uuid)\n        AND (timer_execute_at, timer_uuid) <= (unsettled.execute_at, unsettled.uuid)\n        AND timer_revision = unsettled.revision\n      ORDER BY timer_execute_at, timer_uuid\n      LIMIT 1\n    ) AS timer\n  )) AS \"lockedPlaces!\"                                                                               "};

/**
 * Query generated from SQL:
 * ```
 * WITH
 *   held_shard AS MATERIALIZED (
 *     SELECT owned.owner
 *     FROM (
 *       SELECT
 *         unnest(:owners!::int[]) AS owner,
 *         unnest(:shardIds!::int[]) AS shard_id,
 *         unnest(:shardVersions!::int8[]) AS shard_version
 *     ) AS owned
 *     CROSS JOIN LATERAL (
 *       SELECT shard_id
 *       FROM timers
 *       WHERE shard_id = owned.shard_id
 *         AND row_type = 1
 *         AND timer_execute_at = '1970-01-01 00:00:01+00'
 *         AND timer_uuid = '00000000-0000-0000-0000-000000000000'
 *         AND shard_version = owned.shard_version
 *       FOR SHARE
 *     ) AS shard
 *   ),
 *   delivered AS MATERIALIZED (
 *     SELECT
 *       unnest(:places!::int[]) AS place,
 *       unnest(:timerOwners!::int[]) AS owner,
 *       unnest(:timerShardIds!::int[]) AS shard_id,
 *       unnest(:executeAts!::timestamptz[]) AS execute_at,
 *       unnest(:uuids!::uuid[]) AS uuid,
 *       unnest(:revisions!::text[])::int8 AS revision,
 *       unnest(:outcomes!::text[]) AS outcome,
 *       unnest(:nextExecuteAts!::timestamptz[]) AS next_execute_at,
 *       unnest(:dueAts!::timestamptz[]) AS due_at,
 *       unnest(:firstAttemptAts!::timestamptz[]) AS first_attempt_at,
 *       unnest(:attempts!::int[]) AS attempts,
 *       unnest(:newRevisions!::text[])::int8 AS new_revision,
 *       unnest(:lastErrors!::text[]) AS last_error,
 *       unnest(:setPayloads!::bool[]) AS set_payload,
 *       unnest(:payloads!::jsonb[]) AS payload
 *   ),
 *   locked_timer AS MATERIALIZED (
 *     SELECT delivered.*, timer.namespace, timer.id, timer.row_place
 *     FROM delivered
 *     CROSS JOIN LATERAL (
 *       SELECT shard_id, timer_namespace AS namespace, timer_id AS id, ctid AS row_place
 *       FROM timers
 *       WHERE shard_id = delivered.shard_id
 *         AND row_type = 2
 *         AND timer_execute_at BETWEEN delivered.execute_at AND delivered.execute_at
 *         AND (timer_execute_at, timer_uuid) >= (delivered.execute_at, delivered.uuid)
 *         AND (timer_execute_at, timer_uuid) <= (delivered.execute_at, delivered.uuid)
 *         AND timer_revision = delivered.revision
 *       ORDER BY timer_execute_at, timer_uuid
 *       LIMIT 1
 *       FOR UPDATE SKIP LOCKED
 *     ) AS timer
 *     WHERE delivered.owner = ANY (ARRAY(SELECT owner FROM held_shard))
 *   ),
 *   deleted_timer AS (
 *     DELETE FROM timers
 *     USING locked_timer
 *     WHERE timers.shard_id = locked_timer.shard_id
 *       AND timers.ctid = locked_timer.row_place
 *       AND locked_timer.outcome = 'done'
 *     RETURNING locked_timer.place
 *   ),
 *   dead_row AS MATERIALIZED (
 *     SELECT earlier.shard_id, earlier.row_place
 *     FROM locked_timer
 *     CROSS JOIN LATERAL (
 *       SELECT shard_id, ctid AS row_place
 *       FROM timers
 *       WHERE shard_id = locked_timer.shard_id
 *         AND row_type = 3
 *         AND timer_namespace = locked_timer.namespace
 *         AND timer_id = locked_timer.id
 *       LIMIT 1
 *     ) AS earlier
 *     WHERE locked_timer.outcome = 'dead'
 *       AND (
 *         SELECT true
 *         FROM timers
 *         WHERE shard_id = locked_timer.shard_id AND ctid = locked_timer.row_place
 *       )
 *   ),
 *   replaced_dead_timer AS (
 *     DELETE FROM timers
 *     USING dead_row
 *     WHERE timers.shard_id = dead_row.shard_id
 *       AND timers.ctid = dead_row.row_place
 *     RETURNING timers.shard_id
 *   ),
 *   deletion AS MATERIALIZED (
 *     SELECT count(*) AS deleted_count
 *     FROM (SELECT place FROM deleted_timer UNION ALL SELECT shard_id FROM replaced_dead_timer) AS deleted
 *   ),
 *   moved_timer AS (
 *     UPDATE timers
 *     SET row_type = CASE WHEN locked_timer.outcome = 'dead' THEN 3 ELSE 2 END,
 *         timer_execute_at = locked_timer.next_execute_at,
 *         timer_payload = CASE WHEN locked_timer.set_payload THEN locked_timer.payload ELSE timers.timer_payload END,
 *         timer_attempts = locked_timer.attempts,
 *         timer_revision = locked_timer.new_revision,
 *         timer_updated_at = date_trunc('milliseconds', now()),
 *         timer_due_at = CASE WHEN locked_timer.outcome = 'dead' THEN timers.timer_due_at ELSE locked_timer.due_at END,
 *         timer_first_attempt_at = locked_timer.first_attempt_at,
 *         timer_last_error = locked_timer.last_error
 *     FROM locked_timer
 *     CROSS JOIN deletion
 *     WHERE timers.shard_id = locked_timer.shard_id
 *       AND timers.ctid = locked_timer.row_place
 *       AND locked_timer.outcome IN ('again', 'dead')
 *     RETURNING locked_timer.place
 *   ),
 *   unsettled AS MATERIALIZED (
 *     SELECT *
 *     FROM delivered
 *     WHERE place NOT IN (SELECT place FROM deleted_timer UNION ALL SELECT place FROM moved_timer)
 *   )
 * SELECT
 *   to_json(ARRAY(SELECT owner FROM held_shard)) AS "heldOwners!",
 *   to_json(ARRAY(SELECT place FROM unsettled)) AS "unsettledPlaces!",
 *   to_json(ARRAY(
 *     SELECT unsettled.place
 *     FROM unsettled
 *     CROSS JOIN LATERAL (
 *       SELECT
 *       FROM timers
 *       WHERE shard_id = unsettled.shard_id
 *         AND row_type = 2
 *         AND timer_execute_at BETWEEN unsettled.execute_at AND unsettled.execute_at
 *         AND (timer_execute_at, timer_uuid) >= (unsettled.execute_at, unsettled.uuid)
 *         AND (timer_execute_at, timer_uuid) <= (unsettled.execute_at, unsettled.uuid)
 *         AND timer_revision = unsettled.revision
 *       ORDER BY timer_execute_at, timer_uuid
 *       LIMIT 1
 *     ) AS timer
 *   )) AS "lockedPlaces!"                                                                               
 * ```
 */
export const settleTimers = new PreparedQuery<SettleTimersParams,SettleTimersResult>(settleTimersIR);


/** 'SettleDoneTimersOfPart' parameters type */
export interface SettleDoneTimersOfPartParams {
  executeAts: DateOrStringArray;
  owners: numberArray;
  places: numberArray;
  revisions: stringArray;
  shardIds: numberArray;
  shardVersions: numberArray;
  timerOwners: numberArray;
  timerShardIds: numberArray;
  uuids: stringArray;
}

/** 'SettleDoneTimersOfPart' return type */
export interface SettleDoneTimersOfPartResult {
  heldOwners: Json;
  lockedPlaces: Json;
  unsettledPlaces: Json;
}

/** 'SettleDoneTimersOfPart' query type */
export interface SettleDoneTimersOfPartQuery {
  params: SettleDoneTimersOfPartParams;
  result: SettleDoneTimersOfPartResult;
}

const settleDoneTimersOfPartIR: any = {"usedParamSet":{"owners":true,"shardIds":true,"shardVersions":true,"places":true,"timerOwners":true,"timerShardIds":true,"executeAts":true,"uuids":true,"revisions":true},"params":[{"name":"owners","required":true,"transform":{"type":"scalar"},"locs":[{"a":98,"b":105}]},{"name":"shardIds","required":true,"transform":{"type":"scalar"},"locs":[{"a":140,"b":149},{"a":374,"b":383},{"a":1189,"b":1198},{"a":1930,"b":1939},{"a":2476,"b":2485}]},{"name":"shardVersions","required":true,"transform":{"type":"scalar"},"locs":[{"a":187,"b":201}]},{"name":"places","required":true,"transform":{"type":"scalar"},"locs":[{"a":664,"b":671}]},{"name":"timerOwners","required":true,"transform":{"type":"scalar"},"locs":[{"a":704,"b":716}]},{"name":"timerShardIds","required":true,"transform":{"type":"scalar"},"locs":[{"a":749,"b":763}]},{"name":"executeAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":799,"b":810}]},{"name":"uuids","required":true,"transform":{"type":"scalar"},"locs":[{"a":856,"b":862}]},{"name":"revisions","required":true,"transform":{"type":"scalar"},"locs":[{"a":895,"b":905}]}],"statement":"WITH\n  held_shard AS MATERIALIZED (\n    SELECT owned.owner\n    FROM (\n      SELECT\n        unnest(:owners!::int[]) AS owner,\n        unnest(:shardIds!::int[]) AS shard_id,\n        unnest(:shardVersions!::int8[]) AS shard_version\n    ) AS owned\n    CROSS JOIN LATERAL (\n      SELECT shard_id\n      FROM timers\n      WHERE shard_id = owned.shard_id\n        AND shard_id = ANY(:shardIds!)\n        AND row_type = 1\n        AND timer_execute_at = '1970-01-01 00:00:01+00'\n        AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n        AND shard_version = owned.shard_version\n      FOR SHARE\n    ) AS shard\n  ),\n  done AS MATERIALIZED (\n    SELECT\n      unnest(:places!::int[]) AS place,\n      unnest(:timerOwners!::int[]) AS owner,\n      unnest(:timerShardIds!::int[]) AS shard_id,\n      unnest(:executeAts!::timestamptz[]) AS execute_at,\n      unnest(:uuids!::uuid[]) AS uuid,\n      unnest(:revisions!::text[])::int8 AS revision\n  ),\n  locked_timer AS MATERIALIZED (\n    SELECT done.place, timer.shard_id, timer.row_place\n    FROM done\n    CROSS JOIN LATERAL (\n      SELECT shard_id, ctid AS row_place\n      FROM timers\n      WHERE shard_id = done.shard_id\n        AND shard_id = ANY(:shardIds!)\n        AND row_type = 2\n        AND timer_execute_at BETWEEN done.execute_at AND done.execute_at\n        AND (timer_execute_at, timer_uuid) >= (done.execute_at, done.uuid)\n        AND (timer_execute_at, timer_uuid) <= (done.execute_at, done.uuid)\n        AND timer_revision = done.revision\n      ORDER BY timer_execute_at, timer_uuid\n      LIMIT 1\n      FOR UPDATE SKIP LOCKED\n    ) AS timer\n    WHERE done.owner = ANY (ARRAY(SELECT owner FROM held_shard))\n  ),\n  deleted_timer AS (\n    DELETE FROM timers\n    USING (\n      SELECT place, shard_id, row_place\n      FROM locked_timer\n      LIMIT (SELECT count(*) FROM done)\n    ) AS settled_timer\n    WHERE timers.shard_id = settled_timer.shard_id\n      AND timers.shard_id = ANY(:shardIds!)\n      AND timers.ctid = settled_timer.row_place\n    RETURNING settled_timer.place\n  ),\n  unsettled AS MATERIALIZED (\n    SELECT *\n    FROM done\n    WHERE place NOT IN (SELECT place FROM deleted_timer)\n  )\nSELECT\n  to_json(ARRAY(SELECT owner FROM held_shard)) AS \"heldOwners!\",\n  to_json(ARRAY(SELECT place FROM unsettled)) AS \"unsettledPlaces!\",\n  to_json(ARRAY(\n    SELECT unsettled.place\n    FROM unsettled\n    CROSS JOIN LATERAL (\n      SELECT\n      FROM timers\n      WHERE shard_id = unsettled.shard_id\n        AND shard_id = ANY(:shardIds!)\n        AND row_type = 2\n        AND timer_execute_at BETWEEN unsettled.execute_at AND unsettled.execute_at\n        AND (timer_execute_at, timer_uuid) >= (unsettled.execute_at, unsettled.uuid)\n        AND (timer_execute_at, timer_uuid) <= (unsettled.execute_at, unsettled.uuid)\n        AND timer_revision = unsettled.revision\n      ORDER BY timer_execute_at, timer_uuid\n      LIMIT 1\n    ) AS timer\n  )) AS \"lockedPlaces!\""};

/**
 * Query generated from SQL:
 * ```
 * WITH
 *   held_shard AS MATERIALIZED (
 *     SELECT owned.owner
 *     FROM (
 *       SELECT
 *         unnest(:owners!::int[]) AS owner,
 *         unnest(:shardIds!::int[]) AS shard_id,
 *         unnest(:shardVersions!::int8[]) AS shard_version
 *     ) AS owned
 *     CROSS JOIN LATERAL (
 *       SELECT shard_id
 *       FROM timers
 *       WHERE shard_id = owned.shard_id
 *         AND shard_id = ANY(:shardIds!)
 *         AND row_type = 1
 *         AND timer_execute_at = '1970-01-01 00:00:01+00'
 *         AND timer_uuid = '00000000-0000-0000-0000-000000000000'
 *         AND shard_version = owned.shard_version
 *       FOR SHARE
 *     ) AS shard
 *   ),
 *   done AS MATERIALIZED (
 *     SELECT
 *       unnest(:places!::int[]) AS place,
 *       unnest(:timerOwners!::int[]) AS owner,
 *       unnest(:timerShardIds!::int[]) AS shard_id,
 *       unnest(:executeAts!::timestamptz[]) AS execute_at,
 *       unnest(:uuids!::uuid[]) AS uuid,
 *       unnest(:revisions!::text[])::int8 AS revision
 *   ),
 *   locked_timer AS MATERIALIZED (
 *     SELECT done.place, timer.shard_id, timer.row_place
 *     FROM done
 *     CROSS JOIN LATERAL (
 *       SELECT shard_id, ctid AS row_place
 *       FROM timers
 *       WHERE shard_id = done.shard_id
 *         AND shard_id = ANY(:shardIds!)
 *         AND row_type = 2
 *         AND timer_execute_at BETWEEN done.execute_at AND done.execute_at
 *         AND (timer_execute_at, timer_uuid) >= (done.execute_at, done.uuid)
 *         AND (timer_execute_at, timer_uuid) <= (done.execute_at, done.uuid)
 *         AND timer_revision = done.revision
 *       ORDER BY timer_execute_at, timer_uuid
 *       LIMIT 1
 *       FOR UPDATE SKIP LOCKED
 *     ) AS timer
 *     WHERE done.owner = ANY (ARRAY(SELECT owner FROM held_shard))
 *   ),
 *   deleted_timer AS (
 *     DELETE FROM timers
 *     USING (
 *       SELECT place, shard_id, row_place
 *       FROM locked_timer
 *       LIMIT (SELECT count(*) FROM done)
 *     ) AS settled_timer
 *     WHERE timers.shard_id = settled_timer.shard_id
 *       AND timers.shard_id = ANY(:shardIds!)
 *       AND timers.ctid = settled_timer.row_place
 *     RETURNING settled_timer.place
 *   ),
 *   unsettled AS MATERIALIZED (
 *     SELECT *
 *     FROM done
 *     WHERE place NOT IN (SELECT place FROM deleted_timer)
 *   )
 * SELECT
 *   to_json(ARRAY(SELECT owner FROM held_shard)) AS "heldOwners!",
 *   to_json(ARRAY(SELECT place FROM unsettled)) AS "unsettledPlaces!",
 *   to_json(ARRAY(
 *     SELECT unsettled.place
 *     FROM unsettled
 *     CROSS JOIN LATERAL (
 *       SELECT
 *       FROM timers
 *       WHERE shard_id = unsettled.shard_id
 *         AND shard_id = ANY(:shardIds!)
 *         AND row_type = 2
 *         AND timer_execute_at BETWEEN unsettled.execute_at AND unsettled.execute_at
 *         AND (timer_execute_at, timer_uuid) >= (unsettled.execute_at, unsettled.uuid)
 *         AND (timer_execute_at, timer_uuid) <= (unsettled.execute_at, unsettled.uuid)
 *         AND timer_revision = unsettled.revision
 *       ORDER BY timer_execute_at, timer_uuid
 *       LIMIT 1
 *     ) AS timer
 *   )) AS "lockedPlaces!"
 * ```
 */
export const settleDoneTimersOfPart = new PreparedQuery<SettleDoneTimersOfPartParams,SettleDoneTimersOfPartResult>(settleDoneTimersOfPartIR);


/** 'SettleTimersOfPart' parameters type */
export interface SettleTimersOfPartParams {
  attempts: numberArray;
  dueAts: DateOrStringArray;
  executeAts: DateOrStringArray;
  firstAttemptAts: DateOrStringArray;
  lastErrors: stringArray;
  newRevisions: stringArray;
  nextExecuteAts: DateOrStringArray;
  outcomes: stringArray;
  owners: numberArray;
  payloads: JsonArray;
  places: numberArray;
  revisions: stringArray;
  setPayloads: booleanArray;
  shardIds: numberArray;
  shardVersions: numberArray;
  timerOwners: numberArray;
  timerShardIds: numberArray;
  uuids: stringArray;
}

/** 'SettleTimersOfPart' return type */
export interface SettleTimersOfPartResult {
  heldOwners: Json;
  lockedPlaces: Json;
  unsettledPlaces: Json;
}

/** 'SettleTimersOfPart' query type */
export interface SettleTimersOfPartQuery {
  params: SettleTimersOfPartParams;
  result: SettleTimersOfPartResult;
}

const settleTimersOfPartIR: any = {"usedParamSet":{"owners":true,"shardIds":true,"shardVersions":true,"places":true,"timerOwners":true,"timerShardIds":true,"executeAts":true,"uuids":true,"revisions":true,"outcomes":true,"nextExecuteAts":true,"dueAts":true,"firstAttemptAts":true,"attempts":true,"newRevisions":true,"lastErrors":true,"setPayloads":true,"payloads":true},"params":[{"name":"owners","required":true,"transform":{"type":"scalar"},"locs":[{"a":98,"b":105}]},{"name":"shardIds","required":true,"transform":{"type":"scalar"},"locs":[{"a":140,"b":149},{"a":374,"b":383},{"a":1743,"b":1752},{"a":2407,"b":2416},{"a":2798,"b":2807},{"a":3116,"b":3125},{"a":3322,"b":3331},{"a":4399,"b":4408},{"a":5040,"b":5049}]},{"name":"shardVersions","required":true,"transform":{"type":"scalar"},"locs":[{"a":187,"b":201}]},{"name":"places","required":true,"transform":{"type":"scalar"},"locs":[{"a":669,"b":676}]},{"name":"timerOwners","required":true,"transform":{"type":"scalar"},"locs":[{"a":709,"b":721}]},{"name":"timerShardIds","required":true,"transform":{"type":"scalar"},"locs":[{"a":754,"b":768}]},{"name":"executeAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":804,"b":815}]},{"name":"uuids","required":true,"transform":{"type":"scalar"},"locs":[{"a":861,"b":867}]},{"name":"revisions","required":true,"transform":{"type":"scalar"},"locs":[{"a":900,"b":910}]},{"name":"outcomes","required":true,"transform":{"type":"scalar"},"locs":[{"a":953,"b":962}]},{"name":"nextExecuteAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":998,"b":1013}]},{"name":"dueAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":1064,"b":1071}]},{"name":"firstAttemptAts","required":true,"transform":{"type":"scalar"},"locs":[{"a":1113,"b":1129}]},{"name":"attempts","required":true,"transform":{"type":"scalar"},"locs":[{"a":1181,"b":1190}]},{"name":"newRevisions","required":true,"transform":{"type":"scalar"},"locs":[{"a":1226,"b":1239}]},{"name":"lastErrors","required":true,"transform":{"type":"scalar"},"locs":[{"a":1286,"b":1297}]},{"name":"setPayloads","required":true,"transform":{"type":"scalar"},"locs":[{"a":1336,"b":1348}]},{"name":"payloads","required":true,"transform":{"type":"scalar"},"locs":[{"a":1388,"b":1397}]}],"statement":"WITH\n  held_shard AS MATERIALIZED (\n    SELECT owned.owner\n    FROM (\n      SELECT\n        unnest(:owners!::int[]) AS owner,\n        unnest(:shardIds!::int[]) AS shard_id,\n        unnest(:shardVersions!::int8[]) AS shard_version\n    ) AS owned\n    CROSS JOIN LATERAL (\n      SELECT shard_id\n      FROM timers\n      WHERE shard_id = owned.shard_id\n        AND shard_id = ANY(:shardIds!)\n        AND row_type = 1\n        AND timer_execute_at = '1970-01-01 00:00:01+00'\n        AND timer_uuid = '00000000-0000-0000-0000-000000000000'\n        AND shard_version = owned.shard_version\n      FOR SHARE\n    ) AS shard\n  ),\n  delivered AS MATERIALIZED (\n    SELECT\n      unnest(:places!::int[]) AS place,\n      unnest(:timerOwners!::int[]) AS owner,\n      unnest(:timerShardIds!::int[]) AS shard_id,\n      unnest(:executeAts!::timestamptz[]) AS execute_at,\n      unnest(:uuids!::uuid[]) AS uuid,\n      unnest(:revisions!::text[])::int8 AS revision,\n      unnest(:outcomes!::text[]) AS outcome,\n      unnest(:nextExecuteAts!::timestamptz[]) AS next_execute_at,\n      unnest(:dueAts!::timestamptz[]) AS due_at,\n      unnest(:firstAttemptAts!::timestamptz[]) AS first_attempt_at,\n      unnest(:attempts!::int[]) AS attempts,\n      unnest(:newRevisions!::text[])::int8 AS new_revision,\n      unnest(:lastErrors!::text[]) AS last_error,\n      unnest(:setPayloads!::bool[]) AS set_payload,\n      unnest(:payloads!::jsonb[]) AS payload\n  ),\n  locked_timer AS MATERIALIZED (\n    SELECT delivered.*, timer.namespace, timer.id, timer.row_place\n    FROM delivered\n    CROSS JOIN LATERAL (\n      SELECT shard_id, timer_namespace AS namespace, timer_id AS id, ctid AS row_place\n      FROM timers\n      WHERE shard_id = delivered.shard_id\n        AND shard_id = ANY(:shardIds!)\n        AND row_type = 2\n        AND timer_execute_at BETWEEN delivered.execute_at AND delivered.execute_at\n        AND (timer_execute_at, timer_uuid) >= (delivered.execute_at, delivered.uuid)\n        AND (timer_execute_at, timer_uuid) <= (delivered.execute_at, delivered.uuid)\n        AND timer_revision = delivered.revision\n      ORDER BY timer_execute_at, timer_uuid\n      LIMIT 1\n      FOR UPDATE SKIP LOCKED\n    ) AS timer\n    WHERE delivered.owner = ANY (ARRAY(SELECT owner FROM held_shard))\n  ),\n  deleted_timer AS (\n    DELETE FROM timers\n    USING locked_timer\n    WHERE timers.shard_id = locked_timer.shard_id\n      AND timers.shard_id = ANY(:shardIds!)\n      AND timers.ctid = locked_timer.row_place\n      AND locked_timer.outcome = 'done'\n    RETURNING locked_timer.place\n  ),\n  dead_row AS MATERIALIZED (\n    SELECT earlier.shard_id, earlier.row_place\n    FROM locked_timer\n    CROSS JOIN LATERAL (\n      SELECT shard_id, ctid AS row_place\n      FROM timers\n      WHERE shard_id = locked_timer.shard_id\n        AND shard_id = ANY(:shardIds!)\n        AND row_type = 3\n        AND timer_namespace = locked_timer.namespace\n        AND timer_id = locked_timer.id\n      LIMIT 1\n    ) AS earlier\n    WHERE locked_timer.outcome = 'dead'\n      AND (\n        SELECT true\n        FROM timers\n        WHERE shard_id = locked_timer.shard_id AND shard_id = ANY(:shardIds!) AND ctid = locked_timer.row_place\n      )\n  ),\n  replaced_dead_timer AS (\n    DELETE FROM timers\n    USING dead_row\n    WHERE timers.shard_id = dead_row.shard_id\n      AND timers.shard_id = ANY(:shardIds!)\n      AND timers.ctid = dead_row.row_place\n    RETURNING timers.shard_id\n  ),\n  deletion AS MATERIALIZED (\n    SELECT count(*) AS deleted_count\n    FROM (SELECT place FROM deleted_timer UNION ALL SELECT shard_id FROM replaced_dead_timer) AS deleted\n  ),\n  moved_timer AS (\n    UPDATE timers\n    SET row_type = CASE WHEN locked_timer.outcome = 'dead' THEN 3 ELSE 2 END,\n        timer_execute_at = locked_timer.next_execute_at,\n        timer_payload = CASE WHEN locked_timer.set_payload THEN locked_timer.payload ELSE timers.timer_payload END,\n        timer_attempts = locked_timer.attempts,\n        timer_revision = locked_timer.new_revision,\n        timer_updated_at = date_trunc('milliseconds', now()),\n        timer_due_at = CASE WHEN locked_timer.outcome = 'dead' THEN timers.timer_due_at ELSE locked_timer.due_at END,\n        timer_first_attempt_at = locked_timer.first_attempt_at,\n        timer_last_error = locked_timer.last_error\n    FROM locked_timer\n    CROSS JOIN deletion\n    WHERE timers.shard_id = locked_timer.shard_id\n      AND timers.shard_id = ANY(:shardIds!)\n      AND timers.ctid = locked_timer.row_place\n      AND locked_timer.outcome IN ('again', 'dead')\n    RETURNING locked_timer.place\n  ),\n  unsettled AS MATERIALIZED (\n    SELECT *\n    FROM delivered\n    WHERE place NOT IN (SELECT place FROM deleted_timer UNION ALL SELECT place FROM moved_timer)\n  )\nSELECT\n  to_json(ARRAY(SELECT owner FROM held_shard)) AS \"heldOwners!\",\n  to_json(ARRAY(SELECT place FROM unsettled)) AS \"unsettledPlaces!\",\n  to_json(ARRAY(\n    SELECT unsettled.place\n    FROM unsettled\n    CROSS JOIN LATERAL (\n      SELECT\n      FROM timers\n      WHERE shard_id = unsettled.shard_id\n        AND shard_id = ANY(:shardIds!)\n        AND row_type = 2\n        AND timer_execute_at BETWEEN unsettled.execute_at AND unsettled.execute_at\n        AND (timer_execute_at, timer_uuid) >= (unsettled.execute_at, unsettled.uuid)\n        AND (timer_execute_at, timer_uuid) <= (unsettled.execute_at, unsettled.uuid)\n        AND timer_revision = unsettled.revision\n      ORDER BY timer_execute_at, timer_uuid\n      LIMIT 1\n    ) AS timer\n  )) AS \"lockedPlaces!\""};

/**
 * Query generated from SQL:
 * ```
 * WITH
 *   held_shard AS MATERIALIZED (
 *     SELECT owned.owner
 *     FROM (
 *       SELECT
 *         unnest(:owners!::int[]) AS owner,
 *         unnest(:shardIds!::int[]) AS shard_id,
 *         unnest(:shardVersions!::int8[]) AS shard_version
 *     ) AS owned
 *     CROSS JOIN LATERAL (
 *       SELECT shard_id
 *       FROM timers
 *       WHERE shard_id = owned.shard_id
 *         AND shard_id = ANY(:shardIds!)
 *         AND row_type = 1
 *         AND timer_execute_at = '1970-01-01 00:00:01+00'
 *         AND timer_uuid = '00000000-0000-0000-0000-000000000000'
 *         AND shard_version = owned.shard_version
 *       FOR SHARE
 *     ) AS shard
 *   ),
 *   delivered AS MATERIALIZED (
 *     SELECT
 *       unnest(:places!::int[]) AS place,
 *       unnest(:timerOwners!::int[]) AS owner,
 *       unnest(:timerShardIds!::int[]) AS shard_id,
 *       unnest(:executeAts!::timestamptz[]) AS execute_at,
 *       unnest(:uuids!::uuid[]) AS uuid,
 *       unnest(:revisions!::text[])::int8 AS revision,
 *       unnest(:outcomes!::text[]) AS outcome,
 *       unnest(:nextExecuteAts!::timestamptz[]) AS next_execute_at,
 *       unnest(:dueAts!::timestamptz[]) AS due_at,
 *       unnest(:firstAttemptAts!::timestamptz[]) AS first_attempt_at,
 *       unnest(:attempts!::int[]) AS attempts,
 *       unnest(:newRevisions!::text[])::int8 AS new_revision,
 *       unnest(:lastErrors!::text[]) AS last_error,
 *       unnest(:setPayloads!::bool[]) AS set_payload,
 *       unnest(:payloads!::jsonb[]) AS payload
 *   ),
 *   locked_timer AS MATERIALIZED (
 *     SELECT delivered.*, timer.namespace, timer.id, timer.row_place
 *     FROM delivered
 *     CROSS JOIN LATERAL (
 *       SELECT shard_id, timer_namespace AS namespace, timer_id AS id, ctid AS row_place
 *       FROM timers
 *       WHERE shard_id = delivered.shard_id
 *         AND shard_id = ANY(:shardIds!)
 *         AND row_type = 2
 *         AND timer_execute_at BETWEEN delivered.execute_at AND delivered.execute_at
 *         AND (timer_execute_at, timer_uuid) >= (delivered.execute_at, delivered.uuid)
 *         AND (timer_execute_at, timer_uuid) <= (delivered.execute_at, delivered.uuid)
 *         AND timer_revision = delivered.revision
 *       ORDER BY timer_execute_at, timer_uuid
 *       LIMIT 1
 *       FOR UPDATE SKIP LOCKED
 *     ) AS timer
 *     WHERE delivered.owner = ANY (ARRAY(SELECT owner FROM held_shard))
 *   ),
 *   deleted_timer AS (
 *     DELETE FROM timers
 *     USING locked_timer
 *     WHERE timers.shard_id = locked_timer.shard_id
 *       AND timers.shard_id = ANY(:shardIds!)
 *       AND timers.ctid = locked_timer.row_place
 *       AND locked_timer.outcome = 'done'
 *     RETURNING locked_timer.place
 *   ),
 *   dead_row AS MATERIALIZED (
 *     SELECT earlier.shard_id, earlier.row_place
 *     FROM locked_timer
 *     CROSS JOIN LATERAL (
 *       SELECT shard_id, ctid AS row_place
 *       FROM timers
 *       WHERE shard_id = locked_timer.shard_id
 *         AND shard_id = ANY(:shardIds!)
 *         AND row_type = 3
 *         AND timer_namespace = locked_timer.namespace
 *         AND timer_id = locked_timer.id
 *       LIMIT 1
 *     ) AS earlier
 *     WHERE locked_timer.outcome = 'dead'
 *       AND (
 *         SELECT true
 *         FROM timers
 *         WHERE shard_id = locked_timer.shard_id AND shard_id = ANY(:shardIds!) AND ctid = locked_timer.row_place
 *       )
 *   ),
 *   replaced_dead_timer AS (
 *     DELETE FROM timers
 *     USING dead_row
 *     WHERE timers.shard_id = dead_row.shard_id
 *       AND timers.shard_id = ANY(:shardIds!)
 *       AND timers.ctid = dead_row.row_place
 *     RETURNING timers.shard_id
 *   ),
 *   deletion AS MATERIALIZED (
 *     SELECT count(*) AS deleted_count
 *     FROM (SELECT place FROM deleted_timer UNION ALL SELECT shard_id FROM replaced_dead_timer) AS deleted
 *   ),
 *   moved_timer AS (
 *     UPDATE timers
 *     SET row_type = CASE WHEN locked_timer.outcome = 'dead' THEN 3 ELSE 2 END,
 *         timer_execute_at = locked_timer.next_execute_at,
 *         timer_payload = CASE WHEN locked_timer.set_payload THEN locked_timer.payload ELSE timers.timer_payload END,
 *         timer_attempts = locked_timer.attempts,
 *         timer_revision = locked_timer.new_revision,
 *         timer_updated_at = date_trunc('milliseconds', now()),
 *         timer_due_at = CASE WHEN locked_timer.outcome = 'dead' THEN timers.timer_due_at ELSE locked_timer.due_at END,
 *         timer_first_attempt_at = locked_timer.first_attempt_at,
 *         timer_last_error = locked_timer.last_error
 *     FROM locked_timer
 *     CROSS JOIN deletion
 *     WHERE timers.shard_id = locked_timer.shard_id
 *       AND timers.shard_id = ANY(:shardIds!)
 *       AND timers.ctid = locked_timer.row_place
 *       AND locked_timer.outcome IN ('again', 'dead')
 *     RETURNING locked_timer.place
 *   ),
 *   unsettled AS MATERIALIZED (
 *     SELECT *
 *     FROM delivered
 *     WHERE place NOT IN (SELECT place FROM deleted_timer UNION ALL SELECT place FROM moved_timer)
 *   )
 * SELECT
 *   to_json(ARRAY(SELECT owner FROM held_shard)) AS "heldOwners!",
 *   to_json(ARRAY(SELECT place FROM unsettled)) AS "unsettledPlaces!",
 *   to_json(ARRAY(
 *     SELECT unsettled.place
 *     FROM unsettled
 *     CROSS JOIN LATERAL (
 *       SELECT
 *       FROM timers
 *       WHERE shard_id = unsettled.shard_id
 *         AND shard_id = ANY(:shardIds!)
 *         AND row_type = 2
 *         AND timer_execute_at BETWEEN unsettled.execute_at AND unsettled.execute_at
 *         AND (timer_execute_at, timer_uuid) >= (unsettled.execute_at, unsettled.uuid)
 *         AND (timer_execute_at, timer_uuid) <= (unsettled.execute_at, unsettled.uuid)
 *         AND timer_revision = unsettled.revision
 *       ORDER BY timer_execute_at, timer_uuid
 *       LIMIT 1
 *     ) AS timer
 *   )) AS "lockedPlaces!"
 * ```
 */
export const settleTimersOfPart = new PreparedQuery<SettleTimersOfPartParams,SettleTimersOfPartResult>(settleTimersOfPartIR);


