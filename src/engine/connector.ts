import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { lookupOnce } from './lookup-once';
import { isPublicAddress } from './public-address';

const CONNECT_TIMEOUT_MS = 10_000;

/** Does not name the address: whoever wrote the URL is not to learn what the names of this network stand for. */
export class AddressRefusedError extends Error {
  constructor() {
    super('callbackUrl leads to a private, loopback, link-local or reserved address, which is refused');
  }
}

/**
 * Opens connections. Which address is refused is decided by the one that is connected to, each time anew: a name that
 * stands for another address the second time gains nothing.
 */
export function makeConnector(
  lookup: LookupFunction,
  allowPrivateAddresses: boolean,
): buildConnector.connector {
  const accept = allowPrivateAddresses ? () => true : isPublicAddress;
  const connect = buildConnector({
    lookup: lookupOnce(lookup, accept, () => new AddressRefusedError()),
    timeout: CONNECT_TIMEOUT_MS,
  });
  return (options, callback) => {
    // What is an address already is not looked up. The URL parser has brought each spelling of it into one form.
    if (isIP(options.hostname) !== 0 && !accept(options.hostname)) {
      callback(new AddressRefusedError(), null);
    } else {
      connect(options, callback);
    }
  };
}
