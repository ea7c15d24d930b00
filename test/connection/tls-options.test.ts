import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { PostgresConnectConfig, SslMode } from '../../src';
import { parseConnectionString } from '../../src/connection/connection-url';
import { parseConnectConfig } from '../../src/connection/parse-connect-config';
import { parseTls, type Tls } from '../../src/connection/tls-options';
import { CertificateAuthority } from '../support/certificates';
import { useOwnEnvironment } from '../support/own-environment';

const authority = new CertificateAuthority('a CA');
let directory: string;
let caFile: string;
beforeAll(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'tls-options-'));
  caFile = path.join(directory, 'ca.pem');
  fs.writeFileSync(caFile, authority.cert);
});
afterAll(() => fs.rmSync(directory, { recursive: true }));

useOwnEnvironment();

function tlsOf(config: PostgresConnectConfig): readonly Tls[] {
  return parseTls(config, parseConnectionString(config.connectionString));
}

/** The mode, as it shows in what is tried. */
function modeOf(config: PostgresConnectConfig): SslMode {
  const [first, second] = tlsOf(config);
  if (first === undefined || first === false) {
    return second === undefined ? 'disable' : 'allow';
  }
  if (second !== undefined) {
    return 'prefer';
  }
  if (first.rejectUnauthorized === false) {
    return first.ca === undefined ? 'require' : 'no-verify';
  }
  return first.checkServerIdentity === undefined ? 'verify-full' : 'verify-ca';
}

const withParameters = (parameters: string) => ({ connectionString: `postgres://h/d?${parameters}` });

test('the sslMode comes from the field, then the connection string, then the environment', () => {
  process.env['PGSSLMODE'] = 'require';
  expect(modeOf({})).toBe('require');
  expect(modeOf(withParameters('sslmode=verify-full'))).toBe('verify-full');
  expect(modeOf(withParameters('a=1&sslmode=disable&b=2'))).toBe('disable');
  expect(modeOf(withParameters('ssl=false'))).toBe('disable');
  expect(modeOf({ ...withParameters('sslmode=disable'), sslMode: 'prefer' })).toBe('prefer');
  process.env['PGSSLMODE'] = 'disable';
  expect(modeOf(withParameters('ssl=true'))).toBe('require');
  expect(modeOf(withParameters('ssl=1&sslmode=verify-full'))).toBe('verify-full');
  // The last counts, as with libpq, in whatever spelling of its name.
  expect(modeOf(withParameters('sslmode=disable&sslmode=require'))).toBe('require');
  expect(modeOf(withParameters('%73slmode=allow'))).toBe('allow');
  process.env['PGSSLMODE'] = '';
  expect(modeOf({})).toBe('prefer');
});

test('a CA makes verify-ca of require, and nothing of no-verify', () => {
  const ca = `sslrootcert=${caFile}`;
  expect(modeOf(withParameters(`ssl=true&${ca}`))).toBe('verify-ca');
  expect(modeOf(withParameters(`sslmode=require&${ca}`))).toBe('verify-ca');
  expect(modeOf(withParameters(`sslmode=no-verify&${ca}`))).toBe('no-verify');
  expect(tlsOf(withParameters(`sslmode=verify-full&${ca}`))).toEqual([
    { ca: authority.cert, rejectUnauthorized: true },
  ]);
});

test('sslnegotiation=direct demands TLS', () => {
  expect(modeOf(withParameters('sslnegotiation=direct'))).toBe('require');
  process.env['PGSSLNEGOTIATION'] = 'direct';
  expect(modeOf({})).toBe('require');
  for (const sslMode of ['disable', 'allow', 'prefer'] as const) {
    expect(() => modeOf({ sslMode })).toThrow(refused('config.sslMode'));
  }
});

