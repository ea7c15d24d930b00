import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { shardIdFor } from '../../src';
import { untilBlocked } from '../support/blocked-statements';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { CommandLine, run } from './command-line';
import { claimShards, create, idsOf } from './data';

let fixture: StoreFixture;
let receiver: http.Server;
let origin: string;
let answer: (response: http.ServerResponse) => void;
beforeEach(async () => {
  fixture = await openStoreFixture();
  await claimShards(fixture);
  answer = (response) => response.writeHead(200).end();
  receiver = http.createServer((request, response) => {
    request.resume();
    receiver.emit('called', request.headers);
    answer(response);
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  origin = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
});
afterEach(async () => {
  receiver.close();
  receiver.closeAllConnections();
  await fixture.close();
});

const env = () => ({ DATABASE_URL: fixture.database.storeUrl });

/** As soon as it says so. */
async function untilSaid({ child }: CommandLine, text: string): Promise<void> {
  let said = '';
  for await (const chunk of child.stderr.iterator({ destroyOnReturn: false })) {
    said += chunk;
    if (said.includes(text)) return;
  }
  throw new Error(`It ended without saying ${text}: ${said}`);
}

test('timers are posted to their callback URLs, and SIGTERM ends it when what is under way is done', async () => {
  await create(fixture, { id: 'one', executeAt: new Date(), callbackUrl: `${origin}/hook` });
  let respond = () => {};
  answer = (response) => {
    respond = () => response.writeHead(200).end();
  };
  const line = new CommandLine(['run', '--address', 'host-2:7000'], env());
  await once(receiver, 'called');
  line.child.kill('SIGTERM');
  await untilSaid(line, 'finishes what is under way');
  respond();
  const { exitCode, stdout, stderr } = await line.end();
  expect(exitCode).toBe(0);
  expect(stderr).toContain('fires the timers of 4 shards as host-2:7000');
  expect(stdout).toMatch(/^\d{4}-\d\d-\d\d [\d:.]+Z shard-claimed shardId=\d shardVersion=2$/m);
  expect(await idsOf(fixture, 2)).toEqual([]);
});

test('deliveries are signed with the secrets of the environment', async () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  await create(fixture, { id: 'one', executeAt: new Date(), callbackUrl: `${origin}/hook` });
  const line = new CommandLine(['run', '--json'], { ...env(), PG_TIMER_STORE_SECRETS: secret });
  const [headers] = await once(receiver, 'called');
  expect(headers['webhook-signature']).toMatch(/^v1,/);
  line.child.kill('SIGINT');
  const { exitCode, stdout } = await line.end();
  expect(exitCode).toBe(0);
  const events = stdout
    .trim()
    .split('\n')
    .map((each) => JSON.parse(each));
  expect(events).toContainEqual({
    time: expect.stringMatching(/Z$/),
    type: 'shard-claimed',
    shardId: expect.any(Number),
    shardVersion: 2,
  });
});

test('--internet-only lets nothing through to a private address', async () => {
  await create(fixture, { id: 'one', executeAt: new Date(), callbackUrl: `${origin}/hook` });
  const line = new CommandLine(['run', '--internet-only'], env());
  let log = '';
  for await (const chunk of line.child.stdout.iterator({ destroyOnReturn: false })) {
    log += chunk;
    if (log.includes('timer-died')) break;
  }
  line.child.kill('SIGTERM');
  expect((await line.end()).exitCode).toBe(0);
  expect(await idsOf(fixture, 3)).toEqual(['one']);
});

test('a bad secret is refused by name, and not shown', async () => {
  const { exitCode, stderr } = await run(['run'], { ...env(), PG_TIMER_STORE_SECRETS: 'geheim' });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('PG_TIMER_STORE_SECRETS[0] must be');
  expect(stderr).not.toContain('geheim');
});

test('SIGINT while it begins lets it finish what it has fired by then', async () => {
  const { direct } = fixture;
  const id = 'one';
  // It is fired before the last shard is claimed.
  const last = shardIdFor(id, 4) === 3 ? 2 : 3;
  await create(fixture, { id, executeAt: new Date(), callbackUrl: `${origin}/hook` });
  await direct.query('BEGIN');
  await direct.query('SELECT FROM timers WHERE shard_id = $1 AND row_type = 1 FOR UPDATE', [last]);
  const line = new CommandLine(['run'], env());
  await once(receiver, 'called');
  line.child.kill('SIGINT');
  await direct.query('COMMIT');
  expect(await line.end()).toMatchObject({ exitCode: 0 });
  expect(await idsOf(fixture, 2)).toEqual([]);
});

test('SIGINT ends it while it begins and the server keeps it waiting', async () => {
  const { direct } = fixture;
  await direct.query('BEGIN; SELECT FROM timers WHERE row_type = 1 FOR UPDATE');
  const line = new CommandLine(['run'], env());
  await untilBlocked(fixture.database.url);
  line.child.kill('SIGINT');
  expect(await line.end()).toMatchObject({ exitCode: 130, stderr: 'pg-timer-store: ended by SIGINT\n' });
  await direct.query('COMMIT');
});
