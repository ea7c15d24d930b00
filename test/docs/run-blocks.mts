/**
 * Runs code blocks of the pages, which come as JSON on stdin, one after the other in one process and on one database, with what
 * the text around them has introduced. What a block opens is closed after it. Prints those that fail.
 */
import { createRequire } from 'node:module';
import { json } from 'node:stream/consumers';
import pg from 'pg';
import { type NewTimer, PostgresTimerStore } from 'pg-timer-store';
import { PermanentDeliveryError, TimerEngine } from 'pg-timer-store/engine';
import { buildTimer, InMemoryTimerStore, TestClock } from 'pg-timer-store/testing';
import { Webhook } from 'standardwebhooks';

const require = createRequire(import.meta.url);
const { DATABASE_URL = '', FIRST_URL = '', SECOND_URL = '' } = process.env;
// For a block that says nothing of where it connects to.
const { hostname, port, username, password, pathname } = new URL(DATABASE_URL);
Object.assign(process.env, {
  PGHOST: hostname,
  PGPORT: port,
  PGUSER: decodeURIComponent(username),
  PGPASSWORD: decodeURIComponent(password),
  PGDATABASE: pathname.slice(1),
});

/** Tables of those who read the pages; those of other schedulers as far as the pages know them. */
const THEIR_TABLES = `
  CREATE TABLE orders (id text, reminders integer NOT NULL DEFAULT 0);
  CREATE TABLE deliveries (namespace text, id text, due_at timestamptz(3), PRIMARY KEY (namespace, id, due_at));
  CREATE SCHEMA pgboss;
  CREATE TABLE pgboss.job (id uuid, name text, data jsonb, state text, start_after timestamptz, singleton_key text);
  CREATE SCHEMA graphile_worker;
  CREATE TABLE graphile_worker._private_tasks (id integer, identifier text);
  CREATE TABLE graphile_worker._private_jobs (
    id bigint, task_id integer, payload json, run_at timestamptz, key text, locked_at timestamptz, attempts integer,
    max_attempts integer
  );
  INSERT INTO pgboss.job SELECT gen_random_uuid(), 'reminders', '{"order": 1}', 'created', now() + interval '1 day', 'order-1';
  INSERT INTO graphile_worker._private_tasks VALUES (1, 'remind');
  INSERT INTO graphile_worker._private_jobs VALUES (1, 1, '{"order": 2}', now() + interval '1 day', 'order-2', NULL, 0, 25);`;

const opened: { close(): Promise<unknown> }[] = [];

const client = new pg.Client({ connectionString: DATABASE_URL });
await client.connect();
await client.query(THEIR_TABLES);
const inAnHour = new Date(Date.now() + 3_600_000);
const timers: NewTimer[] = [{ id: 'cart-7', namespace: 'reminders', executeAt: inAnHour, payload: null }];
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const rawBody = '{}';
const now = new Date();
const store = await PostgresTimerStore.connect(DATABASE_URL);
const engine = await startEngine(store);
const [first, second] = await Promise.all(
  [FIRST_URL, SECOND_URL].map((url) => PostgresTimerStore.connect(url)),
);
await first?.claimShardOwnership(7, 'docs');
await engine.scheduleMany(timers);

Object.assign(globalThis, {
  client,
  timers,
  inAnHour,
  secret,
  rawBody,
  store,
  engine,
  first,
  second,
  homes: new Map(),
  headers: {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign('msg_1', now, rawBody),
  },
  sendReport: async () => {},
  sample: {
    timer: { ...timers[0], dueAt: now },
    context: { attempt: 1, dueAt: now, beganAt: now, signal: new AbortController().signal },
  },
});

// From here on, what is opened is a block's.
const { connect } = PostgresTimerStore;
PostgresTimerStore.connect = async (config) => opening(await connect.call(PostgresTimerStore, config));
const { start } = TimerEngine;
TimerEngine.start = async (options: never) => {
  const started = await start.call(TimerEngine, options);
  opened.push({ close: () => started.stop() });
  return started as never;
};

const AsyncFunction = (async () => {}).constructor as new (
  ...source: string[]
) => (...args: unknown[]) => Promise<void>;
const blocks = (await json(process.stdin)) as { place: string; code: string }[];
for (const { place, code } of blocks) {
  try {
    if (/^(docs|src)\/testing/.test(place)) {
      Object.assign(globalThis, { store: await storeToAssertOn() });
    }
    await new AsyncFunction('require', 'exports', code)(require, {});
  } catch (error) {
    if (!(error instanceof PermanentDeliveryError)) {
      console.error(`FAILED ${place}: ${error}`);
      process.exitCode = 1;
    }
  }
  // As they would be told.
  process.emit('SIGTERM');
  for (const { close } of opened.splice(0).reverse()) {
    await close();
  }
  Object.assign(globalThis, { store });
}
await engine.stop();
await Promise.all([store.close(), first?.close(), second?.close(), client.end()]);

function opening<T extends { close(): Promise<unknown> }>(each: T): T {
  opened.push({ close: () => each.close() });
  return each;
}

function startEngine(of: PostgresTimerStore): Promise<TimerEngine> {
  return TimerEngine.start({ store: of, shardCount: 64, address: 'docs', deliver: async () => {} });
}

/** Of what the page expects in one. */
async function storeToAssertOn(): Promise<InMemoryTimerStore> {
  const clock = new TestClock();
  const inMemory = new InMemoryTimerStore({ clock });
  const deliver = async () => {
    throw new PermanentDeliveryError('answered 410');
  };
  const driven = await TimerEngine.start({ store: inMemory, clock, shardCount: 4, address: 'docs', deliver });
  await driven.schedule(buildTimer({ id: 'order-43', executeAt: clock.date }));
  await driven.runDueTimers();
  await driven.schedule(buildTimer({ namespace: 'reminders', payload: { order: 42 } }));
  return inMemory;
}
