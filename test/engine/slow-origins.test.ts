/** Destinations that are dead or slow, under an engine: the others get their timers on time. */
import type { NewTimer } from '../../src';
import { type HttpDelivery, httpDelivery, type TimerEngine } from '../../src/engine';
import { Engines } from './engines';
import { closeReceivers, openReceiver } from './http-receiver';

const DEAD = 20;
const OF_EACH = 150;
/** Longer than this test. */
const TIMEOUT_SECONDS = 30;

let engines: Engines;
let http: HttpDelivery;
beforeEach(async () => {
  engines = await Engines.open();
  http = httpDelivery();
});
afterEach(async () => {
  await http.close();
  await closeReceivers();
  await engines.close();
});

test('hundreds of timers for each of many dead origins make none for another late', async () => {
  const lateMs = new Map<string, number>();
  let onReceived = () => {};
  const living = await openReceiver((response, { body }) => {
    const { id, executeAt } = JSON.parse(body);
    lateMs.set(id, Date.now() - Date.parse(executeAt));
    response.end();
    onReceived();
  });
  const dead = await Promise.all(Array.from({ length: DEAD }, () => openReceiver(() => {})));
  const engine = await engines.start(http);
  const before = await latenessOf('before', engine);

  const executeAt = new Date();
  const doomed = dead.flatMap(({ origin }, place) =>
    Array.from({ length: OF_EACH }, (_, index) => timerFor(origin, `dead-${place}-${index}`, executeAt)),
  );
  await engine.scheduleMany(doomed);
  while (dead.some(({ received }) => received.length === 0)) await new Promise(setImmediate);
  const meanwhile = await latenessOf('meanwhile', engine);
  // Whoever waited for a time-out would wait for 30 seconds. The rest is what a machine that is busy may take.
  expect(meanwhile).toBeLessThan(before + 5000);

  /** The worst but five of a hundred, over a second. */
  async function latenessOf(prefix: string, on: TimerEngine): Promise<number> {
    const startMs = Date.now() + 1000;
    const timers = Array.from({ length: 100 }, (_, index) =>
      timerFor(living.origin, `${prefix}-${index}`, new Date(startMs + 10 * index)),
    );
    await on.scheduleMany(timers);
    await new Promise<void>((resolve) => {
      onReceived = () => timers.every(({ id }) => lateMs.has(id)) && resolve();
      onReceived();
    });
    return timers.map(({ id }) => lateMs.get(id) as number).sort((a, b) => a - b)[94] as number;
  }
});

function timerFor(callbackUrl: string, id: string, executeAt: Date): NewTimer {
  return { id, namespace: 'origins', executeAt, callbackUrl, callbackTimeoutSeconds: TIMEOUT_SECONDS };
}
