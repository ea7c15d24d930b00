import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { Client } from 'pg';
import {
  type AccessDeniedError,
  InvalidArgumentError,
  type PostgresConnectConfig,
  PostgresTimerStore,
  StoreUnavailableError,
} from '../../src';
import { parseConnectConfig } from '../../src/connection/parse-connect-config';
import { untilBlocked } from '../support/blocked-statements';
import { onEachNode } from '../support/cluster-nodes';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { useOwnEnvironment } from '../support/own-environment';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';

const PASSWORD = 'p@ss/w:rd#%';

interface LoginFields {
  host: string;
  port: number;
  database: string;
  username: string;
  password: string;
}

let fixture: StoreFixture;
/** Of a role that has a password. */
let fields: LoginFields;
let role: string;
let directory: string;
beforeAll(async () => {
  fixture = await openStoreFixture();
  role = fixture.database.name.replace('pg_timer_store', 'role');
  await onEachNode(async (admin) => {
    const { username } = new URL(fixture.database.storeUrl);
    await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD '${PASSWORD}' IN ROLE ${username}`);
  });
  const { hostname, port } = new URL(fixture.database.url);
  fields = {
    host: hostname,
    port: Number(port || 5432),
    database: fixture.database.name,
    username: role,
    password: PASSWORD,
  };
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'connect-'));
});
afterAll(async () => {
  fs.rmSync(directory, { recursive: true });
  await fixture.close();
  await onEachNode(async (admin) => void (await admin.query(`DROP ROLE ${role}`)));
});

useOwnEnvironment();

/** Connects, and says as whom and to what. */
async function whoAmI(config: string | PostgresConnectConfig): Promise<{ role: string; database: string }> {
  const name = `whoami-${Math.random()}`;
  process.env['PGAPPNAME'] = name;
  const store = await PostgresTimerStore.connect(config);
  delete process.env['PGAPPNAME'];
  let sessions: { role: string; database: string }[] = [];
  // On Citus, the one that found it is ended first.
  await until(async () => {
    const { rows } = await fixture.direct.query(
      'SELECT usename AS role, datname AS database FROM pg_stat_activity WHERE application_name = $1',
      [name],
    );
    sessions = rows;
    return sessions.length === 1;
  });
  await store.close();
  return sessions[0] as (typeof sessions)[0];
}

const ME = () => ({ role, database: fixture.database.name });

function url(overrides: Partial<LoginFields> = {}): string {
  const { host, port, database, username, password } = { ...fields, ...overrides };
  const login = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`;
  return `postgres://${login}@${host}:${port}/${database}`;
}

describe('connect', () => {
  test('takes fields', async () => {
    expect(await whoAmI(fields)).toEqual(ME());
  });

  test('takes fields from an object of a class', async () => {
    expect(await whoAmI(Object.assign(new (class Settings {})(), fields))).toEqual(ME());
  });

  test('takes a connection string, alone or as a field, with any character in the password', async () => {
    expect(await whoAmI(url())).toEqual(ME());
    expect(await whoAmI({ connectionString: url() })).toEqual(ME());
    expect(await whoAmI(url().replace('postgres://', 'POSTGRESQL://'))).toEqual(ME());
  });

  test('takes a percent sign, an at sign and a space in a password as they are', async () => {
    const password = '100% @home';
    await onEachNode(async (admin) => void (await admin.query(`ALTER ROLE ${role} PASSWORD '${password}'`)));
    try {
      const written = url().replace(encodeURIComponent(PASSWORD), password);
      expect(await whoAmI(`${written}?options=-c%20lock_timeout%3D4321`)).toEqual(ME());
    } finally {
      await onEachNode(
        async (admin) => void (await admin.query(`ALTER ROLE ${role} PASSWORD '${PASSWORD}'`)),
      );
    }
  });

  test('takes the environment', async () => {
    setEnvironment(fields);
    expect(await whoAmI({})).toEqual(ME());
    process.env['PGAPPNAME'] = 'without-arguments';
    await (await PostgresTimerStore.connect()).close();
  });

  test('reads the environment once: later connections are to the same database', async () => {
    setEnvironment(fields);
    const store = await PostgresTimerStore.connect();
    // More calls at a time than there are connections yet.
    const getShards = (count: number) => Promise.all(Array.from({ length: count }, () => store.getShard(1)));
    setEnvironment(WRONG);
    expect(await getShards(2)).toEqual([null, null]);
    for (const variable of Object.values(VARIABLES)) {
      delete process.env[variable];
    }
    expect(await getShards(4)).toEqual([null, null, null, null]);
    await store.close();
  });

  test('takes a field that is undefined or empty as absent', async () => {
    setEnvironment(fields);
    const none = { host: '', port: undefined, database: '', username: undefined, password: '' };
    expect(await whoAmI({ ...none, connectionString: undefined, sslMode: undefined })).toEqual(ME());
  });

  test('refuses a wrong password, whatever the environment says', async () => {
    const { rows } = await fixture.direct.query(
      `SELECT bool_or(auth_method = 'trust') AS trusting FROM pg_hba_file_rules WHERE type LIKE 'host%'`,
    );
    // A server that asks for no password refuses none.
    const expected = rows[0].trusting ? undefined : 'ACCESS_DENIED';
    process.env['PGPASSWORD'] = PASSWORD;
    const outcome = await PostgresTimerStore.connect({ ...fields, password: 'wrong' }).then(
      (store) => store.close(),
      (error: AccessDeniedError) => error.code,
    );
    expect(outcome).toBe(expected);
  });

  test('takes a Unix socket by its directory, without TLS whatever the mode', async () => {
    const server = net.createServer((socket) => join(socket, net.connect(fields.port, fields.host)));
    server.listen(path.join(directory, '.s.PGSQL.5432'));
    await once(server, 'listening');
    const { host: _host, port: _port, ...rest } = fields;
    const login = `${role}:${encodeURIComponent(PASSWORD)}`;
    expect(await whoAmI({ ...rest, host: directory, sslMode: 'require' })).toEqual(ME());
    expect(await whoAmI(`postgres://${login}@/${fields.database}?host=${directory}`)).toEqual(ME());
    expect(
      await whoAmI(
        `postgres://${login}@${encodeURIComponent(directory)}/${fields.database}?sslmode=verify-ca`,
      ),
    ).toEqual(ME());
    process.env['PGHOST'] = directory;
    expect(await whoAmI(rest)).toEqual(ME());
    server.close();
    await once(server, 'close');
  });

  test('gives up on a server that does not answer within connect_timeout', async () => {
    const silent = net.createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
    const sockets: net.Socket[] = [];
    await once(silent, 'listening');
    const { port } = silent.address() as net.AddressInfo;
    const start = performance.now();
    const error = await errorOf(
      PostgresTimerStore.connect(`${url({ host: '127.0.0.1', port })}?connect_timeout=1`),
    );
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(performance.now() - start).toBeGreaterThan(900);
    expect(performance.now() - start).toBeLessThan(5000);
    for (const socket of sockets) {
      socket.destroy();
    }
    silent.close();
    await once(silent, 'close');
  });
});

const WRONG: LoginFields = {
  host: 'wrong.invalid',
  port: 1,
  database: 'wrong_database',
  username: 'wrong_user',
  password: 'wrong_password',
};
const VARIABLES = {
  host: 'PGHOST',
  port: 'PGPORT',
  database: 'PGDATABASE',
  username: 'PGUSER',
  password: 'PGPASSWORD',
} as const;

function setEnvironment(values: Partial<LoginFields>) {
  for (const [field, value] of Object.entries(values)) {
    process.env[VARIABLES[field as keyof LoginFields]] = String(value);
  }
}

describe.each(['host', 'port', 'database', 'username', 'password'] as const)('the %s', (field) => {
  const option = field === 'username' ? 'user' : field;
  const others = (): Partial<LoginFields> => {
    const { [field]: _, ...rest } = fields;
    return rest;
  };

  test('as a field comes before the connection string and the environment', async () => {
    const wrong = { [field]: WRONG[field] };
    setEnvironment(wrong);
    expect(await whoAmI({ ...fields, connectionString: url(wrong) })).toEqual(ME());
    setEnvironment(fields);
    const { poolConfig, endpoints } = parseConnectConfig({ ...fields, ...wrong, connectionString: url() });
    expect({ ...poolConfig, ...endpoints.current }[option]).toBe(WRONG[field]);
  });

  test('in the connection string comes before the environment', async () => {
    setEnvironment({ [field]: WRONG[field] });
    expect(await whoAmI({ ...others(), connectionString: url() })).toEqual(ME());
    setEnvironment(fields);
    const { poolConfig, endpoints } = parseConnectConfig(url({ [field]: WRONG[field] }));
    expect({ ...poolConfig, ...endpoints.current }[option]).toBe(WRONG[field]);
  });

  test('in the environment comes before the default', async () => {
    setEnvironment({ [field]: fields[field] });
    expect(await whoAmI(others())).toEqual(ME());
  });
});

describe('parameters of the connection string', () => {
  test('application_name is the name that the server shows', async () => {
    const store = await PostgresTimerStore.connect(`${url()}?application_name=passed-on`);
    expect(await backends('passed-on')).toHaveLength(1);
    await store.close();
  });

  test('the name is pg-timer-store without one, or what fallback_application_name says', async () => {
    const unnamed = await PostgresTimerStore.connect(url());
    expect(await backends('pg-timer-store')).not.toEqual([]);
    await unnamed.close();
    const named = await PostgresTimerStore.connect(`${url()}?fallback_application_name=fallback`);
    expect(await backends('fallback')).toHaveLength(1);
    await named.close();
  });

  test.each([
    ['options', 'options=-c%20lock_timeout%3D50', 'lock timeout'],
    ['options with a plus sign', 'options=-c+lock_timeout%3D50', 'lock timeout'],
    ['lock_timeout', 'lock_timeout=50', 'lock timeout'],
    ['statement_timeout', 'statement_timeout=500', 'statement timeout'],
  ])('%s has its effect', async (_, parameter, reason) => {
    const store = await PostgresTimerStore.connect(`${url()}?${parameter}`);
    await fixture.direct.query('BEGIN; LOCK TABLE timers IN ACCESS EXCLUSIVE MODE');
    // What a lock refuses is tried again until the time is up.
    const error = await errorOf(store.getShard(1, { timeoutMs: 1000 }));
    await fixture.direct.query('COMMIT');
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining(reason) });
    await store.close();
  });

  test.each(['statement_timeout', 'lock_timeout', 'query_timeout', 'idle_in_transaction_session_timeout'])(
    '%s with a unit is refused, not cut to a number',
    (name) => {
      expect(() => parseConnectConfig(`postgres://h/d?${name}=5s`)).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT', argument: `connectionString: ${name}` }),
      );
    },
  );

  test('those that only other drivers know, or the driver takes as its own options, do nothing', async () => {
    const parameters = [
      ...['channel_binding=prefer', 'pgbouncer=true', 'max=1', 'min=5', 'maxUses=1', 'ssl_ca=x'],
      ...['binary=true', 'log=x', 'Client=x', 'Promise=x', 'verify=x', 'onConnect=x', 'stream=x', 'types=x'],
      ...['connection=x', 'connectionString=postgres%3A%2F%2Fwrong.invalid%2Fwrong', 'replication=database'],
    ].join('&');
    expect(await whoAmI(`${url()}?${parameters}`)).toEqual(ME());
    const store = await PostgresTimerStore.connect(`${url()}?${parameters}`);
    const timer = newTimer({ payload: { a: 1 } });
    await store.createTimerNoLock(1, timer);
    expect(await store.getTimer(1, timer.namespace, timer.id)).toMatchObject(timer);
    await store.close();
  });
});

