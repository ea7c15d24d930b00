/**
 * Sets another DateStyle and time zone on the coordinator, on the workers, and on all of them, and looks whether instants
 * are stored and read as they are: by `connect` always, by `fromPool` always or refused before anything is sent. Then
 * moves the shard, both ways that Citus has. Works in a database of its own.
 *
 *     TEST_LAYOUT=citus TEST_DATABASE_URL=postgres://… npx tsx test/citus/date-style.ts
 */
import { Client, Pool } from 'pg';
import { cursorAtEndOf, PostgresTimerStore, UnsupportedServerError, ZERO_CURSOR } from '../../src';
import { type Cluster, isOn, onWorker, openCluster, placementOf } from './cluster';

const STYLES = ['ISO, DMY', 'SQL, DMY', 'SQL, MDY', 'Postgres, DMY', 'German, DMY'];
const ZONES = ['Asia/Kolkata', 'America/St_Johns'];
const PLACES = ['coordinator', 'workers', 'all'] as const;
const SHARD = 9;
const ALL = { after: ZERO_CURSOR, upTo: cursorAtEndOf(new Date('9999-12-31T23:59:59.999Z')) };

/** One whose day and month can be swapped, and those in which an offset is not a whole hour. */
const INSTANTS = ['2031-02-03T04:05:06.789Z', '1890-01-01T00:00:00.001Z', '2045-07-31T23:59:59.999Z'].map(
  (text) => new Date(text),
);

async function main(): Promise<void> {
  const cluster = await openCluster();
  const counts = { trials: 0, right: 0, refused: 0, wrong: 0 };
  for (const style of STYLES) {
    for (const zone of ZONES) {
      for (const place of PLACES) {
        await setEverywhere(cluster, place, style, zone);
        const pool = new Pool({ connectionString: cluster.url });
        const connected = await PostgresTimerStore.connect(cluster.url);
        for (const [way, store] of [
          ['connect', connected],
          ['fromPool', PostgresTimerStore.fromPool(pool)],
        ] as const) {
          const end = await tryStore(cluster, store, counts.trials);
          counts.trials++;
          counts[end === 'refused' && way === 'connect' ? 'wrong' : end]++;
          if (end === 'wrong') {
            console.log(`WRONG by ${way}: ${style}, ${zone} on ${place}`);
          }
          await store.close();
        }
        await pool.end();
        await setEverywhere(cluster, place, undefined, undefined);
      }
    }
  }
  console.log(counts);
  await cluster.close();
  process.exitCode = counts.wrong > 0 ? 1 : 0;
}

async function tryStore(
  cluster: Cluster,
  store: PostgresTimerStore,
  trial: number,
): Promise<'right' | 'refused' | 'wrong'> {
  try {
    const beganAt = Date.now();
    const { current } = await store.claimShardOwnership(SHARD, 'owner');
    const { shardVersion } = current;
    await store.rangeDeleteWithLimit(SHARD, shardVersion, ALL, 1000);
    const timers = INSTANTS.map((executeAt, place) => ({
      id: `${place}`,
      namespace: 'styles',
      executeAt,
      createdAt: executeAt,
    }));
    await store.createTimers(SHARD, shardVersion, timers);
    await store.createTimer(SHARD, shardVersion, timers[0] as (typeof timers)[0]);
    const read = await store.rangeGetTimers(SHARD, ALL, 10);
    const [first] = read;
    await store.settleTimers([
      {
        shardId: SHARD,
        shardVersion,
        timer: first as (typeof read)[0],
        outcome: 'again',
        executeAt: (first as (typeof read)[0]).executeAt,
        dueAt: INSTANTS[2] as Date,
        firstAttemptAt: null,
        attempts: 1,
        lastError: null,
      },
    ]);
    await moveShard(cluster, trial);
    const moved = await store.rangeGetTimers(SHARD, ALL, 10);
    const expected = JSON.stringify(INSTANTS.map(Number).sort((a, b) => a - b));
    const isRight =
      [read, moved].every(
        (page) => JSON.stringify(page.map(({ executeAt }) => Number(executeAt))) === expected,
      ) &&
      [read, moved].every(
        (page) => JSON.stringify(page.map(({ createdAt }) => Number(createdAt))) === expected,
      ) &&
      Number(moved[0]?.dueAt) === Number(INSTANTS[2]) &&
      Math.abs(Number(current.claimedAt) - beganAt) < 60_000 &&
      Math.abs(Number(moved[0]?.updatedAt) - beganAt) < 60_000;
    return isRight ? 'right' : 'wrong';
  } catch (error) {
    if (error instanceof UnsupportedServerError) {
      return 'refused';
    }
    throw error;
  }
}

async function moveShard({ admin, workers }: Cluster, trial: number): Promise<void> {
  const { citusShard, host, port } = await placementOf(admin, SHARD);
  const target = workers.find((each) => !isOn({ host, port }, each));
  await admin.query('SELECT citus_move_shard_placement($1, $2, $3, $4, $5, $6::citus.shard_transfer_mode)', [
    citusShard,
    host,
    port,
    target?.host,
    target?.port,
    trial % 2 === 0 ? 'block_writes' : 'force_logical',
  ]);
}

/** For new sessions in the database. Undefined: as the server has it. */
async function setEverywhere(
  cluster: Cluster,
  place: (typeof PLACES)[number],
  style: string | undefined,
  zone: string | undefined,
): Promise<void> {
  const database = cluster.admin.escapeIdentifier(cluster.admin.database ?? '');
  const set = async (client: Client) => {
    // Not handed on to the other nodes, as Citus does with some commands.
    await client.query('SET citus.enable_ddl_propagation = off');
    for (const [setting, value] of [
      ['datestyle', style],
      ['timezone', zone],
    ] as const) {
      await client.query(
        value === undefined
          ? `ALTER DATABASE ${database} RESET ${setting}`
          : `ALTER DATABASE ${database} SET ${setting} = ${client.escapeLiteral(value)}`,
      );
    }
  };
  if (place !== 'workers') {
    const client = new Client({ connectionString: cluster.url });
    await client.connect();
    await set(client);
    await client.end();
  }
  if (place !== 'coordinator') {
    for (const worker of cluster.workers) {
      await onWorker(cluster, worker, set);
    }
  }
}

void main();
