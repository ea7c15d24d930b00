/** Moves that end early, wherever they are, and are gone on with by the same call. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { type MoveOptions, moveShard, PostgresTimerStore, type TimerStoreError } from '../../src';
import { activateTarget } from '../../src/generated/move.queries';
import { statementsOf } from '../../src/postgres/store-statements';
import { copyTimers } from '../../src/sharding/move/copy-timers';
import { MoveServer } from '../../src/sharding/move/move-server';
import { newTimer } from '../support/new-timer';
import type { StoreFixture } from '../support/store-fixture';
import { TcpProxy } from '../support/tcp-proxy';
import {
  DUE,
  type MovingServers,
  moveUntil,
  moveUpTo,
  openMovingServers,
  rawShard,
  rawTimers,
} from './moving-servers';

let servers: MovingServers;
beforeAll(async () => {
  servers = await openMovingServers();
});
afterAll(async () => await servers.close());

/** A shard with more than one page of timers. */
async function shardToMove(): Promise<{ shardId: number; timers: string[] }> {
  const { a } = servers;
  const { shardId, shardVersion } = await servers.claimedShard();
  const timers = Array.from({ length: 1100 }, (_, index) =>
    newTimer({ id: `timer-${index}`, executeAt: new Date(DUE.getTime() + index) }),
  );
  await a.store.createTimers(shardId, shardVersion, timers);
  return { shardId, timers: await rawTimers(a, shardId) };
}

/** Whether a process could claim the shard on a server now. */
async function isInUse(server: StoreFixture, shardId: number): Promise<boolean> {
  const shard = await rawShard(server, shardId);
  return shard !== undefined && shard.version !== null;
}

/** At no moment is a timer on neither server, nor are both servers in use. */
async function checkNothingLost(shardId: number, timers: readonly string[]): Promise<void> {
  const { a, b } = servers;
  const [usedA, usedB] = [await isInUse(a, shardId), await isInUse(b, shardId)];
  expect(usedA && usedB).toBe(false);
  const there = new Set([...(await rawTimers(a, shardId)), ...(await rawTimers(b, shardId))]);
  expect(there).toEqual(new Set(timers));
  if (usedA) {
    expect(await rawTimers(a, shardId)).toEqual(timers);
  }
  if (usedB) {
    expect(await rawTimers(b, shardId)).toEqual(timers);
  }
}

async function checkMoved(shardId: number, timers: readonly string[]): Promise<void> {
  const { a, b } = servers;
  expect(await rawTimers(b, shardId)).toEqual(timers);
  expect(await rawTimers(a, shardId)).toEqual([]);
  expect(await b.store.getShard(shardId)).toMatchObject({ ownerAddr: 'owner-1', shardVersion: 2 });
  expect(await rawShard(a, shardId)).toMatchObject({
    version: null,
    metadata: { move: { state: 'gone', version: 1 } },
  });
}

test('a move that fails at any of its steps is gone on with from there', async () => {
  const { a, b } = servers;
  let reports = 0;
  let outcome: string;
  do {
    const { shardId, timers } = await shardToMove();
    outcome = await moveUntil(shardId, a, b, ++reports);
    await checkNothingLost(shardId, timers);
    await moveShard(shardId, a.store, b.store);
    await checkMoved(shardId, timers);
  } while (outcome === 'stopped');
  // Each phase begins, and four of them go through two pages.
  expect(reports).toBe(6 + 4 * 2 + 1);
}, 120_000);

test('a move that fails again and again, one step later each time, comes to its end', async () => {
  const { a, b } = servers;
  const { shardId, timers } = await shardToMove();
  let outcome = 'stopped';
  for (let reports = 1; outcome === 'stopped'; reports++) {
    outcome = await moveUntil(shardId, a, b, reports);
    await checkNothingLost(shardId, timers);
  }
  await checkMoved(shardId, timers);
});

