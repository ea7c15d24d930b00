import type { LookupAddress } from 'node:dns';
import { promisify } from 'node:util';
import { type HttpDelivery, type HttpDeliveryOptions, httpDelivery } from '../../src/engine';
import { AddressRefusedError } from '../../src/engine/connector';
import { lookupOnce } from '../../src/engine/lookup-once';
import { isPublicAddress } from '../../src/engine/public-address';
import { errorOf } from '../support/error-of';
import { call, storedTimer } from './http-call';
import { closeReceivers, openReceiver } from './http-receiver';

const deliveries: HttpDelivery[] = [];

afterEach(async () => {
  await Promise.all(deliveries.splice(0).map((deliver) => deliver.close()));
  await closeReceivers();
});

function open(options: HttpDeliveryOptions): HttpDelivery {
  const deliver = httpDelivery(options);
  deliveries.push(deliver);
  return deliver;
}

/** One that goes to the internet alone, where each name stands for these addresses. */
function openPublicOnly(addresses: string[]): { deliver: HttpDelivery; asked: string[] } {
  const asked: string[] = [];
  const deliver = open({
    allowPrivateAddresses: false,
    lookup: (hostname, _options, callback) => {
      asked.push(hostname);
      callback(null, addresses.map(toLookupAddress));
    },
  });
  return { deliver, asked };
}

function toLookupAddress(address: string): LookupAddress {
  return { address, family: address.includes(':') ? 6 : 4 };
}

const REFUSED = {
  code: 'DELIVERY_PERMANENT',
  message: 'callbackUrl leads to a private, loopback, link-local or reserved address, which is refused',
};

