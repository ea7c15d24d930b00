/** The conformance suite finds what is wrong with stores that are almost right. */
import type {
  CallOptions,
  DueTimers,
  NewTimer,
  RangeDeleteResult,
  Settlement,
  ShardClaim,
  Timer,
  TimerChanges,
  TimerRange,
  TimerStore,
} from '../../src';
import { describeTimerStore, InMemoryTimerStore } from '../../src/testing';

/** @returns the names of the tests that fail. */
async function failuresOf(createStore: () => TimerStore): Promise<string[]> {
  const before: (() => Promise<void>)[] = [];
  const tests: [name: string, body: () => Promise<void>][] = [];
  describeTimerStore(createStore, {
    describe: (_, body) => body(),
    test: (name, body) => tests.push([name, body]),
    beforeAll: (body) => before.push(body),
    afterAll: () => {},
  });
  for (const body of before) {
    await body();
  }
  const failures: string[] = [];
  for (const [name, body] of tests) {
    await body().catch(() => failures.push(name));
  }
  return failures;
}

class WithoutFence extends InMemoryTimerStore {
  override createTimer(shardId: number, _version: number, timer: NewTimer, options?: CallOptions) {
    return this.createTimerNoLock(shardId, timer, options);
  }
}

class Resurrecting extends InMemoryTimerStore {
  override async updateTimerNoLock(
    shardId: number,
    namespace: string,
    id: string,
    changes: TimerChanges,
  ): Promise<Timer> {
    try {
      return await super.updateTimerNoLock(shardId, namespace, id, changes);
    } catch (error) {
      await this.createTimerNoLock(shardId, { executeAt: new Date(0), namespace, id });
      throw error;
    }
  }
}

class SettlingWhatChanged extends InMemoryTimerStore {
  override async settleTimers(settlements: readonly Settlement[]) {
    const newest = await Promise.all(
      settlements.map(async (settlement) => {
        const { namespace, id } = settlement.timer;
        const timer = await this.getTimer(settlement.shardId, namespace, id);
        return { ...settlement, timer: timer ?? settlement.timer };
      }),
    );
    return await super.settleTimers(newest);
  }
}

class OneByOne extends InMemoryTimerStore {
  override async createTimers(shardId: number, version: number, timers: readonly NewTimer[]): Promise<void> {
    for (const timer of timers) {
      await this.createTimer(shardId, version, timer);
    }
  }
}

class WithoutLimit extends InMemoryTimerStore {
  override rangeDeleteWithLimitNoLock(shardId: number, range: TimerRange): Promise<RangeDeleteResult> {
    return super.rangeDeleteWithLimitNoLock(shardId, range, 1000);
  }
}

class WithItsStart extends InMemoryTimerStore {
  override async rangeGetTimers(shardId: number, range: TimerRange, limit: number): Promise<Timer[]> {
    const { after } = range;
    const executeAt = new Date(
      Math.max(after.executeAt.getTime() - 1, Date.parse('0001-01-01T00:00:00.000Z')),
    );
    return await super.rangeGetTimers(shardId, { ...range, after: { ...after, executeAt } }, limit);
  }
}

class ForgettingMetadata extends InMemoryTimerStore {
  override async claimShardOwnership(shardId: number, ownerAddr: string): Promise<ShardClaim> {
    const { previous, current } = await super.claimShardOwnership(shardId, ownerAddr);
    await this.updateShardMetadata(shardId, current.shardVersion, {});
    return { previous, current: { ...current, metadata: {} } };
  }
}

class WithoutNext extends InMemoryTimerStore {
  override async readDueTimers(...args: Parameters<TimerStore['readDueTimers']>): Promise<DueTimers> {
    const due = await super.readDueTimers(...args);
    return { ...due, shards: due.shards.map((shard) => ({ ...shard, nextExecuteAt: null })) };
  }
}

class Deaf extends InMemoryTimerStore {
  override async announceDueTimers(shardIds: readonly number[] | null): Promise<void> {
    await super.announceDueTimers(shardIds === null ? null : shardIds.map((shardId) => shardId + 1));
  }
}

class NeverClosed extends InMemoryTimerStore {
  override async close(): Promise<void> {}
}

class WithErrorsOfItsOwn extends InMemoryTimerStore {
  override async deleteDeadTimer(...args: Parameters<TimerStore['deleteDeadTimer']>): Promise<void> {
    await super.deleteDeadTimer(...args).catch(({ message }) => {
      throw new Error(message);
    });
  }
}

test('a store that is right passes', async () => {
  expect(await failuresOf(() => new InMemoryTimerStore())).toEqual([]);
});

const FAULTS = [
  [WithoutFence, 'stops createTimer by a former owner, by one to come, and where nobody is'],
  [Resurrecting, 'of a timer that is not there says so, and creates none'],
  [SettlingWhatChanged, 'leaves alone what is no longer as it was delivered: done'],
  [OneByOne, 'is all or nothing'],
  [WithoutLimit, 'deletes the first timers, 1 at most'],
  [WithItsStart, 'reads in order what is there: that ends where it starts'],
  [ForgettingMetadata, 'metadata outlives owners, and is replaced as a whole'],
  [WithoutNext, 'reads what is due in each shard, in order, and when the next one is'],
  [Deaf, 'is heard by those who listen, until they close'],
  [NeverClosed, 'is closed by the last of several closes, and refuses calls from then on'],
  [WithErrorsOfItsOwn, 'is deleted, once'],
] as const;

for (const [Store, name] of FAULTS) {
  test(`a store that is ${Store.name} does not`, async () => {
    expect(await failuresOf(() => new Store())).toContain(name);
  });
}
