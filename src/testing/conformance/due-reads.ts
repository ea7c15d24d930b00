import { deepEqual, equal, ok } from 'node:assert/strict';
import { ZERO_CURSOR } from '../../contract/cursor';
import type { DueEvents } from '../../contract/due-timers';
import { buildTimer } from '../build-timer';
import type { Suite } from './suite';

const LONG_AGO = new Date('2001-01-01T00:00:00.000Z');
const FAR_AHEAD = new Date('9000-01-01T00:00:00.000Z');

export function dueCases(suite: Suite): void {
  suite.describe('readDueTimers', () => {
    suite.test('reads what is due in each shard, in order, and when the next one is', async () => {
      const full = await suite.shardWith(
        buildTimer({ id: 'b', executeAt: new Date(LONG_AGO.getTime() + 1) }),
        buildTimer({ id: 'a', executeAt: LONG_AGO }),
        buildTimer({ id: 'later', executeAt: new Date(FAR_AHEAD.getTime() + 1) }),
        buildTimer({ id: 'soon', executeAt: FAR_AHEAD }),
      );
      const [later, empty] = [
        await suite.shardWith(buildTimer({ executeAt: FAR_AHEAD })),
        await suite.claimedShard(),
      ];
      const places = [later, empty, full].map(({ shardId }) => ({ shardId, after: ZERO_CURSOR }));
      const { nowMs, shards } = await suite.store.readDueTimers(places, 0, 10);
      ok(nowMs > LONG_AGO.getTime() && nowMs < FAR_AHEAD.getTime(), `by its clock it is ${nowMs}`);
      deepEqual(
        shards.map(({ shardId, timers }) => [shardId, timers.map(({ id }) => id)]),
        [
          [later.shardId, []],
          [empty.shardId, []],
          [full.shardId, ['a', 'b']],
        ],
      );
      deepEqual(
        shards.map(({ nextExecuteAt }) => nextExecuteAt),
        [FAR_AHEAD, null, FAR_AHEAD],
      );
      deepEqual(
        shards[2]?.timers,
        full.timers.filter(({ executeAt }) => executeAt < FAR_AHEAD),
      );
    });

    suite.test('goes on after a place, and says where it was cut', async () => {
      const { shardId, timers } = await suite.shardWith(
        ...Array.from({ length: 5 }, (_, index) => buildTimer({ executeAt: new Date(index) })),
      );
      let after = ZERO_CURSOR;
      const read: string[] = [];
      for (const isCut of [true, true, false]) {
        const [shard] = (await suite.store.readDueTimers([{ shardId, after }], 0, 2)).shards;
        equal(shard?.isCut, isCut);
        read.push(...(shard?.timers ?? []).map(({ id }) => id));
        after = shard?.last ?? after;
      }
      deepEqual(
        read,
        timers.map(({ id }) => id),
      );
      const [shard] = (await suite.store.readDueTimers([{ shardId, after }], 0, 2)).shards;
      deepEqual([shard?.timers, shard?.last, shard?.isCut], [[], null, false]);
    });

    suite.test('looks ahead as far as it is told', async () => {
      const now = (await suite.store.readDueTimers([{ shardId: 1, after: ZERO_CURSOR }], 0, 1)).nowMs;
      const executeAt = new Date(Math.floor(now) + 3_600_000);
      const { shardId } = await suite.shardWith(buildTimer({ executeAt }));
      const read = async (lookAheadMs: number) =>
        (await suite.store.readDueTimers([{ shardId, after: ZERO_CURSOR }], lookAheadMs, 1)).shards[0];
      const near = await read(0);
      deepEqual([near?.timers.length, near?.nextExecuteAt], [0, executeAt]);
      const far = await read(7_200_000);
      deepEqual([far?.timers.length, far?.nextExecuteAt], [1, null]);
    });

    suite.test('says who owns each shard', async () => {
      const { shardId, shardVersion } = await suite.claimedShard();
      const places = [shardId, -6].map((id) => ({ shardId: id, after: ZERO_CURSOR }));
      const { shards } = await suite.store.readDueTimers(places, 0, 1);
      deepEqual(
        shards.map(({ shardVersion: version, ownerAddr }) => [version, ownerAddr]),
        [
          [shardVersion, 'owner-1'],
          [null, null],
        ],
      );
    });
  });

  suite.describe('announceDueTimers', () => {
    suite.test('is heard by those who listen, until they close', async () => {
      const [first, second] = [new Recorder(), new Recorder()];
      const listeners = [
        await suite.store.listenForDueTimers(first),
        await suite.store.listenForDueTimers(second),
      ];
      await suite.store.announceDueTimers([3]);
      deepEqual([await first.next(), await second.next()], [[3], [3]]);
      await listeners[0]?.close();
      await listeners[0]?.close();
      await suite.store.announceDueTimers(null);
      equal(await second.next(), null);
      deepEqual(first.heard, []);
      await listeners[1]?.close();
    });

    suite.test('of no shards does nothing', async () => {
      await suite.store.announceDueTimers([]);
    });
  });
}

/** What a listener is told, one after the other. */
class Recorder implements DueEvents {
  readonly heard: (readonly number[] | null)[] = [];
  #onHeard = () => {};

  onDue(shardIds: readonly number[] | null): void {
    this.heard.push(shardIds);
    this.#onHeard();
  }

  onLoss(error: Error): void {
    throw error;
  }

  async next(): Promise<readonly number[] | null | undefined> {
    if (this.heard.length === 0) {
      await new Promise<void>((resolve) => {
        this.#onHeard = resolve;
      });
    }
    return this.heard.shift();
  }
}
