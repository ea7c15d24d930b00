-- migrate:up

-- The first of two migrations that part `timers` by the hash of its shard: an empty table beside it, and a record of
-- what changes in `timers` from now on. Both are cheap, whatever the size of `timers`.

-- CREATE TRIGGER waits for the writers that are under way, and later ones wait for it.
SET LOCAL lock_timeout = '5s';

-- What would be lost without a word, or break, when another table takes the name of `timers`; and what to do about it.
-- Asked now and again at the switch. What stands under the name of another object follows the old table, since the
-- server keeps its number and not its name.
CREATE FUNCTION refuse_obstacles_to_partitions() RETURNS void
LANGUAGE plpgsql
SET search_path FROM CURRENT
AS $$
DECLARE
  obstacles text;
BEGIN
  WITH
    publication AS (
      SELECT
        pubname AS name,
        pubviaroot AS is_via_root,
        pg_has_role(pubowner, 'USAGE') AS is_own,
        EXISTS (
          SELECT FROM pg_publication_rel
          WHERE prpubid = pg_publication.oid AND prrelid = 'timers'::regclass
        ) AS is_for_table
      FROM pg_publication
      WHERE EXISTS (
        SELECT
        FROM pg_publication_tables AS published
        WHERE published.pubname = pg_publication.pubname
          AND format('%I.%I', published.schemaname, published.tablename)::regclass = 'timers'::regclass
      )
    ),
    obstacle (reason) AS (
      SELECT 'it is not an ordinary logged table'
      FROM pg_class
      WHERE oid = 'timers'::regclass AND (relkind <> 'r' OR relpersistence <> 'p')
      UNION ALL
      SELECT format('%s inherits from %s: end that by NO INHERIT', inhrelid::regclass, inhparent::regclass)
      FROM pg_inherits
      WHERE 'timers'::regclass IN (inhrelid, inhparent)
      UNION ALL
      SELECT 'row-level security hides rows from this role, which would not be copied: '
        'use the owner and NO FORCE ROW LEVEL SECURITY, or a role with BYPASSRLS'
      WHERE row_security_active('timers')
      UNION ALL
      SELECT DISTINCT format(
        '%s depends on it: drop that, and create it again after the switch', pg_describe_object(classid, objid, objsubid)
      )
      FROM pg_depend
      CROSS JOIN (SELECT reltype, typarray FROM pg_class JOIN pg_type ON pg_type.oid = reltype
                  WHERE pg_class.oid = 'timers'::regclass) AS row_type
      WHERE deptype = 'n'
        AND (
          (refclassid = 'pg_class'::regclass AND refobjid = 'timers'::regclass)
          OR (refclassid = 'pg_type'::regclass AND refobjid IN (reltype, typarray))
        )
        -- Its own are carried over.
        AND NOT EXISTS (SELECT FROM pg_policy WHERE (classid, objid) = ('pg_policy'::regclass, oid) AND polrelid = refobjid)
        AND NOT EXISTS (SELECT FROM pg_trigger WHERE (classid, objid) = ('pg_trigger'::regclass, oid) AND tgrelid = refobjid)
        AND NOT EXISTS (
          SELECT FROM pg_constraint
          WHERE (classid, objid) = ('pg_constraint'::regclass, oid) AND conrelid = refobjid AND confrelid <> refobjid
        )
        AND NOT EXISTS (
          SELECT FROM pg_publication_rel
          WHERE (classid, objid) = ('pg_publication_rel'::regclass, oid) AND prrelid = refobjid
        )
      UNION ALL
      SELECT format('rule %I: drop it', rulename)
      FROM pg_rewrite
      WHERE ev_class = 'timers'::regclass
      UNION ALL
      SELECT format('trigger %I has transition tables for each row, which partitions cannot: drop it', tgname)
      FROM pg_trigger
      WHERE tgrelid = 'timers'::regclass AND tgtype & 1 = 1 AND COALESCE(tgoldtable, tgnewtable) IS NOT NULL
      UNION ALL
      SELECT format('column %I is generated, or has a sequence: drop it', attname)
      FROM pg_attribute
      WHERE attrelid = 'timers'::regclass
        AND (
          attgenerated <> ''
          OR EXISTS (
            SELECT FROM pg_depend
            WHERE classid = 'pg_class'::regclass AND refobjid = attrelid AND refobjsubid = attnum AND deptype IN ('a', 'i')
              AND objid IN (SELECT oid FROM pg_class WHERE relkind = 'S')
          )
        )
      UNION ALL
      SELECT 'its REPLICA IDENTITY is an index other than the primary key: make it DEFAULT or FULL'
      WHERE EXISTS (
        SELECT FROM pg_index WHERE indrelid = 'timers'::regclass AND indisreplident AND NOT indisprimary
      )
      UNION ALL
      SELECT format('security label of %s: drop it', provider)
      FROM pg_seclabel
      WHERE classoid = 'pg_class'::regclass AND objoid = 'timers'::regclass
      UNION ALL
      SELECT format('subscription %I writes to it: drop it, or take the table out of its publication', subname)
      FROM pg_subscription
      JOIN pg_subscription_rel ON srsubid = pg_subscription.oid
      WHERE srrelid = 'timers'::regclass
      UNION ALL
      SELECT format(
        'publication %I is for all tables or a schema, and would send the copy as well: make one FOR TABLE in its place',
        name
      )
      FROM publication
      WHERE NOT is_for_table AND EXISTS (SELECT FROM timers)
      UNION ALL
      SELECT format(
        'publication %I would send partitions by their own names: ALTER PUBLICATION %I SET (publish_via_partition_root = true)',
        name, name
      )
      FROM publication
      WHERE is_for_table AND NOT is_via_root
      UNION ALL
      SELECT format('publication %I belongs to another role, which alone can take the new table into it', name)
      FROM publication
      WHERE is_for_table AND NOT is_own
    )
  SELECT string_agg(reason, '; ' ORDER BY reason)
  INTO obstacles
  FROM obstacle;
  IF obstacles IS NOT NULL THEN
    RAISE EXCEPTION 'timers cannot be parted as it is: %', obstacles;
  END IF;
