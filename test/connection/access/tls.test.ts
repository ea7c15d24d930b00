import { execFile } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { inspect, promisify } from 'node:util';
import { Client } from 'pg';
import {
  AccessDeniedError,
  InvalidArgumentError,
  PostgresTimerStore,
  type SslMode,
  StoreUnavailableError,
} from '../../../src';
import { type Certificate, CertificateAuthority, LONG_AGO, selfSigned } from '../../support/certificates';
import { errorOf } from '../../support/error-of';
import { useOwnEnvironment } from '../../support/own-environment';
import { RestartableServer, type Settings } from '../../support/restartable-server';

const MODES: readonly SslMode[] = [
  'disable',
  'allow',
  'prefer',
  'require',
  'no-verify',
  'verify-ca',
  'verify-full',
];

const authority = new CertificateAuthority('the CA of the server');
const GOOD = authority.issue({ dns: 'localhost' });

interface Row {
  readonly certificate: Certificate | null;
  /** (Default: localhost) */
  readonly host?: string;
  /** (Default: the CA of the server) */
  readonly ca?: null;
  /** What pg_hba.conf says of the store's role. (Default: host) */
  readonly hba?: 'hostssl' | 'hostnossl';
}

/** By the names that the table in docs/access.md has for them. */
const ROWS: Readonly<Record<string, Row>> = {
  'has no TLS': { certificate: null },
  'shows a good certificate': { certificate: GOOD },
  'shows a good certificate, and its host is given as an address': { certificate: GOOD, host: '127.0.0.1' },
  'shows a certificate for its address, which is given': {
    certificate: authority.issue({ ip: '127.0.0.1' }),
    host: '127.0.0.1',
  },
  'shows one for another host': { certificate: authority.issue({ dns: 'elsewhere.example' }) },
  'shows one that has expired': { certificate: authority.issue({ dns: 'localhost' }, LONG_AGO) },
  'shows one that signs itself': { certificate: selfSigned({ dns: 'localhost' }) },
  'shows one of another CA': {
    certificate: new CertificateAuthority('another CA').issue({ dns: 'localhost' }),
  },
  'shows a good certificate, and the client has no CA': { certificate: GOOD, ca: null },
  'takes connections with TLS only (`hostssl`)': { certificate: GOOD, hba: 'hostssl' },
  'has TLS, but takes connections without only (`hostnossl`)': { certificate: GOOD, hba: 'hostnossl' },
};

let server: RestartableServer;
/** Past the stores, without TLS. */
let admin: Client;
let directory: string;
let caFile: string;
beforeAll(async () => {
  server = await RestartableServer.start();
  admin = await connectDirectly();
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'tls-'));
  caFile = write('ca.pem', authority.cert);
});
afterAll(async () => {
  await admin.end();
  await server.delete();
  fs.rmSync(directory, { recursive: true });
});

useOwnEnvironment();

function write(file: string, content: string): string {
  const place = path.join(directory, file);
  fs.writeFileSync(place, content);
  return place;
}

/** The server, started anew with that certificate and those rules for the store's role. */
async function serve(certificate: Certificate | null, hba: string, settings: Settings = {}): Promise<void> {
  await admin.end();
  await server.stop('fast');
  const { username } = new URL(server.storeUrl);
  server.writeFile('pg_hba.conf', `${hba.replace('ROLE', username)}\nhost all postgres all scram-sha-256\n`);
  if (certificate === null) {
    await server.restart(settings);
  } else {
    server.writeFile('shown.crt', certificate.cert);
    server.writeFile('shown.key', certificate.key);
    await server.restart({
      ssl: 'on',
      ssl_cert_file: 'shown.crt',
      ssl_key_file: 'shown.key',
      ...settings,
    });
  }
  admin = await connectDirectly();
}

async function connectDirectly(): Promise<Client> {
  const client = new Client({ connectionString: server.url, ssl: false });
  await client.connect();
  return client;
}

