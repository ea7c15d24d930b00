import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { Client } from 'pg';
import { type NewTimer, TimerNotFoundError } from '../../src';
import {
  type Deliver,
  fixedMembership,
  PermanentDeliveryError,
  TimerEngine,
  type TimerEngineOptions,
} from '../../src/engine';
import { ALL, openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { EngineEvents } from './engine-events';
import { Receiver } from './receiver';

const SHARDS = 4;

let fixture: StoreFixture;
const engines: TimerEngine[] = [];
beforeEach(async () => {
  fixture = await openStoreFixture();
});
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.stop({ timeoutMs: 0 })));
  await fixture.close();
});

async function startEngine(
  deliver: Deliver,
  options: Partial<TimerEngineOptions> = {},
): Promise<TimerEngine> {
  const engine = await TimerEngine.start({
    store: fixture.store,
    shardCount: SHARDS,
    address: 'host-a:7000',
    deliver,
    ...options,
  });
  engines.push(engine);
  return engine;
}

function timer(id: string, fields: Partial<NewTimer> = {}): NewTimer {
  return { id, namespace: 'reminders', executeAt: new Date(), ...fields };
}

async function left(): Promise<number> {
  const { rows } = await fixture.direct.query('SELECT count(*)::int AS count FROM timers WHERE row_type = 2');
  return rows[0].count;
}

test('delivers what is scheduled, whatever its time is, and deletes it', async () => {
  const receiver = new Receiver();
  const engine = await startEngine(receiver.deliver);
  await engine.schedule(timer('past', { executeAt: new Date(0) }));
  await engine.schedule(timer('now'));
  await engine.schedule(timer('soon', { executeAt: new Date(Date.now() + 300) }));
  await engine.scheduleMany([timer('many-1'), timer('many-2')]);
  await receiver.until(5);
  await engine.stop();
  expect(receiver.delivered.map(({ id }) => id).sort()).toEqual(['many-1', 'many-2', 'now', 'past', 'soon']);
  expect(await left()).toBe(0);
});

test('is not early', async () => {
  const receiver = new Receiver();
  const began: number[] = [];
  const engine = await startEngine(async (delivered, context) => {
    began.push(context.beganAt.getTime());
    await receiver.deliver(delivered, context);
  });
  const executeAt = new Date(Date.now() + 250);
  await engine.schedule(timer('soon', { executeAt }));
  await receiver.until(1);
  const { rows } = await fixture.direct.query('SELECT clock_timestamp() AS now');
  expect(began[0]).toBeGreaterThanOrEqual(executeAt.getTime());
  expect(rows[0].now.getTime()).toBeGreaterThanOrEqual(began[0] as number);
});

// Node waits for nothing longer than 25 days, and fires at once instead.
test('waits for what is due in years, and asks seldom', async () => {
  const receiver = new Receiver();
  const warnings: string[] = [];
  const warn = ({ name }: Error) => void warnings.push(name);
  process.on('warning', warn);
  const days = 86_400_000;
  const engine = await startEngine(receiver.deliver, { lookAheadMs: days, longestPauseMs: days });
  for (const [id, ms] of Object.entries({ a: 25 * days, b: 3650 * days, c: 7000 * 365 * days })) {
    await engine.schedule(timer(id, { executeAt: new Date(Date.now() + ms) }));
  }
  await engine.schedule(timer('now'));
  await receiver.until(1);
  await engine.stop();
  process.off('warning', warn);
  expect(receiver.delivered).toMatchObject([{ id: 'now' }]);
  expect(warnings).toEqual([]);
  expect(await left()).toBe(3);
});

test('delivers what another store has created, and was announced', async () => {
  const receiver = new Receiver();
  const engine = await startEngine(receiver.deliver, { longestPauseMs: 60_000 });
  await engine.schedule(timer('first'));
  await receiver.until(1);
  const other = await startEngine(receiver.deliver, {
    address: 'host-b:7000',
    shardCount: SHARDS,
    longestPauseMs: 60_000,
    membership: { join: async () => {}, refresh: async () => {}, leave: async () => {} },
  });
  await other.schedule(timer('second'));
  await receiver.until(2);
  expect(receiver.delivered[1]?.id).toBe('second');
});

