import { randomBytes } from 'node:crypto';
import { Client, Pool, type PoolConfig } from 'pg';
import { PostgresTimerStore, type ServerReport, type StoreOptions, UnsupportedServerError } from '../../src';
import { PLAN_SETTINGS } from '../../src/connection/plan-settings';
import { MIGRATE_COMMAND } from '../../src/contract/migrate-command';
import { checkServer } from '../../src/diagnostics/check-server';
import { judgeClockSkew } from '../../src/diagnostics/clock-skew';
import { findPlanFaults } from '../../src/diagnostics/judge-plan';
import { judgeVersion, serverFaults } from '../../src/diagnostics/judge-requirements';
import { judgeDurability, judgeMemory, judgeMultixacts } from '../../src/diagnostics/judge-settings';
import { CallDeadline } from '../../src/driver/deadline';
import { StatementRunner } from '../../src/driver/statement-runner';
import type { ReadServerSettingsResult } from '../../src/generated/server-check.queries';
import { Citus } from '../../src/postgres/citus';
import { partition } from '../support/dbmate';
import { errorOf } from '../support/error-of';
import { createTestDatabase, onServer, storeUrl, type TestDatabase } from '../support/test-database';
import { QUOTED_SCHEMA, withOptions } from '../support/test-schema';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => await database.drop());

async function inDatabase(sql: string): Promise<void> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(sql);
  await client.end();
}

async function report(config: PoolConfig = {}, options?: StoreOptions): Promise<ServerReport> {
  const pool = new Pool({ connectionString: database.storeUrl, ...config });
  const store = PostgresTimerStore.fromPool(pool, options);
  try {
    return await store.checkServer();
  } finally {
    await store.close();
    await pool.end();
  }
}

function findings({ checks }: ServerReport, name: string) {
  return checks.filter((check) => check.name === name);
}