/** Whether the server sees TLS on the connections of that application. */
async function encryptionOf(application: string): Promise<boolean[]> {
  const { rows } = await admin.query(
    'SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = $1',
    [application],
  );
  return rows.map(({ ssl }) => ssl);
}

function storeUrl(host: string, parameters: Record<string, string> = {}): string {
  const url = new URL(server.storeUrl);
  url.hostname = host;
  for (const [name, value] of Object.entries(parameters)) {
    url.searchParams.set(name, value);
  }
  return url.href;
}

/** What comes of connecting, in the words of the table. */
async function outcomeOf(connectionString: string): Promise<string> {
  const url = new URL(connectionString);
  const application = `outcome-${Math.random()}`;
  url.searchParams.set('application_name', application);
  let store: PostgresTimerStore;
  try {
    store = await PostgresTimerStore.connect(url.href);
  } catch (error) {
    if (error instanceof InvalidArgumentError) {
      return error.code;
    }
    const { code, message } = (error as StoreUnavailableError).cause as { code?: string; message: string };
    expect(error).toBeInstanceOf(code?.startsWith('28') ? AccessDeniedError : StoreUnavailableError);
    return code ?? (message === 'The server does not support SSL connections' ? 'no TLS' : message);
  }
  const encryption = await encryptionOf(application);
  await store.close();
  expect(encryption).toHaveLength(1);
  return encryption[0] ? 'TLS' : 'plain';
}

describe('each sslMode with a server that', () => {
  const documentation = fs.readFileSync(path.join(__dirname, '../../../docs/access.md'), 'utf8');
  const [section = ''] = documentation.split('\n## TLS\n')[1]?.split('\n## ') ?? [];
  const [header, , ...lines] = section.split('\n').filter((line) => line.startsWith('|'));
  const cells = (line = '') =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const documented = new Map(lines.map(cells).map(([name = '', ...outcomes]) => [name, outcomes]));

  test('is in the documentation is in this test, and the other way round', () => {
    expect(cells(header)).toEqual(['the server', ...MODES]);
    expect([...documented.keys()]).toEqual(Object.keys(ROWS));
  });

  test.each(Object.keys(ROWS))('%s does what the documentation says', async (name) => {
    const { certificate, host = 'localhost', ca, hba = 'host' } = ROWS[name] as Row;
    await serve(certificate, `${hba} all ROLE all scram-sha-256`);
    const inUrl: string[] = [];
    const inEnvironment: string[] = [];
    for (const sslMode of MODES) {
      const sslrootcert = ca === null ? undefined : { sslrootcert: caFile };
      inUrl.push(await outcomeOf(storeUrl(host, { sslmode: sslMode, ...sslrootcert })));
      process.env['PGSSLMODE'] = sslMode;
      if (ca !== null) {
        process.env['PGSSLROOTCERT'] = caFile;
      }
      inEnvironment.push(await outcomeOf(storeUrl(host)));
      delete process.env['PGSSLMODE'];
      delete process.env['PGSSLROOTCERT'];
    }
    expect(inUrl).toEqual(documented.get(name));
    expect(inEnvironment).toEqual(documented.get(name));
  });
});

/** Notes how each connection begins, and passes everything on. */
class Recorder {
  readonly began: ('asks for TLS' | 'TLS' | 'plain')[] = [];
  readonly #server: net.Server;
  readonly #sockets: net.Socket[] = [];

  constructor(port: number) {
    this.#server = net.createServer((client) => {
      const upstream = net.connect(port, '127.0.0.1');
      this.#sockets.push(client, upstream);
      client.once('data', (first) => this.began.push(beginningOf(first)));
      client.pipe(upstream).on('error', () => client.destroy());
      upstream.pipe(client).on('error', () => upstream.destroy());
    });
  }

  /** Resolves to the port. */
  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as net.AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) {
      socket.destroy();
    }
    await once(this.#server, 'close');
  }
}

