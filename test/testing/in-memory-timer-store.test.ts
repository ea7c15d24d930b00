import { Client } from 'pg';
import { InvalidArgumentError, ZERO_CURSOR } from '../../src';
import { PermanentDeliveryError, TimerEngine } from '../../src/engine';
import { buildTimer, describeTimerStore, InMemoryTimerStore, TestClock } from '../../src/testing';
import { databaseUrl } from '../support/test-database';

const NOON = new Date('2030-06-01T12:00:00.000Z');

describeTimerStore(() => new InMemoryTimerStore());

describe('the clock of an in-memory store', () => {
  test('is what claims, creates, changes and due timers go by', async () => {
    const clock = new TestClock(NOON);
    const store = new InMemoryTimerStore({ clock });
    const { current } = await store.claimShardOwnership(0, 'host-a');
    expect(current.claimedAt).toEqual(NOON);
    await store.createTimer(0, 1, buildTimer({ id: 'a' }));
    clock.advance(1000);
    await store.createTimers(0, 1, [buildTimer({ id: 'b' })]);
    await store.createTimersOfShards([{ shardId: 0, timers: [buildTimer({ id: 'c' })] }]);
    const later = new Date('2030-06-01T12:00:01.000Z');
    for (const [id, createdAt] of Object.entries({ a: NOON, b: later, c: later })) {
      expect(await store.getTimer(0, 'tests', id)).toMatchObject({ createdAt, updatedAt: createdAt });
    }
    clock.advance(1000);
    const { updatedAt } = await store.updateTimer(0, 1, 'tests', 'a', { attempts: 1 });
    expect(updatedAt).toEqual(clock.date);
    const { nowMs } = await store.readDueTimers([{ shardId: 0, after: ZERO_CURSOR }], 0, 1);
    expect(nowMs).toBe(clock.now());
  });

  test.each([[{ clock: {} }], [{ maxPayloadBytes: 0 }], [{ other: 1 }], ['none']])(
    'and its other options are checked: %j',
    (options) => {
      expect(() => new InMemoryTimerStore(options as object)).toThrow(InvalidArgumentError);
    },
  );
});

test('a transaction of the caller is refused, since it could not be undone here', async () => {
  const client = new Client({ connectionString: databaseUrl('postgres') });
  await client.connect();
  await client.query('BEGIN');
  await expect(new InMemoryTimerStore().createTimerNoLock(0, buildTimer(), { client })).rejects.toMatchObject(
    { argument: 'options.client' },
  );
  await client.end();
});

describe('an engine on an in-memory store, under a clock that stands still', () => {
  const clock = new TestClock(NOON);
  const store = new InMemoryTimerStore({ clock });
  const delivered: string[] = [];
  let engine: TimerEngine;
  beforeAll(async () => {
    engine = await TimerEngine.start({
      store,
      clock,
      shardCount: 4,
      address: 'test',
      deliver: async ({ id }, { attempt, dueAt }) => {
        delivered.push(`${id} ${attempt}`);
        if (id === 'hourly') {
          return { nextExecuteAt: new Date(dueAt.getTime() + 3_600_000) };
        }
        if (id === 'failing' && attempt < 3) {
          throw new Error('not now');
        }
        if (id === 'dead') {
          throw new PermanentDeliveryError('never');
        }
        return undefined;
      },
    });
  });
  afterAll(async () => await engine.stop());
  beforeEach(() => void delivered.splice(0));

  async function runFor(ms: number): Promise<string[]> {
    clock.advance(ms);
    await engine.runDueTimers();
    return delivered.splice(0).sort();
  }

  test('fires what is due, when it is due, to the millisecond', async () => {
    await engine.schedule(buildTimer({ id: 'once', executeAt: new Date(clock.now() + 86_400_000) }));
    expect(await runFor(86_399_999)).toEqual([]);
    expect(await runFor(1)).toEqual(['once 1']);
    expect(await runFor(86_400_000)).toEqual([]);
  });

  test('fires a recurring timer once for each time', async () => {
    await engine.schedule(buildTimer({ id: 'hourly', executeAt: clock.date }));
    expect(await runFor(0)).toEqual(['hourly 1']);
    expect(await runFor(3_600_000)).toEqual(['hourly 1']);
    expect(await runFor(3 * 3_600_000)).toEqual(['hourly 1', 'hourly 1', 'hourly 1']);
    await engine.cancel('tests', 'hourly');
    expect(await runFor(3_600_000)).toEqual([]);
  });

  test('tries again what has failed, when its time has come', async () => {
    await engine.schedule(buildTimer({ id: 'failing', executeAt: clock.date }));
    expect(await runFor(0)).toEqual(['failing 1']);
    expect(await runFor(0)).toEqual([]);
    for (const attempt of ['failing 2', 'failing 3']) {
      const timer = await engine.get('tests', 'failing');
      clock.advanceTo(timer?.executeAt as Date);
      expect(await runFor(0)).toEqual([attempt]);
    }
    expect(await engine.get('tests', 'failing')).toBeNull();
  });

  test('keeps a dead timer', async () => {
    await engine.schedule(buildTimer({ id: 'dead', executeAt: clock.date }));
    expect(await runFor(0)).toEqual(['dead 1']);
    expect(await engine.get('tests', 'dead')).toBeNull();
  });

  test('takes no real time', async () => {
    const start = performance.now();
    await engine.scheduleMany(
      Array.from({ length: 50 }, (_, day) =>
        buildTimer({ executeAt: new Date(clock.now() + day * 86_400_000) }),
      ),
    );
    for (let day = 0; day < 50; day++) {
      expect(await runFor(day === 0 ? 0 : 86_400_000)).toHaveLength(1);
    }
    // A few milliseconds each; by the pauses of an engine that runs by itself, it would be seconds.
    expect(performance.now() - start).toBeLessThan(2500);
  });
});
