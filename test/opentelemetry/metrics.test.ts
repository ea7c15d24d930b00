import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { PostgresTimerStore } from '../../src';
import { PermanentDeliveryError, TimerEngine } from '../../src/engine';
import { instrumentTimers } from '../../src/telemetry';
import { instrument } from '../../src/telemetry/instrument';
import { EngineEvents } from '../engine/engine-events';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { TelemetrySdk } from './telemetry-sdk';

let fixture: StoreFixture;
beforeEach(async () => {
  fixture = await openStoreFixture();
});
afterEach(async () => {
  instrumentTimers().stop();
  await fixture.close();
});

test('without an SDK, nothing is watched', () => {
  const telemetry = instrumentTimers();
  expect(instrument()).toBeUndefined();
  telemetry.observe({ store: fixture.store })();
  expect(instrumentTimers()).toBe(telemetry);
});

describe('with an SDK', () => {
  let sdk: TelemetrySdk;
  beforeEach(() => {
    sdk = new TelemetrySdk();
  });
  afterEach(async () => await sdk.close());

  test('calls and their failures, batches and fenced writes are counted', async () => {
    instrumentTimers();
    const { store } = fixture;
    const { shardId, shardVersion } = await fixture.claimedShard();
    const timers = ['a', 'b', 'c'].map((id) => newTimer({ id, executeAt: new Date(0) }));
    await store.createTimers(shardId, shardVersion, timers);
    await errorOf(store.createTimer(shardId, shardVersion + 1, newTimer()));
    await store.createTimersOfShards([
      { shardId, shardVersion: shardVersion + 1, timers },
      { shardId: shardId + 1, timers },
    ]);
    const place = {
      shardId,
      after: { executeAt: new Date(-1), uuid: '00000000-0000-0000-0000-000000000000' },
    };
    const { shards } = await store.readDueTimers([place], 0, 10);
    await store.settleTimers(
      (shards[0]?.timers ?? []).map((timer) => ({
        shardId,
        shardVersion: shardVersion + 1,
        timer,
        outcome: 'done',
      })),
    );
    const operation = (name: string) => ({ 'db.operation.name': name });
    expect(await sdk.values('db.client.operation.duration')).toEqual(
      expect.arrayContaining([
        {
          attributes: { 'db.system.name': 'postgresql', ...operation('createTimers') },
          value: 1,
          sum: expect.any(Number),
        },
        {
          attributes: {
            'db.system.name': 'postgresql',
            ...operation('createTimer'),
            'error.type': 'SHARD_CONDITION_FAILED',
          },
          value: 1,
          sum: expect.any(Number),
        },
      ]),
    );
    expect(await sdk.values('pg_timer_store.batch.size')).toEqual([
      { attributes: operation('createTimers'), value: 1, sum: 3 },
      { attributes: operation('createTimer'), value: 1, sum: 1 },
      { attributes: operation('createTimersOfShards'), value: 1, sum: 6 },
      { attributes: operation('readDueTimers'), value: 1, sum: 3 },
      { attributes: operation('settleTimers'), value: 1, sum: 3 },
    ]);
    expect(await sdk.values('pg_timer_store.writes.fenced')).toEqual([
      { attributes: operation('createTimer'), value: 1 },
      { attributes: operation('createTimersOfShards'), value: 1 },
      { attributes: operation('settleTimers'), value: 3 },
    ]);
  });

  test('deliveries, their lateness, what engines do and what they have are told', async () => {
    const telemetry = instrumentTimers();
    const events = new EngineEvents();
    const engine = await TimerEngine.start({
      store: fixture.store,
      shardCount: 4,
      address: 'host-a:7000',
      deliver: async ({ id }) => {
        if (id === 'doomed') throw new PermanentDeliveryError('no such address');
      },
    });
    const stopObserving = telemetry.observe({ store: fixture.store, engine });
    await engine.schedule(newTimer({ id: 'fine', executeAt: new Date() }));
    await engine.schedule(newTimer({ id: 'later', executeAt: new Date(Date.now() + 3_600_000) }));
    await engine.schedule(newTimer({ id: 'doomed', executeAt: new Date() }));
    await events.until('timer-died');
    events.close();
    while (engine.status.settled < 2) {
      await new Promise(setImmediate);
    }

    const deliver = {
      'messaging.system': 'pg_timer_store',
      'messaging.operation.name': 'deliver',
      'messaging.operation.type': 'process',
    };
    expect(await sdk.values('messaging.process.duration')).toEqual([
      { attributes: deliver, value: 1, sum: expect.any(Number) },
      { attributes: { ...deliver, 'error.type': 'DELIVERY_PERMANENT' }, value: 1, sum: expect.any(Number) },
    ]);
    expect(await sdk.values('pg_timer_store.delivery.lateness')).toMatchObject([{ value: 2 }]);
    expect(await sdk.values('messaging.client.operation.duration')).toMatchObject([{ value: 3 }]);
    const counted = await sdk.values('pg_timer_store.engine.events');
    expect(counted.filter(({ value }) => value > 0)).toEqual([
      { attributes: { 'pg_timer_store.engine.event': 'timer-died' }, value: 1 },
      { attributes: { 'pg_timer_store.engine.event': 'shard-claimed' }, value: 4 },
    ]);
    // What alerts go by is there from the start.
    expect(counted).toContainEqual({ attributes: { 'pg_timer_store.engine.event': 'shard-lost' }, value: 0 });
    expect(await sdk.values('pg_timer_store.engine.shards')).toEqual([{ attributes: {}, value: 4 }]);
    expect(await sdk.values('pg_timer_store.engine.members')).toEqual([{ attributes: {}, value: 1 }]);
    expect(await sdk.values('pg_timer_store.engine.oldest_lateness')).toEqual([{ attributes: {}, value: 0 }]);
    const state = (name: string) => ({ 'pg_timer_store.timer.state': name });
    expect(await sdk.values('pg_timer_store.engine.timers')).toEqual([
      { attributes: state('under_way'), value: 0 },
      { attributes: state('waiting'), value: 0 },
    ]);
    expect(await sdk.values('pg_timer_store.backlog')).toEqual([
      { attributes: state('pending'), value: 1 },
      { attributes: state('due'), value: 0 },
      { attributes: state('dead'), value: 1 },
    ]);
    const pool = { 'db.client.connection.pool.name': expect.any(String) };
    expect(await sdk.values('db.client.connection.count')).toEqual([
      { attributes: { ...pool, 'db.client.connection.state': 'idle' }, value: expect.any(Number) },
      { attributes: { ...pool, 'db.client.connection.state': 'used' }, value: expect.any(Number) },
    ]);
    expect(await sdk.values('db.client.connection.max')).toEqual([{ attributes: pool, value: 20 }]);
    expect(await sdk.values('db.client.connection.pending_requests')).toEqual([
      { attributes: pool, value: 0 },
    ]);
    expect(await sdk.values('pg_timer_store.queue.writes')).toEqual([{ attributes: pool, value: 0 }]);
    stopObserving();
    await engine.stop();
  });

  test('writes of which nobody knows whether they were applied are counted', async () => {
    instrumentTimers();
    const { store, direct } = fixture;
    const { shardId, shardVersion } = await fixture.claimedShard();
    // A lock that the write waits for, until its session is ended.
    await direct.query('BEGIN; LOCK TABLE timers');
    const creating = errorOf(store.createTimer(shardId, shardVersion, newTimer()));
    const waiting = `SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    let ended: unknown[] = [];
    while (ended.length === 0) {
      ended = (await direct.query(waiting)).rows;
    }
    expect(await creating).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    expect(await sdk.values('pg_timer_store.writes.unknown_outcome')).toEqual([{ attributes: {}, value: 1 }]);
    await direct.query('ROLLBACK');
  });

  test('retries are counted', async () => {
    instrumentTimers();
    const { database, direct } = fixture;
    const { shardId, shardVersion } = await fixture.claimedShard();
    await direct.query(`ALTER DATABASE ${database.name} SET default_transaction_read_only = on`);
    const store = await PostgresTimerStore.connect({ connectionString: database.storeUrl });
    const retried = new Promise<void>((resolve) => {
      const hear = () => {
        unsubscribe('pg-timer-store:retry', hear);
        resolve();
      };
      subscribe('pg-timer-store:retry', hear);
    });
    const creating = store.createTimer(shardId, shardVersion, newTimer());
    await retried;
    await direct.query(`ALTER DATABASE ${database.name} RESET default_transaction_read_only`);
    await creating;
    const [retries] = await sdk.values('pg_timer_store.call.retries');
    expect(retries?.attributes).toEqual({ 'db.operation.name': 'createTimer' });
    expect(retries?.value).toBeGreaterThanOrEqual(1);
    await store.close();
  });

  test('what was stopped tells no more', async () => {
    instrumentTimers().stop();
    await fixture.claimedShard();
    expect(instrument()).toBeUndefined();
    expect(await sdk.values('db.client.operation.duration')).toEqual([]);
  });
});