describe.each(['source', 'target'] as const)('a move whose connections to the %s are cut', (end) => {
  test.each(['copy', 'seal', 'merge', 'compare', 'activate', 'delete'] as const)(
    'when it begins to %s is gone on with',
    async (phase) => {
      const { a, b } = servers;
      const { shardId, timers } = await shardToMove();
      const url = (end === 'source' ? a : b).database.storeUrl;
      const proxy = await TcpProxy.open(url);
      const store = await PostgresTimerStore.connect(proxy.url(url));
      let isCut = false;
      const onProgress: MoveOptions['onProgress'] = (progress) => {
        if (!isCut && progress.phase === phase) {
          isCut = true;
          // The next answers on this server, and their connections with them: what was asked for may be done.
          proxy.cutNextAnswers(1);
        }
      };
      const [from, to] = end === 'source' ? [store, b.store] : [a.store, store];
      // A read is made again by itself; a write is not.
      const error = await moveShard(shardId, from, to, { onProgress }).catch(
        (reason: TimerStoreError) => reason,
      );
      expect(isCut).toBe(true);
      if (error !== undefined) {
        expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
      }
      await checkNothingLost(shardId, timers);
      await moveShard(shardId, a.store, b.store);
      await checkMoved(shardId, timers);
      await store.close();
      await proxy.close();
    },
  );
});

/** A process that moves a shard, and stands still when a phase has come so far. */
function startMover(shardId: number, moment: string): ChildProcess {
  const program = `
    const { moveShard, PostgresTimerStore } = require('pg-timer-store');
    const [from, to, shardId, moment] = process.argv.slice(1);
    (async () => {
      const stores = await Promise.all([from, to].map((url) => PostgresTimerStore.connect(url)));
      await moveShard(Number(shardId), ...stores, {
        onProgress({ phase, timers }) {
          if (phase + ' ' + timers === moment) {
            require('node:fs').writeSync(1, 'here');
            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
          }
        },
      });
    })();`;
  const { a, b } = servers;
  const args = ['-e', program, a.database.storeUrl, b.database.storeUrl, String(shardId), moment];
  return spawn(process.execPath, args, {
    cwd: path.join(__dirname, '../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

test.each([
  'copy 0',
  'copy 1000',
  'seal 0',
  'merge 0',
  'merge 1000',
  'compare 1000',
  'activate 0',
  'delete 0',
  'delete 1000',
])('a move whose process is killed at "%s" is gone on with by another', async (moment) => {
  const { a, b } = servers;
  const { shardId, timers } = await shardToMove();
  const mover = startMover(shardId, moment);
  const ended = once(mover, 'exit');
  await once(mover.stdout as NodeJS.ReadableStream, 'data');
  mover.kill('SIGKILL');
  expect((await ended)[1]).toBe('SIGKILL');
  await checkNothingLost(shardId, timers);
  await moveShard(shardId, a.store, b.store);
  await checkMoved(shardId, timers);
});

test('of calls that move a shard at the same time one comes to its end, and the others fail or agree', async () => {
  const { a, b } = servers;
  for (let round = 0; round < 5; round++) {
    const { shardId, timers } = await shardToMove();
    const moves = Array.from({ length: 3 }, () => moveShard(shardId, a.store, b.store));
    for (const result of await Promise.allSettled(moves)) {
      if (result.status === 'rejected') {
        expect(result.reason).toMatchObject({ code: 'SHARD_MOVE_FAILED', shardId });
      }
    }
    await checkNothingLost(shardId, timers);
    await moveShard(shardId, a.store, b.store);
    await checkMoved(shardId, timers);
  }
});

test('a call that was taken over writes nothing more', async () => {
  const { a, b } = servers;
  const { shardId } = await shardToMove();
  await moveUpTo(shardId, a, b, 'compare');
  const { run, id } = (await rawShard(b, shardId)).metadata.move;
  await moveUpTo(shardId, a, b, 'merge');
  // Something is there to write for whoever may.
  await b.direct.query(`DELETE FROM timers WHERE shard_id = $1 AND timer_id = 'timer-7'`, [shardId]);
  const timers = await rawTimers(b, shardId);
  const [source, target] = [a, b].map(
    ({ store }) => new MoveServer(statementsOf('store', store), shardId, undefined),
  ) as [MoveServer, MoveServer];
  await expect(copyTimers(source, target, run, () => {})).rejects.toMatchObject({
    code: 'SHARD_MOVE_FAILED',
  });
  const activation = {
    shardId,
    run,
    version: 2,
    ownerAddr: 'owner-1',
    claimedAt: null,
    metadata: {},
    move: { id },
  };
  expect(await target.write(activateTarget, activation)).toMatchObject({ rowCount: 0 });
  expect(await rawTimers(b, shardId)).toEqual(timers);
  expect(await isInUse(b, shardId)).toBe(false);
});