/** A role that can log in, and may do nothing else yet; with its URL. Dropped when the work is done. */
async function withRole(work: (role: string, url: string) => Promise<void>): Promise<void> {
  const role = `check_server_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  const url = new URL(database.url);
  url.username = role;
  url.password = password;
  await inDatabase(
    `CREATE ROLE ${role} LOGIN PASSWORD '${password}'; GRANT USAGE ON SCHEMA ${QUOTED_SCHEMA} TO ${role}`,
  );
  try {
    await work(role, url.href);
  } finally {
    await inDatabase(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  }
}

const EVERY_PRIVILEGE = 'SELECT, INSERT, UPDATE, DELETE';

test('a migrated database and a role of least privilege: nothing but what the whole server is set to', async () => {
  await withRole(async (role, url) => {
    await inDatabase(`GRANT ${EVERY_PRIVILEGE} ON timers, timer_members TO ${role}`);
    const { ok, checks } = await report({ connectionString: withOptions(url, PLAN_SETTINGS) });
    expect(ok).toBe(true);
    expect(checks.filter(({ name }) => name !== 'durability')).toEqual([
      { name: 'version', status: 'ok', found: expect.stringMatching(/^PostgreSQL \d/) },
      { name: 'encoding', status: 'ok', found: 'UTF8' },
      { name: 'schema', status: 'ok', found: 'complete' },
      { name: 'collation', status: 'ok', found: 'ids are compared by their bytes' },
      { name: 'privileges', status: 'ok', found: `${EVERY_PRIVILEGE} on timers and timer_members` },
      { name: 'rowSecurity', status: 'ok', found: 'does not apply to the role' },
      { name: 'readOnly', status: 'ok', found: 'takes writes' },
      { name: 'isolation', status: 'ok', found: 'read committed' },
      { name: 'timeZone', status: 'ok', found: expect.stringContaining('nothing depends on it') },
      { name: 'timeouts', status: 'ok', found: expect.any(String) },
      { name: 'connections', status: 'ok', found: expect.stringMatching(/^the pool opens up to 10 of \d+ /) },
      { name: 'multixacts', status: 'ok', found: expect.stringMatching(/^the oldest is \d+ multixacts old/) },
      { name: 'memory', status: 'ok', found: expect.stringMatching(/ 1 MiB, shared_buffers \d+ MiB$/) },
      { name: 'clock', status: 'ok', found: expect.stringMatching(/ ms \(± .* ms\) /) },
      { name: 'preparedStatements', status: 'ok', found: 'kept between statements' },
      { name: 'planSettings', status: 'ok', found: expect.stringContaining('force_generic_plan') },
      { name: 'plans', status: 'ok', found: expect.stringMatching(/^each of \d+ queries/) },
    ]);
  });
});

test.each([
  ["client_encoding = 'LATIN1'", 'encoding', 'fault', 'client_encoding is LATIN1'],
  ['default_transaction_read_only = on', 'readOnly', 'fault', 'writes will fail'],
  ["default_transaction_isolation = 'repeatable read'", 'isolation', 'warning', 'repeatable read'],
  ["default_transaction_isolation = 'serializable'", 'isolation', 'warning', 'serializable'],
  ['synchronous_commit = off', 'durability', 'warning', 'synchronous_commit is off'],
  ["statement_timeout = '5s'", 'timeouts', 'warning', 'statement_timeout is 5000 ms'],
  ["lock_timeout = '1s'", 'timeouts', 'warning', 'lock_timeout is 1000 ms'],
  ["idle_session_timeout = '9999ms'", 'timeouts', 'warning', 'idle_session_timeout is 9999 ms'],
  ['enable_partition_pruning = off', 'plans', 'warning', 'reads 32 partitions'],
] as const)('with %s, the check of %s has a %s', async (setting, name, status, found) => {
  if (name === 'plans') {
    await partition(database.url);
  }
  // The server of the tests may do without.
  await inDatabase(`ALTER DATABASE ${database.name} SET synchronous_commit = on`);
  const before = await report();
  expect(findings(before, name)).not.toContainEqual(
    expect.objectContaining({ found: expect.stringContaining(found) }),
  );
  // The driver asks for its own client_encoding on connecting.
  const config = setting.startsWith('client_encoding')
    ? {
        onConnect: async (client: { query(sql: string): Promise<unknown> }) =>
          void (await client.query(`SET ${setting}`)),
      }
    : {};
  await inDatabase(`ALTER DATABASE ${database.name} SET ${setting}`);
  const after = await report(config);
  expect(findings(after, name)).toContainEqual({
    name,
    status,
    found: expect.stringContaining(found),
    advice: expect.any(String),
  });
  expect(after.ok).toBe(status !== 'fault');
});

test('a table in partitions has no finding: each query keeps to one of them', async () => {
  await partition(database.url);
  const { checks } = await report();
  expect(checks).toContainEqual({ name: 'schema', status: 'ok', found: 'complete' });
  expect(checks).toContainEqual({ name: 'plans', status: 'ok', found: expect.any(String) });
});

test('a longer time-out than that of a call has no finding', async () => {
  await inDatabase(`ALTER DATABASE ${database.name} SET statement_timeout = '10s'`);
  expect(findings(await report(), 'timeouts')).toMatchObject([{ status: 'ok' }]);
});

describe('the plans', () => {
  const EXPENSIVE_INDEXES = 'random_page_cost = 1000000';
  const fill = (rows: number) => `
    INSERT INTO timers (shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace)
    SELECT 1, 2, '2030-01-01'::timestamptz + i * interval '1 second', gen_random_uuid(), 'timer-' || i, 'reminders'
    FROM generate_series(1, ${rows}) AS i;
    ANALYZE timers`;

  test('name each query that the planner would run over the whole of a large table', async () => {
    await inDatabase(fill(20_000));
    expect(findings(await report(), 'plans')).toMatchObject([{ status: 'ok' }]);
    await inDatabase(`ALTER DATABASE ${database.name} SET ${EXPENSIVE_INDEXES}`);
    const plans = findings(await report(), 'plans');
    expect(plans.map(({ status }) => status)).toEqual(plans.map(() => 'warning'));
    expect(plans).toContainEqual(
      expect.objectContaining({ found: expect.stringMatching(/^getTimer reads all of timers(_p\d+)?$/) }),
    );
    expect(plans[0]?.advice).toContain('ANALYZE');
  });

  test('of a small table are not expected to use indexes, but to be able to', async () => {
    await inDatabase(`${fill(100)}; ALTER DATABASE ${database.name} SET ${EXPENSIVE_INDEXES}`);
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query(
      `EXPLAIN SELECT FROM timers WHERE shard_id = 1 AND row_type = 2 AND timer_namespace = 'a' AND timer_id = 'b'`,
    );
    await client.end();
    expect(rows[0]['QUERY PLAN']).toContain('Seq Scan');
    expect(findings(await report(), 'plans')).toMatchObject([{ status: 'ok' }]);
  });

  test.each([
    [
      'an index on other columns',
      'Index Scan',
      '(timer_uuid = $1)',
      ['reads other_index without shard_id and row_type in its condition'],
    ],
    [
      'an index by shard alone',
      'Bitmap Index Scan',
      '(shard_id = 1)',
      ['reads other_index without shard_id and row_type in its condition'],
    ],
    ['an index of any name by both', 'Index Only Scan', '((shard_id = 1) AND (row_type = 2))', []],
  ])('are judged by the condition of the index: %s', (_, type, condition, faults) => {
    const scan = { 'Node Type': type, 'Index Name': 'other_index', 'Index Cond': condition };
    expect(findPlanFaults({ 'Node Type': 'Limit', Plans: [scan] })).toEqual(faults);
  });
});

describe('the schema and the privileges', () => {
  test('a missing index is a fault, and the plans are not checked', async () => {
    await inDatabase('DROP INDEX idx_timer_lookup');
    const found = await report();
    expect(found.ok).toBe(false);
    expect(findings(found, 'schema')).toEqual([
      {
        name: 'schema',
        status: 'fault',
        found: 'the unique index on (shard_id, row_type, timer_namespace, timer_id) is missing',
        advice: expect.stringContaining(MIGRATE_COMMAND),
      },
    ]);
    expect(findings(found, 'plans')).toMatchObject([{ status: 'warning', found: 'not checked' }]);
  });

  test('no table at all is a fault of both', async () => {
    await inDatabase('DROP TABLE timers');
    const found = await report();
    expect(findings(found, 'schema')).toMatchObject([
      { status: 'fault', found: `there is no table timers in schema ${QUOTED_SCHEMA}` },
    ]);
    expect(findings(found, 'privileges')).toMatchObject([{ status: 'fault' }]);
  });

  test('missing privileges are a fault that names them; more than is needed is a warning', async () => {
    await withRole(async (role, url) => {
      const privileges = async () => findings(await report({ connectionString: url }), 'privileges');
      await inDatabase(`GRANT ${EVERY_PRIVILEGE} ON timer_members TO ${role}`);
      await inDatabase(`GRANT SELECT, UPDATE ON timers TO ${role}`);
      expect(await privileges()).toMatchObject([
        { status: 'fault', found: 'the role lacks INSERT, DELETE on timers' },
      ]);
      await inDatabase(`GRANT ${EVERY_PRIVILEGE}, TRUNCATE ON timers TO ${role}`);
      expect(await privileges()).toMatchObject([
        { status: 'warning', found: 'the role may TRUNCATE timers' },
      ]);
      await inDatabase(`ALTER TABLE timers OWNER TO ${role}`);
      expect(await privileges()).toMatchObject([{ status: 'warning', found: 'the role owns timers' }]);
      await inDatabase('ALTER TABLE timers OWNER TO CURRENT_USER');
    });
    const ofSuperuser = await report({ connectionString: database.url });
    expect(findings(ofSuperuser, 'privileges')).toMatchObject([{ found: 'the role is a superuser' }]);
  });

  test('what a membership needs and does not have is a warning: a store alone does without', async () => {
    await withRole(async (role, url) => {
      const privileges = async () => findings(await report({ connectionString: url }), 'privileges');
      await inDatabase(
        `GRANT ${EVERY_PRIVILEGE} ON timers TO ${role}; GRANT SELECT ON timer_members TO ${role}`,
      );
      expect(await privileges()).toEqual([
        {
          name: 'privileges',
          status: 'warning',
          found: 'the role lacks INSERT, UPDATE, DELETE on timer_members, which PostgresMembership needs',
          advice: 'GRANT INSERT, UPDATE, DELETE ON timer_members TO the role, as grants.sql does.',
        },
      ]);
      await inDatabase('DROP TABLE timer_members');
      expect(await privileges()).toEqual([
        {
          name: 'privileges',
          status: 'warning',
          found: 'there is no table timer_members, which PostgresMembership needs',
          advice: expect.stringContaining(MIGRATE_COMMAND),
        },
      ]);
    });
  });
});

describe('row-level security', () => {
  const ENABLE = 'ALTER TABLE timers ENABLE ROW LEVEL SECURITY';

  test.each([
    ['no policy', '', 'fault', 'no policy lets the role SELECT, INSERT, UPDATE, DELETE'],
    [
      'a policy for another role',
      'CREATE POLICY a ON timers TO pg_monitor USING (true)',
      'fault',
      'SELECT, INSERT',
    ],
    [
      'a policy for reads alone',
      'CREATE POLICY a ON timers FOR SELECT USING (true)',
      'fault',
      'INSERT, UPDATE, DELETE',
    ],
    [
      'a policy that restricts alone',
      'CREATE POLICY a ON timers AS RESTRICTIVE USING (true)',
      'fault',
      'no policy lets the role SELECT, INSERT, UPDATE, DELETE',
    ],
    [
      'a policy for some rows',
      'CREATE POLICY a ON timers USING (shard_id < 10)',
      'warning',
      'policies decide what rows the role may SELECT, INSERT, UPDATE, DELETE',
    ],
    [
      'a policy for new rows of some shards',
      'CREATE POLICY a ON timers USING (true) WITH CHECK (shard_id < 10)',
      'warning',
      'policies decide what rows the role may SELECT, INSERT, UPDATE, DELETE',
    ],
    [
      'a restriction of deletes beside a policy for all',
      `CREATE POLICY a ON timers USING (true);
       CREATE POLICY b ON timers AS RESTRICTIVE FOR DELETE USING (shard_id < 10)`,
      'warning',
      'policies decide what rows the role may DELETE',
    ],
    ['a policy for every row', 'CREATE POLICY a ON timers USING (true)', 'ok', 'the role has every row'],
  ])('with %s', async (_, policies, status, found) => {
    expect(findings(await report(), 'rowSecurity')).toMatchObject([{ found: 'does not apply to the role' }]);
    await inDatabase(`${ENABLE}; ${policies}`);
    const after = await report();
    expect(findings(after, 'rowSecurity')).toMatchObject([
      {
        status,
        found: expect.stringContaining(found),
        ...(status !== 'ok' && { advice: expect.any(String) }),
      },
    ]);
    expect(after.ok).toBe(status !== 'fault');
  });

  test('does not apply to a role that bypasses it, nor to the owner unless it is forced', async () => {
    await withRole(async (role, url) => {
      const rowSecurity = async () => findings(await report({ connectionString: url }), 'rowSecurity');
      await inDatabase(`${ENABLE}; GRANT ${EVERY_PRIVILEGE} ON timers TO ${role}`);
      expect(await rowSecurity()).toMatchObject([{ status: 'fault' }]);
      await inDatabase(`ALTER ROLE ${role} BYPASSRLS`);
      expect(await rowSecurity()).toMatchObject([{ status: 'ok' }]);
      await inDatabase(`ALTER ROLE ${role} NOBYPASSRLS; ALTER TABLE timers OWNER TO ${role}`);
      expect(await rowSecurity()).toMatchObject([{ status: 'ok' }]);
      await inDatabase('ALTER TABLE timers FORCE ROW LEVEL SECURITY');
      expect(await rowSecurity()).toMatchObject([{ status: 'fault' }]);
      await inDatabase('ALTER TABLE timers OWNER TO CURRENT_USER');
    });
  });
});

describe('the connections', () => {
  test.each(['role', 'database'] as const)('the limit of the %s is compared with the pool', async (kind) => {
    await withRole(async (role, url) => {
      await inDatabase(`GRANT ${EVERY_PRIVILEGE} ON timers TO ${role}`);
      const name = kind === 'role' ? role : database.name;
      await inDatabase(`ALTER ${kind} ${name} CONNECTION LIMIT 3`);
      const connections = async (max: number) =>
        findings(await report({ connectionString: url, max }), 'connections');
      const found = (max: number) => `the pool opens up to ${max} of 3 (the CONNECTION LIMIT of the ${kind})`;
      expect(await connections(3)).toMatchObject([{ status: 'ok', found: found(3) }]);
      expect(await connections(4)).toMatchObject([{ status: 'warning', found: found(4) }]);
    });
  });

  test('a pool larger than the whole server is a warning', async () => {
    const connections = findings(await report({ max: 100_000 }), 'connections');
    expect(connections).toMatchObject([
      { status: 'warning', found: expect.stringContaining('max_connections') },
    ]);
  });

  test('one connection is enough, and those in use by others are not waited for', async () => {
    await withRole(async (role, url) => {
      await inDatabase(
        `GRANT ${EVERY_PRIVILEGE} ON timers TO ${role}; ALTER ROLE ${role} CONNECTION LIMIT 1`,
      );
      const kept = [{ status: 'ok', found: 'kept between statements' }];
      expect(findings(await report({ connectionString: url, max: 1 }), 'preparedStatements')).toMatchObject(
        kept,
      );
      // The pool would open a second one, but the server refuses it.
      expect(findings(await report({ connectionString: url, max: 2 }), 'preparedStatements')).toMatchObject(
        kept,
      );
    });
    const pool = new Pool({ connectionString: database.storeUrl, max: 2 });
    const store = PostgresTimerStore.fromPool(pool);
    // If each held one connection and waited for a second, neither would end.
    const reports = await Promise.all([store.checkServer(), store.checkServer(), store.checkServer()]);
    expect(reports.map(({ ok }) => ok)).toEqual([true, true, true]);
    await pool.end();
  });

  test('are left as they were: no transaction, no prepared statement, no setting', async () => {
    const pool = new Pool({ connectionString: database.storeUrl, max: 1 });
    const store = PostgresTimerStore.fromPool(pool);
    const state = async () => {
      const { rows } = await pool.query(
        `SELECT pg_backend_pid() AS pid, pg_current_xact_id_if_assigned() AS xact,
           (SELECT count(*) FROM pg_prepared_statements) AS prepared,
           (SELECT json_agg(s ORDER BY name) FROM (SELECT name, setting FROM pg_settings) AS s) AS settings`,
      );
      return rows;
    };
    const before = await state();
    await store.checkServer();
    expect(await state()).toEqual(before);
    await pool.end();
  });
});

describe('the clock', () => {
  test.each([
    [0, 'ok'],
    [-60_000, 'warning'],
    [60_000, 'warning'],
  ])('of a process that is %d ms off', async (offMs, status) => {
    const pool = new Pool({ connectionString: database.storeUrl });
    const deadline = new CallDeadline('checkServer', undefined);
    const runner = new StatementRunner(pool, new Citus(true));
    const { checks } = await checkServer(runner, deadline, () => Date.now() + offMs);
    const direction = offMs < 0 ? 'ahead of' : 'behind';
    expect(checks.find(({ name }) => name === 'clock')).toMatchObject({
      status,
      ...(offMs !== 0 && { found: expect.stringContaining(`) ${direction} this process's`) }),
    });
    deadline.dispose();
    await pool.end();
  });

  test.each([
    [1000, 0, 'ok'],
    [-1001, 0, 'warning'],
    [0, 1001, 'warning'],
    [600, 500, 'warning'],
  ])('%d ms ahead, give or take %d ms: %s', (aheadMs, uncertaintyMs, status) => {
    expect(judgeClockSkew({ aheadMs, uncertaintyMs }).status).toBe(status);
  });
});

