import { cursorAtEndOf, ZERO_CURSOR } from '../contract/cursor';
import { LATEST_INSTANT, NIL_UUID } from '../contract/scalars';
import type { DeadTimer, Timer, TimerRange } from '../contract/types';
import { iterateTimers } from '../iterate-timers';
import type { PostgresTimerStore } from '../postgres/postgres-timer-store';
import { merge } from './merge';
import type { Reading } from './reading';
import { timersOfNamespace } from './timers-of-namespace';

/** Which timers a command is about; what is undefined does not matter. */
export interface TimerFilter {
  readonly namespace?: string;
  /** What the id begins with. */
  readonly id?: string;
}

export interface Found<T extends Timer> {
  readonly shardId: number;
  readonly timer: T;
}

type Finding<T extends Timer> = AsyncGenerator<Found<T>, void, undefined>;

export const ALL_TIMERS: TimerRange = { after: ZERO_CURSOR, upTo: cursorAtEndOf(new Date(LATEST_INSTANT)) };

/** Those that are due in a span of time, its beginning included and its end not, in order of that. */
export function timersDueIn(
  reading: Reading,
  filter: TimerFilter,
  from: Date | undefined,
  before: Date | undefined,
): Finding<Timer> {
  const { store, pageSize } = reading;
  const { signal } = reading.terminal;
  const range: TimerRange = {
    // No timer has this uuid.
    after: from === undefined ? ZERO_CURSOR : { executeAt: from, uuid: NIL_UUID },
    upTo: before === undefined ? ALL_TIMERS.upTo : { executeAt: before, uuid: NIL_UUID },
  };
  return merge(
    reading.shardIds.map((shardId) =>
      found(shardId, filter, iterateTimers(store, shardId, range, { signal, pageSize })),
    ),
    isDueBefore,
  );
}

/** In order of their ids. */
export function timersById(reading: Reading, namespace: string, idPrefix: string): Finding<Timer> {
  return merge(
    reading.shardIds.map((shardId) =>
      found(shardId, {}, timersOfNamespace(reading, shardId, namespace, idPrefix)),
    ),
    (one, other) => Buffer.compare(Buffer.from(one.timer.id), Buffer.from(other.timer.id)) < 0,
  );
}

/** In the order in which they were due. */
export function deadTimers(reading: Reading, filter: TimerFilter): Finding<DeadTimer> {
  const { store, pageSize } = reading;
  const { signal } = reading.terminal;
  const ofDead: Pick<PostgresTimerStore, 'rangeGetTimers'> = {
    rangeGetTimers: (...args) => store.rangeGetDeadTimers(...args),
  };
  return merge(
    reading.shardIds.map((shardId) => {
      const dead = iterateTimers(ofDead, shardId, ALL_TIMERS, { signal, pageSize });
      return found(shardId, filter, dead as AsyncGenerator<DeadTimer, void, undefined>);
    }),
    isDueBefore,
  );
}

async function* found<T extends Timer>(
  shardId: number,
  { namespace, id: prefix = '' }: TimerFilter,
  timers: AsyncGenerator<T, void, undefined>,
): Finding<T> {
  for await (const timer of timers) {
    if ((namespace === undefined || timer.namespace === namespace) && timer.id.startsWith(prefix)) {
      yield { shardId, timer };
    }
  }
}

function isDueBefore({ timer: one }: Found<Timer>, { timer: other }: Found<Timer>): boolean {
  return one.executeAt < other.executeAt;
}