/** Sources of the numbers: PostgreSQL's protocol, message SSLRequest; TLS, record of a handshake (RFC 8446, 5.1). */
function beginningOf(first: Buffer): Recorder['began'][number] {
  if (first.length === 8 && first.readInt32BE(4) === 80877103) {
    return 'asks for TLS';
  }
  return first[0] === 0x16 ? 'TLS' : 'plain';
}

async function recorded(
  work: (port: string, recorder: Recorder) => Promise<void>,
): Promise<Recorder['began']> {
  const recorder = new Recorder(Number(new URL(server.url).port));
  const port = await recorder.listen();
  try {
    await work(String(port), recorder);
  } finally {
    await recorder.close();
  }
  return recorder.began;
}

test('prefer, the default, asks a server without TLS for it once, and then goes without', async () => {
  await serve(null, 'host all ROLE all scram-sha-256');
  const began = await recorded(async (port) => {
    const url = new URL(storeUrl('localhost'));
    url.port = port;
    const store = await PostgresTimerStore.connect({ connectionString: url.href });
    // For which one connection does not do.
    await Promise.all([store.getShard(1), store.getShard(1)]);
    await store.close();
  });
  expect(began).toEqual(['asks for TLS', 'plain', 'plain']);
});

test.each([
  ['verify-full', {}, ['asks for TLS', 'asks for TLS']],
  ['sslnegotiation=direct', { sslnegotiation: 'direct' }, ['TLS', 'TLS']],
])('with %s, a call that times out is cancelled over TLS as well', async (_, parameters, expected) => {
  await serve(GOOD, 'hostssl all ROLE all scram-sha-256');
  const began = await recorded(async (port) => {
    const url = new URL(
      storeUrl('localhost', {
        sslmode: 'verify-full',
        sslrootcert: caFile,
        application_name: 'cancelled',
        ...parameters,
      }),
    );
    url.port = port;
    const { rows } = await admin.query('SHOW server_version_num');
    if ('sslnegotiation' in parameters && Number(rows[0].server_version_num) < 170_000) {
      // Older servers ask to be asked.
      const refused = await errorOf(PostgresTimerStore.connect(url.href));
      expect(refused).toMatchObject({ code: 'STORE_UNAVAILABLE' });
      expected = ['TLS'];
      return;
    }
    const store = await PostgresTimerStore.connect(url.href);
    expect(await encryptionOf('cancelled')).toEqual([true]);
    await admin.query('BEGIN; LOCK TABLE timers IN ACCESS EXCLUSIVE MODE');
    // The cause is what the server says of a statement that was cancelled.
    expect(await errorOf(store.getShard(1, { timeoutMs: 300 }))).toMatchObject({
      code: 'CALL_TIMEOUT',
      retryable: true,
      cause: { code: '57014' },
    });
    await admin.query('COMMIT');
    await store.close();
  });
  expect(began).toEqual(expected);
});

test('allow goes without TLS, and asks for it once where the server refuses that', async () => {
  await serve(GOOD, 'hostssl all ROLE all scram-sha-256');
  const began = await recorded(async (port) => {
    const url = new URL(storeUrl('localhost', { sslmode: 'allow' }));
    url.port = port;
    const store = await PostgresTimerStore.connect(url.href);
    await Promise.all([store.getShard(1), store.getShard(1)]);
    await store.close();
  });
  expect(began).toEqual(['plain', 'asks for TLS', 'asks for TLS']);
});

test('a server that loses its TLS meanwhile is found again with prefer', async () => {
  await serve(GOOD, 'host all ROLE all scram-sha-256');
  const store = await PostgresTimerStore.connect(storeUrl('localhost', { application_name: 'changed' }));
  expect(await encryptionOf('changed')).toEqual([true]);
  await serve(null, 'host all ROLE all scram-sha-256');
  expect(await store.getShard(1)).toBeNull();
  expect(await encryptionOf('changed')).toEqual([false]);
  await store.close();
});

