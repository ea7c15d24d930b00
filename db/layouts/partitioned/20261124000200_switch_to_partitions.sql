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

SELECT refuse_obstacles_to_partitions();

-- What was made for the copy from `timers` as it was then. Names of indexes are given below.
DO $$
DECLARE
  differences text;
BEGIN
  WITH
    shape AS (
      SELECT attrelid AS relation, format('column %I', attname) AS part,
        concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid)) AS definition
      FROM pg_attribute
      LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
      WHERE attnum > 0 AND NOT attisdropped
      UNION ALL
      SELECT conrelid, format('constraint %I', conname), pg_get_constraintdef(oid)
      FROM pg_constraint
      WHERE contype IN ('c', 'f')
      UNION ALL
      SELECT indrelid, 'index' || substring(pg_get_indexdef(indexrelid) FROM ' USING .*'), count(*)::text
      FROM pg_index
      GROUP BY 1, 2
    ),
    original AS (SELECT part, definition FROM shape WHERE relation = 'timers'::regclass),
    copy AS (SELECT part, definition FROM shape WHERE relation = 'timers_partitioned'::regclass)
  SELECT string_agg(DISTINCT part, ', ' ORDER BY part)
  INTO differences
  FROM ((TABLE original EXCEPT TABLE copy) UNION ALL (TABLE copy EXCEPT TABLE original)) AS difference;
  IF differences IS NOT NULL THEN
    RAISE EXCEPTION 'timers has been altered since the preparation, which is to be undone (dbmate down) and made anew: %',
      differences;
  END IF;
END $$;

SELECT apply_changed_timers();

DROP TRIGGER record_changed_timer ON timers;
DROP FUNCTION record_changed_timer;
DROP FUNCTION apply_changed_timers;
DROP FUNCTION refuse_obstacles_to_partitions;
DROP TABLE timers_changed;
DROP TABLE timers_copied;

-- Whoever waits for the name gets the table that has it then. What belongs to the old table is written down as
-- statements before, and run after, when each name in them is that of the new one.
DO $$
DECLARE
  carried text[];
  statement text;
  index_pair record;
