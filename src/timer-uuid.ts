import { v5 } from 'uuid';
import { checkText } from './arguments/check-scalar';

/** Made once, at random, for this library alone. Changing it would give every timer another UUID. */
const NAMESPACE = '5b0b3b1c-6f3e-4a55-9d0c-2f7f4a3f6d21';

/**
 * The UUID that a timer gets when it is given none: version 5 (RFC 9562, section 5.5) over the JSON text
 * `["namespace","id"]`, in which the pairs ("a:b", "c") and ("a", "b:c") differ.
 *
 * @throws InvalidArgumentError
 */
export function timerUuid(namespace: string, id: string): string {
  checkText('namespace', namespace);
  checkText('id', id);
  return v5(JSON.stringify([namespace, id]), NAMESPACE);
}
