/** An error event of a connection that nobody listens to ends the process, which fails these tests. */
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { Pool } from 'pg';
import { PostgresTimerStore } from '../../src';
import { errorOf } from '../support/error-of';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';

const READY_FOR_QUERY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
/** What the server says when it ends a session. */
const TERMINATED = errorResponse('SFATAL', 'VFATAL', 'C57P01', 'Mterminating connection');

let fixture: StoreFixture;
let front: net.Server;
/** How many connections are still to be ended in the packet that makes them ready. */
let toEnd: number;
let url: string;

beforeAll(async () => {
  fixture = await openStoreFixture();
  const { hostname, port } = new URL(fixture.database.storeUrl);
  front = net.createServer((client) => {
    const upstream = net.connect(Number(port || 5432), hostname);
    for (const socket of [client, upstream]) socket.on('error', () => {});
    client.pipe(upstream);
    client.on('close', () => upstream.destroy());
    upstream.on('data', (bytes) => {
      if (toEnd > 0 && bytes.subarray(-READY_FOR_QUERY.length).equals(READY_FOR_QUERY)) {
        toEnd--;
        client.end(Buffer.concat([bytes, TERMINATED]));
        upstream.destroy();
      } else {
        client.write(bytes);
      }
    });
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  const frontUrl = new URL(fixture.database.storeUrl);
  frontUrl.hostname = '127.0.0.1';
  frontUrl.port = String((front.address() as AddressInfo).port);
  frontUrl.searchParams.set('sslmode', 'disable');
  url = frontUrl.href;
});

afterAll(async () => {
  front.close();
  await fixture.close();
});

test('a session that ends in the moment in which it is ready is replaced by the call', async () => {
  const pool = new Pool({ connectionString: url });
  pool.on('error', () => {});
  const store = PostgresTimerStore.fromPool(pool);
  toEnd = 3;
  expect(await store.getTimer(1, 'reminders', 'timer-1')).toBeNull();
  expect(toEnd).toBe(0);
  await pool.end();
});

test('connect reports it', async () => {
  toEnd = 1;
  const error = await errorOf(PostgresTimerStore.connect(url));
  expect(error).toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: expect.stringContaining('terminating connection'),
  });
});

test('a write on such a session was never sent', async () => {
  const pool = new Pool({ connectionString: url });
  pool.on('error', () => {});
  const store = PostgresTimerStore.fromPool(pool);
  toEnd = 1;
  const { current } = await store.claimShardOwnership(1, 'owner-1');
  expect(current.shardVersion).toBe(1);
  await pool.end();
});

function errorResponse(...fields: string[]): Buffer {
  const body = Buffer.from(`${fields.map((field) => `${field}\0`).join('')}\0`);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + length.length);
  return Buffer.concat([Buffer.from('E'), length, body]);
}
