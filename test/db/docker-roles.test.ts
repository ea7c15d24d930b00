import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { PostgresTimerStore } from '../../src';
import { dbmate, dbmateDownAll } from '../support/dbmate';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { fillForCalls, SAMPLE_CALLS } from '../support/sample-calls';
import { databaseUrl, onServer } from '../support/test-database';

const ROOT = path.join(__dirname, '../..');
const INSUFFICIENT_PRIVILEGE = '42501';
const PASSWORD = "it's a %40 $password";

// Roles belong to the whole server, which other test files use too: each name gets an ending of its own.
const ending = randomBytes(6).toString('hex');
const OWNER = `timer_owner_${ending}`;
const USER = `timer_user_${ending}`;
const SERVICE = `timer_service_${ending}`;
/** In the place of the databases that every server has. */
const ELSEWHERE = [`postgres_${ending}`, `template1_${ending}`];

function readSql(file: string): string {
  return fs
    .readFileSync(path.join(ROOT, file), 'utf8')
    .replace(/\b(timer_owner|timer_user|timer_service|postgres|template1)\b/g, `$1_${ending}`);
}

function urlOf(role: string, database: string): string {
  const url = new URL(databaseUrl(database));
  url.username = role;
  url.password = encodeURIComponent(PASSWORD);
  return url.href;
}

async function connectTo(role: string, database: string): Promise<Client> {
  const client = new Client({ connectionString: urlOf(role, database) });
  await client.connect();
  return client;
}

/** As the owner of the table, as docker/dev-postgresql.yaml does. */
async function grant(): Promise<void> {
  const owner = await connectTo(OWNER, SERVICE);
  await owner.query(readSql('db/grants.sql'));
  await owner.end();
}