/** Passes everything on, both ways. */
function join(one: net.Socket, other: net.Socket) {
  one.pipe(other).on('error', () => one.destroy());
  other.pipe(one).on('error', () => other.destroy());
}

/** Connections of that application. */
async function backends(application: string): Promise<{ pid: number; state: string }[]> {
  const { rows } = await fixture.direct.query(
    'SELECT pid, state FROM pg_stat_activity WHERE usename = $1 AND application_name = $2',
    [role, application],
  );
  return rows;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    expect(Date.now()).toBeLessThan(deadline);
  }
}

describe('the pool', () => {
  const named = (application: string) => ({
    ...fields,
    connectionString: `postgres://?application_name=${application}`,
  });

  test('opens maxOpenConns connections at the most, and keeps those of a burst for the next', async () => {
    const application = 'pool-of-bursts';
    const store = await PostgresTimerStore.connect({
      ...named(application),
      maxOpenConns: 4,
      maxIdleConns: 1,
    });
    const seen = new Set<number>();
    for (let burst = 0; burst < 20; burst++) {
      await Promise.all(Array.from({ length: 12 }, () => store.getShard(1)));
      for (const { pid } of await backends(application)) {
        seen.add(pid);
      }
    }
    expect(seen.size).toBe(4);
    await store.close();
  });

  test('keeps maxIdleConns of them open, and ends the others when they have been idle for a while', async () => {
    const pools = await Promise.all(
      [
        [4, 2],
        [3, 0],
        [2, 5],
      ].map(async ([maxOpenConns = 0, maxIdleConns = 0]) => {
        const application = `pool-${maxOpenConns}`;
        const config = { ...named(application), maxOpenConns, maxIdleConns };
        return { application, maxOpenConns, maxIdleConns, store: await PostgresTimerStore.connect(config) };
      }),
    );
    const openConnections = async () => {
      const counts: number[] = [];
      for (const { application } of pools) {
        counts.push((await backends(application)).length);
      }
      return counts;
    };
    const blocker = new Client({ connectionString: fixture.database.url });
    await blocker.connect();
    await blocker.query('BEGIN; LOCK TABLE timers IN ACCESS EXCLUSIVE MODE');
    // The time for which they are idle is that of a clock that is set by hand.
    jest.useFakeTimers({
      doNotFake: ['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate'],
    });
    try {
      const reads = Promise.all(
        pools.flatMap(({ store }) => Array.from({ length: 12 }, () => store.getShard(1))),
      );
      try {
        await untilBlocked(fixture.database.url, 4 + 3 + 2);
        expect(await openConnections()).toEqual([4, 3, 2]);
      } finally {
        // Else those that wait for it would outlive a test that fails.
        await blocker.end();
      }
      expect(await reads).toEqual(Array(36).fill(null));
      jest.advanceTimersByTime(9_999);
      expect(await openConnections()).toEqual([4, 3, 2]);
      jest.advanceTimersByTime(1);
      for (const { application, maxOpenConns, maxIdleConns, store } of pools) {
        const kept = Math.min(maxOpenConns, maxIdleConns);
        await until(async () => (await backends(application)).length === kept);
        await store.getShard(1);
        await store.close();
      }
    } finally {
      jest.useRealTimers();
    }
  });

  test('replaces a connection after connMaxLifetimeMs', async () => {
    const config = { ...named('short-lived'), maxOpenConns: 1, connMaxLifetimeMs: 50 };
    const store = await PostgresTimerStore.connect(config);
    const [first] = await backends('short-lived');
    await until(async () => {
      await store.getShard(1);
      const now = await backends('short-lived');
      return now.length > 0 && now.every(({ pid }) => pid !== first?.pid);
    });
    await store.close();
  });

  test.each([0, 2 ** 31 - 1])(
    'keeps its connection with a connMaxLifetimeMs of %d',
    async (connMaxLifetimeMs) => {
      const application = `long-lived-${connMaxLifetimeMs}`;
      const store = await PostgresTimerStore.connect({
        ...named(application),
        maxOpenConns: 1,
        connMaxLifetimeMs,
      });
      const before = await backends(application);
      expect(before).toHaveLength(1);
      for (let call = 0; call < 100; call++) {
        await store.getShard(1);
      }
      expect((await backends(application)).map(({ pid }) => pid)).toEqual(before.map(({ pid }) => pid));
      await store.close();
    },
  );
});

