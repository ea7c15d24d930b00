/** Connections that are cut at each moment of a call, by the network or by an administrator. */
import { OutcomeUnknownError, PostgresTimerStore } from '../../src';
import { errorOf } from '../support/error-of';
import { SAMPLE_CALLS, shardForCalls } from '../support/sample-calls';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { TcpProxy } from '../support/tcp-proxy';

let fixture: StoreFixture;
let proxy: TcpProxy;
let store: PostgresTimerStore;
beforeAll(async () => {
  fixture = await openStoreFixture();
  proxy = await TcpProxy.open(fixture.database.storeUrl);
  store = await PostgresTimerStore.connect({
    connectionString: `${proxy.url(fixture.database.storeUrl)}&application_name=cut`,
    maxOpenConns: 1,
  });
});
afterAll(async () => {
  await store.close();
  await proxy.close();
  await fixture.close();
});

async function contentOf(shardId: number): Promise<unknown[]> {
  const { rows } = await fixture.direct.query('SELECT * FROM timers WHERE shard_id = $1', [shardId]);
  return rows;
}

describe.each(SAMPLE_CALLS)('%s, a %s,', (_, kind, call) => {
  test('whose request is lost with its connection is made again if it is a read, else has no known outcome', async () => {
    const { shardId, shardVersion } = await shardForCalls(fixture);
    const before = await contentOf(shardId);
    // Whatever a store asks a session first has been asked.
    await store.getShard(shardId);
    const lost = proxy.loseRequests();
    const calling = call(store, shardId, shardVersion);
    calling.catch(() => {});
    await lost;
    proxy.heal();
    proxy.cut();
    if (kind === 'write') {
      // It never arrived, but who sent it cannot tell.
      expect(await errorOf(calling)).toBeInstanceOf(OutcomeUnknownError);
      expect(await contentOf(shardId)).toEqual(before);
    } else {
      await calling;
    }
    await call(store, shardId, shardVersion);
  });

  test('whose answer is cut in the middle is made again if it is a read, else has no known outcome', async () => {
    const { shardId, shardVersion } = await shardForCalls(fixture);
    proxy.cutNextAnswers(1);
    const calling = call(store, shardId, shardVersion);
    if (kind === 'write') {
      expect(await errorOf(calling)).toBeInstanceOf(OutcomeUnknownError);
    } else {
      expect(await calling).not.toBeNull();
    }
    expect(await store.getShard(shardId)).not.toBeNull();
  });

  test('is made again when its connection is cut before it is ready', async () => {
    const { shardId, shardVersion } = await shardForCalls(fixture);
    await endConnections();
    // In the middle of two log-ins.
    proxy.cutNextAnswers(2);
    await call(store, shardId, shardVersion);
  });

  test('meets no error when an administrator has ended the unused connections', async () => {
    const { shardId, shardVersion } = await shardForCalls(fixture);
    await store.getShard(shardId);
    await endConnections();
    await call(store, shardId, shardVersion);
  });
});

/** Ends the store's only connection while it is unused. Resolves once the store's process has noticed. */
async function endConnections(): Promise<void> {
  const noticed = proxy.untilClosed();
  await fixture.direct.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'cut'`,
  );
  await noticed;
}
