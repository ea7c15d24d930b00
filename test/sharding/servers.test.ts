/** Three servers with three stores in front of them: shards that move under load, and a server that is killed. */
import { Client } from 'pg';
import {
  moveShard,
  PostgresTimerStore,
  ShardConditionFailedError,
  ShardedTimerStore,
  ShardMovedError,
  type TimerStore,
} from '../../src';
import { newTimer } from '../support/new-timer';
import { RestartableServer } from '../support/restartable-server';
import { ALL } from '../support/store-fixture';
import { Stopped } from './moving-servers';

const TIMEOUT_MS = 120_000;

let servers: RestartableServer[];
let stores: [PostgresTimerStore, PostgresTimerStore, PostgresTimerStore];
beforeAll(async () => {
  servers = await Promise.all([1, 2, 3].map(() => RestartableServer.start()));
  stores = (await Promise.all(servers.map(({ url }) => PostgresTimerStore.connect(url)))) as typeof stores;
}, TIMEOUT_MS);
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await Promise.all(servers.map((server) => server.delete()));
}, TIMEOUT_MS);

/** Ids of a shard's timers on each server. */
async function idsOnServers(shardId: number): Promise<string[][]> {
  return await Promise.all(
    servers.map(async ({ url }) => {
      const client = new Client({ connectionString: url });
      await client.connect();
      const { rows } = await client.query(
        'SELECT timer_id AS id FROM timers WHERE shard_id = $1 AND row_type = 2 ORDER BY timer_id',
        [shardId],
      );
      await client.end();
      return rows.map(({ id }) => id);
    }),
  );
}

test(
  'a shard that moves around while its owner and others write loses nothing that was acknowledged, and doubles nothing',
  async () => {
    const SHARD = 1;
    let home = 0;
    const store: TimerStore = new ShardedTimerStore(() => stores[home]);
    const kept = new Set<string>();
    const versions: number[] = [];
    let isMoving = true;
    let refused = 0;

    /** Calls until it is done, like a process that looks up the server anew after each refusal. */
    const untilDone = async (call: () => Promise<unknown>) => {
      for (;;) {
        try {
          return await call();
        } catch (error) {
          if (!(error instanceof ShardMovedError)) {
            throw error;
          }
          refused++;
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
    };
    const owner = async () => {
      for (let next = 0; isMoving; ) {
        let version = 0;
        await untilDone(async () => {
          version = (await store.claimShardOwnership(SHARD, 'owner')).current.shardVersion;
        });
        versions.push(version);
        try {
          while (isMoving) {
            const id = `owner-${next++}`;
            await store.createTimer(SHARD, version, newTimer({ id }));
            kept.add(id);
            if (next % 3 === 0) {
              kept.delete(id);
              await store.deleteTimer(SHARD, version, 'reminders', id);
            }
          }
        } catch (error) {
          if (!(error instanceof ShardConditionFailedError)) {
            throw error;
          }
          // What was refused: the create is not there, the delete left it there. Settled with the next version.
          const id = `owner-${next - 1}`;
          kept.delete(id);
          await untilDone(() => store.createTimerNoLock(SHARD, newTimer({ id })));
          kept.add(id);
        }
      }
    };
    const others = async (name: string) => {
      for (let next = 0; isMoving; next++) {
        const id = `${name}-${next}`;
        await untilDone(() => store.createTimerNoLock(SHARD, newTimer({ id })));
        kept.add(id);
        if (next % 4 === 0) {
          const change = { executeAt: new Date(Date.UTC(2031, 0, 1) + next) };
          await untilDone(() => store.updateTimerNoLock(SHARD, 'reminders', id, change));
        } else if (next % 4 === 1) {
          await untilDone(() => store.deleteTimerNoLock(SHARD, 'reminders', id));
          kept.delete(id);
        }
      }
    };
    const move = async () => {
      for (let round = 0; round < 6; round++) {
        const next = (home + 1) % 3;
        const before = kept.size;
        // Until there is something new to move.
        while (kept.size < before + 30) {
          await new Promise((resolve) => setImmediate(resolve));
        }
        await moveShard(SHARD, stores[home as 0], stores[next as 0]);
        home = next;
      }
      isMoving = false;
    };
    await Promise.all([move(), owner(), others('first'), others('second')]);

    const ids = await idsOnServers(SHARD);
    expect(ids[home]).toEqual([...kept].sort());
    expect(ids[(home + 1) % 3]).toEqual([]);
    expect(ids[(home + 2) % 3]).toEqual([]);
    // Every owner had a version of its own, over all servers.
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
    expect(versions.length).toBeGreaterThanOrEqual(6);
    expect(refused).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);

test.each([
  ['source', 'copy'],
  ['source', 'merge'],
  ['source', 'delete'],
  ['target', 'copy'],
  ['target', 'merge'],
  ['target', 'delete'],
] as const)(
  'a move whose %s is killed when it begins to %s is gone on with when the server is back',
  async (end, phase) => {
    const shardId = ['copy', 'merge', 'delete'].indexOf(phase) + (end === 'source' ? 10 : 20);
    const [from, to] = stores;
    const { current } = await from.claimShardOwnership(shardId, 'owner');
    const timers = Array.from({ length: 1100 }, (_, index) => newTimer({ id: `timer-${index}` }));
    await from.createTimers(shardId, current.shardVersion, timers);
    const before = await from.rangeGetTimers(shardId, ALL, 2000);
    const server = servers[end === 'source' ? 0 : 1] as RestartableServer;
    // The target of a move that deletes has done its part.
    const needsServer = !(end === 'target' && phase === 'delete');
    let stopping: Promise<void> | undefined;
    const controller = new AbortController();
    const moving = moveShard(shardId, from, to, {
      signal: controller.signal,
      onProgress(progress) {
        if (stopping === undefined && progress.phase === phase) {
          stopping = server.stop('killed');
          stopping.then(() => needsServer && controller.abort(new Stopped()));
        }
      },
    });
    const error = await moving.catch((reason: unknown) => reason);
    await stopping;
    if (!needsServer) {
      expect(error).toBeUndefined();
    } else if (phase !== 'delete' || error !== undefined) {
      // A server that is killed may still do the one statement that is left to a move that deletes.
      expect(error).toHaveProperty('code');
    }
    await server.restart();
    await moveShard(shardId, from, to);
    expect(await to.rangeGetTimers(shardId, ALL, 2000)).toEqual(before);
    expect(await from.rangeGetTimers(shardId, ALL, 2000)).toEqual([]);
    expect(await to.getShard(shardId)).toMatchObject({ shardVersion: current.shardVersion + 1 });
  },
  TIMEOUT_MS,
);