describe('what this server cannot be changed to', () => {
  test.each([
    [130_022, 'fault'],
    [139_999, 'fault'],
    [140_000, 'ok'],
    [180_004, 'ok'],
    [190_000, 'warning'],
  ])('version %d: %s', (versionNumber, status) => {
    const version = `${Math.trunc(versionNumber / 10_000)}`;
    expect(judgeVersion(version, versionNumber).status).toBe(status);
    const refused = serverFaults({ version, versionNumber, encoding: 'UTF8' });
    expect(refused).toEqual(status === 'fault' ? [`version PostgreSQL ${version}`] : []);
  });

  test('each setting that can lose data in a crash has a finding', () => {
    const durable = {
      fsync: true,
      fullPageWrites: true,
      synchronousCommit: 'on',
    } as ReadServerSettingsResult;
    expect(judgeDurability(durable)).toMatchObject([{ status: 'ok' }]);
    expect(judgeDurability({ ...durable, synchronousCommit: 'remote_write' })).toMatchObject([
      { status: 'ok' },
    ]);
    expect(judgeDurability({ ...durable, fsync: false, fullPageWrites: false })).toMatchObject([
      { status: 'warning', found: expect.stringContaining('fsync is off') },
      { status: 'warning', found: expect.stringContaining('full_page_writes is off') },
    ]);
  });

  test.each([
    [400_000_000, 'ok'],
    [400_000_001, 'warning'],
  ])('multixacts of an age of %d: %s', (multixactAge, status) => {
    const settings = { multixactAge, multixactFreezeMaxAge: 400_000_000 } as ReadServerSettingsResult;
    expect(judgeMultixacts(settings)).toMatchObject({ name: 'multixacts', status });
  });

  test.each([
    [2 ** 30, 'ok'],
    [2 ** 30 + 1, 'warning'],
  ])('indexes of %d bytes with 1 GiB of shared_buffers: %s', (indexBytes, status) => {
    const settings = { indexBytes, sharedBuffersBytes: 2 ** 30 } as ReadServerSettingsResult;
    expect(judgeMemory(settings)).toMatchObject({ name: 'memory', status });
  });
});

