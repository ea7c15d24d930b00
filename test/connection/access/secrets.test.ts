import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { Client } from 'pg';
import { moveShard, type NewTimer, PostgresTimerStore, TimerStoreError } from '../../../src';
import * as errorModule from '../../../src/contract/errors';
import { untilBlocked } from '../../support/blocked-statements';
import { errorOf } from '../../support/error-of';
import { newTimer } from '../../support/new-timer';
import { ALL, openStoreFixture, type StoreFixture } from '../../support/store-fixture';
import { createTestDatabase, onServer } from '../../support/test-database';

const errors = { ...errorModule };

const PASSWORD = 'markofthepassword';
const PAYLOAD = 'markofthepayload';
const CALLBACK = 'markofthecallback';
const MARKS = [PASSWORD, PAYLOAD, CALLBACK];

function markedTimer(fields: Partial<NewTimer> = {}): NewTimer {
  const callbackUrl = `https://${CALLBACK}.example/?token=${CALLBACK}`;
  return newTimer({ callbackUrl, payload: { secret: PAYLOAD }, ...fields });
}

let fixture: StoreFixture;
let role: string;
let url: string;
let store: PostgresTimerStore;
const stores: PostgresTimerStore[] = [];
const warn = jest.spyOn(process, 'emitWarning');
const retried: unknown[] = [];
const noteRetry = (event: unknown) => void retried.push(event);

