import { lookup as lookupBySystem } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { InvalidArgumentError } from '../contract/errors';
import { checkInteger, show, showKind } from '../contract/scalars';
import { WebhookSigner } from './webhook-signer';

/** How timers are posted. */
export interface HttpDeliveryOptions {
  /**
   * What deliveries are signed with: `whsec_` and 24 to 64 random bytes in base64. Each signs; give the old one beside
   * the new one until every receiver knows the new one. Who knows one can sign as well, so receivers that do not trust
   * each other need an `httpDelivery` each. (Default: deliveries are not signed)
   */
  readonly secrets?: readonly string[] | undefined;
  /**
   * Connections, and so deliveries under way, to one origin: 1 to 10,000. (Default: 64, which is a sixteenth of the
   * engine's `maxDeliveries`, and makes 640 deliveries a second to a receiver that answers within 100 ms)
   */
  readonly maxPerOrigin?: number | undefined;
  /**
   * Whether deliveries may go to addresses that are not of the internet: private, loopback, link-local and reserved
   * ones. False is for callback URLs that others write. (Default: true)
   */
  readonly allowPrivateAddresses?: boolean | undefined;
  /** What finds the addresses of a host. (Default: `dns.lookup`, which asks the operating system) */
  readonly lookup?: LookupFunction | undefined;
}

export interface ParsedHttpOptions {
  readonly signer: WebhookSigner | undefined;
  readonly maxPerOrigin: number;
  readonly allowPrivateAddresses: boolean;
  readonly lookup: LookupFunction;
}

const FIELDS = [
  'secrets',
  'maxPerOrigin',
  'allowPrivateAddresses',
  'lookup',
] as const satisfies readonly (keyof HttpDeliveryOptions)[];

/** @throws InvalidArgumentError */
export function parseHttpOptions(options: unknown): ParsedHttpOptions {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new InvalidArgumentError('options', `must be an object, not ${showKind(options)}`);
  }
  const {
    secrets,
    maxPerOrigin = 64,
    allowPrivateAddresses = true,
    lookup = lookupBySystem,
    ...others
  } = options as { readonly [name: string]: unknown };
  for (const [name, value] of Object.entries(others)) {
    if (value !== undefined) {
      throw new InvalidArgumentError(`options.${name}`, `is not one of the fields ${FIELDS.join(', ')}`);
    }
  }
  checkInteger('options.maxPerOrigin', maxPerOrigin, 1, 10_000);
  if (typeof allowPrivateAddresses !== 'boolean') {
    throw new InvalidArgumentError(
      'options.allowPrivateAddresses',
      `must be true or false, not ${show(allowPrivateAddresses)}`,
    );
  }
  if (typeof lookup !== 'function') {
    throw new InvalidArgumentError('options.lookup', `must be a function, not ${show(lookup)}`);
  }
  return {
    signer: secrets === undefined ? undefined : parseSecrets(secrets),
    maxPerOrigin,
    allowPrivateAddresses,
    lookup: lookup as LookupFunction,
  };
}

function parseSecrets(secrets: unknown): WebhookSigner {
  // Whoever gives none by mistake would send without a signature.
  if (!Array.isArray(secrets) || secrets.length === 0) {
    throw new InvalidArgumentError('options.secrets', 'must be an array of at least one secret');
  }
  return new WebhookSigner('options.secrets', secrets);
}