BEGIN
  WITH
    privilege AS (
      SELECT
        pg_class.oid AS relation, NULL::name AS column_name, number, privilege_type, is_grantable, grantee
      FROM pg_class
      CROSS JOIN aclexplode(COALESCE(relacl, acldefault('r', relowner)))
        WITH ORDINALITY AS granted (grantor, grantee, privilege_type, is_grantable, number)
      UNION ALL
      SELECT attrelid, attname, number, privilege_type, is_grantable, grantee
      FROM pg_attribute
      CROSS JOIN aclexplode(attacl)
        WITH ORDINALITY AS granted (grantor, grantee, privilege_type, is_grantable, number)
    ),
    named_privilege AS (
      SELECT *, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END AS role
      FROM privilege
    ),
    has_other_privileges AS (
      SELECT FROM pg_class AS original, pg_class AS copy
      WHERE original.oid = 'timers'::regclass
        AND copy.oid = 'timers_partitioned'::regclass
        AND original.relacl IS DISTINCT FROM copy.relacl
    ),
    published AS (
      SELECT
        pubname,
        to_jsonb(pg_publication_rel) ->> 'prattrs' IS NOT NULL AS has_columns,
        to_jsonb(pg_publication_tables) AS published_table
      FROM pg_publication
      JOIN pg_publication_rel ON prpubid = pg_publication.oid
      JOIN pg_class ON pg_class.oid = prrelid
      JOIN pg_namespace ON pg_namespace.oid = relnamespace
      JOIN pg_publication_tables USING (pubname)
      WHERE prrelid = 'timers'::regclass
        AND schemaname = nspname
        AND tablename = relname
    ),
    change (place, number, text) AS (
      -- Default privileges have given the new table what the old one need not have.
      SELECT DISTINCT 1, 0, format('REVOKE ALL ON timers FROM %s', role)
      FROM named_privilege
      CROSS JOIN has_other_privileges
      WHERE relation = 'timers_partitioned'::regclass
      UNION ALL
      SELECT
        2,
        number,
        format(
          'GRANT %s%s ON timers TO %s%s',
          privilege_type, '(' || quote_ident(column_name) || ')', role, CASE WHEN is_grantable THEN ' WITH GRANT OPTION' END
        )
      FROM named_privilege
      WHERE relation = 'timers'::regclass
        AND (column_name IS NOT NULL OR EXISTS (SELECT FROM has_other_privileges))
      UNION ALL
      SELECT 3, 0, format('COMMENT ON TABLE timers IS %L', obj_description('timers'::regclass, 'pg_class'))
      UNION ALL
      SELECT
        4,
        0,
        format(
          'CREATE POLICY %I ON timers AS %s FOR %s TO %s%s%s',
          polname,
          CASE WHEN polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
          CASE polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
          (SELECT string_agg(CASE role WHEN 0 THEN 'PUBLIC' ELSE role::regrole::text END, ', ') FROM unnest(polroles) AS role),
          ' USING (' || pg_get_expr(polqual, polrelid) || ')',
          ' WITH CHECK (' || pg_get_expr(polwithcheck, polrelid) || ')'
        )
      FROM pg_policy
      WHERE polrelid = 'timers'::regclass
      UNION ALL
      SELECT 5, 0, format('COMMENT ON POLICY %I ON timers IS %L', polname, obj_description(oid, 'pg_policy'))
      FROM pg_policy
      WHERE polrelid = 'timers'::regclass
      UNION ALL
      SELECT 6, 0, format('ALTER TABLE timers %s ROW LEVEL SECURITY', kind)
      FROM pg_class
      CROSS JOIN (VALUES ('ENABLE'), ('FORCE')) AS setting (kind)
      WHERE oid = 'timers'::regclass
        AND CASE kind WHEN 'ENABLE' THEN relrowsecurity ELSE relforcerowsecurity END
      UNION ALL
      SELECT 7, 0, pg_get_triggerdef(oid)
      FROM pg_trigger
      WHERE tgrelid = 'timers'::regclass AND NOT tgisinternal
      UNION ALL
      SELECT
        8,
        0,
        format(
          'ALTER TABLE timers %s TRIGGER %I',
          CASE tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE' END,
          tgname
        )
      FROM pg_trigger
      WHERE tgrelid = 'timers'::regclass AND NOT tgisinternal
      UNION ALL
      SELECT 9, 0, format('COMMENT ON TRIGGER %I ON timers IS %L', tgname, obj_description(oid, 'pg_trigger'))
      FROM pg_trigger
      WHERE tgrelid = 'timers'::regclass AND NOT tgisinternal
      UNION ALL
      SELECT
        10,
        0,
        format(
          'ALTER PUBLICATION %I ADD TABLE timers%s%s',
          pubname,
          CASE WHEN has_columns THEN (
            SELECT format(' (%s)', string_agg(quote_ident(name), ', '))
            FROM jsonb_array_elements_text(published_table -> 'attnames') AS name
          ) END,
          ' WHERE (' || (published_table ->> 'rowfilter') || ')'
        )
      FROM published
      UNION ALL
      SELECT 11, 0, format('ALTER PUBLICATION %I DROP TABLE timers_unpartitioned', pubname)
      FROM published
    )
  SELECT array_agg(text ORDER BY place, number, text)
  INTO carried
  FROM change;

  ALTER TABLE timers RENAME TO timers_unpartitioned;
  ALTER TABLE timers_partitioned RENAME TO timers;

  FOR index_pair IN
    WITH index AS (
      SELECT
        indrelid,
        indexrelid,
        relname AS name,
        substring(pg_get_indexdef(indexrelid) FROM ' USING .*') AS definition,
        row_number() OVER (
          PARTITION BY indrelid, substring(pg_get_indexdef(indexrelid) FROM ' USING .*') ORDER BY indexrelid
        ) AS number
      FROM pg_index
      JOIN pg_class ON pg_class.oid = indexrelid
      WHERE indrelid IN ('timers'::regclass, 'timers_unpartitioned'::regclass)
    )
    SELECT old.name, old.indexrelid::regclass AS old_index, new.indexrelid::regclass AS new_index
    FROM index AS old
    JOIN index AS new USING (definition, number)
    WHERE old.indrelid = 'timers_unpartitioned'::regclass
      AND new.indrelid = 'timers'::regclass
  LOOP
    EXECUTE format('ALTER INDEX %s RENAME TO %I', index_pair.old_index, left(index_pair.name, 49) || '_unpartitioned');
    EXECUTE format('ALTER INDEX %s RENAME TO %I', index_pair.new_index, index_pair.name);
  END LOOP;

  FOREACH statement IN ARRAY carried LOOP
    EXECUTE statement;
  END LOOP;

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
