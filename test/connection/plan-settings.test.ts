import { once } from 'node:events';
import net from 'node:net';
import { Client, Pool } from 'pg';
import { PostgresTimerStore, type ServerCheck } from '../../src';
import { PLAN_SETTINGS } from '../../src/connection/plan-settings';
import { explainQuery } from '../../src/diagnostics/explain-query';
import { findPlanFaults } from '../../src/diagnostics/judge-plan';
import { TIMER_QUERIES } from '../../src/diagnostics/timer-queries';
import { pretendCitus } from '../support/pretend-citus';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { withOptions } from '../support/test-schema';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await openStoreFixture();
});
afterAll(async () => await fixture.close());

const savedOptions = process.env['PGOPTIONS'];
afterEach(() => {
  if (savedOptions === undefined) {
    delete process.env['PGOPTIONS'];
  } else {
    process.env['PGOPTIONS'] = savedOptions;
  }
});

/** What a store with a pool of its own finds of its sessions' settings. */
async function planSettings(url: string, preparedStatements = true): Promise<ServerCheck | undefined> {
  const store = await PostgresTimerStore.connect({ connectionString: url, preparedStatements });
  try {
    return (await store.checkServer()).checks.find(({ name }) => name === 'planSettings');
  } finally {
    await store.close();
  }
}

describe('the sessions of connect', () => {
  const IN_EFFECT = { status: 'ok', found: 'plan_cache_mode is force_generic_plan, enable_seqscan is off' };

  test('plan each query once, and never as a scan of the table', async () => {
    expect(await planSettings(fixture.database.storeUrl)).toMatchObject(IN_EFFECT);
  });

  test('keep the options that are given, in the connection string or in PGOPTIONS', async () => {
    expect(await planSettings(withOptions(fixture.database.storeUrl, '-c work_mem=1MB'))).toMatchObject(
      IN_EFFECT,
    );
    process.env['PGOPTIONS'] = '-c plan_cache_mode=auto';
    expect(await planSettings(fixture.database.storeUrl)).toMatchObject({
      status: 'warning',
      found: expect.stringMatching(/^plan_cache_mode is auto, enable_seqscan is off: /),
      advice: expect.stringContaining(PLAN_SETTINGS),
    });
    // The connection string counts more than the environment.
    expect(await planSettings(withOptions(fixture.database.storeUrl, '-c enable_seqscan=on'))).toMatchObject({
      status: 'warning',
      found: expect.stringMatching(/^plan_cache_mode is force_generic_plan, enable_seqscan is on: /),
    });
  });

  test('are left alone without prepared statements: a plan for one call is no plan for others', async () => {
    process.env['PGOPTIONS'] = '-c lock_timeout=1234';
    expect(await planSettings(fixture.database.storeUrl, false)).toMatchObject({
      status: 'ok',
      found: 'each call is planned',
    });
  });

  test.each([
    ['08P01', 'unsupported startup parameter: options'],
    ['0A000', 'command-line options are not supported'],
  ])('do without where a pooler refuses start-up options by %s', async (state, message) => {
    const refuser = await refuseOptions(fixture.database.storeUrl, state, message);
    expect(await planSettings(refuser.url)).toMatchObject({ status: 'warning' });
    expect(refuser.refusals()).toBe(1);
    // What the caller asks for is not left out without a word.
    const given = PostgresTimerStore.connect(`${refuser.url}&options=-c%20work_mem%3D1MB`);
    await expect(given).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining(message),
    });
    await refuser.close();
  });
});

describe('where there is Citus, which cannot plan without parameters', () => {
  let citus: StoreFixture;
  beforeAll(async () => {
    citus = await openStoreFixture();
    await pretendCitus(citus.direct);
  });
  afterAll(async () => await citus.close());

  test('the sessions of connect are left alone, but for the options that are given', async () => {
    const url = citus.database.storeUrl;
    const AUTO = { status: 'ok', found: 'plan_cache_mode is auto, enable_seqscan is on' };
    expect(await planSettings(url)).toMatchObject(AUTO);
    expect(await planSettings(withOptions(url, '-c plan_cache_mode=force_generic_plan'))).toMatchObject({
      status: 'fault',
      found: expect.stringContaining('Citus cannot plan without parameters'),
    });
  });

  test.each([true, false])(
    'a pooler may refuse start-up options (prepared statements: %s)',
    async (prepared) => {
      const refuser = await refuseOptions(
        citus.database.storeUrl,
        '08P01',
        'unsupported startup parameter: options',
      );
      expect(await planSettings(refuser.url, prepared)).toMatchObject({ status: 'ok' });
      await refuser.close();
    },
  );

  test('plans that go to no worker are warned of, and that the table is on the coordinator', async () => {
    const { checks } = await citus.store.checkServer();
    expect(checks.filter(({ name }) => name === 'plans')).toContainEqual(
      expect.objectContaining({ status: 'warning', found: 'getTimer is not sent to a worker' }),
    );
    expect(checks.find(({ name }) => name === 'distribution')).toMatchObject({ status: 'warning' });
  });
});

test('the pool of a caller is as the caller made it', async () => {
  const pool = new Pool({ connectionString: fixture.database.storeUrl });
  const { checks } = await PostgresTimerStore.fromPool(pool).checkServer();
  await pool.end();
  expect(checks.find(({ name }) => name === 'planSettings')).toMatchObject({ status: 'warning' });
});

test('what is planned while the table is empty is still right when it is not', async () => {
  await fixture.direct.query('VACUUM (ANALYZE) timers');
  const faults = async (options?: string) => {
    const client = new Client({ connectionString: fixture.database.storeUrl, options });
    await client.connect();
    await client.query('BEGIN READ ONLY');
    const found: string[] = [];
    for (const [name, query] of TIMER_QUERIES) {
      const { generic } = await explainQuery(client, query);
      found.push(...findPlanFaults(generic).map((fault) => `${name} ${fault}`));
    }
    await client.end();
    return found;
  };
  expect(await faults(PLAN_SETTINGS)).toEqual([]);
  if (process.env['TEST_LAYOUT'] !== 'partitioned') {
    // That the test can fail. So many partitions cost more to read than their indexes, even when they are empty.
    expect(await faults()).toContain('getTimer reads all of timers');
  }
});

/** What stands before a server and takes no start-up options, as poolers do. */
async function refuseOptions(serverUrl: string, state: string, message: string) {
  const url = new URL(serverUrl);
  let refusals = 0;
  const server = net.createServer((client) => {
    const upstream = net.connect(Number(url.port), url.hostname);
    client.on('error', () => upstream.destroy());
    client.once('data', (startup) => {
      if (startup.includes('\0options\0')) {
        refusals++;
        const fields = Buffer.from(`SFATAL\0VFATAL\0C${state}\0M${message}\0\0`);
        const head = Buffer.alloc(5, 'E');
        head.writeInt32BE(fields.length + 4, 1);
        client.end(Buffer.concat([head, fields]));
        upstream.destroy();
      } else {
        upstream.write(startup);
        client.pipe(upstream).pipe(client);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const through = new URL(serverUrl);
  through.port = String((server.address() as net.AddressInfo).port);
  through.hostname = '127.0.0.1';
  through.searchParams.set('sslmode', 'disable');
  return {
    url: through.href,
    refusals: () => refusals,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
