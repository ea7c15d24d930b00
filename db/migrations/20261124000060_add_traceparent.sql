-- migrate:up

SET LOCAL lock_timeout = '5s';

-- Quick, whatever the size of the table: a column that may be NULL, without a default, changes no row.
ALTER TABLE timers ADD COLUMN timer_traceparent varchar(55);

COMMENT ON COLUMN timers.timer_traceparent IS
  'W3C trace context in which the timer was created, to which its deliveries link; NULL = none was active.';

-- migrate:down

SET LOCAL lock_timeout = '5s';

ALTER TABLE timers DROP COLUMN timer_traceparent;