END $$;

REVOKE EXECUTE ON FUNCTION refuse_obstacles_to_partitions FROM PUBLIC;

SELECT refuse_obstacles_to_partitions();

CREATE TABLE timers_partitioned (LIKE timers INCLUDING ALL) PARTITION BY HASH (shard_id);

-- For a table from before its collations were told, which goes by that of the database. There are no rows yet.
-- squawk-ignore changing-column-type
ALTER TABLE timers_partitioned ALTER timer_id TYPE varchar(255) COLLATE "C";
-- squawk-ignore changing-column-type
ALTER TABLE timers_partitioned ALTER timer_namespace TYPE varchar(255) COLLATE "C";

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
  original record;
  part regclass;
  statement text;
BEGIN
  SELECT
    amname AS access_method,
    spcname AS tablespace,
    relowner::regrole AS owner,
    CASE relreplident WHEN 'f' THEN 'FULL' WHEN 'n' THEN 'NOTHING' ELSE 'DEFAULT' END AS replica_identity
  INTO original
  FROM pg_class
  JOIN pg_am ON pg_am.oid = relam
  JOIN pg_database ON datname = current_database()
  JOIN pg_tablespace ON pg_tablespace.oid = COALESCE(NULLIF(reltablespace, 0), dattablespace)
  WHERE pg_class.oid = 'timers'::regclass;

  FOR partition IN 0 .. partition_count - 1 LOOP
    EXECUTE format(
      'CREATE TABLE timers_p%s PARTITION OF timers_partitioned FOR VALUES WITH (MODULUS %s, REMAINDER %s) '
        'USING %I %s TABLESPACE %I',
      partition, partition_count, partition, original.access_method, storage_parameters, original.tablespace
    );
  END LOOP;

  -- What LIKE and partitions leave out. Foreign keys are checked for each row as it is copied.
  FOR statement IN
    SELECT format('ALTER TABLE timers_partitioned ADD CONSTRAINT %I %s', conname, pg_get_constraintdef(oid))
    FROM pg_constraint
    WHERE conrelid = 'timers'::regclass AND contype = 'f'
  LOOP
    EXECUTE statement;
  END LOOP;
  FOR part IN SELECT relid FROM pg_partition_tree('timers_partitioned') LOOP
    EXECUTE format('ALTER TABLE %s REPLICA IDENTITY %s', part, original.replica_identity);
    FOR statement IN
      SELECT format('ALTER TABLE ONLY %s ALTER %I %s', part, attname, change)
      FROM pg_attribute
      CROSS JOIN LATERAL (
        VALUES ('SET STATISTICS ' || NULLIF(attstattarget, -1)), ('SET (' || array_to_string(attoptions, ', ') || ')')
      ) AS setting (change)
      WHERE attrelid = 'timers'::regclass
        AND attnum > 0
        AND NOT attisdropped
        AND change IS NOT NULL
    LOOP
      EXECUTE statement;
    END LOOP;
    IF original.owner <> current_user::regrole THEN
      EXECUTE format('ALTER TABLE %s OWNER TO %s', part, original.owner);
    END IF;
  END LOOP;
END $$;

-- The keys of the rows that were written since. Unlogged, so that no publication sends them or asks for a key. A crash
-- empties both tables, so that the switch asks for the copy again, which compares.
CREATE UNLOGGED TABLE timers_changed (
  shard_id         integer        NOT NULL,
  row_type         smallint       NOT NULL,
  timer_execute_at timestamptz(3) NOT NULL,
  timer_uuid       uuid           NOT NULL
);

-- One row once all that was there has been copied and compared.
CREATE UNLOGGED TABLE timers_copied (
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
DROP FUNCTION refuse_obstacles_to_partitions;
DROP TABLE timers_changed;
DROP TABLE timers_copied;
DROP TABLE timers_partitioned;
