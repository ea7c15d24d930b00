import { inspect } from 'node:util';
import { Client } from 'pg';
import {
  InvalidArgumentError,
  type PostgresConnectConfig,
  PostgresTimerStore,
  StoreUnavailableError,
} from '../src';
import { readConnectConfig } from '../src/connect-config';
import { errorOf } from './support/error-of';
import { openStoreFixture, type StoreFixture } from './support/store-fixture';
import { onServer } from './support/test-database';

const PASSWORD = 'p@ss/w:rd#%';

let fixture: StoreFixture;
/** Of a role that has a password. */
let fields: { host: string; port: number; database: string; username: string; password: string };
let role: string;
beforeAll(async () => {
  fixture = await openStoreFixture();
  role = fixture.database.name.replace('pg_timer_store', 'role');
  await onServer(async (admin) => {
    await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD '${PASSWORD}'`);
  });
  await fixture.direct.query(`GRANT ALL ON timers TO ${role}`);
  const { hostname, port } = new URL(fixture.database.url);
  fields = {
    host: hostname,
    port: Number(port || 5432),
    database: fixture.database.name,
    username: role,
    password: PASSWORD,
  };
});
afterAll(async () => {
  await fixture.close();
  await onServer(async (admin) => void (await admin.query(`DROP ROLE ${role}`)));
});

const PG_VARIABLES = [
  ...['PGHOST', 'PGPORT', 'PGDATABASE', 'PGUSER', 'PGPASSWORD', 'PGSSLMODE', 'PGSSLROOTCERT', 'PGSSLCERT'],
  ...['PGSSLKEY', 'PGCONNECT_TIMEOUT'],
];
const saved = { ...process.env };
beforeEach(() => {
  for (const name of PG_VARIABLES) {
    delete process.env[name];
  }
});
afterAll(() => {
  for (const name of PG_VARIABLES) {
    if (saved[name] === undefined) {
      delete process.env[name];
    } else {
      process.env[name] = saved[name];
    }
  }
});

/** Connects, and says as whom and to what. */
async function whoAmI(config: string | PostgresConnectConfig): Promise<{ role: string; database: string }> {
  const name = `whoami-${Math.random()}`;
  const before = process.env['PGAPPNAME'];
  process.env['PGAPPNAME'] = name;
  const store = await PostgresTimerStore.connect(config);
  process.env['PGAPPNAME'] = before ?? '';
  const { rows } = await fixture.direct.query(
    'SELECT usename AS role, datname AS database FROM pg_stat_activity WHERE application_name = $1',
    [name],
  );
  await store.close();
  return rows[0];
}

const ME = () => ({ role, database: fixture.database.name });

function url(overrides: Partial<typeof fields> = {}): string {
  const { host, port, database, username, password } = { ...fields, ...overrides };
  const login = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`;
  return `postgres://${login}@${host}:${port}/${database}`;
}

describe('connect', () => {
  test('takes fields', async () => {
    expect(await whoAmI(fields)).toEqual(ME());
  });

  test('takes a connection string, alone or as a field, with any character in the password', async () => {
    expect(await whoAmI(url())).toEqual(ME());
    expect(await whoAmI({ connectionString: url() })).toEqual(ME());
  });

  test('takes the environment', async () => {
    process.env['PGHOST'] = fields.host;
    process.env['PGPORT'] = String(fields.port);
    process.env['PGDATABASE'] = fields.database;
    process.env['PGUSER'] = fields.username;
    process.env['PGPASSWORD'] = fields.password;
    expect(await whoAmI({})).toEqual(ME());
  });

  test('puts a field before the connection string, and that before the environment', async () => {
    process.env['PGHOST'] = 'unreachable.invalid';
    process.env['PGPORT'] = '1';
    process.env['PGDATABASE'] = 'environment';
    process.env['PGUSER'] = 'environment';
    process.env['PGPASSWORD'] = 'environment';
    expect(await whoAmI(url())).toEqual(ME());
    const wrong = url({
      host: 'unreachable.invalid',
      port: 1,
      database: 'string',
      username: 'string',
      password: 'string',
    });
    expect(await whoAmI({ ...fields, connectionString: wrong })).toEqual(ME());
  });

  test('passes the other parameters of a connection string on', async () => {
    const store = await PostgresTimerStore.connect(
      `${url()}?application_name=passed-on&options=-c%20lock_timeout%3D4321`,
    );
    const { rows } = await fixture.direct.query(
      `SELECT count(*)::int FROM pg_stat_activity WHERE application_name = 'passed-on'`,
    );
    expect(rows).toEqual([{ count: 1 }]);
    await store.close();
  });

  test('goes without TLS under prefer where the server has none, and never under require and verify-full', async () => {
    const { rows } = await fixture.direct.query('SHOW ssl');
    expect(rows).toEqual([{ ssl: 'off' }]);
    expect(await whoAmI({ ...fields, sslMode: 'prefer' })).toEqual(ME());
    expect(await whoAmI({ ...fields, sslMode: 'disable' })).toEqual(ME());
    for (const sslMode of ['require', 'verify-full'] as const) {
      const error = await errorOf(PostgresTimerStore.connect({ ...fields, sslMode }));
      expect(error).toBeInstanceOf(StoreUnavailableError);
      expect(String(error)).toContain('does not support SSL');
    }
    process.env['PGSSLMODE'] = 'require';
    await errorOf(PostgresTimerStore.connect(fields));
    expect(await whoAmI(`${url()}?sslmode=disable`)).toEqual(ME());
    expect(
      await whoAmI({ ...fields, sslMode: 'disable', connectionString: `${url()}?sslmode=require` }),
    ).toEqual(ME());
  });
});

/** Connections of this file's role. */
async function backends(): Promise<{ pid: number; state: string }[]> {
  const { rows } = await fixture.direct.query('SELECT pid, state FROM pg_stat_activity WHERE usename = $1', [
    role,
  ]);
  return rows;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    expect(Date.now()).toBeLessThan(deadline);
  }
}

describe('the pool', () => {
  test('opens maxOpenConns connections at the most, and keeps maxIdleConns of them', async () => {
    const store = await PostgresTimerStore.connect({ ...fields, maxOpenConns: 4, maxIdleConns: 2 });
    const blocker = new Client({ connectionString: fixture.database.url });
    await blocker.connect();
    await blocker.query('BEGIN; LOCK TABLE timers IN ACCESS EXCLUSIVE MODE');
    const reads = Promise.all(Array.from({ length: 12 }, () => store.getShard(1)));
    await until(async () => (await backends()).filter(({ state }) => state === 'active').length === 4);
    expect(await backends()).toHaveLength(4);
    await blocker.query('COMMIT');
    await blocker.end();
    await reads;
    await until(async () => (await backends()).length === 2);
    await store.getShard(1);
    expect(await backends()).toHaveLength(2);
    await store.close();
  });

  test('replaces a connection after connMaxLifetimeMs', async () => {
    const store = await PostgresTimerStore.connect({ ...fields, maxOpenConns: 1, connMaxLifetimeMs: 50 });
    const [first] = await backends();
    await until(async () => {
      await store.getShard(1);
      const now = await backends();
      return now.length > 0 && now.every(({ pid }) => pid !== first?.pid);
    });
    await store.close();
  });
});

describe('defaults', () => {
  test('are those of the documentation', () => {
    expect(readConnectConfig({})).toMatchObject({
      sslMode: 'prefer',
      maxIdleConns: 5,
      preparedStatements: true,
      batchCreates: true,
      poolConfig: {
        host: 'localhost',
        port: 5432,
        max: 10,
        maxLifetimeSeconds: 300,
        connectionTimeoutMillis: 10_000,
      },
    });
  });

  test('of the time-out for connecting give way to the environment, and that to the connection string', () => {
    process.env['PGCONNECT_TIMEOUT'] = '3';
    expect(readConnectConfig({}).poolConfig.connectionTimeoutMillis).toBe(3000);
    expect(readConnectConfig('postgres://h?connect_timeout=2').poolConfig.connectionTimeoutMillis).toBe(2000);
  });
});

test.each<[string, unknown, string]>([
  ['an unknown field', { hostname: 'x' }, 'config.hostname'],
  ['a host that is no string', { host: 1 }, 'config.host'],
  ['a port that is a string', { port: '5432' }, 'config.port'],
  ['port 0', { port: 0 }, 'config.port'],
  ['port 65,536', { port: 65_536 }, 'config.port'],
  ['a password that is no string', { password: 12345678 }, 'config.password'],
  ['an unknown sslMode', { sslMode: 'allow' }, 'config.sslMode'],
  ['verify-ca without a CA', { sslMode: 'verify-ca' }, 'sslMode'],
  ['no connections', { maxOpenConns: 0 }, 'config.maxOpenConns'],
  ['a fraction of a connection', { maxOpenConns: 1.5 }, 'config.maxOpenConns'],
  ['fewer than no idle connections', { maxIdleConns: -1 }, 'config.maxIdleConns'],
  ['a negative lifetime', { connMaxLifetimeMs: -1 }, 'config.connMaxLifetimeMs'],
  ['preparedStatements that is no boolean', { preparedStatements: 'no' }, 'options.preparedStatements'],
  ['batchCreates that is no boolean', { batchCreates: 1 }, 'options.batchCreates'],
  ['null', null, 'config'],
  ['a number', 5432, 'config'],
  ['an array', [], 'config'],
  ['a connection string of another kind', 'mysql://h/d', 'connectionString'],
  ['an empty connection string', '', 'connectionString'],
  ['a connection string that is no URL', 'postgres://u:p@h:port/d', 'connectionString'],
  [
    'an unknown sslmode in the connection string',
    'postgres://h/d?sslmode=allow',
    'connectionString: sslmode',
  ],
  [
    'a CA file that is not there',
    'postgres://h/d?sslmode=verify-ca&sslrootcert=/none.pem',
    'connectionString',
  ],
  ['a connect_timeout that is no number', 'postgres://h/d?connect_timeout=abc', 'connect_timeout'],
])('%s is refused by name', async (_, config, argument) => {
  const error = await errorOf(PostgresTimerStore.connect(config as PostgresConnectConfig));
  expect(error).toBeInstanceOf(InvalidArgumentError);
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', argument });
});

test.each([
  ['PGPORT', 'many', 'PGPORT'],
  ['PGSSLMODE', 'allow', 'PGSSLMODE'],
  ['PGSSLROOTCERT', '/none.pem', 'PGSSLROOTCERT'],
  ['PGCONNECT_TIMEOUT', 'soon', 'connect_timeout'],
])('a wrong %s in the environment is refused by name', async (variable, value, argument) => {
  process.env[variable] = value;
  expect(await errorOf(PostgresTimerStore.connect({}))).toMatchObject({ code: 'INVALID_ARGUMENT', argument });
});

describe('the password', () => {
  const SECRET = 'hunter2-secret';
  const expectHidden = (value: unknown) => {
    const shown = [
      inspect(value, { depth: 20, showHidden: true, getters: true }),
      JSON.stringify(value),
      String(value),
      value instanceof Error ? String(value.stack) : '',
    ].join('\n');
    expect(shown).not.toContain(SECRET);
    expect(shown).not.toContain(encodeURIComponent(PASSWORD));
    expect(shown).not.toContain(PASSWORD);
  };

  test('is in no error, whatever is wrong', async () => {
    for (const config of [
      { ...fields, password: SECRET },
      url({ password: SECRET }),
      url({ password: SECRET, database: 'no_such_database' }),
      url({ password: SECRET, port: 1 }),
      url({ password: SECRET, host: 'unreachable.invalid' }),
      `postgres://user:${SECRET}@host:port/database`,
      `mysql://user:${SECRET}@host/database`,
      `${url({ password: SECRET })}?sslmode=${SECRET.slice(0, 3)}`,
      { ...fields, password: SECRET, unknown: 1 } as PostgresConnectConfig,
      { ...fields, password: SECRET, sslMode: 'require' as const },
    ]) {
      expectHidden(await errorOf(PostgresTimerStore.connect(config)));
    }
  });

  test('is not shown by the store, nor by an error of one of its calls', async () => {
    const store = await PostgresTimerStore.connect(url());
    expectHidden(store);
    expect(JSON.stringify(store)).toBe('{}');
    const calling = errorOf(
      store.rangeGetTimers(1, { after: CURSOR, upTo: CURSOR }, 1, { signal: AbortSignal.abort() }),
    );
    expectHidden(await calling);
    await fixture.direct.query('BEGIN; LOCK TABLE timers IN ACCESS EXCLUSIVE MODE');
    const terminated = errorOf(store.getShard(1));
    await until(async () => {
      const { rows } = await fixture.direct.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1 AND wait_event_type = 'Lock'`,
        [role],
      );
      return rows.length > 0;
    });
    expectHidden(await terminated);
    await fixture.direct.query('COMMIT');
    await store.close();
  });
});

const CURSOR = { executeAt: new Date(0), uuid: '0190a5c8-0000-7000-8000-000000000001' };
