/** Pools whose connections answer in a form that this library does not read. */
import pg, { Client, Pool, type PoolConfig } from 'pg';
import { PostgresTimerStore } from '../../src';
import { errorOf } from '../support/error-of';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await openStoreFixture();
});
afterAll(async () => await fixture.close());

const defaults = pg.defaults as { binary?: boolean };
afterEach(() => {
  defaults.binary = false;
});

const refused = (argument: string, reason = 'binary') =>
  expect.objectContaining({ code: 'INVALID_ARGUMENT', argument, reason: expect.stringContaining(reason) });

function open(config: PoolConfig = {}): Pool {
  return new Pool({ connectionString: fixture.database.storeUrl, ...config });
}

test('a pool with `binary` is refused, by itself or by the defaults of pg', async () => {
  const pool = open({ binary: true } as PoolConfig);
  expect(() => PostgresTimerStore.fromPool(pool)).toThrow(refused('pool'));
  expect(pool.totalCount).toBe(0);
  defaults.binary = true;
  expect(() => PostgresTimerStore.fromPool(open())).toThrow(refused('pool'));
  await expect(PostgresTimerStore.connect(fixture.database.storeUrl)).rejects.toEqual(refused('pg'));
});

test('a pool is refused at its first call that shows only then what its connections are', async () => {
  const pool = open();
  const store = PostgresTimerStore.fromPool(pool);
  defaults.binary = true;
  await expect(store.deleteTimerNoLock(1, 'reminders', 'none')).rejects.toEqual(refused('pool'));
  expect(await errorOf(store.claimShardOwnership(1, 'owner'))).toEqual(refused('pool'));
  defaults.binary = false;
  expect(await fixture.store.getShard(1)).toBeNull();
  await pool.end();
});

test('a connection with `binary` is refused as one of a transaction of the caller', async () => {
  const client = new Client({ connectionString: fixture.database.url, binary: true } as PoolConfig);
  await client.connect();
  await client.query('BEGIN');
  await expect(fixture.store.deleteTimerNoLock(1, 'reminders', 'none', { client })).rejects.toEqual(
    refused('options.client'),
  );
  // Nothing was sent that could have failed.
  expect(client.getTransactionStatus()).toBe('T');
  await client.end();
});

describe('pg.native', () => {
  // It is refused before it is asked for anything, so what it stands on need not be there.
  beforeAll(() => {
    jest.doMock('pg-native', () => class {}, { virtual: true });
  });

  test('is refused as a pool, and as a connection of the caller', async () => {
    const { native } = pg;
    if (native === undefined || native === null) {
      throw new Error('pg no longer has a native client');
    }
    expect(() => PostgresTimerStore.fromPool(new native.Pool())).toThrow(refused('pool', 'pg.native'));
    const client = Object.assign(new native.Client(), { getTransactionStatus: () => 'T' });
    await expect(fixture.store.getShard(1, { client: client as unknown as Client })).rejects.toEqual(
      refused('options.client', 'pg.native'),
    );
  });

  test('is refused as what NODE_PG_FORCE_NATIVE makes of pg', async () => {
    process.env['NODE_PG_FORCE_NATIVE'] = '1';
    let connecting: Promise<unknown> | undefined;
    jest.isolateModules(() => {
      const fresh: typeof import('../../src') = require('../../src');
      connecting = fresh.PostgresTimerStore.connect(fixture.database.storeUrl);
    });
    delete process.env['NODE_PG_FORCE_NATIVE'];
    // Its classes are another copy's.
    await expect(connecting).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', argument: 'pg' });
  });
});
