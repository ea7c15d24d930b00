-- migrate:up

-- The change below does not stop reads and writes, but waits for what it does not go with: VACUUM, ANALYZE, other DDL.
SET LOCAL lock_timeout = '5s';

-- Timers come and go, so that a fifth of the table would be dead before autovacuum began: see docs/churn.md.
-- A partitioned table has no storage of its own; its partitions have.
DO $$
DECLARE
  part regclass;
BEGIN
  FOR part IN
    SELECT oid
    FROM pg_class
    WHERE relkind = 'r'
      AND (oid = 'timers'::regclass OR oid IN (SELECT relid FROM pg_partition_tree('timers')))
  LOOP
    EXECUTE format('ALTER TABLE %s SET (autovacuum_vacuum_scale_factor = 0.02)', part);
  END LOOP;
END
$$;

-- migrate:down

SET LOCAL lock_timeout = '5s';

DO $$
DECLARE
  part regclass;
BEGIN
  FOR part IN
    SELECT oid
    FROM pg_class
    WHERE relkind = 'r'
      AND (oid = 'timers'::regclass OR oid IN (SELECT relid FROM pg_partition_tree('timers')))
  LOOP
    EXECUTE format('ALTER TABLE %s RESET (autovacuum_vacuum_scale_factor)', part);
  END LOOP;
END
$$;
