import { Webhook } from 'standardwebhooks';
import { SignatureInvalidError } from './errors';

/** What the service posts to a callback URL. */
export interface Callback {
  readonly id: string;
  readonly namespace: string;
  /** The time that the timer was scheduled for. */
  readonly executeAt: string;
  /** From 1. */
  readonly attempt: number;
  readonly payload: unknown;
}

export interface VerifiedCallback extends Callback {
  /** The same for all attempts of one due time: remember it, and answer one that is known with 200. */
  readonly webhookId: string;
}

type CallbackHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

const NAMES = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;

/**
 * Tells whether a callback is from the service, unchanged, and of the last five minutes, as Standard Webhooks says.
 *
 * @param rawBody as it was received, and not parsed and written again.
 * @param secrets `webhookSecrets` of the service. While they are changed: the new one and the old one.
 * @throws SignatureInvalidError it is not. Answer 401, and do nothing else.
 */
export function verifyCallback(
  rawBody: string | Uint8Array,
  headers: CallbackHeaders,
  secrets: string | readonly string[],
): VerifiedCallback {
  const text = typeof rawBody === 'string' ? rawBody : Buffer.from(rawBody).toString();
  const signed = Object.fromEntries(NAMES.map((name) => [name, headerOf(headers, name)]));
  let failure: unknown;
  for (const secret of typeof secrets === 'string' ? [secrets] : secrets) {
    const webhook = new Webhook(secret);
    try {
      webhook.verify(text, signed, { jsonParse: false });
      return { ...(JSON.parse(text) as Callback), webhookId: signed['webhook-id'] as string };
    } catch (error) {
      failure = error;
    }
  }
  throw new SignatureInvalidError('The callback is not signed by a secret that is good, or not of now', {
    cause: failure,
  });
}

function headerOf(headers: CallbackHeaders, name: string): string {
  const value = headers instanceof Headers ? headers.get(name) : headers[name];
  return typeof value === 'string' ? value : '';
}
