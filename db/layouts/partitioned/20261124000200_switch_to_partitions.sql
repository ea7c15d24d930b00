-- migrate:up

-- The second of two migrations that part `timers` by the hash of its shard: the copy takes the name. An empty table
-- needs no more than these two; one with timers has to be copied between them, by copy.sql.

-- Writers wait from here to the end, which is after what changed since the copy has been copied too.
SET LOCAL lock_timeout = '5s';
LOCK TABLE timers IN ACCESS EXCLUSIVE MODE;

-- The messages themselves say what to do: dbmate shows no hints.
DO $$
BEGIN
  IF EXISTS (SELECT FROM timers) AND NOT EXISTS (SELECT FROM timers_copied) THEN
    RAISE EXCEPTION 'timers has rows that have not been copied yet: run copy.sql, then this again';
  END IF;
  IF (SELECT count(*) FROM timers_changed) > 100000 THEN
    RAISE EXCEPTION 'more has changed since the copy than can be copied in seconds: run copy.sql once more, then this again';
  END IF;
  -- A statement that waits for this migration would look at the copy as it was before the last changes came to it.
  IF EXISTS (
    SELECT FROM pg_db_role_setting
    CROSS JOIN unnest(setconfig) AS setting
    WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
      AND setting ~ '^default_transaction_isolation='
      AND setting <> 'default_transaction_isolation=read committed'
  ) OR current_setting('default_transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'default_transaction_isolation is not read committed for every role: reset it until this has run';
  END IF;
END $$;

SELECT apply_changed_timers();

DO $$
DECLARE
  privilege record;
BEGIN
  FOR privilege IN
    SELECT granted.privilege_type, granted.is_grantable, granted.grantee, role.rolname
    FROM pg_class
    CROSS JOIN aclexplode(relacl) AS granted
    LEFT JOIN pg_roles AS role ON role.oid = granted.grantee
    WHERE pg_class.oid = 'timers'::regclass
  LOOP
    EXECUTE format(
      'GRANT %s ON timers_partitioned TO %s %s',
      privilege.privilege_type,
      CASE WHEN privilege.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(privilege.rolname) END,
      CASE WHEN privilege.is_grantable THEN 'WITH GRANT OPTION' END
    );
  END LOOP;
  EXECUTE format('COMMENT ON TABLE timers_partitioned IS %L', obj_description('timers'::regclass, 'pg_class'));
END $$;

DROP TRIGGER record_changed_timer ON timers;
DROP FUNCTION record_changed_timer;
DROP FUNCTION apply_changed_timers;
DROP TABLE timers_changed;
DROP TABLE timers_copied;

-- Whoever waits for the name gets the table that has it then.
-- squawk-ignore renaming-table
ALTER TABLE timers RENAME TO timers_unpartitioned;
ALTER INDEX timers_pkey RENAME TO timers_unpartitioned_pkey;
ALTER INDEX idx_timer_lookup RENAME TO idx_timer_lookup_unpartitioned;

-- squawk-ignore renaming-table
ALTER TABLE timers_partitioned RENAME TO timers;
ALTER INDEX timers_partitioned_pkey RENAME TO timers_pkey;

DO $$
BEGIN
  EXECUTE format('ALTER INDEX %s RENAME TO idx_timer_lookup', (
    SELECT indexrelid::regclass
    FROM pg_index
    WHERE indrelid = 'timers'::regclass
      AND NOT indisprimary
  ));
  -- What has been copied is kept until an operator drops it.
  IF NOT EXISTS (SELECT FROM timers_unpartitioned) THEN
    DROP TABLE timers_unpartitioned;
  END IF;
END $$;

-- migrate:down

DO $$
BEGIN
  RAISE EXCEPTION 'partitions are not undone by a migration: move the shards to a database without (docs/scaling.md)';
END $$;
