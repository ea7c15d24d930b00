-- What db/migrations make of an empty database. Written by `npm run codegen`; do not edit.

CREATE TABLE public.timer_members (
    member_address character varying(255) NOT NULL COLLATE pg_catalog."C",
    member_incarnation bigint NOT NULL,
    member_joined_at timestamp with time zone NOT NULL,
    member_beat_at timestamp with time zone NOT NULL,
    member_allowance_ms integer NOT NULL
)
WITH (fillfactor='50');

COMMENT ON TABLE public.timer_members IS 'The processes that share out the shards of `timers`, one row each.';

COMMENT ON COLUMN public.timer_members.member_address IS 'Address of the process, the one by which it claims shards.';

COMMENT ON COLUMN public.timer_members.member_incarnation IS 'Random; another one after each join. By it, a process knows its row from that of another with its address.';

COMMENT ON COLUMN public.timer_members.member_joined_at IS 'When it joined, by the server''s clock.';

COMMENT ON COLUMN public.timer_members.member_beat_at IS 'When it last said that it lives, by the server''s clock.';

COMMENT ON COLUMN public.timer_members.member_allowance_ms IS 'Milliseconds without a beat after which it counts as dead.';

CREATE TABLE public.timers (
    shard_id integer NOT NULL,
    row_type smallint NOT NULL,
    timer_execute_at timestamp(3) with time zone NOT NULL,
    timer_uuid uuid NOT NULL,
    timer_id character varying(255) COLLATE pg_catalog."C",
    timer_namespace character varying(255) COLLATE pg_catalog."C",
    timer_callback_url character varying(2048),
    timer_payload jsonb,
    timer_retry_policy jsonb,
    timer_callback_timeout_seconds integer DEFAULT 30,
    timer_created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    timer_revision bigint DEFAULT 0 NOT NULL,
    timer_updated_at timestamp(3) with time zone,
    timer_due_at timestamp(3) with time zone,
    timer_first_attempt_at timestamp(3) with time zone,
    timer_attempts integer DEFAULT 0 NOT NULL,
    timer_last_error character varying(1000),
    shard_version bigint,
    shard_owner_addr character varying(255),
    shard_claimed_at timestamp(3) with time zone,
    shard_metadata jsonb,
    timer_traceparent character varying(55)
)
WITH (autovacuum_vacuum_scale_factor='0.02');

COMMENT ON TABLE public.timers IS 'Timers and the ownership of their shards. One table, so that a write and its ownership check touch one partition.';

COMMENT ON COLUMN public.timers.shard_id IS 'Shard of the row; the key for partitioning and distribution.';

COMMENT ON COLUMN public.timers.row_type IS '1 = shard row, 2 = timer row, 3 = row of a dead timer: one that was given up.';

COMMENT ON COLUMN public.timers.timer_execute_at IS 'When the timer is due, in whole milliseconds. Shard row: 1970-01-01T00:00:01Z.';

COMMENT ON COLUMN public.timers.timer_uuid IS 'Orders the timers that are due in the same millisecond. Shard row: all zeros.';

COMMENT ON COLUMN public.timers.timer_id IS 'Id given by the caller, unique within namespace and shard.';

COMMENT ON COLUMN public.timers.timer_namespace IS 'Namespace of timer_id.';

COMMENT ON COLUMN public.timers.timer_callback_url IS 'Absolute http(s) URL that is called when the timer fires; NULL = none.';

COMMENT ON COLUMN public.timers.timer_payload IS 'JSON value sent to the callback; NULL = none.';

COMMENT ON COLUMN public.timers.timer_retry_policy IS 'What to do when the callback fails, as a JSON object; NULL = the service''s default.';

COMMENT ON COLUMN public.timers.timer_callback_timeout_seconds IS 'Seconds that one call of the callback may take.';

COMMENT ON COLUMN public.timers.timer_created_at IS 'When the timer was created, in whole milliseconds.';

COMMENT ON COLUMN public.timers.timer_revision IS 'Another one after each write of the row, random: by it, a settlement knows the timer that was delivered.';

COMMENT ON COLUMN public.timers.timer_updated_at IS 'When the timer was last changed, by the server''s clock; NULL = not since it was created. Dead timer: when it died.';

COMMENT ON COLUMN public.timers.timer_due_at IS 'What the timer was scheduled for, while timer_execute_at is the time of its next attempt; NULL = the same.';

COMMENT ON COLUMN public.timers.timer_first_attempt_at IS 'When its first delivery began that failed; NULL = none has.';

COMMENT ON COLUMN public.timers.timer_attempts IS 'Deliveries that have failed so far.';

COMMENT ON COLUMN public.timers.timer_last_error IS 'Why the last of them failed, cut to its length; NULL = none has.';

COMMENT ON COLUMN public.timers.shard_version IS 'Version of the ownership: 1 for the first claim, one more for each that follows. Every fenced write names it.';

COMMENT ON COLUMN public.timers.shard_owner_addr IS 'Address of the process that owns the shard.';

COMMENT ON COLUMN public.timers.shard_claimed_at IS 'When that process claimed the shard, by the server''s clock.';

COMMENT ON COLUMN public.timers.shard_metadata IS 'State that outlives owners, as a JSON object: {"committedOffset": {"executeAt", "uuid"}} once there is one.';

COMMENT ON COLUMN public.timers.timer_traceparent IS 'W3C trace context in which the timer was created, to which its deliveries link; NULL = none was active.';

ALTER TABLE ONLY public.timer_members
    ADD CONSTRAINT timer_members_pkey PRIMARY KEY (member_address);

ALTER TABLE ONLY public.timers
    ADD CONSTRAINT timers_pkey PRIMARY KEY (shard_id, row_type, timer_execute_at, timer_uuid);

CREATE UNIQUE INDEX idx_timer_lookup ON public.timers USING btree (shard_id, row_type, timer_namespace, timer_id);