describe('defaults', () => {
  test('are those of the documentation', () => {
    expect(parseConnectConfig({})).toMatchObject({
      endpoints: { current: { host: 'localhost', port: 5432, ssl: { rejectUnauthorized: false } } },
      poolConfig: {
        max: 10,
        min: 5,
        maxLifetimeSeconds: 300,
        connectionTimeoutMillis: 10_000,
      },
    });
  });

  test('the user is the one of this process, and the database has the name of the user', () => {
    // Containers leave it out.
    delete process.env['USER'];
    const { username } = os.userInfo();
    expect(parseConnectConfig({}).poolConfig).toMatchObject({ user: username, database: username });
    expect(parseConnectConfig('postgres://someone@h').poolConfig.database).toBe('someone');
    process.env['PGUSER'] = 'another';
    expect(parseConnectConfig({}).poolConfig).toMatchObject({ user: 'another', database: 'another' });
  });

  test('of the time-out for connecting give way to the environment, and that to the connection string', () => {
    process.env['PGCONNECT_TIMEOUT'] = '3';
    expect(parseConnectConfig({}).poolConfig.connectionTimeoutMillis).toBe(3000);
    expect(parseConnectConfig('postgres://h?connect_timeout=2').poolConfig.connectionTimeoutMillis).toBe(
      2000,
    );
    // 0 stands for the default, not for what the environment says.
    expect(parseConnectConfig('postgres://h?connect_timeout=0').poolConfig.connectionTimeoutMillis).toBe(
      10_000,
    );
  });
});

