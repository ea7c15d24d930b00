import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { JsonValue } from '../contract/types';
import { type Deliver, PermanentDeliveryError } from './delivery';

/** So many of the things that are wrong with a payload are told. */
const MAX_ISSUES = 5;

/** A `deliver` whose payloads are checked before, and are what the schema makes of them. */
export function checkedDelivery<D>(
  schema: StandardSchemaV1<unknown, D>,
  deliver: Deliver<D, JsonValue>,
): Deliver {
  return async (timer, context) => {
    let result = schema['~standard'].validate(timer.payload);
    if (result instanceof Promise) {
      result = await result;
      // Another process may deliver it by now.
      context.signal.throwIfAborted();
    }
    if (result.issues !== undefined) {
      throw new PermanentDeliveryError(`the payload does not fit its schema: ${describe(result.issues)}`);
    }
    return await deliver({ ...timer, payload: result.value }, context);
  };
}

function describe(issues: readonly StandardSchemaV1.Issue[]): string {
  const texts = issues.slice(0, MAX_ISSUES).map(({ message, path = [] }) => {
    const steps = path.map((step) => String(typeof step === 'object' ? step.key : step));
    return steps.length === 0 ? message : `${steps.join('.')}: ${message}`;
  });
  const more = issues.length - texts.length;
  return texts.join('; ') + (more > 0 ? `; and ${more} more` : '');
}