test('delivers what was announced in a transaction of the caller when that commits', async () => {
  const receiver = new Receiver();
  const engine = await startEngine(receiver.deliver, { longestPauseMs: 60_000 });
  const client = fixture.direct;
  await client.query('BEGIN');
  await engine.schedule(timer('in-transaction'), { client });
  await engine.schedule(timer('outside'));
  await receiver.until(1);
  expect(receiver.delivered).toMatchObject([{ id: 'outside' }]);
  await client.query('COMMIT');
  await receiver.until(2);
  expect(receiver.delivered[1]?.id).toBe('in-transaction');
});

test('tries again what fails, counting attempts, and keeps what it was due at', async () => {
  const executeAt = new Date();
  const seen: [attempt: number, dueAt: Date][] = [];
  const receiver = new Receiver();
  const engine = await startEngine(
    async (delivered, context) => {
      seen.push([context.attempt, context.dueAt]);
      await receiver.deliver(delivered, context);
      if (context.attempt < 3) throw new Error('not yet');
    },
    { retryPolicy: { initialIntervalSeconds: 0.01 } },
  );
  await engine.schedule(timer('flaky', { executeAt }));
  await receiver.until(3);
  await engine.stop();
  expect(seen).toEqual([
    [1, executeAt],
    [2, executeAt],
    [3, executeAt],
  ]);
  expect(await left()).toBe(0);
});

test.each<[name: string, fields: Partial<NewTimer>, error: unknown, lastError: RegExp]>([
  ['a permanent error', {}, new PermanentDeliveryError('gone'), /^PermanentDeliveryError: gone$/],
  ['its last attempt', { retryPolicy: { maxAttempts: 1 } }, new Error('no'), /^Error: no$/],
  [
    'its time used up',
    { retryPolicy: { maxAttemptsDurationSeconds: 0.001 } },
    new Error('no'),
    /^Error: no$/,
  ],
  ['what is no error', { retryPolicy: { maxAttempts: 1 } }, 'a text', /no error, but of type string/],
  ['a text of any length', { retryPolicy: { maxAttempts: 1 } }, new Error(`\0${'💥'.repeat(5000)}`), /…$/],
])('makes a dead timer of one with %s, with its last error', async (_, fields, error, lastError) => {
  const events = new EngineEvents();
  const engine = await startEngine(() => Promise.reject(error));
  await engine.schedule(timer('doomed', fields));
  await events.until('timer-died');
  await engine.stop();
  events.close();
  const dead = await Promise.all(
    Array.from({ length: SHARDS }, (_each, shardId) => fixture.store.rangeGetDeadTimers(shardId, ALL, 10)),
  );
  expect(dead.flat()).toMatchObject([
    { id: 'doomed', attempts: 1, lastError: expect.stringMatching(lastError) },
  ]);
  expect(await left()).toBe(0);
});

test('a recurring timer fires again, with no attempts and its new payload', async () => {
  const receiver = new Receiver();
  const engine = await startEngine(async (delivered, context) => {
    await receiver.deliver(delivered, context);
    const run = delivered.payload as number;
    return run < 3 ? { nextExecuteAt: new Date(), payload: run + 1 } : undefined;
  });
  await engine.schedule(timer('recurring', { payload: 1 }));
  await receiver.until(3);
  expect(receiver.delivered.map(({ attempt, payload }) => [attempt, payload])).toEqual([
    [1, 1],
    [1, 2],
    [1, 3],
  ]);
});

