/* The processes that share out the shards: one row of timer_members each, kept alive by beats. */

/*
  A beat: writes the own row, removes what others left behind, and returns who lives, each with the milliseconds that it
  has left. The own address comes with what it had left before this beat, 0 if it did not count as living. Without it: the
  row is another process's, which joined with this address.

  The time of a beat is read when the row is written, after every wait for it: so it is never before the beat was sent,
  and one that was delayed does not take back a later one.

  A row is the future's after the clock was set back. It does not count as living until its process beats again, or the
  dead would live for as long as the clock was wrong.
*/
/* @name beat */
WITH
  living_member AS MATERIALIZED (
    SELECT member_address, member_incarnation, left_ms
    FROM (
      SELECT
        member_address,
        member_incarnation,
        member_allowance_ms,
        date_part('epoch', member_beat_at - now()) * 1000 + member_allowance_ms AS left_ms
      FROM timer_members
    ) AS member
    WHERE left_ms > 0
      AND left_ms <= 2 * member_allowance_ms
  ),
  own_beat AS (
    INSERT INTO timer_members AS member (
      member_address, member_incarnation, member_joined_at, member_beat_at, member_allowance_ms
    )
    VALUES (:address!, :incarnation!::text::int8, clock_timestamp(), clock_timestamp(), :allowanceMs!)
    ON CONFLICT (member_address) DO UPDATE
    SET member_incarnation = excluded.member_incarnation,
        member_joined_at = CASE
          WHEN member.member_incarnation = excluded.member_incarnation THEN member.member_joined_at
          ELSE clock_timestamp()
        END,
        member_beat_at = clock_timestamp(),
        member_allowance_ms = excluded.member_allowance_ms
    WHERE member.member_incarnation = excluded.member_incarnation
      OR :isJoin!
    RETURNING member_address, member_incarnation
  ),
  -- One that beats again at this moment has locked its row, and stays.
  long_dead_member AS (
    SELECT member_address
    FROM timer_members
    WHERE member_beat_at < now() - interval '1 hour'
      AND member_address <> :address!
    FOR UPDATE SKIP LOCKED
  ),
  removed_member AS (
    DELETE FROM timer_members
    WHERE member_address IN (SELECT member_address FROM long_dead_member)
  )
SELECT
  own_beat.member_address AS "address!",
  COALESCE(ceil(living_member.left_ms)::int, 0) AS "leftMs!"
FROM own_beat
LEFT JOIN living_member
  ON living_member.member_address = own_beat.member_address
  AND living_member.member_incarnation = own_beat.member_incarnation
UNION ALL
SELECT member_address, ceil(left_ms)::int
FROM living_member
WHERE member_address <> :address!
ORDER BY 1;

/* Only the row of its own join, not that of another process which has the address by now. */
/* @name leaveMembers */
DELETE FROM timer_members
WHERE member_address = :address!
  AND member_incarnation = :incarnation!::text::int8;