describe('the roles of the development database', () => {
  let user: Client;

  beforeAll(async () => {
    await onServer(async (admin) => {
      for (const database of [SERVICE, ...ELSEWHERE]) await admin.query(`CREATE DATABASE ${database}`);
    });
    const admin = new Client({ connectionString: databaseUrl(SERVICE) });
    await admin.connect();
    await admin.query(readSql('docker/create-roles.sql'));
    for (const role of [OWNER, USER]) {
      await admin.query(`ALTER ROLE ${role} PASSWORD ${admin.escapeLiteral(PASSWORD)}`);
    }
    await admin.end();
    await dbmate(urlOf(OWNER, SERVICE), 'up');
    await grant();
    // What else a service keeps beside the timers.
    const owner = await connectTo(OWNER, SERVICE);
    await owner.query('CREATE TABLE orders (id int)');
    await owner.end();
    user = await connectTo(USER, SERVICE);
  });

  afterAll(async () => {
    await user?.end();
    await onServer(async (admin) => {
      for (const database of [SERVICE, ...ELSEWHERE]) {
        await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
      }
      await admin.query(`DROP ROLE IF EXISTS ${OWNER}, ${USER}`);
    });
  });

  describe('timer_user', () => {
    let store: PostgresTimerStore;

    beforeAll(async () => {
      store = await PostgresTimerStore.connect(urlOf(USER, SERVICE));
    });

    afterAll(async () => {
      await store?.close();
    });

    test.each(SAMPLE_CALLS.map(([name, , call], index) => ({ name, call, shardId: index + 1 })))(
      'may do what $name does',
      async ({ call, shardId }) => {
        const { current } = await store.claimShardOwnership(shardId, 'owner-1');
        await fillForCalls(store, current);
        await call(store, shardId, current.shardVersion);
      },
    );

    test('may do the same after the table was dropped and created again, and the rights were given again', async () => {
      await dbmateDownAll(urlOf(OWNER, SERVICE));
      await dbmate(urlOf(OWNER, SERVICE), 'up');
      await grant();
      const shardId = SAMPLE_CALLS.length + 1;
      const { current } = await store.claimShardOwnership(shardId, 'owner-1');
      await store.createTimer(shardId, current.shardVersion, newTimer());
      expect(await store.getTimer(shardId, 'reminders', 'timer-1')).toMatchObject({ id: 'timer-1' });
      await store.deleteTimer(shardId, current.shardVersion, 'reminders', 'timer-1');
    });

    test.each([
      'CREATE TABLE more (id int)',
      'CREATE TEMPORARY TABLE more (id int)',
      'CREATE SCHEMA more',
      'CREATE VIEW more AS SELECT 1 AS id',
      'CREATE SEQUENCE more',
      'CREATE TYPE more AS (id int)',
      "CREATE FUNCTION more() RETURNS int LANGUAGE sql AS 'SELECT 1'",
      'CREATE EXTENSION pgcrypto',
      'CREATE POLICY more ON timers',
      'CREATE RULE more AS ON DELETE TO timers DO INSTEAD NOTHING',
      'DROP TABLE timers',
      'TRUNCATE timers',
      'ALTER TABLE timers ADD COLUMN more int',
      'ALTER TABLE timers DROP COLUMN timer_payload',
      'ALTER TABLE timers DISABLE TRIGGER ALL',
      'ALTER TABLE timers OWNER TO CURRENT_USER',
      'CREATE INDEX ON timers (timer_id)',
      'DROP INDEX idx_timer_lookup',
      'DROP SCHEMA public CASCADE',
      'CREATE TRIGGER more BEFORE INSERT ON timers EXECUTE FUNCTION suppress_redundant_updates_trigger()',
      'SELECT * FROM pg_timer_store_migrations',
      "INSERT INTO pg_timer_store_migrations VALUES ('20990101000000')",
      'UPDATE pg_timer_store_migrations SET version = version',
      'DELETE FROM pg_timer_store_migrations',
      'DROP TABLE pg_timer_store_migrations',
      'SELECT * FROM orders',
      'SELECT * FROM pg_authid',
      'SELECT * FROM pg_shadow',
      `ALTER ROLE ${OWNER} PASSWORD 'changed'`,
      `SELECT pg_read_file('postgresql.conf')`,
      `SELECT pg_ls_dir('.')`,
      `SELECT lo_import('/etc/passwd')`,
      `COPY timers (timer_id) FROM '/etc/passwd'`,
      `COPY timers TO '/tmp/timers'`,
      `COPY timers TO PROGRAM 'cat'`,
      'CREATE ROLE more',
      'CREATE DATABASE more',
      `DROP DATABASE ${SERVICE}`,
      'ALTER ROLE CURRENT_USER SUPERUSER',
      'ALTER SYSTEM SET fsync = off',
      'SET session_replication_role = replica',
      `SET ROLE ${OWNER}`,
    ])('may not %s', async (statement) => {
      expect(await errorOf(user.query(statement))).toMatchObject({ code: INSUFFICIENT_PRIVILEGE });
    });

    test('has no right on any table, sequence or view but four on each of its tables', async () => {
      const { rows } = await user.query(
        `SELECT relname AS name, right_on_it AS right
         FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace,
           unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS right_on_it
         WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
           AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
           AND CASE relkind WHEN 'S'
             THEN has_sequence_privilege(pg_class.oid, 'USAGE, SELECT, UPDATE')
             ELSE has_table_privilege(pg_class.oid, right_on_it) END
         ORDER BY relname, right_on_it`,
      );
      expect(rows).toEqual(
        ['timer_members', 'timers'].flatMap((table) =>
          ['DELETE', 'INSERT', 'SELECT', 'UPDATE'].map((right) => ({ name: table, right })),
        ),
      );
    });

    test.each(ELSEWHERE)('may not connect to %s', async (database) => {
      expect(await errorOf(connectTo(USER, database))).toMatchObject({ code: INSUFFICIENT_PRIVILEGE });
    });
  });

  test('a role that is not named may not connect to the service', async () => {
    const stranger = `stranger_${ending}`;
    await onServer(async (admin) => {
      await admin.query(`CREATE ROLE ${stranger} LOGIN PASSWORD ${admin.escapeLiteral(PASSWORD)}`);
    });
    try {
      expect(await errorOf(connectTo(stranger, SERVICE))).toMatchObject({ code: INSUFFICIENT_PRIVILEGE });
    } finally {
      await onServer(async (admin) => void (await admin.query(`DROP ROLE ${stranger}`)));
    }
  });

  test('neither role has an attribute beyond LOGIN, nor is it a member of another', async () => {
    const { rows } = await user.query(
      `SELECT rolname FROM pg_roles
       WHERE rolname IN ($1, $2) AND rolcanlogin
         AND NOT (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls)
         AND NOT EXISTS (SELECT FROM pg_auth_members WHERE member = pg_roles.oid)
       ORDER BY 1`,
      [OWNER, USER],
    );
    expect(rows).toEqual([{ rolname: OWNER }, { rolname: USER }]);
  });
});
