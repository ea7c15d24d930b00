/**
 * Loads the engines of test/chaos on the cluster, kills and stops them and breaks their connections, and inflicts the
 * faults of a cluster: a worker is killed, shards are moved, the coordinator restarts, a worker is added, to which shards
 * are rebalanced, and is emptied and removed. The checker of test/chaos reads the history of calls and deliveries.
 *
 *     TEST_LAYOUT=citus TEST_DATABASE_URL=postgres://… npx tsx test/citus/chaos.ts KILL START RESTART HOST:PORT [ROUNDS]
 *
 * KILL and START are commands that kill the first worker, and start it again; RESTART is one that restarts the coordinator.
 * HOST:PORT is a node that has the extension, and is no worker yet. Deletes all timers. Needs `npm run build` before.
 */
import { exec } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ChaosWorld } from '../chaos/chaos-world';
import { HARMLESS, type InflictFault, PROCESS_FAULTS } from '../chaos/faults';
import { reportRound } from '../chaos/run-soak';
import {
  type Cluster,
  cleanUp,
  isOn,
  moveShard,
  moveUntilDone,
  openCluster,
  placementOf,
  type Worker,
} from './cluster';

const PAUSE_MS = 5;
/** A worker is away for longer than the others wait for beats. */
const AWAY_MS = 5000;

interface Commands {
  readonly kill: string;
  readonly start: string;
  readonly restart: string;
  readonly newWorker: { readonly host: string; readonly port: number };
}

type Mode = Parameters<typeof moveShard>[3];

const run = promisify(exec);

/** Each may have a delivery come twice that was under way in any process. */
function clusterFaults(commands: Commands): Readonly<Record<string, InflictFault>> {
  const inflict = (world: ChaosWorld, kind: string, begin: () => Promise<unknown>) =>
    world.inflict(kind, [...world.processes.keys()], begin);
  const move = (mode: Mode): InflictFault => {
    const kind = `shards are moved by ${mode}`;
    return (world) => inflict(world, kind, () => withCluster((cluster) => moveShards(cluster, mode)));
  };
  return {
    async 'a worker is killed'(world) {
      await inflict(world, 'a worker is killed', async () => {
        await run(commands.kill);
        await sleep(AWAY_MS);
        await run(commands.start);
      });
      await sleep(1000);
    },
    'shards are moved by block_writes': move('block_writes'),
    'shards are moved by force_logical': move('force_logical'),
    async 'the coordinator restarts'(world) {
      await inflict(world, 'the coordinator restarts', () => run(commands.restart));
      await sleep(1000);
    },
    async 'a worker is added'(world) {
      await inflict(world, 'a worker is added', () =>
        withCluster(async ({ admin }) => {
          const { host, port } = commands.newWorker;
          await admin.query('SELECT citus_add_node($1, $2)', [host, port]);
          const rebalance = `SELECT rebalance_table_shards('timers', shard_transfer_mode => 'force_logical')`;
          await moveUntilDone(admin, () => admin.query(rebalance));
        }),
      );
    },
    async 'a worker is removed'(world) {
      await inflict(world, 'a worker is removed', () =>
        withCluster(async ({ admin }) => {
          const { host, port } = commands.newWorker;
          const drain = `SELECT citus_drain_node($1, $2, 'force_logical')`;
          await moveUntilDone(admin, () => admin.query(drain, [host, port]));
          await cleanUp(admin);
          await admin.query('SELECT citus_remove_node($1, $2)', [host, port]);
        }),
      );
    },
  };
}

async function withCluster<T>(work: (cluster: Cluster) => Promise<T>): Promise<T> {
  const cluster = await openCluster();
  try {
    return await work(cluster);
  } finally {
    await cluster.close();
  }
}

/** Those of three shards of the engines, to another worker and back. */
async function moveShards({ admin, workers }: Cluster, mode: Mode): Promise<void> {
  for (const shardId of [0, 0, 1, 1, 2, 2]) {
    const place = await placementOf(admin, shardId);
    await moveShard(admin, place, workers.find((each) => !isOn(place, each)) as Worker, mode);
  }
}

async function runRound(seed: number, faults: readonly InflictFault[]): Promise<boolean> {
  const url = await withCluster(async (cluster) => {
    await cluster.admin.query('DELETE FROM timers WHERE row_type IN (1, 2, 3)');
    await cluster.admin.query('DELETE FROM timer_members');
    return cluster.url;
  });
  const world = await ChaosWorld.openOn(seed, PAUSE_MS, { url, storeUrl: url });
  try {
    const end = new AbortController();
    const loading = world.run(end.signal);
    for (const [index, inflict] of faults.entries()) {
      await sleep(500 + world.random() * 1000);
      await inflict(world, index % world.processes.length);
    }
    end.abort();
    await loading;
    const left = await world.drain();
    return reportRound(seed, world.recorder.history, left);
  } finally {
    await world.close();
  }
}

async function main(): Promise<void> {
  const [kill, start, restart, newWorker = '', rounds = '1'] = process.argv.slice(2);
  const [host, port] = newWorker.split(':');
  if (!kill || !start || !restart || !host || !port) {
    throw new Error('KILL START RESTART HOST:PORT: see the head of this file');
  }
  const commands = { kill, start, restart, newWorker: { host, port: Number(port) } };
  const faults = Object.values({ ...HARMLESS, ...PROCESS_FAULTS, ...clusterFaults(commands) });
  const firstSeed = Date.now() % 1e9;
  let holds = true;
  for (let round = 0; round < Number(rounds) && holds; round++) {
    holds = await runRound(firstSeed + round, faults);
  }
  process.exitCode = holds ? 0 : 1;
}

void main();
