/** What this library takes from `pg` without being told: each of these fails when `pg` changes it. */
import net from 'node:net';
import { Client, Pool } from 'pg';
import {
  bareConnection,
  clientsOf,
  cutConnection,
  forgetStatement,
  hasEnded,
  isBusy,
  isPasswordFailure,
  isReadTimeout,
  processIdOf,
  sessionOf,
  transactionStatusOf,
  untilSettled,
  wasUsed,
} from '../../src/driver/pg-internals';
import { errorOf } from '../support/error-of';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

let database: TestDatabase;
let client: Client;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => await database.drop());
beforeEach(async () => {
  client = new Client({ connectionString: database.url });
  client.on('error', () => {});
  await client.connect();
});
afterEach(async () => await client.end());

test('the session that a client has', async () => {
  const { rows } = await client.query(
    'SELECT pg_backend_pid() AS pid, host(inet_server_addr()) AS address, inet_server_port() AS port',
  );
  const { hostname, port } = new URL(database.url);
  expect(processIdOf(client)).toBe(rows[0].pid);
  expect(sessionOf(client)).toMatchObject({
    host: hostname,
    port: Number(port),
    peer: { address: rows[0].address, port: rows[0].port },
    ssl: false,
    sslNegotiation: 'postgres',
    processId: rows[0].pid,
    secretKey: expect.any(Number),
  });
});

test('a bare connection can ask for TLS and for a cancel, on a stream of its own', async () => {
  const written: Buffer[] = [];
  const stream = new net.Socket();
  jest.spyOn(stream, 'write').mockImplementation((bytes) => written.push(bytes as Buffer) > 0);
  const connection = bareConnection({ ssl: false, sslNegotiation: 'postgres', stream: () => stream });
  expect(connection.stream).toBe(stream);
  connection.requestSsl();
  connection.cancel(1, 2);
  expect(Buffer.concat(written).toString('hex')).toBe(
    `${'0000000804d2162f'}${'0000001004d2162e'}${'00000001'}${'00000002'}`,
  );
});

test('when the server has something to do, and when it is ready again', async () => {
  expect(isBusy(client)).toBe(false);
  const sleeping = client.query('SELECT pg_sleep(0.05)');
  expect(isBusy(client)).toBe(true);
  await untilSettled(client);
  expect(isBusy(client)).toBe(false);
  await sleeping;
  expect(hasEnded(client)).toBe(false);
});

test('after an error of the statement the session goes on; after FATAL, in any language, it has ended', async () => {
  expect(await errorOf(client.query('SELECT 1/0'))).toMatchObject({ severity: 'ERROR' });
  await untilSettled(client);
  expect(hasEnded(client)).toBe(false);
  const ended = await errorOf(client.query('SELECT pg_terminate_backend(pg_backend_pid())'));
  expect(ended).toMatchObject({ severity: 'FATAL' });
  await untilSettled(client);
  expect(hasEnded(client)).toBe(true);
});

test('a connection that is cut has ended', async () => {
  const sleeping = errorOf(client.query('SELECT pg_sleep(1)'));
  cutConnection(client);
  await untilSettled(client);
  expect(hasEnded(client)).toBe(true);
  expect(await sleeping).toMatchObject({ message: 'Connection terminated unexpectedly' });
});

test('a client that has said goodbye has ended', async () => {
  const ending = client.end();
  expect(hasEnded(client)).toBe(true);
  await ending;
});

test('whether the driver gave up reading', async () => {
  const error = await errorOf(client.query({ text: 'SELECT pg_sleep(0.2)', query_timeout: 20 } as never));
  expect(isReadTimeout(error)).toBe(true);
  expect(isReadTimeout(new Error('another'))).toBe(false);
});

test('whether the exchange of passwords failed in the driver', async () => {
  const server = net.createServer((socket) => {
    // Authentication: SASL, with a mechanism that the driver does not know.
    const body = Buffer.concat([Buffer.from([0, 0, 0, 10]), Buffer.from('SCRAM-OTHER\0\0')]);
    const length = Buffer.alloc(4);
    length.writeInt32BE(body.length + 4);
    socket.on('error', () => {});
    socket.once('data', () => socket.write(Buffer.concat([Buffer.from('R'), length, body])));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  const without = new Client({ host: '127.0.0.1', port, user: 'u', password: () => '' });
  without.on('error', () => {});
  const error = await errorOf(without.connect());
  expect(isPasswordFailure(error)).toBe(true);
  cutConnection(without);
  server.close();
});

describe('the status of the transaction', () => {
  async function seesEachStatus(): Promise<void> {
    for (const [statement, status] of [
      ['', 'I'],
      ['BEGIN', 'T'],
      ['SELECT 1/0', 'E'],
      ['ROLLBACK', 'I'],
    ] as const) {
      await client.query(statement).catch(() => {});
      await untilSettled(client);
      expect([statement, transactionStatusOf(client)]).toEqual([statement, status]);
    }
  }

  test('is known at once', async () => {
    expect(transactionStatusOf(client)).toBe('I');
    await seesEachStatus();
  });

  test('is known after the next answer with a driver that does not tell', async () => {
    Object.defineProperty(client, 'getTransactionStatus', { value: undefined });
    expect(transactionStatusOf(client)).toBeUndefined();
    expect(transactionStatusOf(client)).toBeUndefined();
    await seesEachStatus();
  });
});

test('a statement that is forgotten is prepared anew, whether the server still has it or not', async () => {
  const run = () => client.query({ name: 'sample', text: 'SELECT $1::int AS one', values: [1] });
  await run();
  for (const statement of ['SELECT 1', 'DEALLOCATE ALL']) {
    await client.query(statement);
    forgetStatement(client, 'sample');
    const { rows } = await run();
    expect(rows).toEqual([{ one: 1 }]);
  }
  const { rows } = await client.query('SELECT name FROM pg_prepared_statements');
  expect(rows).toEqual([{ name: 'sample' }]);
});

test('the clients of a pool, and whether anybody had them before', async () => {
  const pool = new Pool({ connectionString: database.url });
  const connecting = pool.connect();
  expect(clientsOf(pool)).toHaveLength(1);
  const connected = await connecting;
  expect(clientsOf(pool)).toEqual([connected]);
  expect(wasUsed(connected)).toBe(false);
  connected.release();
  expect(wasUsed(connected)).toBe(true);
  await pool.end();
});