test('sslrootcert=system trusts what the system does, and nobody else', async () => {
  await serve(GOOD, 'hostssl all ROLE all scram-sha-256');
  const url = storeUrl('localhost', { sslrootcert: 'system' });
  expect(await outcomeOf(url)).toMatch(/^UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT_LOCALLY)$/);
  const program = `require('./dist').PostgresTimerStore.connect(${JSON.stringify(url)})
    .then((store) => store.close())`;
  // Of a system that has this CA: as Node since 22.15 sees it, and as one before does.
  const env = { ...process.env, SSL_CERT_FILE: caFile, NODE_EXTRA_CA_CERTS: caFile };
  await promisify(execFile)(process.execPath, ['-e', program], {
    cwd: path.join(__dirname, '../../..'),
    env,
  });
});

test('ssl has CA, certificate and key in memory', async () => {
  const { username } = new URL(server.storeUrl);
  server.writeFile('clients.crt', authority.cert);
  await serve(GOOD, 'hostssl all ROLE all cert', { ssl_ca_file: 'clients.crt' });
  const { cert, key } = authority.issue({ role: username });
  const url = new URL(storeUrl('localhost', { sslmode: 'disable', application_name: 'in-memory' }));
  url.password = '';
  const ssl = { ca: authority.cert, cert, key };
  const store = await PostgresTimerStore.connect({ connectionString: url.href, ssl });
  await Promise.all([store.getShard(1), store.getShard(1)]);
  expect(await encryptionOf('in-memory')).toEqual([true, true]);
  expect(inspect(store, { depth: 20, showHidden: true, getters: true })).not.toContain('PRIVATE KEY');
  await store.close();
  const ofOther = { ca: new CertificateAuthority('another').cert, cert, key };
  expect(
    await errorOf(PostgresTimerStore.connect({ connectionString: url.href, ssl: ofOther })),
  ).toHaveProperty('cause.code', 'SELF_SIGNED_CERT_IN_CHAIN');
});

describe('a server that asks for a certificate of the client', () => {
  const ofStranger = authority.issue({ role: 'stranger' });
  const ofOtherCa = new CertificateAuthority('another CA of clients');
  let ofRole: Certificate;
  let ofRoleByOtherCa: Certificate;
  beforeAll(async () => {
    const { username } = new URL(server.storeUrl);
    ofRole = authority.issue({ role: username });
    ofRoleByOtherCa = ofOtherCa.issue({ role: username });
    server.writeFile('clients.crt', authority.cert);
    await serve(GOOD, 'hostssl all ROLE all cert', { ssl_ca_file: 'clients.crt' });
  });

  /** Without a password. */
  function urlWith({ key, cert }: Partial<Certificate>): string {
    const url = new URL(
      storeUrl('localhost', {
        sslmode: 'verify-full',
        sslrootcert: caFile,
        ...(cert !== undefined && { sslcert: write('client.crt', cert) }),
        ...(key !== undefined && { sslkey: write('client.key', key) }),
      }),
    );
    url.password = '';
    return url.href;
  }

  test('takes the one of the role instead of a password, by sslcert and sslkey', async () => {
    expect(await outcomeOf(urlWith(ofRole))).toBe('TLS');
  });

  test('takes the one of the role by PGSSLCERT and PGSSLKEY', async () => {
    process.env['PGSSLCERT'] = write('environment.crt', ofRole.cert);
    process.env['PGSSLKEY'] = write('environment.key', ofRole.key);
    expect(await outcomeOf(urlWith({}))).toBe('TLS');
  });

  test.each([
    ['none', () => ({})],
    ['the one of another role', () => ofStranger],
  ])('refuses %s', async (_, certificate) => {
    expect(await outcomeOf(urlWith(certificate()))).toBe('28000');
  });

  test('refuses one of another CA', async () => {
    // The server says so and hangs up; the end of the connection can overtake what it said.
    expect(await outcomeOf(urlWith(ofRoleByOtherCa))).toMatch(
      /^(ERR_SSL_TLSV1_ALERT_UNKNOWN_CA|ECONNRESET|EPIPE|Connection terminated unexpectedly)$/,
    );
  });
});