beforeAll(async () => {
  fixture = await openStoreFixture();
  const { name } = fixture.database;
  role = name.replace('pg_timer_store', 'role');
  await onServer(async (admin) => {
    const { username } = new URL(fixture.database.storeUrl);
    await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD '${PASSWORD}' IN ROLE ${username}`);
    // The server then adds the parameters to each error, as some do for their logs.
    await admin.query(`ALTER DATABASE ${name} SET log_parameter_max_length_on_error = -1`);
  });
  await fixture.direct.query('SET log_parameter_max_length_on_error = -1');
  url = urlOf(name);
  store = await connect();
  await store.claimShardOwnership(1, 'owner');
  subscribe('pg-timer-store:retry', noteRetry);
});
beforeEach(() => {
  // jest gives its tests a process of their own, which hears no warnings.
  warn.mockReset();
});
afterAll(async () => {
  unsubscribe('pg-timer-store:retry', noteRetry);
  warn.mockRestore();
  await Promise.all(stores.map((each) => each.close()));
  await fixture.close();
  await onServer(async (admin) => void (await admin.query(`DROP ROLE ${role}`)));
});

function urlOf(database: string, parameters = ''): string {
  const { host } = new URL(fixture.database.url);
  return `postgres://${role}:${PASSWORD}@${host}/${database}${parameters}`;
}

async function connect(parameters = ''): Promise<PostgresTimerStore> {
  const connected = await PostgresTimerStore.connect(url + parameters);
  stores.push(connected);
  return connected;
}

/** Where in a value there is a mark, however deep and hidden. */
function marksIn(root: unknown): string[] {
  const found: string[] = [];
  const look = (where: string, text: unknown) => {
    for (const mark of MARKS) {
      if (String(text).toLowerCase().includes(mark)) {
        found.push(`${where}: ${mark}`);
      }
    }
  };
  const seen = new Set<unknown>();
  const walk = (value: unknown, path: string) => {
    if (typeof value === 'string' || typeof value === 'symbol') {
      look(path, String(value));
    } else if ((typeof value === 'object' && value !== null) || typeof value === 'function') {
      if (seen.has(value)) {
        return;
      }
      seen.add(value);
      for (const key of Reflect.ownKeys(value)) {
        look(`a key of ${path}`, String(key));
        const { value: own, get } = Object.getOwnPropertyDescriptor(value, key) ?? {};
        walk(get === undefined ? own : get.call(value), `${path}.${String(key)}`);
      }
    }
  };
  walk(root, 'value');
  look('String', root);
  look('inspect', inspect(root, { depth: null, showHidden: true, getters: true, maxStringLength: null }));
  look('JSON', JSON.stringify(root));
  return found;
}

test('a mark is found wherever it hides', () => {
  const nested = new Error('outer', { cause: new AggregateError([new Error(PASSWORD)], 'several') });
  const hidden = Object.defineProperty(new Error('x'), 'client', { value: { password: PASSWORD } });
  const unprinted = Object.assign(new Error('x'), { [inspect.custom]: () => 'x', detail: PAYLOAD });
  for (const value of [
    new Error(CALLBACK),
    nested,
    hidden,
    unprinted,
    { [Symbol(CALLBACK)]: 1 },
    new Map([[1, { deep: [PAYLOAD] }]]),
    Object.assign(() => {}, { PAYLOAD }),
    { toJSON: () => PAYLOAD },
    Object.assign(new Error('x'), { stack: `at https://${CALLBACK}/` }),
  ]) {
    expect(marksIn(value)).not.toEqual([]);
  }
  expect(marksIn(new Error('nothing'))).toEqual([]);
});

test('the store shows none', () => {
  expect(marksIn(store)).toEqual([]);
  expect(inspect(store)).toBe('PostgresTimerStore {}');
});

/** Holds back what writes to shard 1 while the work is done: statements that have begun to run, with parameters. */
async function whileLocked<T>(work: (started: () => Promise<void>) => Promise<T>): Promise<T> {
  const { direct, database } = fixture;
  await direct.query('BEGIN; SELECT FROM timers WHERE shard_id = 1 AND row_type = 1 FOR UPDATE');
  try {
    return await work(() => untilBlocked(database.url));
  } finally {
    await direct.query('COMMIT');
  }
}

/** Does to the statement of the role that waits for the lock what an administrator may. */
async function toWaiting(action: 'pg_terminate_backend' | 'pg_cancel_backend'): Promise<void> {
  await fixture.direct.query(
    `SELECT ${action}(pid) FROM pg_stat_activity WHERE usename = $1 AND wait_event_type = 'Lock'`,
    [role],
  );
}

/** Changes the schema while the work is done. */
async function whileAltered<T>(change: string, undo: string, work: () => Promise<T>): Promise<T> {
  await fixture.direct.query(change);
  try {
    return await work();
  } finally {
    await fixture.direct.query(undo);
  }
}

const ADD_CHECK = 'ALTER TABLE timers ADD CONSTRAINT few_attempts CHECK (timer_attempts < 1000)';
const DROP_CHECK = 'ALTER TABLE timers DROP CONSTRAINT few_attempts';
const createWithTooManyAttempts = () =>
  whileAltered(ADD_CHECK, DROP_CHECK, () =>
    errorOf(store.createTimerNoLock(1, markedTimer({ attempts: 1000 }))),
  );

const indexOn = (type: string) =>
  `CREATE INDEX by_secret ON timers (((timer_payload ->> 'secret')::${type})) WHERE shard_id = 3`;
const createForIndex = (type: 'jsonb' | 'int') => () =>
  whileAltered(indexOn(type), 'DROP INDEX by_secret', () =>
    errorOf(store.createTimerNoLock(3, markedTimer())),
  );

const TRIGGER = `
  CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'refused' USING DETAIL = 'for a reason', HINT = 'try later'; END $$;
  CREATE TRIGGER refusing BEFORE INSERT ON timers FOR EACH ROW EXECUTE FUNCTION refuse()`;
const createWithTrigger = () =>
  whileAltered(TRIGGER, 'DROP FUNCTION refuse CASCADE', () =>
    errorOf(store.createTimerNoLock(1, markedTimer())),
  );

/** A JavaScript caller's mistake. */
// biome-ignore lint/suspicious/noExplicitAny: the mistakes are against the types.
const untyped = (): any => store;

class Order {
  readonly secret = PAYLOAD;
}

type Case = readonly [errorClass: keyof typeof errors, title: string, drive: () => Promise<unknown>];

const CASES: readonly Case[] = [
  ['ShardConditionFailedError', 'a create', () => errorOf(store.createTimer(1, 9, markedTimer()))],
  [
    'ShardConditionFailedError',
    'an exchange',
    () => errorOf(store.rangeDeleteWithBatchInsertTxn(1, 9, ALL, [markedTimer()])),
  ],
  [
    'TimerNotFoundError',
    'an update',
    () => {
      const { payload, callbackUrl } = markedTimer();
      return errorOf(
        store.updateTimerNoLock(1, 'reminders', 'none', {
          payload: payload ?? null,
          callbackUrl: callbackUrl ?? null,
        }),
      );
    },
  ],
  [
    'UnexpectedServerError',
    'a row that a check refuses, in a transaction of the caller',
    () =>
      whileAltered(ADD_CHECK, DROP_CHECK, async () => {
        const client = new Client({ connectionString: url });
        await client.connect();
        await client.query('BEGIN');
        const error = await errorOf(store.createTimer(1, 1, markedTimer({ attempts: 1000 }), { client }));
        await client.end();
        return error;
      }),
  ],
  [
    'ShardMovedError',
    'a write to a shard that has moved away',
    async () => {
      const elsewhere = await createTestDatabase();
      const target = await PostgresTimerStore.connect(elsewhere.storeUrl);
      await moveShard(9, store, target);
      const error = await errorOf(store.createTimerNoLock(9, markedTimer()));
      await target.close();
      await elsewhere.drop();
      return error;
    },
  ],
  [
    'ShardMoveFailedError',
    'a move to a server that has the shard',
    async () => {
      await store.createTimer(1, 1, markedTimer());
      return await errorOf(moveShard(1, store, await connect()));
    },
  ],
  ...(
    [
      ['a callback URL of another scheme', `ftp://${CALLBACK}/`],
      ['a callback URL with a space', `https://${CALLBACK}.example/a b`],
      ['a callback URL that is too long', `https://${CALLBACK}.example/${'x'.repeat(2048)}`],
      ['a callback URL that is an object', new URL(`https://${CALLBACK}.example/`)],
      ['a callback URL that is an array', [`https://${CALLBACK}.example/`]],
    ] as const
  ).map(
    ([title, callbackUrl]): Case => [
      'InvalidArgumentError',
      title,
      () => errorOf(untyped().createTimer(1, 1, { ...markedTimer(), callbackUrl })),
    ],
  ),
  ...(
    [
      ['a payload of a class', new Order()],
      ['a payload with an object of a class', { order: new Order() }],
      ['a payload that is a Map', new Map([['secret', PAYLOAD]])],
      ['a payload that is a symbol', Symbol(PAYLOAD)],
      ['a payload that is a function', Object.assign(() => {}, { secret: PAYLOAD })],
      ['a payload with a function', { secret: { [PAYLOAD]: () => {} }[PAYLOAD] }],
      ['a payload with undefined', { secret: PAYLOAD, other: undefined }],
      ['a payload that cannot be kept', { secret: `${PAYLOAD}\0` }],
      ['a payload that is too large', PAYLOAD.repeat(10_000)],
    ] as const
  ).map(
    ([title, payload]): Case => [
      'InvalidArgumentError',
      title,
      () => errorOf(untyped().createTimer(1, 1, { ...markedTimer(), payload })),
    ],
  ),
  [
    'InvalidArgumentError',
    'a timer in the place of the version',
    () => errorOf(untyped().createTimer(1, markedTimer())),
  ],
  [
    'InvalidArgumentError',
    'a timer in the place of the shard',
    () => errorOf(untyped().createTimer(markedTimer())),
  ],
  [
    'InvalidArgumentError',
    'a timer in the place of several',
    () => errorOf(untyped().createTimers(1, 1, markedTimer())),
  ],
  [
    'InvalidArgumentError',
    'a timer in the place of its id',
    () => errorOf(untyped().getTimer(1, markedTimer(), 'id')),
  ],
  [
    'InvalidArgumentError',
    'a timer in the place of a limit',
    () => errorOf(untyped().rangeGetTimers(1, ALL, markedTimer())),
  ],
  [
    'InvalidArgumentError',
    'a timer as text',
    () => errorOf(untyped().createTimer(1, 1, JSON.stringify(markedTimer()))),
  ],
  ['InvalidArgumentError', 'a timer in an array', () => errorOf(untyped().createTimer(1, 1, [PAYLOAD]))],
  [
    'InvalidArgumentError',
    'a URL in the place of changes',
    () => errorOf(untyped().updateTimer(1, 1, 'a', 'b', CALLBACK)),
  ],
  [
    'InvalidArgumentError',
    'a payload in the place of the retry policy',
    () => errorOf(untyped().createTimer(1, 1, { ...markedTimer(), retryPolicy: [PAYLOAD] })),
  ],
  [
    'InvalidArgumentError',
    'twice the same timer',
    () => errorOf(store.createTimersNoLock(1, [markedTimer(), markedTimer()])),
  ],
  [
    'InvalidArgumentError',
    'a connection string in the place of a pool',
    () => errorOf((async () => PostgresTimerStore.fromPool(url as never))()),
  ],
  [
    'InvalidArgumentError',
    'the configuration of a pool in its place',
    () => errorOf((async () => PostgresTimerStore.fromPool({ connectionString: url } as never))()),
  ],
  [
    'InvalidArgumentError',
    'a connection string in the place of options',
    () => errorOf((async () => PostgresTimerStore.fromPool({ connect() {} } as never, url as never))()),
  ],
  [
    'InvalidArgumentError',
    'a UUID that another timer has',
    async () => {
      const uuid = '0190a5c8-0000-7000-8000-000000000001';
      await store.createTimerNoLock(1, markedTimer({ id: 'first', uuid }));
      return await errorOf(store.createTimerNoLock(1, markedTimer({ id: 'second', uuid })));
    },
  ],
  [
    'OutcomeUnknownError',
    'a create that an administrator ends',
    () =>
      whileLocked(async (started) => {
        const creating = errorOf(store.createTimer(1, 1, markedTimer()));
        await started();
        await toWaiting('pg_terminate_backend');
        return await creating;
      }),
  ],
  [
    'StoreUnavailableError',
    'a create that an administrator cancels',
    () =>
      whileLocked(async (started) => {
        const creating = errorOf(store.createTimer(1, 1, markedTimer()));
        await started();
        await toWaiting('pg_cancel_backend');
        return await creating;
      }),
  ],
  [
    'StoreUnavailableError',
    'a create that waits for a lock, again and again',
    async () => {
      const impatient = await connect('?lock_timeout=20');
      const before = retried.length;
      const error = await whileLocked(() =>
        errorOf(impatient.createTimer(1, 1, markedTimer(), { timeoutMs: 500 })),
      );
      expect(retried.length).toBeGreaterThan(before);
      return error;
    },
  ],
  ['AccessDeniedError', 'no such database', () => errorOf(PostgresTimerStore.connect(urlOf('none')))],
  [
    'StoreUnavailableError',
    'no server',
    () => errorOf(PostgresTimerStore.connect(`postgres://u:${PASSWORD}@localhost:1/d`)),
  ],
  [
    'CallTimeoutError',
    'a create',
    () => whileLocked(() => errorOf(store.createTimer(1, 1, markedTimer(), { timeoutMs: 200 }))),
  ],
  [
    'CallTimeoutError',
    'creates that share a statement',
    () =>
      whileLocked(async () => {
        const ids = ['a', 'b', 'c', 'd'];
        const creates = ids.map((id) =>
          errorOf(store.createTimer(1, 1, markedTimer({ id }), { timeoutMs: 200 })),
        );
        return (await Promise.all(creates)).at(-1);
      }),
  ],
  [
    'CallAbortedError',
    'a create',
    () =>
      whileLocked(async (started) => {
        const controller = new AbortController();
        const creating = errorOf(store.createTimer(1, 1, markedTimer(), { signal: controller.signal }));
        await started();
        controller.abort();
        return await creating;
      }),
  ],
  [
    'StoreClosedError',
    'a create',
    async () => {
      const closed = await connect();
      await closed.close();
      return await errorOf(closed.createTimerNoLock(1, markedTimer()));
    },
  ],
  [
    'SchemaMismatchError',
    'a create without its column',
    () =>
      whileAltered(
        'ALTER TABLE timers RENAME COLUMN timer_payload TO other',
        'ALTER TABLE timers RENAME COLUMN other TO timer_payload',
        // A statement that is prepared already would fail by its cached plan.
        () => errorOf(store.createTimersNoLock(1, [markedTimer({ id: 'a' }), markedTimer({ id: 'b' })])),
      ),
  ],
  [
    'SchemaMismatchError',
    'a database that is not migrated',
    () => errorOf(PostgresTimerStore.connect(urlOf('postgres'))),
  ],
  [
    'UnsupportedServerError',
    'a database in another encoding',
    async () => {
      const ascii = `${fixture.database.name}_ascii`;
      await onServer(async (admin) => {
        await admin.query(`CREATE DATABASE ${ascii} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0`);
      });
      try {
        return await errorOf(PostgresTimerStore.connect(urlOf(ascii)));
      } finally {
        await onServer(async (admin) => void (await admin.query(`DROP DATABASE ${ascii} WITH (FORCE)`)));
      }
    },
  ],
  [
    'UnreadableRowError',
    'a timer that another program has spoilt',
    async () => {
      await store.createTimerNoLock(2, markedTimer());
      await fixture.direct.query(
        `UPDATE timers SET timer_retry_policy = '"${PAYLOAD}"' WHERE shard_id = 2 AND timer_id = 'timer-1'`,
      );
      expect(await store.rangeGetTimers(2, ALL, 10)).toEqual([]);
      expect(warn).toHaveBeenCalledTimes(1);
      return await errorOf(store.getTimer(2, 'reminders', 'timer-1'));
    },
  ],
  ['UnexpectedServerError', 'a row that a check refuses', createWithTooManyAttempts],
  ['UnexpectedServerError', 'a row that an index cannot take', createForIndex('jsonb')],
  ['UnexpectedServerError', 'a row that an index of numbers cannot take', createForIndex('int')],
  ['UnexpectedServerError', 'a row that a trigger refuses', createWithTrigger],
];

test.each(CASES)('%s shows none: %s', async (errorClass, _, drive) => {
  const retriedBefore = retried.length;
  const error = await drive();
  expect(error).toBeInstanceOf(errors[errorClass]);
  expect(marksIn(error)).toEqual([]);
  expect(marksIn(retried.slice(retriedBefore))).toEqual([]);
  expect(marksIn(warn.mock.calls)).toEqual([]);
});

test('every class of errors is among them', () => {
  const classes = Object.keys(errors).filter((name) => name !== TimerStoreError.name);
  expect([...new Set(CASES.map(([errorClass]) => errorClass))].sort()).toEqual(classes.sort());
});

test('what tells the cause stays', async () => {
  expect(await createWithTooManyAttempts()).toMatchObject({
    message: expect.stringContaining('few_attempts'),
    cause: {
      code: '23514',
      severity: 'ERROR',
      schema: 'public',
      table: 'timers',
      constraint: 'few_attempts',
    },
  });
  expect(await createWithTrigger()).toMatchObject({
    message: expect.stringContaining('refused'),
    cause: {
      code: 'P0001',
      detail: 'for a reason',
      hint: 'try later',
      where: 'PL/pgSQL function refuse() line 1 at RAISE',
    },
  });
});

test('without that, the server quotes payload and callback URL', async () => {
  const { payload, callbackUrl } = markedTimer();
  const text = `INSERT INTO timers (shard_id, row_type, timer_execute_at, timer_uuid, timer_attempts, timer_payload,
    timer_callback_url) VALUES (1, 2, now(), gen_random_uuid(), 1000, $1, $2)`;
  const error = await whileAltered(ADD_CHECK, DROP_CHECK, () =>
    errorOf(fixture.direct.query(text, [payload, callbackUrl])),
  );
  expect(error).toMatchObject({
    detail: expect.stringContaining(PAYLOAD),
    where: expect.stringContaining(CALLBACK),
  });
});
