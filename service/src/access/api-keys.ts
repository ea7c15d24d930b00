import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Right, Settings } from '../config/settings';

/** Who makes a call. */
export interface Caller {
  readonly name: string;
  readonly rights: ReadonlySet<Right>;
  /** Undefined: all. */
  readonly namespaces: ReadonlySet<string> | undefined;
  readonly callsPerSecond: number | undefined;
}

/** Where there are no keys, everybody may do everything. */
const ANYBODY: Caller = {
  name: 'anybody',
  rights: new Set(['read', 'write', 'admin']),
  namespaces: undefined,
  callsPerSecond: undefined,
};

/** The keys that are good now. They are known by their hashes alone. */
export class ApiKeys {
  #keys: readonly { readonly hash: Buffer; readonly caller: Caller }[] = [];

  constructor(apiKeys: Settings['apiKeys']) {
    this.replace(apiKeys);
  }

  get isEmpty(): boolean {
    return this.#keys.length === 0;
  }

  /** Keys that are left out are good no longer, from this moment on. */
  replace(apiKeys: Settings['apiKeys']): void {
    this.#keys = apiKeys.map(({ name, hash, rights, namespaces, callsPerSecond }) => ({
      hash: Buffer.from(hash.slice('sha256:'.length), 'hex'),
      caller: {
        name,
        rights: new Set(rights),
        namespaces: namespaces && new Set(namespaces),
        callsPerSecond,
      },
    }));
  }

  /**
   * Whose key it is; undefined: nobody's. It takes as long for every key: each hash is compared, and all of it.
   *
   * @param authorization The header.
   */
  find(authorization: string | undefined): Caller | undefined {
    if (this.isEmpty) {
      return ANYBODY;
    }
    const [, key] = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(authorization ?? '') ?? [];
    if (key === undefined) {
      return undefined;
    }
    const hash = digest(key);
    let found: Caller | undefined;
    for (const each of this.#keys) {
      if (timingSafeEqual(each.hash, hash)) {
        found = each.caller;
      }
    }
    return found;
  }
}

/** A key that nobody can guess, so that one round of SHA-256 keeps it, and what the configuration has of it. */
export function newKey(): { readonly key: string; readonly hash: string } {
  const key = `ptk_${randomBytes(32).toString('base64url')}`;
  return { key, hash: `sha256:${digest(key).toString('hex')}` };
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
