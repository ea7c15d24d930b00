import { once } from 'node:events';
import net from 'node:net';
import { type PostgresConnectConfig, PostgresTimerStore } from '../../src';
import { parseAddresses, parseSessionKind } from '../../src/connection/addresses';
import { parseConnectionString } from '../../src/connection/connection-url';
import { errorOf } from '../support/error-of';
import { useOwnEnvironment } from '../support/own-environment';

useOwnEnvironment();

function addressesOf(config: PostgresConnectConfig | string): string[] {
  const fields = typeof config === 'string' ? { connectionString: config } : config;
  const url = parseConnectionString(fields.connectionString);
  return parseAddresses(fields, url).map(({ host, port }) => `${host} ${port}`);
}

const refused = (argument: string) => expect.objectContaining({ code: 'INVALID_ARGUMENT', argument });

test.each<[string, PostgresConnectConfig | string, string[]]>([
  ['one host', 'postgres://h', ['h 5432']],
  ['a port without a host', 'postgres://:1', ['localhost 1']],
  ['two hosts', 'postgres://u:p@h1:1,h2:2/d', ['h1 1', 'h2 2']],
  ['two hosts, of which one has a port', 'postgres://u:p,@h1:1,h2/d?a=b,c', ['h1 1', 'h2 5432']],
  ['two hosts by parameters', 'postgres:///d?host=h1,h2&port=1,2', ['h1 1', 'h2 2']],
  ['two hosts, and one port by parameters', 'postgres://h1,h2?port=3', ['h1 3', 'h2 3']],
  ['two hosts in the field', { host: 'h1,h2', port: 3 }, ['h1 3', 'h2 3']],
  ['an IPv6 address in brackets', 'postgres://[::1]', ['::1 5432']],
  ['IPv6 addresses with ports', 'postgres://[::1]:1,[fe80::2]:2,h3:3/d', ['::1 1', 'fe80::2 2', 'h3 3']],
  ['an IPv6 address in brackets in the field', { host: '[::1]' }, ['::1 5432']],
  ['an IPv6 address in the field', { host: '::1,[::2]' }, ['::1 5432', '::2 5432']],
  ['a socket', 'postgres://%2Ftmp%2Fa,h2', ['/tmp/a 5432', 'h2 5432']],
])('%s', (_, config, addresses) => {
  expect(addressesOf(config)).toEqual(addresses);
});

test('several hosts and their ports come from the environment', () => {
  process.env['PGHOST'] = 'h1,h2';
  expect(addressesOf({})).toEqual(['h1 5432', 'h2 5432']);
  process.env['PGPORT'] = '1,2';
  expect(addressesOf({})).toEqual(['h1 1', 'h2 2']);
  process.env['PGPORT'] = '1';
  expect(addressesOf({})).toEqual(['h1 1', 'h2 1']);
  expect(addressesOf({ port: 7 })).toEqual(['h1 7', 'h2 7']);
});

test.each<[string, PostgresConnectConfig | string, string]>([
  ['more ports than hosts', 'postgres://h1,h2?port=1,2,3', 'connectionString: port'],
  ['a port that is none', 'postgres://h1:1,h2:x', 'connectionString: port'],
  ['an IPv6 address without brackets', 'postgres://::1:5432/d', 'connectionString: port'],
])('%s is refused by name', (_, config, argument) => {
  expect(() => addressesOf(config)).toThrow(refused(argument));
});

test.each([
  ['any', 'any'],
  ['read-write', 'read-write'],
  ['primary', 'primary'],
  ['', 'any'],
])('target_session_attrs=%s', (text, kind) => {
  const kindOf = (connectionString: string) => parseSessionKind(parseConnectionString(connectionString));
  expect(kindOf(`postgres://h?target_session_attrs=${text}`)).toBe(kind);
  process.env['PGTARGETSESSIONATTRS'] = text;
  expect(kindOf('postgres://h')).toBe(kind);
});

test.each(['read-only', 'standby', 'prefer-standby', 'nonsense'])(
  'target_session_attrs=%s is refused by name',
  async (text) => {
    const refusedUrl = await errorOf(PostgresTimerStore.connect(`postgres://h?target_session_attrs=${text}`));
    expect(refusedUrl).toEqual(refused('connectionString: target_session_attrs'));
    process.env['PGTARGETSESSIONATTRS'] = text;
    expect(await errorOf(PostgresTimerStore.connect('postgres://h'))).toEqual(
      refused('PGTARGETSESSIONATTRS'),
    );
  },
);

test('where nobody listens, connect says so at once, of each address', async () => {
  const ports: number[] = [];
  for (const host of ['127.0.0.1', '127.0.0.1']) {
    const free = net.createServer().listen(0, host);
    await once(free, 'listening');
    ports.push((free.address() as net.AddressInfo).port);
    free.close();
    await once(free, 'close');
  }
  const start = performance.now();
  const [one, two] = ports;
  const url = `postgres://u@127.0.0.1:${one},127.0.0.1:${two}/d?connect_timeout=20`;
  const error = await errorOf(PostgresTimerStore.connect(url));
  expect(performance.now() - start).toBeLessThan(5000);
  expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
  expect(String(error)).toContain(`127.0.0.1:${one}; `);
  expect(String(error)).toContain(`127.0.0.1:${two}`);
});