test.each<[name: string, change: (engine: TimerEngine) => Promise<unknown>, fires: boolean]>([
  ['replaced', (engine) => engine.schedule(timer('slow', { payload: 'new' })), true],
  ['updated', (engine) => engine.update('reminders', 'slow', { payload: 'new' }), true],
  ['cancelled', (engine) => engine.cancel('reminders', 'slow'), false],
])('what is %s while its delivery is under way survives the settlement', async (_, change, fires) => {
  const receiver = new Receiver();
  let finish: () => void = () => {};
  const begun = new Promise<void>((resolve) => {
    receiver.until(1).then(resolve);
  });
  const engine = await startEngine(async (delivered, context) => {
    await receiver.deliver(delivered, context);
    if (delivered.payload === 'old') {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
    }
  });
  await engine.schedule(timer('slow', { payload: 'old' }));
  await begun;
  await change(engine);
  finish();
  if (fires) {
    await receiver.until(2);
    expect(receiver.delivered.map(({ payload }) => payload)).toEqual(['old', 'new']);
  }
  await engine.stop();
  expect(await left()).toBe(0);
});

test('a shard that another process claims is delivered from no more, and its signals fire', async () => {
  const events = new EngineEvents();
  const aborted: Promise<unknown>[] = [];
  const receiver = new Receiver();
  const engine = await startEngine(async (delivered, context) => {
    aborted.push(once(context.signal, 'abort'));
    await receiver.deliver(delivered, context);
    await aborted.at(-1);
  });
  await engine.schedule(timer('stuck'));
  await receiver.until(1);
  for (const shard of engine.status.shards) {
    await fixture.store.claimShardOwnership(shard.shardId, 'another');
  }
  await events.until('shard-lost', SHARDS);
  await Promise.all(aborted);
  // Whatever makes it look again: without members, nobody says that the shards are to be its own again.
  await engine.runDueTimers();
  expect(engine.status.shards).toEqual([]);
  events.close();
  expect(await left()).toBe(1);
});

test('a signal that is asked for once the shard is lost has fired', async () => {
  const events = new EngineEvents();
  const receiver = new Receiver();
  const signals: AbortSignal[] = [];
  const engine = await startEngine(async (delivered, context) => {
    await receiver.deliver(delivered, context);
    await events.until('shard-lost', SHARDS);
    signals.push(context.signal);
  });
  await engine.schedule(timer('slow'));
  await receiver.until(1);
  for (const shard of engine.status.shards) {
    await fixture.store.claimShardOwnership(shard.shardId, 'another');
  }
  await engine.runDueTimers();
  expect(signals).toMatchObject([{ aborted: true }]);
  events.close();
});

