-- migrate:up

SET LOCAL lock_timeout = '5s';

-- Each row is written again and again, none of its indexed columns: half a page stays free for the next versions.
CREATE TABLE timer_members (
  -- Of bytes: every process has to see the members in the same order, and find its own.
  member_address      varchar(255) COLLATE "C" NOT NULL,
  member_incarnation  bigint                   NOT NULL,
  member_joined_at    timestamptz              NOT NULL,
  member_beat_at      timestamptz              NOT NULL,
  member_allowance_ms integer                  NOT NULL,

  PRIMARY KEY (member_address)
)
WITH (fillfactor = 50);

COMMENT ON TABLE timer_members IS
  'The processes that share out the shards of `timers`, one row each.';
COMMENT ON COLUMN timer_members.member_address IS
  'Address of the process, the one by which it claims shards.';
COMMENT ON COLUMN timer_members.member_incarnation IS
  'Random; another one after each join. By it, a process knows its row from that of another with its address.';
COMMENT ON COLUMN timer_members.member_joined_at IS
  'When it joined, by the server''s clock.';
COMMENT ON COLUMN timer_members.member_beat_at IS
  'When it last said that it lives, by the server''s clock.';
COMMENT ON COLUMN timer_members.member_allowance_ms IS
  'Milliseconds without a beat after which it counts as dead.';

-- migrate:down

SET LOCAL lock_timeout = '5s';

DROP TABLE timer_members;
