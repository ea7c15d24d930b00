/** Who knows by old answers that it owns a shard delivers nothing; who only waits long for new ones goes on. */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type PostgresTimerStore, StoreUnavailableError, shardIdFor } from '../../src';
import { type EngineClock, MONOTONIC_CLOCK } from '../../src/engine/engine-clock';
import { Wakefulness } from '../../src/engine/wakefulness';
import { EngineEvents } from './engine-events';
import { Engines } from './engines';
import { Receiver } from './receiver';

describe('a process is awake', () => {
  let now = 1000;
  let tick: () => void = () => {};
  const clock: EngineClock = {
    now: () => now,
    after: (_, callback) => {
      tick = callback;
      return () => {};
    },
  };

  test('since it was stopped for longer than a moment, whoever notices that first', () => {
    const wakefulness = new Wakefulness(clock);
    wakefulness.start();
    for (; now < 2000; now += 250) tick();
    expect(wakefulness.since).toBe(1000);
    now = 2700;
    expect(wakefulness.since).toBe(2700);
    tick();
    expect(wakefulness.since).toBe(2700);
    now = 3300;
    tick();
    now = 3400;
    expect(wakefulness.since).toBe(3300);
  });
});

describe('an engine', () => {
  let engines: Engines;
  beforeEach(async () => {
    engines = await Engines.open();
  });
  afterEach(async () => {
    await engines.close();
  });

  // Two reads.
  test('whose reads take seconds delivers later, and does not stop', async () => {
    const receiver = new Receiver();
    const { store } = engines.fixture;
    const slow = new Proxy(store, {
      get(target, name) {
        if (name === 'readDueTimers') {
          return async (...args: Parameters<PostgresTimerStore['readDueTimers']>) => {
            const found = await target.readDueTimers(...args);
            await sleep(2500);
            return found;
          };
        }
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const engine = await engines.start(receiver.deliver, { store: slow });
    for (let number = 0; number < 20; number++) {
      await engine.schedule({ id: `timer-${number}`, namespace: 'slow', executeAt: new Date() });
    }
    await receiver.until(20);
  });

  // A process is started meanwhile.
  test.each([
    ['was blocked', false],
    ['slept, and the monotonic clock of its machine with it,', true],
  ])('that %s while another took its shards looks before it delivers', async (_, isAsleep) => {
    const receiver = new Receiver();
    const events = new EngineEvents();
    let sleptMs = 0;
    const clock: EngineClock = { ...MONOTONIC_CLOCK, now: () => MONOTONIC_CLOCK.now() - sleptMs };
    const options = { lookAheadMs: 10_000, longestPauseMs: 60_000, clock };
    const engine = await engines.start(receiver.deliver, options);
    const executeAt = new Date(Date.now() + 1000);
    await engine.schedule({ id: 'soon', namespace: 'blocked', executeAt });
    while (engine.status.loaded === 0) await sleep(10);
    const program = `
      const client = new (require('pg').Client)(${JSON.stringify(engines.fixture.database.url)});
      const sql = "UPDATE timers SET shard_version = shard_version + 1, shard_owner_addr = 'x' WHERE row_type = 1";
      client.connect().then(() => client.query(sql)).then(() => setTimeout(() => client.end(), 1000));`;
    const start = performance.now();
    execFileSync(process.execPath, ['-e', program]);
    sleptMs = isAsleep ? performance.now() - start : 0;
    expect(Date.now()).toBeGreaterThan(executeAt.getTime());
    // On Citus, what has nothing due need not be looked at.
    await events.until('shard-lost');
    events.close();
    expect(receiver.delivered).toEqual([]);
  });

  test('that was blocked while the server of one shard is away delivers what there is of the others', async () => {
    const receiver = new Receiver();
    const { store } = engines.fixture;
    const ids = { away: 'timer-0', here: 'timer-1' };
    const shardAway = shardIdFor(ids.away, 4);
    expect(shardIdFor(ids.here, 4)).not.toBe(shardAway);
    let isAway = false;
    let reads = 0;
    const partly = new Proxy(store, {
      get(target, name) {
        if (name === 'readDueTimers') {
          return async (...[places, ...rest]: Parameters<PostgresTimerStore['readDueTimers']>) => {
            reads++;
            const asked = places.filter(({ shardId }) => !(isAway && shardId === shardAway));
            const found = await target.readDueTimers(asked, ...rest);
            const failures = new Map([[shardAway, new StoreUnavailableError('away')]]);
            return asked.length === places.length ? found : { ...found, failures };
          };
        }
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const options = { store: partly, lookAheadMs: 10_000, longestPauseMs: 200 };
    const engine = await engines.start(receiver.deliver, options);
    const executeAt = new Date(Date.now() + 1000);
    await engine.schedule({ id: ids.away, namespace: 'partly', executeAt });
    await engine.schedule({ id: ids.here, namespace: 'partly', executeAt: new Date(+executeAt + 1) });
    while (engine.status.loaded < 2) await sleep(10);
    isAway = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, +executeAt + 100 - Date.now());
    const readsBefore = reads;
    await receiver.until(1);
    expect(receiver.delivered).toMatchObject([{ id: ids.here }]);
    await sleep(1000);
    expect(reads - readsBefore).toBeLessThan(20);
    isAway = false;
    await receiver.until(2);
  });
});