test.each<[string, unknown, string]>([
  ['an unknown field', { hostname: 'x' }, 'config.hostname'],
  ['a host that is no string', { host: 1 }, 'config.host'],
  ['a port that is a string', { port: '5432' }, 'config.port'],
  ['port 0', { port: 0 }, 'config.port'],
  ['port 65,536', { port: 65_536 }, 'config.port'],
  ['a password that is no string', { password: 12345678 }, 'config.password'],
  ['an unknown sslMode', { sslMode: 'sometimes' }, 'config.sslMode'],
  ['verify-ca without a CA', { sslMode: 'verify-ca' }, 'config.sslMode'],
  [
    'verify-ca without a CA in the connection string',
    'postgres://h/d?sslmode=verify-ca',
    'connectionString: sslmode',
  ],
  ['no connections', { maxOpenConns: 0 }, 'config.maxOpenConns'],
  ['a fraction of a connection', { maxOpenConns: 1.5 }, 'config.maxOpenConns'],
  ['fewer than no idle connections', { maxIdleConns: -1 }, 'config.maxIdleConns'],
  ['a negative lifetime', { connMaxLifetimeMs: -1 }, 'config.connMaxLifetimeMs'],
  ['preparedStatements that is no boolean', { preparedStatements: 'no' }, 'config.preparedStatements'],
  ['batchCreates that is no boolean', { batchCreates: 1 }, 'config.batchCreates'],
  ['null', null, 'config'],
  ['a number', 5432, 'config'],
  ['an array', [], 'config'],
  ['a URL object', new URL('postgres://h/d'), 'config'],
  ['a Map', new Map([['host', 'h']]), 'config'],
  ['a database that is no string', { database: null }, 'config.database'],
  ['a user that is no string', { username: {} }, 'config.username'],
  [
    'a connection string that is a URL object',
    { connectionString: new URL('postgres://h/d') },
    'config.connectionString',
  ],
  ['a lifetime of a fraction', { connMaxLifetimeMs: 0.5 }, 'config.connMaxLifetimeMs'],
  ['a lifetime that no clock takes', { connMaxLifetimeMs: 2 ** 31 }, 'config.connMaxLifetimeMs'],
  ['port 0 in the connection string', 'postgres://h:0/d', 'connectionString: port'],
  ['a port parameter that is no number', 'postgres://h/d?port=x', 'connectionString: port'],
  ['an ssl parameter that says more than true', 'postgres://h/d?ssl=no-verify', 'connectionString: ssl'],
  ['an empty sslmode in the connection string', 'postgres://h/d?sslmode=', 'connectionString: sslmode'],
  ['a number sign that is not encoded', 'postgres://u:1#w@h/d', 'connectionString'],
  ['a percent sign that encodes nothing', 'postgres://u:%ff@h/d', 'connectionString'],
  ['a connection string of another kind', 'mysql://h/d', 'connectionString'],
  ['an empty connection string', '', 'connectionString'],
  ['a port that is no number', 'postgres://u:p@h:port/d', 'connectionString: port'],
  [
    'an unknown sslmode in the connection string',
    'postgres://h/d?sslmode=sometimes',
    'connectionString: sslmode',
  ],
  [
    'a CA file that is not there',
    'postgres://h/d?sslmode=verify-ca&sslrootcert=/none.pem',
    'connectionString: sslrootcert',
  ],
  [
    'a connect_timeout that is no number',
    'postgres://h/d?connect_timeout=abc',
    'connectionString: connect_timeout',
  ],
  ['a connect_timeout below 0', 'postgres://h/d?connect_timeout=-1', 'connectionString: connect_timeout'],
])('%s is refused by name', async (_, config, argument) => {
  const error = await errorOf(PostgresTimerStore.connect(config as PostgresConnectConfig));
  expect(error).toBeInstanceOf(InvalidArgumentError);
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', argument });
});

