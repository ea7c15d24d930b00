-- migrate:up

SET LOCAL lock_timeout = '5s';

CREATE TABLE timers (
  shard_id                       integer        NOT NULL,
  row_type                       smallint       NOT NULL,
  timer_execute_at               timestamptz(3) NOT NULL,
  timer_uuid                     uuid           NOT NULL,

  -- Of bytes: the indexes of another collation break when the operating system's or ICU's rules change.
  timer_id                       varchar(255) COLLATE "C",
  timer_namespace                varchar(255) COLLATE "C",
  timer_callback_url             varchar(2048),
  timer_payload                  jsonb,
  timer_retry_policy             jsonb,
  timer_callback_timeout_seconds integer        DEFAULT 30,
  timer_created_at               timestamptz(3) NOT NULL DEFAULT now(),
  timer_revision                 bigint         NOT NULL DEFAULT 0,
  timer_updated_at               timestamptz(3),
  timer_due_at                   timestamptz(3),
  timer_first_attempt_at         timestamptz(3),
  timer_attempts                 integer        NOT NULL DEFAULT 0,
  timer_last_error               varchar(1000),

  shard_version                  bigint,
  shard_owner_addr               varchar(255),
  shard_claimed_at               timestamptz(3),
  shard_metadata                 jsonb,

  -- The due timers of a shard are one ordered range of this index.
  PRIMARY KEY (shard_id, row_type, timer_execute_at, timer_uuid)
);

-- One timer per id. Shard rows have NULLs here, which are never equal.
CREATE UNIQUE INDEX idx_timer_lookup ON timers (shard_id, row_type, timer_namespace, timer_id);

COMMENT ON TABLE timers IS
  'Timers and the ownership of their shards. One table, so that a write and its ownership check touch one partition.';
COMMENT ON COLUMN timers.shard_id IS
  'Shard of the row; the key for partitioning and distribution.';
COMMENT ON COLUMN timers.row_type IS
  '1 = shard row, 2 = timer row, 3 = row of a dead timer: one that was given up.';
COMMENT ON COLUMN timers.timer_execute_at IS
  'When the timer is due, in whole milliseconds. Shard row: 1970-01-01T00:00:01Z.';
COMMENT ON COLUMN timers.timer_uuid IS
  'Orders the timers that are due in the same millisecond. Shard row: all zeros.';
COMMENT ON COLUMN timers.timer_id IS
  'Id given by the caller, unique within namespace and shard.';
COMMENT ON COLUMN timers.timer_namespace IS
  'Namespace of timer_id.';
COMMENT ON COLUMN timers.timer_callback_url IS
  'Absolute http(s) URL that is called when the timer fires; NULL = none.';
COMMENT ON COLUMN timers.timer_payload IS
  'JSON value sent to the callback; NULL = none.';
COMMENT ON COLUMN timers.timer_retry_policy IS
  'What to do when the callback fails, as a JSON object; NULL = the service''s default.';
COMMENT ON COLUMN timers.timer_callback_timeout_seconds IS
  'Seconds that one call of the callback may take.';
COMMENT ON COLUMN timers.timer_created_at IS
  'When the timer was created, in whole milliseconds.';
COMMENT ON COLUMN timers.timer_revision IS
  'Another one after each write of the row, random: by it, a settlement knows the timer that was delivered.';
COMMENT ON COLUMN timers.timer_updated_at IS
  'When the timer was last changed, by the server''s clock; NULL = not since it was created. Dead timer: when it died.';
COMMENT ON COLUMN timers.timer_due_at IS
  'What the timer was scheduled for, while timer_execute_at is the time of its next attempt; NULL = the same.';
COMMENT ON COLUMN timers.timer_first_attempt_at IS
  'When its first delivery began that failed; NULL = none has.';
COMMENT ON COLUMN timers.timer_attempts IS
  'Deliveries that have failed so far.';
COMMENT ON COLUMN timers.timer_last_error IS
  'Why the last of them failed, cut to its length; NULL = none has.';
COMMENT ON COLUMN timers.shard_version IS
  'Version of the ownership: 1 for the first claim, one more for each that follows. Every fenced write names it.';
COMMENT ON COLUMN timers.shard_owner_addr IS
  'Address of the process that owns the shard.';
COMMENT ON COLUMN timers.shard_claimed_at IS
  'When that process claimed the shard, by the server''s clock.';
COMMENT ON COLUMN timers.shard_metadata IS
  'State that outlives owners, as a JSON object: {"committedOffset": {"executeAt", "uuid"}} once there is one.';

-- migrate:down

SET LOCAL lock_timeout = '5s';

DROP TABLE timers;
