import { type NewTimer, type PostgresTimerStore, shardIdFor } from 'pg-timer-store';

/** Of the service, unless it is told another number. */
export const SHARDS = 64;
export const NAMESPACE = 'bench';

const AT_A_TIME = 5000;

/** Due in a day. The payload is that of all benchmarks, about 100 bytes. */
export function pendingTimer(id: string): NewTimer {
  return {
    id,
    namespace: NAMESPACE,
    executeAt: new Date(Date.now() + 864e5),
    callbackUrl: 'http://127.0.0.1:9/',
    payload: { order: 42, note: 'a reminder about an order that is due, and some more text with it' },
  };
}

/** Creates many at once, whatever their shards. */
export async function createAll(store: PostgresTimerStore, timers: readonly NewTimer[]): Promise<void> {
  const byShard = new Map<number, NewTimer[]>();
  for (const timer of timers) {
    const shardId = shardIdFor(timer.id, SHARDS);
    const others = byShard.get(shardId);
    if (others === undefined) byShard.set(shardId, [timer]);
    else others.push(timer);
  }
  await store.createTimersOfShards([...byShard].map(([shardId, each]) => ({ shardId, timers: each })));
}

/** Creates the timers `l-0` and on. */
export async function load(
  store: PostgresTimerStore,
  count: number,
  onTimers: (count: number) => void,
): Promise<void> {
  let next = 0;
  const loadPart = async () => {
    while (next < count) {
      const first = next;
      next = Math.min(first + AT_A_TIME, count);
      await createAll(
        store,
        Array.from({ length: next - first }, (_, place) => pendingTimer(`l-${first + place}`)),
      );
      onTimers(next - first);
    }
  };
  await Promise.all([loadPart(), loadPart()]);
}