describe('stop', () => {
  test('finishes what is under way, settles it, and refuses calls', async () => {
    const receiver = new Receiver();
    let finish: () => void = () => {};
    const engine = await startEngine(async (delivered, context) => {
      await receiver.deliver(delivered, context);
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    await engine.schedule(timer('slow'));
    await receiver.until(1);
    const stopping = engine.stop();
    await expect(engine.schedule(timer('late'))).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    finish();
    await stopping;
    expect(await left()).toBe(0);
  });

  test('ends in time, and counts what is still under way as no attempt', async () => {
    const receiver = new Receiver();
    const engine = await startEngine(async (delivered, context) => {
      await receiver.deliver(delivered, context);
      await once(context.signal, 'abort');
      throw new Error('aborted');
    });
    await engine.schedule(timer('endless'));
    await receiver.until(1);
    await engine.stop({ timeoutMs: 50 });
    const next = await startEngine(receiver.deliver);
    await receiver.until(2);
    expect(receiver.delivered).toMatchObject([{ attempt: 1 }, { attempt: 1 }]);
    await next.stop();
    expect(await left()).toBe(0);
  });

  test('leaves the members, though what listens cannot be closed', async () => {
    const { store } = fixture;
    const listen = store.listenForDueTimers.bind(store);
    jest.spyOn(store, 'listenForDueTimers').mockImplementation(async (events) => {
      const listener = await listen(events);
      const close = async () => {
        await listener.close();
        throw new Error('not closed');
      };
      return { close };
    });
    const membership = fixedMembership(['host-a:7000']);
    const leave = jest.spyOn(membership, 'leave');
    const events = new EngineEvents();
    const engine = await startEngine(async () => {}, { membership });
    await engine.stop();
    events.close();
    expect(leave).toHaveBeenCalled();
    expect(events.of('wake-up-lost')).toMatchObject([{ error: new Error('not closed') }]);
  });
});

test('a membership that fails at once when it is asked keeps nothing from being heard', async () => {
  const membership = fixedMembership(['host-a:7000']);
  jest.spyOn(membership, 'refresh').mockImplementation(() => {
    throw new Error('no');
  });
  const events = new EngineEvents();
  await startEngine(async () => {}, { membership });
  await fixture.store.announceDueTimers(null);
  await events.until('membership-lost');
  events.close();
});

test('a transaction that holds a timer under way keeps no other from being settled, and its change counts', async () => {
  const receiver = new Receiver();
  const events = new EngineEvents();
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const engine = await startEngine(async (delivered, context) => {
    await receiver.deliver(delivered, context);
    if (delivered.id === 'held' && receiver.delivered.filter(({ id }) => id === 'held').length === 1) {
      begin();
      await finished;
    }
  });
  await engine.schedule(timer('held'));
  await begun;
  const client = new Client({ connectionString: fixture.database.url });
  await client.connect();
  await client.query('BEGIN');
  await engine.update('reminders', 'held', { payload: 'changed' }, { client });
  finish();
  await engine.scheduleMany(Array.from({ length: 10 }, (_, index) => timer(`other-${index}`)));
  await receiver.until(11);
  while (engine.status.settled < 10) {
    await turn();
  }
  expect(await left()).toBe(1);
  await client.query('COMMIT');
  await client.end();
  await receiver.until(12);
  expect(receiver.delivered.at(-1)).toMatchObject({ id: 'held', payload: 'changed' });
  await engine.stop();
  expect(await left()).toBe(0);
  expect(events.of('settlement-failed')).toEqual([]);
  events.close();
});

test('delivers 10,000 timers of one millisecond, each once', async () => {
  const receiver = new Receiver();
  const engine = await startEngine(receiver.deliver, { shardCount: 16 });
  const executeAt = new Date(Date.now() + 500);
  const timers = Array.from({ length: 10_000 }, (_, index) => timer(`timer-${index}`, { executeAt }));
  await engine.scheduleMany(timers);
  await receiver.until(10_000);
  await engine.stop();
  expect(new Set(receiver.delivered.map(({ id }) => id)).size).toBe(10_000);
  expect(receiver.delivered).toHaveLength(10_000);
  expect(await left()).toBe(0);
});

test.each<[argument: string, options: object]>([
  ['options.store', { store: {} }],
  ['options.shardCount', { shardCount: 0 }],
  ['options.address', { address: '' }],
  // What is handed over has it until it is claimed.
  ['options.address', { address: 'nobody' }],
  ['options.deliver', { deliver: 'http' }],
  ['options.membership', { membership: {} }],
  ['options.maxDeliveries', { maxDeliveries: 0 }],
  ['options.maxLoaded', { maxLoaded: 1.5 }],
  ['options.lookAheadMs', { lookAheadMs: -1 }],
  ['options.longestPauseMs', { longestPauseMs: Number.POSITIVE_INFINITY }],
  ['options.wakeUp', { wakeUp: 'yes' }],
  ['options.retryPolicy.maxAttempts', { retryPolicy: { maxAttempts: -1 } }],
  ['options.retryPolicy.max', { retryPolicy: { max: 1 } }],
  ['options.concurrency', { concurrency: 5 }],
])('start refuses a wrong %s by name', async (argument, options) => {
  await expect(startEngine(async () => {}, options)).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    argument,
  });
});

test('get, update and cancel reach the timer wherever its shard is', async () => {
  const engine = await startEngine(async () => {});
  const executeAt = new Date(Date.now() + 3_600_000);
  await engine.schedule(timer('later', { executeAt, attempts: 2 }));
  expect(await engine.get('reminders', 'later')).toMatchObject({ id: 'later', attempts: 2 });
  const sooner = new Date(executeAt.getTime() - 1000);
  expect(await engine.update('reminders', 'later', { executeAt: sooner })).toMatchObject({
    executeAt: sooner,
    attempts: 0,
  });
  await engine.cancel('reminders', 'later');
  expect(await engine.get('reminders', 'later')).toBeNull();
  await expect(engine.cancel('reminders', 'later')).rejects.toThrow(TimerNotFoundError);
});