describe('addresses of the internet', () => {
  test.each([
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '169.253.255.255',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2606:4700::1111',
    '2001:200::1',
    '2001:4860:4860::8888',
    '2003::1',
    '3ffe::1',
    '::ffff:1.1.1.1',
    '::FFFF:101:101',
    '64:ff9b::1.1.1.1',
  ])('%s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

describe('addresses that are refused', () => {
  test.each([
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.0',
    '10.255.255.255',
    '100.64.0.0',
    '100.100.100.200',
    '100.127.255.255',
    '127.0.0.1',
    '127.255.255.255',
    '168.63.129.16',
    '169.254.169.254',
    '172.16.0.0',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.0.1',
    '198.18.0.0',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '0:0:0:0:0:ffff:0a00:0001',
    '::ffff:0:127.0.0.1',
    '64:ff9b::127.0.0.1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    '5f00::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%lo',
    '2606:4700::1111%lo',
    'febf::1',
    'fec0::1',
    'ff02::1',
    'localhost',
    '',
    '127.1',
    '1.1.1.1.',
    '01.1.1.1',
  ])('%s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('a URL with an address that is refused, however it is spelt', () => {
  test.each([
    '127.0.0.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.01',
    '017700000001',
    '127.1',
    '127.0.0.1.',
    '%31%32%37.0.0.1',
    '①②⑦.0.0.1',
    '127。0。0。1',
    '0',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::FFFF:7F00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[fe80::1]',
    '[fd00::1]',
    '169.254.169.254',
    '0xa9fea9fe',
    'user:pass@127.0.0.1',
  ])('%s', async (host) => {
    const { port, counts } = await openReceiver((response) => response.end());
    const { deliver, asked } = openPublicOnly(['1.1.1.1']);
    for (const scheme of ['http', 'https']) {
      const error = await errorOf(call(deliver, storedTimer(`${scheme}://${host}:${port}/`)));
      expect(error).toMatchObject(REFUSED);
    }
    expect(counts.connections).toBe(0);
    expect(asked).toEqual([]);
  });
});

describe('a name', () => {
  test('that stands for addresses that are refused is refused, and none of them shown', async () => {
    const { port, counts } = await openReceiver((response) => response.end());
    for (const addresses of [['127.0.0.1'], ['::1', '127.0.0.1'], ['::ffff:127.0.0.1'], ['10.0.0.7']]) {
      const { deliver } = openPublicOnly(addresses);
      expect(await errorOf(call(deliver, storedTimer(`http://name.example:${port}/`)))).toMatchObject(
        REFUSED,
      );
    }
    expect(counts.connections).toBe(0);
  });

  test('that stands for loopback once it was let through is refused: nothing is remembered of a name', async () => {
    const answers = ['1.1.1.1', '127.0.0.1', '1.1.1.1'];
    // The lookup that connections are opened with; a connection to 1.1.1.1 is not for a test.
    const lookup = promisify(
      lookupOnce(
        (_hostname, _options, callback) => callback(null, answers.shift() ?? '', 4),
        isPublicAddress,
        () => new AddressRefusedError(),
      ),
    );
    expect(await lookup('rebinding.example', { all: true })).toEqual([{ address: '1.1.1.1', family: 4 }]);
    expect(await errorOf(lookup('rebinding.example', { all: true }))).toBeInstanceOf(AddressRefusedError);
    expect(await lookup('rebinding.example', {})).toBe('1.1.1.1');
  });

  test('that stands for both kinds of addresses is connected to by those of the internet only', async () => {
    const lookup = promisify(
      lookupOnce(
        (_hostname, _options, callback) =>
          callback(null, ['::1', '1.1.1.1', '10.0.0.1', '2606:4700::1111'].map(toLookupAddress)),
        isPublicAddress,
        () => new AddressRefusedError(),
      ),
    );
    expect(await lookup('both.example', { all: true })).toEqual([
      { address: '1.1.1.1', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ]);
  });

  test('is connected to by an address that was looked up once: none is looked up again behind the check', async () => {
    const { port, received } = await openReceiver((response) => response.end());
    let asked = 0;
    const deliver = open({
      lookup: (_hostname, _options, callback) => {
        asked++;
        callback(null, [{ address: '127.0.0.1', family: 4 }]);
      },
    });
    await call(deliver, storedTimer(`http://name.example:${port}/`));
    expect(received[0]?.headers['host']).toBe(`name.example:${port}`);
    expect(asked).toBe(1);
  });

  test('is looked up once for all connections that open at the same time', async () => {
    const { port, received } = await openReceiver((response) => response.end());
    const found: (() => void)[] = [];
    const deliver = open({
      lookup: (_hostname, _options, callback) => {
        found.push(() => callback(null, '127.0.0.1', 4));
      },
    });
    // As many as an origin has places before it has answered.
    const calls = Array.from({ length: 8 }, (_, index) =>
      call(deliver, storedTimer(`http://name.example:${port}/`, { id: `timer-${index}` })),
    );
    await new Promise(setImmediate);
    for (const tell of found) {
      tell();
    }
    await Promise.all(calls);
    expect(found).toHaveLength(1);
    expect(received).toHaveLength(8);
  });

  test('whose lookup fails, throws or returns nonsense is tried again', async () => {
    const lookups: HttpDeliveryOptions['lookup'][] = [
      (_hostname, _options, callback) =>
        callback(Object.assign(new Error('se-cret'), { code: 'ESERVFAIL' }), ''),
      () => {
        throw Object.assign(new Error('se-cret'), { code: 'EBROKEN' });
      },
      (_hostname, _options, callback) => callback(null, 'nonsense', 4),
    ];
    const messages: string[] = [];
    for (const lookup of lookups) {
      const error = await errorOf(call(open({ lookup }), storedTimer('http://name.example/')));
      expect(error).toMatchObject({ code: 'DELIVERY_FAILED' });
      messages.push((error as Error).message);
    }
    expect(messages).toEqual([
      'no answer: ESERVFAIL',
      'no answer: EBROKEN',
      'no answer: ERR_INVALID_IP_ADDRESS',
    ]);
  });

  test('such as localhost is refused by what the system says of it', async () => {
    const { port, counts } = await openReceiver((response) => response.end());
    const deliver = open({ allowPrivateAddresses: false });
    for (const name of ['localhost', 'LOCALHOST']) {
      expect(await errorOf(call(deliver, storedTimer(`http://${name}:${port}/`)))).toMatchObject(REFUSED);
    }
    expect(counts.connections).toBe(0);
  });
});

test('a redirect to a refused address is not followed', async () => {
  const { origin, port, received } = await openReceiver((response) =>
    response.writeHead(307, { location: `http://127.0.0.1:${port}/inner` }).end(),
  );
  await errorOf(call(open({}), storedTimer(origin)));
  expect(received).toHaveLength(1);
});
