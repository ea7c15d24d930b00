import type { NewTimer } from 'pg-timer-store';
import { type Backlog, COMMITTED_OFFSET, PAGE, pageRange, SHARD } from '../lib/backlog';
import { benchTimer } from '../lib/bench-timers';

/** Runs a call and counts its time. */
export type Timed = <T>(call: () => Promise<T>) => Promise<T>;

/** One operation of the store, on timers all over a backlog. */
export interface StoreOperation {
  readonly name: string;
  readonly callsPerTurn: number;
  /** What is dead is cleaned up after so many calls: else the smallest table would soon be mostly dead rows. */
  readonly callsPerVacuum: number;
  /** One timed call; before and after it, untimed, whatever leaves the backlog as it was. */
  call(backlog: Backlog, timed: Timed): Promise<unknown>;
}

/** As many calls as take 100 to 300 ms on 2 quiet cores: enough to be measured. */
const FEW_ROWS = { callsPerTurn: 600, callsPerVacuum: 600 };

/** What a backlog does not contain yet: next to the timer of that index in time and in id. */
function newTimer(index: number): NewTimer {
  const timer = benchTimer(index);
  return { ...timer, id: `${timer.id}-new` };
}

function pageOf(first: number, timerAt: (index: number) => NewTimer): NewTimer[] {
  return Array.from({ length: PAGE }, (_, index) => timerAt(first + index));
}

/** Every operation of the store. */
export const STORE_OPERATIONS: readonly StoreOperation[] = [
  {
    name: 'getTimer',
    callsPerTurn: 1200,
    callsPerVacuum: 1200,
    async call(backlog, timed) {
      const { namespace, id } = benchTimer(backlog.pick());
      await timed(() => backlog.store.getTimer(SHARD, namespace, id));
    },
  },
  {
    name: 'rangeGetTimers of 1,000',
    callsPerTurn: 60,
    callsPerVacuum: 60,
    async call(backlog, timed) {
      const range = pageRange(backlog.pickPage());
      await timed(() => backlog.store.rangeGetTimers(SHARD, range, PAGE));
    },
  },
  {
    name: 'createTimer',
    ...FEW_ROWS,
    async call(backlog, timed) {
      const timer = newTimer(backlog.pick());
      await timed(() => backlog.store.createTimer(SHARD, backlog.shardVersion, timer));
      await backlog.deleteAll([timer]);
    },
  },
  {
    name: 'createTimers of 1,000',
    callsPerTurn: 16,
    callsPerVacuum: 8,
    async call(backlog, timed) {
      const timers = Array.from({ length: PAGE }, () => newTimer(backlog.pick()));
      await timed(() => backlog.store.createTimers(SHARD, backlog.shardVersion, timers));
      await backlog.deleteAll(timers);
    },
  },
  {
    name: 'updateTimer',
    ...FEW_ROWS,
    async call(backlog, timed) {
      const { namespace, id, executeAt } = benchTimer(backlog.pick());
      const later = benchTimer(backlog.pick()).executeAt;
      const moveTo = (instant: Date) =>
        backlog.store.updateTimer(SHARD, backlog.shardVersion, namespace, id, { executeAt: instant });
      await timed(() => moveTo(later));
      await moveTo(executeAt);
    },
  },
  {
    name: 'deleteTimer',
    ...FEW_ROWS,
    async call(backlog, timed) {
      const timer = benchTimer(backlog.pick());
      await timed(() => backlog.store.deleteTimer(SHARD, backlog.shardVersion, timer.namespace, timer.id));
      await backlog.store.createTimer(SHARD, backlog.shardVersion, timer);
    },
  },
  {
    name: 'rangeDeleteWithLimit of 1,000',
    callsPerTurn: 64,
    callsPerVacuum: 8,
    async call(backlog, timed) {
      const first = backlog.pickPage();
      const { after } = pageRange(first);
      const { upTo } = pageRange(backlog.size - PAGE);
      await timed(() =>
        backlog.store.rangeDeleteWithLimit(SHARD, backlog.shardVersion, { after, upTo }, PAGE),
      );
      await backlog.store.createTimers(SHARD, backlog.shardVersion, pageOf(first, benchTimer));
    },
  },
  {
    name: 'rangeDeleteWithBatchInsertTxn of 1,000',
    callsPerTurn: 16,
    callsPerVacuum: 8,
    async call(backlog, timed) {
      const first = backlog.pickPage();
      const exchangeFor = (timers: readonly NewTimer[]) =>
        backlog.store.rangeDeleteWithBatchInsertTxn(SHARD, backlog.shardVersion, pageRange(first), timers);
      const newTimers = pageOf(first, newTimer);
      await timed(() => exchangeFor(newTimers));
      await exchangeFor(pageOf(first, benchTimer));
    },
  },
  {
    name: 'updateShardMetadata',
    ...FEW_ROWS,
    async call(backlog, timed) {
      const metadata = { committedOffset: COMMITTED_OFFSET };
      await timed(() => backlog.store.updateShardMetadata(SHARD, backlog.shardVersion, metadata));
    },
  },
  {
    name: 'claimShardOwnership',
    ...FEW_ROWS,
    async call(backlog, timed) {
      const { current } = await timed(() => backlog.store.claimShardOwnership(SHARD, 'bench'));
      backlog.shardVersion = current.shardVersion;
    },
  },
];

/** What an owner does all the time: reading on from where it is. */
export const READ_FROM_COMMITTED_OFFSET: StoreOperation = {
  name: 'rangeGetTimers of 1,000, from the committed offset',
  callsPerTurn: 60,
  callsPerVacuum: 60,
  async call(backlog, timed) {
    const { upTo } = pageRange(backlog.size - PAGE);
    await timed(() => backlog.store.rangeGetTimers(SHARD, { after: COMMITTED_OFFSET, upTo }, PAGE));
  },
};
