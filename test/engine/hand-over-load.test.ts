/** Processes come and go under load: a shard that changes hands leaves nothing behind, and delivers nothing twice. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Deliver, PostgresMembership, type TimerEngine } from '../../src/engine';
import { Engines } from './engines';

let engines: Engines;
beforeEach(async () => {
  engines = await Engines.open();
});
afterEach(async () => {
  await engines.close();
});

// Deliveries of up to a second, and as many joins and leaves as it takes for them to meet.
test('whoever joins and leaves, each timer is delivered once', async () => {
  const delivered = new Map<string, string[]>();
  const late: number[] = [];
  let lost = 0;
  const deliverAs =
    (address: string): Deliver =>
    async (timer, { signal }) => {
      delivered.set(timer.id, [...(delivered.get(timer.id) ?? []), address]);
      late.push(Date.now() - timer.dueAt.getTime());
      signal.addEventListener('abort', () => lost++);
      await sleep(Number(timer.payload));
    };
  const start = (address: string) =>
    engines.start(deliverAs(address), {
      address,
      shardCount: 16,
      // Longer than a busy machine stops for.
      membership: new PostgresMembership(engines.fixture.store, { beatMs: 200, missedBeats: 50 }),
    });
  const steady = await start('steady');
  const end = new AbortController();
  let scheduled = 0;
  const loading = (async () => {
    while (!end.signal.aborted) {
      const executeAt = new Date(Date.now() + 50);
      const timers = Array.from({ length: 10 }, () => {
        const number = scheduled++;
        return {
          id: `timer-${number}`,
          namespace: 'load',
          executeAt,
          payload: number % 50 === 0 ? 1000 : number % 20,
        };
      });
      await steady.scheduleMany(timers);
      await sleep(20);
    }
  })();
  const coming: TimerEngine[] = [];
  for (let round = 0; round < 4; round++) {
    coming.push(await start(`coming-${round}`));
    await sleep(500);
    if (round % 2 === 1) await coming.shift()?.stop();
    await sleep(500);
  }
  end.abort();
  await loading;
  while ((await engines.left()) > 0) await sleep(20);
  const twice = [...delivered].filter(([, by]) => by.length > 1);
  expect(twice).toEqual([]);
  expect(delivered.size).toBe(scheduled);
  expect(lost).toBe(0);
  // Half a second at most on a machine that has nothing else to do.
  expect(Math.max(...late)).toBeLessThan(5000);
});
