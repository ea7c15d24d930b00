/**
 * Kills a worker under load, and cancels writes, and looks whether each outcome was told as it was: what was
 * acknowledged is there, what "nothing was applied" was said of is not, and the shards of other workers notice nothing.
 *
 *     TEST_LAYOUT=citus TEST_DATABASE_URL=postgres://… npx tsx test/citus/lost-worker.ts KILL START
 *
 * KILL and START are commands that kill the first worker, and start it again.
 */
import { exec } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { PostgresTimerStore, TimerStoreError } from '../../src';
import { type Cluster, isOn, openCluster, placementOf } from './cluster';

const SHARDS = 16;
const CALLERS_OF_A_SHARD = 4;
const CANCELLED = 4000;

interface Call {
  readonly shardId: number;
  readonly id: string;
  /** Undefined: it was acknowledged. */
  readonly error: TimerStoreError | undefined;
  readonly ms: number;
  readonly beganAt: number;
}

/** As the callers go on. */
const run = promisify(exec);

async function main(): Promise<void> {
  const [kill, start] = process.argv.slice(2);
  if (kill === undefined || start === undefined) {
    throw new Error('Two commands are needed: what kills the first worker, and what starts it again');
  }
  const cluster = await openCluster();
  const store = await PostgresTimerStore.connect({ connectionString: cluster.url, maxOpenConns: 20 });
  const shardIds = Array.from({ length: SHARDS }, (_, index) => index + 100);
  const versions = new Map<number, number>();
  const ofFirst = new Set<number>();
  for (const shardId of shardIds) {
    versions.set(shardId, (await store.claimShardOwnership(shardId, 'loader')).current.shardVersion);
    if (isOn(await placementOf(cluster.admin, shardId), cluster.workers[0])) {
      ofFirst.add(shardId);
    }
  }

  const calls: Call[] = [];
  let isOver = false;
  let count = 0;
  const create = async (shardId: number, timeoutMs: number) => {
    const id = `timer-${process.pid}-${count++}`;
    const beganAt = performance.now();
    const timer = { id, namespace: 'kill', executeAt: new Date('2040-01-01T00:00:00Z') };
    const error = await store
      .createTimer(shardId, versions.get(shardId) as number, timer, { timeoutMs })
      .then(() => undefined)
      .catch((reason: unknown) => {
        if (reason instanceof TimerStoreError) {
          return reason;
        }
        throw reason;
      });
    calls.push({ shardId, id, error, beganAt, ms: performance.now() - beganAt });
  };

  // Cancelled before, while, and after they reach the worker.
  for (let index = 0; index < CANCELLED / SHARDS; index++) {
    await Promise.all(shardIds.map((shardId) => create(shardId, 1 + Math.floor(Math.random() * 25))));
  }
  await report('cancelled', cluster, calls.splice(0));

  const load = shardIds.flatMap((shardId) =>
    Array.from({ length: CALLERS_OF_A_SHARD }, async () => {
      while (!isOver) {
        await create(shardId, 2000);
      }
    }),
  );
  await sleep(2000);
  const killedAt = performance.now();
  await run(kill);
  await sleep(5000);
  await run(start);
  const startedAt = performance.now();
  await sleep(4000);
  isOver = true;
  await Promise.all(load);
  const isDown = ({ beganAt }: Call) => beganAt > killedAt && beganAt < startedAt;
  await report(
    'shards of the killed worker',
    cluster,
    calls.filter(({ shardId }) => ofFirst.has(shardId)),
  );
  const others = calls.filter(({ shardId }) => !ofFirst.has(shardId));
  await report('other shards', cluster, others);
  await report('other shards, while it was away', cluster, others.filter(isDown));
  const back = calls.filter(
    ({ shardId, beganAt, error }) => ofFirst.has(shardId) && beganAt > startedAt && !error,
  );
  console.log(`after it was back, its shards took ${back.length} calls`);
  await Promise.all([store.close(), cluster.close()]);
}

async function report(name: string, { admin }: Cluster, calls: readonly Call[]): Promise<void> {
  const { rows } = await admin.query<{ id: string }>(
    `SELECT timer_id AS id FROM timers WHERE shard_id >= 100 AND row_type = 2 AND timer_id LIKE 'timer-%'`,
  );
  const there = new Set(rows.map(({ id }) => id));
  const acknowledged = calls.filter(({ error }) => error === undefined);
  const refused = calls.filter(({ error }) => error?.retryable === true);
  const unknown = calls.filter(({ error }) => error?.retryable === false);
  const codes: Record<string, number> = {};
  for (const { error } of calls) {
    if (error !== undefined) {
      const key = `${error.code}${error.retryable ? '' : ' (unknown)'}`;
      codes[key] = (codes[key] ?? 0) + 1;
    }
  }
  const lost = acknowledged.filter(({ id }) => !there.has(id));
  const denied = refused.filter(({ id }) => there.has(id));
  console.log(name, {
    acknowledged: acknowledged.length,
    lost: lost.length,
    nothingApplied: refused.length,
    butApplied: denied.length,
    unknown: unknown.length,
    ofThemApplied: unknown.filter(({ id }) => there.has(id)).length,
    longestMs: Math.round(calls.reduce((most, { ms }) => Math.max(most, ms), 0)),
    ...codes,
  });
  if (lost.length > 0 || denied.length > 0) {
    process.exitCode = 1;
  }
}

void main();
