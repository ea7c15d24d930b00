-- migrate:up

-- The first of two migrations that part `timers` by the hash of its shard: an empty table beside it, and a record of
-- what changes in `timers` from now on. Both are cheap, whatever the size of `timers`.

-- CREATE TRIGGER waits for the writers that are under way, and later ones wait for it.
SET LOCAL lock_timeout = '5s';

CREATE TABLE timers_partitioned (LIKE timers INCLUDING ALL) PARTITION BY HASH (shard_id);

DO $$
DECLARE
  partition_count CONSTANT integer := COALESCE(current_setting('pg_timer_store.partitions', true), '32');
  storage_parameters CONSTANT text := (
    SELECT 'WITH (' || string_agg(parameter, ', ') || ')'
    FROM (
      SELECT unnest(reloptions)
      FROM pg_class
      WHERE oid = 'timers'::regclass
      UNION ALL
      SELECT 'toast.' || unnest(toast.reloptions)
      FROM pg_class AS timers
      JOIN pg_class AS toast ON toast.oid = timers.reltoastrelid
      WHERE timers.oid = 'timers'::regclass
    ) AS present (parameter)
  );
BEGIN
  FOR partition IN 0 .. partition_count - 1 LOOP
    EXECUTE format(
      'CREATE TABLE timers_p%s PARTITION OF timers_partitioned FOR VALUES WITH (MODULUS %s, REMAINDER %s) %s',
      partition, partition_count, partition, storage_parameters
    );
  END LOOP;
END $$;

-- The keys of the rows that were written since.
CREATE TABLE timers_changed (
  shard_id         integer        NOT NULL,
  row_type         smallint       NOT NULL,
  timer_execute_at timestamptz(3) NOT NULL,
  timer_uuid       uuid           NOT NULL
);

-- One row once all that was there has been copied and compared.
CREATE TABLE timers_copied (
  copied_at timestamptz NOT NULL
);

-- With the rights of its owner: the role of the service has none on the record.
CREATE FUNCTION record_changed_timer() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path FROM CURRENT
AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO timers_changed VALUES (OLD.shard_id, OLD.row_type, OLD.timer_execute_at, OLD.timer_uuid);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO timers_changed VALUES (NEW.shard_id, NEW.row_type, NEW.timer_execute_at, NEW.timer_uuid);
  END IF;
  RETURN NULL;
END $$;

REVOKE EXECUTE ON FUNCTION record_changed_timer FROM PUBLIC;

CREATE TRIGGER record_changed_timer
AFTER INSERT OR UPDATE OR DELETE ON timers
FOR EACH ROW EXECUTE FUNCTION record_changed_timer();

-- Makes the recorded rows of the copy what they are in `timers`. Returns how many rows were recorded. One statement,
-- and so one snapshot: what is not recorded in it has not changed in it either. The rows that are no longer the same
-- go before any comes, since a row may have taken over the key of another.
CREATE FUNCTION apply_changed_timers() RETURNS bigint
LANGUAGE plpgsql
SET search_path FROM CURRENT
AS $$
DECLARE
  change_count bigint;
BEGIN
  ANALYZE timers_changed;
  WITH
    change AS (
      DELETE FROM timers_changed
      RETURNING shard_id, row_type, timer_execute_at, timer_uuid
    ),
    changed_key AS MATERIALIZED (
      SELECT shard_id, row_type, timer_execute_at, timer_uuid, count(*) AS change_count
      FROM change
      GROUP BY shard_id, row_type, timer_execute_at, timer_uuid
    ),
    removed_row AS (
      DELETE FROM timers_partitioned AS copy
      USING changed_key
      WHERE copy.shard_id = changed_key.shard_id
        AND copy.row_type = changed_key.row_type
        AND copy.timer_execute_at = changed_key.timer_execute_at
        AND copy.timer_uuid = changed_key.timer_uuid
      RETURNING copy.shard_id
    ),
    removal AS MATERIALIZED (
      SELECT count(*) AS row_count
      FROM removed_row
    ),
    copied_row AS (
      INSERT INTO timers_partitioned
      SELECT timers.*
      FROM removal
      CROSS JOIN changed_key
      JOIN timers USING (shard_id, row_type, timer_execute_at, timer_uuid)
    )
  SELECT COALESCE(sum(changed_key.change_count), 0)
  INTO change_count
  FROM changed_key;
  RETURN change_count;
END $$;

REVOKE EXECUTE ON FUNCTION apply_changed_timers FROM PUBLIC;

-- migrate:down

SET LOCAL lock_timeout = '5s';

DROP TRIGGER record_changed_timer ON timers;
DROP FUNCTION record_changed_timer;
DROP FUNCTION apply_changed_timers;
DROP TABLE timers_changed;
DROP TABLE timers_copied;
DROP TABLE timers_partitioned;
