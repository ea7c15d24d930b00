import fc, { type Arbitrary } from 'fast-check';
import type { ModelCall } from './model-call';
import { PROCESSES } from './racing-processes';
import type { Step } from './run-schedule';

/** A call by one of the processes or, now and then, a lock that is held for a while. */
export function stepArbitrary(
  call: Arbitrary<ModelCall>,
  lockedShard: number,
  maxUnderWay: number,
): Arbitrary<Step> {
  return plain({
    maxUnderWay: fc.nat({ max: maxUnderWay }),
    action: fc.oneof(
      { weight: 9, arbitrary: plain({ process: fc.nat({ max: PROCESSES - 1 }), call }) },
      {
        weight: 1,
        arbitrary: plain({
          lockTimersOf: fc.constant(lockedShard),
          statements: fc.integer({ min: 1, max: 20 }),
        }),
      },
    ),
  });
}

/** Prints shorter than a record whose prototype may be null. */
function plain<T>(fields: { [K in keyof T]: Arbitrary<T[K]> }): Arbitrary<T> {
  return fc.record(fields, { noNullPrototype: true }) as Arbitrary<T>;
}