test('sslrootcert=system is verified in full, and goes with no other mode', () => {
  expect(modeOf(withParameters('sslrootcert=system'))).toBe('verify-full');
  expect(modeOf(withParameters('sslrootcert=system&sslmode=verify-full'))).toBe('verify-full');
  expect(() => modeOf(withParameters('sslrootcert=system&sslmode=require'))).toThrow(
    refused('connectionString: sslmode'),
  );
  process.env['PGSSLROOTCERT'] = 'system';
  expect(modeOf({})).toBe('verify-full');
  expect(() => modeOf({ sslMode: 'verify-ca' })).toThrow(refused('config.sslMode'));
});

test('an sslmode in the connection string draws no warning from the parser', () => {
  const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  // Its warning comes once, so from a parser that is loaded anew.
  jest.isolateModules(() => {
    const fresh: {
      parseConnectConfig: typeof parseConnectConfig;
    } = require('../../src/connection/parse-connect-config');
    for (const sslmode of ['disable', 'prefer', 'require', 'no-verify']) {
      fresh.parseConnectConfig(`postgres://h/d?a=1&sslmode=${sslmode}&b=2`);
    }
  });
  expect(emitWarning).not.toHaveBeenCalled();
  emitWarning.mockRestore();
});

describe('ssl', () => {
  const { cert: ca } = authority;
  const { cert, key } = authority.issue({ role: 'someone' });

  test('demands TLS that is verified in full, whatever connection string and environment say', () => {
    process.env['PGSSLMODE'] = 'disable';
    process.env['PGSSLROOTCERT'] = '/none.pem';
    const config = { ...withParameters('sslmode=disable&sslcert=/none.pem'), ssl: { ca, cert, key } };
    expect(tlsOf(config)).toEqual([{ ca, cert, key, rejectUnauthorized: true }]);
  });

  test('says by itself what is verified, or leaves it to an sslMode beside it', () => {
    expect(modeOf({ ssl: { rejectUnauthorized: false } })).toBe('require');
    expect(modeOf({ ssl: { ca }, sslMode: 'require' })).toBe('verify-ca');
    expect(modeOf({ ssl: { ca }, sslMode: 'no-verify' })).toBe('no-verify');
    expect(modeOf({ ssl: { ca }, sslMode: 'verify-ca' })).toBe('verify-ca');
    expect(modeOf({ ssl: { ca }, sslMode: 'verify-full' })).toBe('verify-full');
  });

  test('is left as it was', () => {
    const ssl = Object.freeze({ ca, cert, key });
    const { poolConfig, endpoints } = parseConnectConfig({ ssl });
    expect(endpoints.current.ssl).toMatchObject(ssl);
    expect(Object.keys(ssl)).toEqual(['ca', 'cert', 'key']);
    expect(JSON.stringify(poolConfig)).not.toContain('PRIVATE KEY');
  });

  test.each<[string, unknown, SslMode | undefined, string]>([
    ['a boolean', true, undefined, 'config.ssl'],
    ['an array', [], undefined, 'config.ssl'],
    ['a key that is none', { key: 'secret' }, undefined, 'config.ssl'],
    ['a key of another type', { key: { secret: 'secret' } }, undefined, 'config.ssl'],
    ['TLS beside disable', { ca }, 'disable', 'config.ssl'],
    ['TLS beside prefer', { ca }, 'prefer', 'config.ssl'],
    ['verify-ca without a CA', {}, 'verify-ca', 'config.sslMode'],
    [
      'two that say what is verified',
      { rejectUnauthorized: false },
      'verify-full',
      'config.ssl.rejectUnauthorized',
    ],
  ])('%s is refused by name, and not shown', (_, ssl, sslMode, argument) => {
    const parse = () => parseConnectConfig({ ssl, sslMode } as PostgresConnectConfig);
    expect(parse).toThrow(refused(argument));
    expect(parse).not.toThrow(/secret/);
  });
});

function refused(argument: string) {
  return expect.objectContaining({ code: 'INVALID_ARGUMENT', argument });
}
