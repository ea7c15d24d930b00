import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A key and its certificate, each as PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** Whom a certificate is for: a host by name or address, or a role, which PostgreSQL reads from its common name. */
export type Subject = { dns: string } | { ip: string } | { role: string };

/** Issues certificates. Its own one is what whoever is to trust them needs. */
export class CertificateAuthority {
  readonly #name: string;
  readonly #key: KeyObject;
  /** PEM. */
  readonly cert: string;

  constructor(name: string) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#name = name;
    this.#key = privateKey;
    const extensions = extension(BASIC_CONSTRAINTS, sequence(IS_CA));
    this.cert = certificate({ commonName: name, publicKey, issuer: name, issuerKey: privateKey, extensions });
  }

  issue(subject: Subject, end?: typeof LONG_AGO): Certificate {
    return certificateFor(subject, this.#name, this.#key, end);
  }
}

/** A certificate that signs itself, and so is its own authority. */
export function selfSigned(subject: Subject): Certificate {
  return certificateFor(subject);
}

/** The end of a certificate that has expired. */
export const LONG_AGO = '20010101000000Z';
const FAR_AWAY = '20991231235959Z';
const START = '20000101000000Z';

function certificateFor(
  subject: Subject,
  issuer?: string,
  issuerKey?: KeyObject,
  end: string = FAR_AWAY,
): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const [commonName = ''] = Object.values(subject);
  const cert = certificate({
    commonName,
    publicKey,
    issuer: issuer ?? commonName,
    issuerKey: issuerKey ?? privateKey,
    end,
    extensions: subjectAlternativeName(subject),
  });
  return { key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })), cert };
}

interface Contents {
  readonly commonName: string;
  readonly publicKey: KeyObject;
  readonly issuer: string;
  readonly issuerKey: KeyObject;
  readonly end?: string;
  readonly extensions: Buffer | undefined;
}

/** Source of the form: RFC 5280, section 4.1. Node reads certificates, but makes none. */
function certificate({ commonName, publicKey, issuer, issuerKey, end, extensions }: Contents): string {
  const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    distinguishedName(issuer),
    sequence(text(0x18, START), text(0x18, end ?? FAR_AWAY)),
    distinguishedName(commonName),
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions === undefined ? [] : [der(0xa3, sequence(extensions))]),
  );
  const signature = sign('sha256', toBeSigned, issuerKey);
  const base64 = sequence(toBeSigned, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature))
    .toString('base64')
    .replace(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
}

const BASIC_CONSTRAINTS = '551d13';
const SUBJECT_ALTERNATIVE_NAME = '551d11';
const IS_CA = Buffer.from([0x01, 0x01, 0xff]);

function subjectAlternativeName(subject: Subject): Buffer | undefined {
  if ('role' in subject) {
    return undefined;
  }
  const name =
    'dns' in subject ? text(0x82, subject.dns) : der(0x87, Buffer.from(subject.ip.split('.').map(Number)));
  return extension(SUBJECT_ALTERNATIVE_NAME, sequence(name));
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(oid(id), der(0x04, value));
}

function distinguishedName(commonName: string): Buffer {
  return sequence(der(0x31, sequence(oid('550403'), text(0x0c, commonName))));
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

function text(tag: number, content: string): Buffer {
  return der(tag, Buffer.from(content));
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const header = length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(header), content]);
}
