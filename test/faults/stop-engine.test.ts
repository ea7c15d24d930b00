/** An engine that is told to stop while its server is there, and says nothing. */
import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresTimerStore } from '../../src';
import { PostgresMembership, TimerEngine } from '../../src/engine';
import { Receiver } from '../engine/receiver';
import { RestartableServer } from '../support/restartable-server';

const TIMEOUT_MS = 700;
/** Half a second for the last word, and what a busy machine takes. */
const AFTER_MS = 1500;

let server: RestartableServer;
beforeAll(async () => {
  server = await RestartableServer.start();
});
afterAll(async () => await server.delete());

test('stops in its time; what is under way is no attempt, and goes to the next owner', async () => {
  const receiver = new Receiver();
  const start = async () => {
    const store = await PostgresTimerStore.connect(server.storeUrl);
    const membership = new PostgresMembership(store);
    const deliver = async (...args: Parameters<typeof receiver.deliver>) => {
      await receiver.deliver(...args);
      await ended;
    };
    return {
      store,
      engine: await TimerEngine.start({ store, shardCount: 4, address: 'host-a:7000', membership, deliver }),
    };
  };
  let end = () => {};
  let ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const { store, engine } = await start();
  await engine.schedule({ id: 'under way', namespace: 'silent', executeAt: new Date() });
  await receiver.until(1);
  server.silence();
  try {
    const from = performance.now();
    await engine.stop({ timeoutMs: TIMEOUT_MS });
    expect(performance.now() - from).toBeLessThan(TIMEOUT_MS + AFTER_MS);
  } finally {
    server.wake();
  }
  end();
  await store.close();

  ended = Promise.resolve();
  const next = await start();
  await receiver.until(2);
  expect(receiver.delivered).toMatchObject([{ attempt: 1 }, { attempt: 1 }]);
  while ((await next.engine.get('silent', 'under way')) !== null) await sleep(10);
  await next.engine.stop();
  await next.store.close();
});