test('connect refuses a database in another encoding, whatever else it lacks; a read-only one it takes', async () => {
  const name = `${database.name}_ascii`;
  await onServer(
    async (admin) =>
      void (await admin.query(
        `CREATE DATABASE ${name} ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`,
      )),
  );
  const error = await errorOf(PostgresTimerStore.connect(storeUrl(name)));
  expect(error).toBeInstanceOf(UnsupportedServerError);
  expect(error).toMatchObject({
    code: 'UNSUPPORTED_SERVER',
    retryable: false,
    faults: ['encoding SQL_ASCII'],
  });
  // FORCE is not needed: connect has left no connection behind.
  await onServer(async (admin) => void (await admin.query(`DROP DATABASE ${name}`)));

  await inDatabase(`ALTER DATABASE ${database.name} SET default_transaction_read_only = on`);
  const store = await PostgresTimerStore.connect(database.storeUrl);
  expect(await store.getShard(1)).toBeNull();
  expect((await store.checkServer()).ok).toBe(false);
  await store.close();
});

test('it is a call like others: refused after close, and ended by its time-out', async () => {
  const pool = new Pool({ connectionString: database.storeUrl, max: 1 });
  const held = await pool.connect();
  const store = PostgresTimerStore.fromPool(pool);
  expect(await errorOf(store.checkServer({ timeoutMs: 50 }))).toMatchObject({ code: 'CALL_TIMEOUT' });
  expect(await errorOf(store.checkServer({ timeoutMs: 0 }))).toMatchObject({ code: 'INVALID_ARGUMENT' });
  held.release();
  await store.close();
  expect(await errorOf(store.checkServer())).toMatchObject({ code: 'STORE_CLOSED' });
  await pool.end();
});
