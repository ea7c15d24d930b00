/** Connections that a firewall or a dead host has dropped without a word: neither side is told. */
import net from 'node:net';
import { CallTimeoutError, PostgresTimerStore } from '../../src';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { shardForCalls } from '../support/sample-calls';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { TcpProxy } from '../support/tcp-proxy';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await openStoreFixture();
});
afterAll(async () => await fixture.close());

const IDLE = 5;

/** A store with several unused connections, through a proxy. */
async function idleStore(): Promise<{ proxy: TcpProxy; store: PostgresTimerStore }> {
  const { url } = fixture.database;
  const proxy = await TcpProxy.open(url);
  const store = await PostgresTimerStore.connect({ connectionString: proxy.url(url), maxIdleConns: IDLE });
  await Promise.all(Array.from({ length: IDLE }, () => store.getShard(1)));
  return { proxy, store };
}

test('after one call that met silence, none meets another of the connections from before', async () => {
  const { shardId, shardVersion } = await shardForCalls(fixture);
  const { proxy, store } = await idleStore();
  proxy.forgetConnections();
  const error = await errorOf(store.createTimer(shardId, shardVersion, newTimer(), { timeoutMs: 50 }));
  expect(error).toBeInstanceOf(CallTimeoutError);
  // Nothing arrived, but who sent it cannot tell.
  expect(error).toMatchObject({ code: 'CALL_TIMEOUT', retryable: false });
  for (let call = 0; call < IDLE; call++) {
    await store.createTimer(shardId, shardVersion, newTimer({ id: `after-${call}` }), { timeoutMs: 5000 });
  }
  await store.close();
  await proxy.close();
});

test('calls that meet silence at the same time fail once, as many as there were connections', async () => {
  const { shardId } = await shardForCalls(fixture);
  const { proxy, store } = await idleStore();
  proxy.forgetConnections();
  const calls = Array.from({ length: 2 * IDLE }, () => store.getShard(shardId, { timeoutMs: 1000 }));
  const failed = (await Promise.allSettled(calls)).filter(({ status }) => status === 'rejected');
  expect(failed).toHaveLength(IDLE);
  expect(failed.map((each) => (each as PromiseRejectedResult).reason)).toMatchObject(
    failed.map(() => ({ code: 'CALL_TIMEOUT', retryable: true })),
  );
  await Promise.all(Array.from({ length: 2 * IDLE }, () => store.getShard(shardId)));
  await store.close();
  await proxy.close();
});

test('the system is told to probe unused connections after ten seconds, not two hours', async () => {
  const setKeepAlive = jest.spyOn(net.Socket.prototype, 'setKeepAlive');
  const store = await PostgresTimerStore.connect(fixture.database.storeUrl);
  expect(new Set(setKeepAlive.mock.calls.map(([, delay]) => delay))).toEqual(new Set([10_000]));
  setKeepAlive.mockRestore();
  await store.close();
});
