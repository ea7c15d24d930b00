import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';
import { InvalidArgumentError } from '../contract/errors';
import type { Timer } from '../contract/types';

const PREFIX = 'whsec_';
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;

/** Signs as https://www.standardwebhooks.com says, by HMAC-SHA256 (`v1`). */
export class WebhookSigner {
  readonly #keys: readonly KeyObject[];

  /** @throws InvalidArgumentError */
  constructor(argument: string, secrets: readonly unknown[]) {
    this.#keys = secrets.map((secret, index) => parseSecret(`${argument}[${index}]`, secret));
  }

  /** The value of `webhook-signature`: a signature for each secret. */
  sign(id: string, timestamp: string, body: string): string {
    const signed = `${id}.${timestamp}.${body}`;
    return this.#keys
      .map((key) => `v1,${createHmac('sha256', key).update(signed).digest('base64')}`)
      .join(' ');
  }
}

/**
 * The value of `webhook-id`: the same for all attempts of one due time, on whatever process, as long as what is
 * delivered is the same. It is made of the payload, and not of the revision or the time of creation: a timer whose
 * payload was replaced between two attempts is news to the receiver, while a create that was repeated is not.
 */
export function webhookId(timer: Timer<unknown>, dueAt: Date, payloadText: string): string {
  const facts = JSON.stringify([timer.namespace, timer.id, timer.uuid, dueAt.getTime(), payloadText]);
  return `msg_${hash('sha256', facts, 'base64url')}`;
}

/** Nothing of a secret is shown. */
function parseSecret(argument: string, secret: unknown): KeyObject {
  if (typeof secret !== 'string' || !secret.startsWith(PREFIX)) {
    throw new InvalidArgumentError(argument, `must be a string that begins with ${PREFIX}`);
  }
  const text = secret.slice(PREFIX.length);
  const key = Buffer.from(text, 'base64');
  // Buffer skips what is not base64.
  if (key.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, '')) {
    throw new InvalidArgumentError(argument, `must be base64 after ${PREFIX}`);
  }
  if (key.length < MIN_SECRET_BYTES || key.length > MAX_SECRET_BYTES) {
    throw new InvalidArgumentError(
      argument,
      `must have from ${MIN_SECRET_BYTES} to ${MAX_SECRET_BYTES} bytes, not ${key.length}`,
    );
  }
  return createSecretKey(key);
}
