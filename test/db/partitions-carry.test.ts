import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { copyToPartitions } from '../support/copy-to-partitions';
import { dbmate, partition } from '../support/dbmate';
import { errorOf } from '../support/error-of';
import { createEmptyDatabase, databaseUrl, onServer } from '../support/test-database';
import { QUOTED_SCHEMA, SCHEMA } from '../support/test-schema';

let name: string;
let role: string;
let admin: Client;
beforeEach(async () => {
  const suffix = randomBytes(6).toString('hex');
  name = await createEmptyDatabase();
  role = `partitions_${suffix}`;
  await dbmate(databaseUrl(name), 'up');
  admin = new Client({ connectionString: databaseUrl(name) });
  await admin.connect();
  await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD '${suffix}'`);
});
afterEach(async () => {
  await admin.end();
  await onServer(async (client) => {
    await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await client.query(`DROP ROLE ${role}`);
  });
});

const FILL = `
  INSERT INTO timers (shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace)
  SELECT i % 7, 2, '2030-01-01'::timestamptz + i * interval '1 second', gen_random_uuid(), 'timer-' || i, 'filled'
  FROM generate_series(1, 100) AS i`;

/** How the migration failed, in its own words. */
async function refusal(url = databaseUrl(name)): Promise<string> {
  return String(((await errorOf(partition(url))) as { stderr?: string }).stderr);
}

async function isAtLeast(versionNumber: number): Promise<boolean> {
  const { rows } = await admin.query('SHOW server_version_num');
  return Number(rows[0].server_version_num) >= versionNumber;
}

/** All that hangs on the table of this name, or on a partition of it, but for comments: those are compared elsewhere. */
async function belongings(table: string): Promise<Record<string, unknown>> {
  const { rows } = await admin.query(
    `SELECT relowner::regrole::text AS owner, relacl::text AS privileges, relrowsecurity, relforcerowsecurity,
       relreplident,
       (SELECT json_agg(json_build_array(attname, attacl::text, attstattarget, attoptions) ORDER BY attnum)
        FROM pg_attribute WHERE attrelid = pg_class.oid AND attnum > 0) AS columns,
       (SELECT json_agg(json_build_array(policyname, permissive, roles, cmd, qual, with_check) ORDER BY policyname)
        FROM pg_policies WHERE tablename = relname AND schemaname = $2) AS policies,
       (SELECT json_agg(json_build_array(pg_get_triggerdef(oid), tgenabled, obj_description(oid, 'pg_trigger')) ORDER BY 1)
        FROM pg_trigger WHERE tgrelid = pg_class.oid AND NOT tgisinternal) AS triggers,
       (SELECT json_agg(json_build_array(conname, pg_get_constraintdef(oid)) ORDER BY conname)
        FROM pg_constraint WHERE conrelid = pg_class.oid AND contype <> 'n') AS constraints,
       (SELECT json_agg(replace(pg_get_indexdef(indexrelid), ' ONLY ', ' ') ORDER BY indexrelid::regclass::text)
        FROM pg_index WHERE indrelid = pg_class.oid) AS indexes,
       (SELECT json_agg(to_jsonb(p) ORDER BY pubname) FROM pg_publication_tables AS p
        WHERE tablename = relname AND schemaname = $2) AS publications
     FROM pg_class WHERE oid = to_regclass($1)`,
    [table, SCHEMA],
  );
  return rows[0];
}

test('what belongs to the table goes along', async () => {
  const columnsAndFilter = (await isAtLeast(150_000)) ? '(shard_id, row_type) WHERE (shard_id < 100)' : '';
  await admin.query(`
    CREATE TABLE kinds (kind int PRIMARY KEY);
    CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    ALTER TABLE timers ADD COLUMN kind int REFERENCES kinds, ADD CONSTRAINT kind_is_positive CHECK (kind > 0);
    CREATE INDEX by_attempts ON timers (shard_id, timer_attempts);
    CREATE INDEX by_attempts_again ON timers (shard_id, timer_attempts);
    GRANT SELECT, INSERT ON timers TO ${role} WITH GRANT OPTION;
    GRANT UPDATE (timer_attempts, kind) ON timers TO PUBLIC;
    ALTER DEFAULT PRIVILEGES GRANT TRUNCATE ON TABLES TO PUBLIC;
    ALTER TABLE timers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY "some rows" ON timers FOR UPDATE TO ${role}, pg_monitor
      USING (EXISTS (SELECT FROM kinds WHERE kinds.kind = timers.kind)) WITH CHECK (kind > 1);
    CREATE POLICY fewer ON timers AS RESTRICTIVE FOR SELECT USING (shard_id > 0);
    COMMENT ON POLICY fewer ON timers IS 'one''s own';
    CREATE TRIGGER "note it" BEFORE UPDATE OF kind ON timers FOR EACH ROW WHEN (NEW.kind > 1) EXECUTE FUNCTION note();
    COMMENT ON TRIGGER "note it" ON timers IS 'noted';
    CREATE TRIGGER note_all AFTER DELETE ON timers FOR EACH STATEMENT EXECUTE FUNCTION note();
    CREATE TRIGGER replicated AFTER INSERT ON timers FOR EACH ROW EXECUTE FUNCTION note();
    ALTER TABLE timers DISABLE TRIGGER "note it", ENABLE ALWAYS TRIGGER note_all, ENABLE REPLICA TRIGGER replicated;
    ALTER TABLE timers ALTER timer_id SET STATISTICS 500, ALTER timer_namespace SET (n_distinct = 7);
    ALTER TABLE timers REPLICA IDENTITY FULL;
    CREATE PUBLICATION whole FOR TABLE timers, kinds WITH (publish_via_partition_root = true);
    CREATE PUBLICATION part FOR TABLE timers ${columnsAndFilter}
      WITH (publish_via_partition_root = true, publish = 'insert');
    ALTER TABLE timers OWNER TO ${role};
    ${FILL}`);
  const before = await belongings('timers');
  expect(await refusal()).toContain('not been copied');
  await copyToPartitions(admin);
  await partition(databaseUrl(name));

  expect(await belongings('timers')).toEqual(before);
  const { policies, publications } = await belongings('timers_unpartitioned');
  expect({ policies, publications }).toMatchObject({ publications: null });
  const { rows } = await admin.query(
    `SELECT DISTINCT relowner::regrole::text AS owner, relreplident,
       (SELECT attstattarget FROM pg_attribute WHERE attrelid = pg_class.oid AND attname = 'timer_id') AS statistics,
       (SELECT attoptions FROM pg_attribute WHERE attrelid = pg_class.oid AND attname = 'timer_namespace') AS options,
       obj_description((SELECT oid FROM pg_policy WHERE polrelid = to_regclass('timers') AND polname = 'fewer')) AS comment
     FROM pg_partition_tree('timers') JOIN pg_class ON oid = relid WHERE isleaf`,
  );
  expect(rows).toEqual([
    { owner: role, relreplident: 'f', statistics: 500, options: ['n_distinct=7'], comment: "one's own" },
  ]);
  const { rows: moved } = await admin.query('SELECT count(*)::int FROM timers');
  expect(moved).toEqual([{ count: 100 }]);
}, 60_000);

const OBSTACLES: [what: string, sql: string, message: string][] = [
  ['a view', 'CREATE VIEW due AS SELECT timer_id FROM timers', 'view due depends on it'],
  [
    'a materialized view',
    'CREATE MATERIALIZED VIEW due AS TABLE timers',
    'materialized view due depends on it',
  ],
  [
    'a foreign key of another table',
    `ALTER TABLE timers ADD UNIQUE (shard_id, timer_uuid);
     CREATE TABLE notes (shard_id int, timer_uuid uuid, CONSTRAINT of_timer FOREIGN KEY (shard_id, timer_uuid)
       REFERENCES timers (shard_id, timer_uuid))`,
    'constraint of_timer on table notes depends on it',
  ],
  ['a column of its type', 'CREATE TABLE notes (of timers)', 'column of of table notes depends on it'],
  [
    'a function of its type',
    `CREATE FUNCTION label(timers) RETURNS text LANGUAGE sql AS 'SELECT $1.timer_id'`,
    'function label(timers) depends on it',
  ],
  [
    'a policy of another table',
    `CREATE TABLE notes (id text); CREATE POLICY a ON notes USING (id IN (SELECT timer_id FROM timers))`,
    'policy a on table notes depends on it',
  ],
  ['a rule', 'CREATE RULE quiet AS ON DELETE TO timers DO ALSO NOTIFY gone', 'rule quiet: drop it'],
  ['a child', 'CREATE TABLE more () INHERITS (timers)', 'more inherits from timers'],
  [
    'a trigger with transition tables',
    `CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
     CREATE TRIGGER note AFTER UPDATE ON timers REFERENCING NEW TABLE AS changed FOR EACH ROW EXECUTE FUNCTION note()`,
    'trigger note has transition tables',
  ],
  [
    'a serial column',
    'ALTER TABLE timers ADD COLUMN place serial',
    'column place is generated, or has a sequence',
  ],
  [
    'a generated column',
    `ALTER TABLE timers ADD COLUMN twice int GENERATED ALWAYS AS (shard_id * 2) STORED`,
    'column twice is generated',
  ],
  ['an unlogged table', 'ALTER TABLE timers SET UNLOGGED', 'not an ordinary logged table'],
  [
    'a replica identity of its own',
    `CREATE UNIQUE INDEX other ON timers (timer_uuid, shard_id); ALTER TABLE timers REPLICA IDENTITY USING INDEX other`,
    'its REPLICA IDENTITY is an index other than the primary key',
  ],
  [
    'a publication of all tables',
    'CREATE PUBLICATION every FOR ALL TABLES',
    'publication every is for all tables',
  ],
  [
    'a publication by partition',
    'CREATE PUBLICATION p FOR TABLE timers',
    'ALTER PUBLICATION p SET (publish_via',
  ],
];

test.each(OBSTACLES)('%s is named before anything is done', async (_, sql, message) => {
  await admin.query(`${FILL}; ${sql}`);
  const refused = await refusal();
  expect(refused).toContain('timers cannot be parted as it is: ');
  expect(refused).toContain(message);
  const { rows } = await admin.query(
    `SELECT relname FROM pg_class WHERE relname ~ '^timers_' AND relkind IN ('r', 'p')`,
  );
  expect(rows).toEqual([]);
});

test('a publication of all tables is not in the way of an empty table', async () => {
  await admin.query('CREATE PUBLICATION every FOR ALL TABLES');
  await partition(databaseUrl(name));
  const { rows } = await admin.query(`SELECT count(*)::int FROM pg_partition_tree('timers') WHERE isleaf`);
  expect(rows).toEqual([{ count: 32 }]);
});

test('ids are compared by their bytes from then on', async () => {
  await admin.query(`
    ALTER TABLE timers ALTER timer_id TYPE varchar(255) COLLATE "en-x-icu",
      ALTER timer_namespace TYPE varchar(255) COLLATE "default"`);
  await partition(databaseUrl(name));
  const { rows } = await admin.query(
    `SELECT DISTINCT collname FROM pg_partition_tree('timers') JOIN pg_attribute ON attrelid = relid
     JOIN pg_collation ON pg_collation.oid = attcollation WHERE attname IN ('timer_id', 'timer_namespace')`,
  );
  expect(rows).toEqual([{ collname: 'C' }]);
});

test('what comes after the preparation is seen at the switch', async () => {
  await admin.query(FILL);
  expect(await refusal()).toContain('not been copied');
  await copyToPartitions(admin);
  await admin.query('CREATE VIEW due AS SELECT timer_id FROM timers');
  expect(await refusal()).toContain('view due depends on it');
  await admin.query('DROP VIEW due; CREATE INDEX by_attempts ON timers (timer_attempts)');
  expect(await refusal()).toContain(
    'timers has been altered since the preparation, which is to be undone (dbmate down) and made anew: index USING btree (timer_attempts)',
  );
  await admin.query('DROP INDEX by_attempts; ALTER TABLE timers ADD CHECK (shard_id > -1)');
  expect(await refusal()).toContain('made anew: constraint timers_shard_id_check');
  await admin.query('ALTER TABLE timers DROP CONSTRAINT timers_shard_id_check');
  await partition(databaseUrl(name));
});

test('an owner who is no superuser moves it, but not while row-level security hides rows from it', async () => {
  const url = new URL(databaseUrl(name));
  url.username = role;
  url.password = role.replace('partitions_', '');
  await admin.query(`
    ${FILL};
    GRANT CREATE, USAGE ON SCHEMA ${QUOTED_SCHEMA} TO ${role};
    ALTER TABLE timers OWNER TO ${role};
    ALTER TABLE pg_timer_store_migrations OWNER TO ${role};
    ALTER TABLE timers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY few ON timers USING (shard_id < 3)`);
  expect(await refusal(url.href)).toContain('row-level security hides rows from this role');
  await admin.query('ALTER TABLE timers NO FORCE ROW LEVEL SECURITY');
  expect(await refusal(url.href)).toContain('not been copied');
  const owner = new Client({ connectionString: url.href });
  await owner.connect();
  await copyToPartitions(owner);
  await owner.end();
  await partition(url.href);
  const { rows } = await admin.query('SELECT count(*)::int FROM timers');
  expect(rows).toEqual([{ count: 100 }]);
});
