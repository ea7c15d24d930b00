/** Types generated for queries found in "sql/membership.sql" */
import { PreparedQuery } from '@pgtyped/runtime';

/** 'Beat' parameters type */
export interface BeatParams {
  address: string;
  allowanceMs: number;
  incarnation: string;
  isJoin: boolean;
}

/** 'Beat' return type */
export interface BeatResult {
  address: string;
  leftMs: number;
}

/** 'Beat' query type */
export interface BeatQuery {
  params: BeatParams;
  result: BeatResult;
}

const beatIR: any = {"usedParamSet":{"address":true,"incarnation":true,"allowanceMs":true,"isJoin":true},"params":[{"name":"address","required":true,"transform":{"type":"scalar"},"locs":[{"a":575,"b":583},{"a":1412,"b":1420},{"a":1955,"b":1963}]},{"name":"incarnation","required":true,"transform":{"type":"scalar"},"locs":[{"a":586,"b":598}]},{"name":"allowanceMs","required":true,"transform":{"type":"scalar"},"locs":[{"a":651,"b":663}]},{"name":"isJoin","required":true,"transform":{"type":"scalar"},"locs":[{"a":1123,"b":1130}]}],"statement":"WITH\n  living_member AS MATERIALIZED (\n    SELECT member_address, member_incarnation, left_ms\n    FROM (\n      SELECT\n        member_address,\n        member_incarnation,\n        member_allowance_ms,\n        date_part('epoch', member_beat_at - now()) * 1000 + member_allowance_ms AS left_ms\n      FROM timer_members\n    ) AS member\n    WHERE left_ms > 0\n      AND left_ms <= 2 * member_allowance_ms\n  ),\n  own_beat AS (\n    INSERT INTO timer_members AS member (\n      member_address, member_incarnation, member_joined_at, member_beat_at, member_allowance_ms\n    )\n    VALUES (:address!, :incarnation!::text::int8, clock_timestamp(), clock_timestamp(), :allowanceMs!)\n    ON CONFLICT (member_address) DO UPDATE\n    SET member_incarnation = excluded.member_incarnation,\n        member_joined_at = CASE\n          WHEN member.member_incarnation = excluded.member_incarnation THEN member.member_joined_at\n          ELSE clock_timestamp()\n        END,\n        member_beat_at = clock_timestamp(),\n        member_allowance_ms = excluded.member_allowance_ms\n    WHERE member.member_incarnation = excluded.member_incarnation\n      OR :isJoin!\n    RETURNING member_address, member_incarnation\n  ),\n  -- One that beats again at this moment has locked its row, and stays.\n  long_dead_member AS (\n    SELECT member_address\n    FROM timer_members\n    WHERE member_beat_at < now() - interval '1 hour'\n      AND member_address <> :address!\n    FOR UPDATE SKIP LOCKED\n  ),\n  removed_member AS (\n    DELETE FROM timer_members\n    WHERE member_address IN (SELECT member_address FROM long_dead_member)\n  )\nSELECT\n  own_beat.member_address AS \"address!\",\n  COALESCE(ceil(living_member.left_ms)::int, 0) AS \"leftMs!\"\nFROM own_beat\nLEFT JOIN living_member\n  ON living_member.member_address = own_beat.member_address\n  AND living_member.member_incarnation = own_beat.member_incarnation\nUNION ALL\nSELECT member_address, ceil(left_ms)::int\nFROM living_member\nWHERE member_address <> :address!\nORDER BY 1                                                                                             "};

/**
 * Query generated from SQL:
 * ```
 * WITH
 *   living_member AS MATERIALIZED (
 *     SELECT member_address, member_incarnation, left_ms
 *     FROM (
 *       SELECT
 *         member_address,
 *         member_incarnation,
 *         member_allowance_ms,
 *         date_part('epoch', member_beat_at - now()) * 1000 + member_allowance_ms AS left_ms
 *       FROM timer_members
 *     ) AS member
 *     WHERE left_ms > 0
 *       AND left_ms <= 2 * member_allowance_ms
 *   ),
 *   own_beat AS (
 *     INSERT INTO timer_members AS member (
 *       member_address, member_incarnation, member_joined_at, member_beat_at, member_allowance_ms
 *     )
 *     VALUES (:address!, :incarnation!::text::int8, clock_timestamp(), clock_timestamp(), :allowanceMs!)
 *     ON CONFLICT (member_address) DO UPDATE
 *     SET member_incarnation = excluded.member_incarnation,
 *         member_joined_at = CASE
 *           WHEN member.member_incarnation = excluded.member_incarnation THEN member.member_joined_at
 *           ELSE clock_timestamp()
 *         END,
 *         member_beat_at = clock_timestamp(),
 *         member_allowance_ms = excluded.member_allowance_ms
 *     WHERE member.member_incarnation = excluded.member_incarnation
 *       OR :isJoin!
 *     RETURNING member_address, member_incarnation
 *   ),
 *   -- One that beats again at this moment has locked its row, and stays.
 *   long_dead_member AS (
 *     SELECT member_address
 *     FROM timer_members
 *     WHERE member_beat_at < now() - interval '1 hour'
 *       AND member_address <> :address!
 *     FOR UPDATE SKIP LOCKED
 *   ),
 *   removed_member AS (
 *     DELETE FROM timer_members
 *     WHERE member_address IN (SELECT member_address FROM long_dead_member)
 *   )
 * SELECT
 *   own_beat.member_address AS "address!",
 *   COALESCE(ceil(living_member.left_ms)::int, 0) AS "leftMs!"
 * FROM own_beat
 * LEFT JOIN living_member
 *   ON living_member.member_address = own_beat.member_address
 *   AND living_member.member_incarnation = own_beat.member_incarnation
 * UNION ALL
 * SELECT member_address, ceil(left_ms)::int
 * FROM living_member
 * WHERE member_address <> :address!
 * ORDER BY 1                                                                                             
 * ```
 */
export const beat = new PreparedQuery<BeatParams,BeatResult>(beatIR);


/** 'LeaveMembers' parameters type */
export interface LeaveMembersParams {
  address: string;
  incarnation: string;
}

/** 'LeaveMembers' return type */
export type LeaveMembersResult = void;

/** 'LeaveMembers' query type */
export interface LeaveMembersQuery {
  params: LeaveMembersParams;
  result: LeaveMembersResult;
}

const leaveMembersIR: any = {"usedParamSet":{"address":true,"incarnation":true},"params":[{"name":"address","required":true,"transform":{"type":"scalar"},"locs":[{"a":49,"b":57}]},{"name":"incarnation","required":true,"transform":{"type":"scalar"},"locs":[{"a":86,"b":98}]}],"statement":"DELETE FROM timer_members\nWHERE member_address = :address!\n  AND member_incarnation = :incarnation!::text::int8"};

/**
 * Query generated from SQL:
 * ```
 * DELETE FROM timer_members
 * WHERE member_address = :address!
 *   AND member_incarnation = :incarnation!::text::int8
 * ```
 */
export const leaveMembers = new PreparedQuery<LeaveMembersParams,LeaveMembersResult>(leaveMembersIR);