test.each([
  ['PGPORT', 'many'],
  ['PGPORT', '65536'],
  ['PGSSLMODE', 'sometimes'],
  ['PGSSLMODE', 'verify-ca'],
  ['PGSSLROOTCERT', '/none.pem'],
  ['PGSSLCERT', '/none.pem'],
  ['PGSSLKEY', '/none.pem'],
  ['PGCONNECT_TIMEOUT', 'soon'],
])('%s=%s in the environment is refused by name', async (argument, value) => {
  process.env[argument] = value;
  expect(await errorOf(PostgresTimerStore.connect({}))).toMatchObject({ code: 'INVALID_ARGUMENT', argument });
});

test('the reason tells which file cannot be read', async () => {
  for (const file of [path.join(directory, 'none.pem'), directory]) {
    const error = await errorOf(PostgresTimerStore.connect(`postgres://h/d?sslrootcert=${file}`));
    expect(String(error)).toContain('names a file that cannot be read');
  }
});

describe('the password', () => {
  const SECRET = 'hunter2-secret';
  const expectHidden = (value: unknown) => {
    const shown: string[] = [];
    for (
      let each: unknown = value;
      each !== undefined;
      each = each instanceof Error ? each.cause : undefined
    ) {
      shown.push(inspect(each, { depth: 20, showHidden: true, getters: true }));
      shown.push(JSON.stringify(each), String(each), each instanceof Error ? String(each.stack) : '');
    }
    expectNoSecretIn(shown.join('\n'));
  };
  const expectNoSecretIn = (shown: string) => {
    expect(shown).not.toContain(SECRET);
    expect(shown).not.toContain(encodeURIComponent(PASSWORD));
    expect(shown).not.toContain(PASSWORD);
  };

  test('is in no error, whatever is wrong', async () => {
    // All at once, and what is tried again is so for a second only.
    process.env['PGCONNECT_TIMEOUT'] = '1';
    const configs: unknown[] = [
      { ...fields, password: SECRET },
      url({ password: SECRET }),
      url({ password: SECRET, database: 'no_such_database' }),
      url({ password: SECRET, port: 1 }),
      url({ password: SECRET, host: 'unreachable.invalid' }),
      `postgres://user:${SECRET}@host:port/database`,
      `mysql://user:${SECRET}@host/database`,
      `postgres://user:1?sslmode=${SECRET}@host/database`,
      `postgres://user:1?port=${SECRET}@host/database`,
      `postgres://user:1?ssl=${SECRET}@host/database`,
      `postgres://user:1#${SECRET}@host:port/database`,
      `postgres://user:%zz%ff${SECRET}@host/database`,
      ` ${url({ password: SECRET })}`,
      `${url({ password: SECRET })}?sslmode=nonsense`,
      `${url({ password: SECRET })}?sslrootcert=/none.pem`,
      `${url({ password: SECRET })}?options=-c%20nonsense%3D1`,
      `${url({ port: 1 })}?password=${SECRET}`,
      { ...fields, password: SECRET, unknown: 1 },
      { ...fields, password: SECRET, port: 'x' },
      { ...fields, password: SECRET, sslMode: 'require' },
      { ...fields, password: [SECRET] },
      { connectionString: [SECRET] },
      new URL(url({ password: SECRET })),
      { connectionString: new URL(url({ password: SECRET })) },
      [url({ password: SECRET })],
      new Map([['password', SECRET]]),
      Buffer.from(SECRET),
    ];
    await Promise.all(
      configs.map(async (config) => {
        // A server that takes any password has no error to hide it in.
        const connecting = PostgresTimerStore.connect(config as PostgresConnectConfig);
        expectHidden(
          await connecting.then(
            (store) => store.close(),
            (error: unknown) => error,
          ),
        );
      }),
    );
  });

  test('is in no error of a server that is not there, whichever way it was given', async () => {
    process.env['PGPASSWORD'] = SECRET;
    process.env['PGCONNECT_TIMEOUT'] = '1';
    const configs = [WRONG, { ...WRONG, host: '127.0.0.1' }, { ...WRONG, host: 'localhost' }];
    const errors = await Promise.all(
      configs.map(({ password: _, ...rest }) => errorOf(PostgresTimerStore.connect(rest))),
    );
    for (const error of errors) {
      expect(error).toBeInstanceOf(StoreUnavailableError);
      expectHidden(error);
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
    // A read would be made again.
    const terminated = errorOf(store.createTimerNoLock(1, newTimer()));
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
