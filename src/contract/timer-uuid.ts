import { hash } from 'node:crypto';
import { checkText } from './scalars';

/** `5b0b3b1c-6f3e-4a55-9d0c-2f7f4a3f6d21`, made once, at random, for this library alone. Never to be changed. */
const NAMESPACE = Buffer.from('5b0b3b1c6f3e4a559d0c2f7f4a3f6d21', 'hex');

/**
 * The UUID that a timer gets when it is given none: version 5 (RFC 9562, section 5.5) over the JSON text
 * `["namespace","id"]`, in which the pairs ("a:b", "c") and ("a", "b:c") differ.
 *
 * @throws InvalidArgumentError
 * @example
 * timerUuid('reminders', 'order-42'); // '3a887a8c-fa25-5790-bedc-422b0330b65e', in each process
 */
export function timerUuid(namespace: string, id: string): string {
  checkText('namespace', namespace);
  checkText('id', id);
  return uuidV5(JSON.stringify([namespace, id]));
}

/** The uuid package takes three times as long, a quarter of what a create costs this process. */
function uuidV5(name: string): string {
  const digest = hash('sha1', Buffer.concat([NAMESPACE, Buffer.from(name)]), 'hex');
  const variant = ((Number.parseInt(digest.charAt(16), 16) & 0b0011) | 0b1000).toString(16);
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `5${digest.slice(13, 16)}`,
    variant + digest.slice(17, 20),
    digest.slice(20, 32),
  ].join('-');
}
