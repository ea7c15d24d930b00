import { InvalidArgumentError } from '../contract/errors';

/** What only the stored timers can tell to be wrong. */
export function uuidTaken(options?: ErrorOptions): InvalidArgumentError {
  return new InvalidArgumentError(
    'uuid',
    'is the one of another timer that is due at the same time',
    options,
  );
}

export function livesAgain(): InvalidArgumentError {
  return new InvalidArgumentError(
    'timerId',
    'is that of a living timer: delete that one, or the dead one, before the dead one is revived',
  );
}
