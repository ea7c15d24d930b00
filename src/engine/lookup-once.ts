import type { LookupAddress, LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';

type LookupCallback = Parameters<LookupFunction>[2];

/**
 * A lookup that asks once for all who want to know the same at the same time. Node looks names up on four threads: a
 * name whose server is silent would take them all when many connections to it open at once, and keep every other
 * name waiting.
 *
 * @param accept Which addresses may be connected to.
 * @param refusal Makes the error for a name that has no other addresses.
 */
export function lookupOnce(
  lookup: LookupFunction,
  accept: (address: string) => boolean,
  refusal: () => Error,
): LookupFunction {
  const asking = new Map<string, Promise<LookupAddress[]>>();

  const ask = (hostname: string, options: LookupOptions): Promise<LookupAddress[]> => {
    const key = `${hostname} ${options.family} ${options.hints}`;
    let addresses = asking.get(key);
    if (addresses === undefined) {
      addresses = lookupAll(lookup, hostname, options).finally(() => asking.delete(key));
      asking.set(key, addresses);
    }
    return addresses;
  };

  return (hostname: string, options: LookupOptions, callback: LookupCallback) => {
    ask(hostname, options).then(
      (found) => {
        const addresses = found.filter(({ address }) => accept(address));
        const [first] = addresses;
        if (first === undefined) {
          callback(refusal(), '');
        } else if (options.all) {
          callback(null, addresses);
        } else {
          callback(null, first.address, first.family);
        }
      },
      (error) => callback(error, ''),
    );
  };
}

function lookupAll(
  lookup: LookupFunction,
  hostname: string,
  options: LookupOptions,
): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    lookup(hostname, { ...options, all: true }, (error, address, family) => {
      if (error) {
        reject(error);
      } else {
        // A resolver of the user's own may know but one.
        resolve(typeof address === 'string' ? [{ address, family: family ?? 0 }] : address);
      }
    });
  });
}
