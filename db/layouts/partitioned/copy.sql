-- Copies `timers` to its partitioned successor while the service goes on: for a database in which the migration
-- switch_to_partitions has found timers. Run it by psql, outside of any transaction, as the owner of the table. It goes
-- on where it was stopped, and may be run again to catch up.

DO $$
DECLARE
  page_size CONSTANT integer := 10000;
  shard integer;
  after_key record;
  last_key record;
  page_row_count bigint;
  row_count bigint := 0;
BEGIN
  -- Rather an error than rows that a policy hides.
  PERFORM set_config('row_security', 'off', false);
  FOR shard IN SELECT DISTINCT shard_id FROM timers ORDER BY shard_id LOOP
    -- Pages come in the order of their keys: where the copy ends, it was stopped.
    SELECT row_type, timer_execute_at, timer_uuid
    INTO after_key
    FROM timers_partitioned
    WHERE shard_id = shard
    ORDER BY row_type DESC, timer_execute_at DESC, timer_uuid DESC
    LIMIT 1;
    IF NOT FOUND THEN
      SELECT 0::smallint AS row_type, '-infinity'::timestamptz AS timer_execute_at, gen_random_uuid() AS timer_uuid
      INTO after_key;
    END IF;

    LOOP
      SELECT row_type, timer_execute_at, timer_uuid
      INTO last_key
      FROM (
        SELECT row_type, timer_execute_at, timer_uuid
        FROM timers
        WHERE shard_id = shard
          AND (row_type, timer_execute_at, timer_uuid)
            > (after_key.row_type, after_key.timer_execute_at, after_key.timer_uuid)
        ORDER BY row_type, timer_execute_at, timer_uuid
        LIMIT page_size
      ) AS page
      ORDER BY row_type DESC, timer_execute_at DESC, timer_uuid DESC
      LIMIT 1;
      EXIT WHEN NOT FOUND;

      -- A row that is in the way is the past of another: its change is recorded, and applied below.
      INSERT INTO timers_partitioned
      SELECT timers.*
      FROM timers
      WHERE shard_id = shard
        AND (row_type, timer_execute_at, timer_uuid)
          > (after_key.row_type, after_key.timer_execute_at, after_key.timer_uuid)
        AND (row_type, timer_execute_at, timer_uuid)
          <= (last_key.row_type, last_key.timer_execute_at, last_key.timer_uuid)
      ON CONFLICT DO NOTHING;
      GET DIAGNOSTICS page_row_count = ROW_COUNT;
      COMMIT;
      row_count := row_count + page_row_count;
      after_key := last_key;
    END LOOP;
    RAISE NOTICE 'copied up to shard %: % rows', shard, row_count;
  END LOOP;
END $$;

DO $$
DECLARE
  change_count bigint;
  differing_shards text;
BEGIN
  -- Each pass takes less time than the one before, and so finds less.
  LOOP
    change_count := apply_changed_timers();
    RAISE NOTICE 'applied % changes', change_count;
    COMMIT;
    EXIT WHEN change_count < 10000;
  END LOOP;

  -- Both tables as they are at one moment: in one snapshot, the copy is the same to the last byte.
  COMMIT;
  SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
  PERFORM apply_changed_timers();
  SELECT string_agg(shard_id::text, ', ' ORDER BY shard_id)
  INTO differing_shards
  FROM (
    SELECT shard_id, count(*) AS row_count, sum(hashtextextended(timers::text, 0)) AS content
    FROM timers
    GROUP BY shard_id
  ) AS original
  FULL JOIN (
    SELECT shard_id, count(*) AS row_count, sum(hashtextextended(timers_partitioned::text, 0)) AS content
    FROM timers_partitioned
    GROUP BY shard_id
  ) AS copy USING (shard_id)
  WHERE (original.row_count, original.content) IS DISTINCT FROM (copy.row_count, copy.content);
  IF differing_shards IS NOT NULL THEN
    RAISE EXCEPTION 'the copy differs in these shards: %', differing_shards
      USING HINT = 'Undo the migration prepare_partitions (dbmate down), apply it again, and copy anew.';
  END IF;

  DELETE FROM timers_copied;
  INSERT INTO timers_copied VALUES (now());
  ANALYZE timers_partitioned;
  COMMIT;
  RAISE NOTICE 'the copy is complete: dbmate up switches to it';
END $$;
