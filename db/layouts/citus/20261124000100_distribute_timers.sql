-- migrate:up

-- For a database with the extension citus: parts `timers` over its workers by shard. Writers wait while the rows that
-- are there already are moved.
SET LOCAL lock_timeout = '5s';

SELECT create_distributed_table('timers', 'shard_id');

-- migrate:down

SET LOCAL lock_timeout = '5s';

SELECT undistribute_table('timers');
