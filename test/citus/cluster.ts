import { Client } from 'pg';

/** A worker of the cluster, as its coordinator knows it. */
export interface Worker {
  readonly host: string;
  readonly port: number;
}

/** The cluster that `TEST_DATABASE_URL` leads to, of which `timers` is migrated there. */
export interface Cluster {
  readonly url: string;
  /** On the coordinator. */
  readonly admin: Client;
  readonly workers: readonly Worker[];
  close(): Promise<void>;
}

/** @throws when the database has no `timers` that is distributed over two workers or more. */
export async function openCluster(): Promise<Cluster> {
  const url = process.env['TEST_DATABASE_URL'];
  if (process.env['TEST_LAYOUT'] !== 'citus' || url === undefined) {
    throw new Error('Set TEST_LAYOUT=citus, and TEST_DATABASE_URL to a migrated database on a coordinator');
  }
  const admin = new Client({ connectionString: url });
  await admin.connect();
  const { rows } = await admin.query<Worker>(
    `SELECT nodename AS host, nodeport AS port FROM pg_dist_node WHERE shouldhaveshards AND isactive
     AND EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = 'timers'::regclass) ORDER BY nodename, nodeport`,
  );
  if (rows.length < 2) {
    throw new Error('timers must be distributed over two workers or more');
  }
  return { url, admin, workers: rows, close: () => admin.end() };
}

export async function onWorker<T>(
  { url }: Cluster,
  { host, port }: Worker,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const of = new URL(url);
  of.hostname = host;
  of.port = String(port);
  const client = new Client({ connectionString: of.href });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export function isOn({ host, port }: Worker, worker: Worker | undefined): boolean {
  return host === worker?.host && port === worker.port;
}

/** The shard of Citus that has the rows of a shard of timers, and where it is. */
export async function placementOf(
  admin: Client,
  shardId: number,
): Promise<{ readonly citusShard: string; readonly host: string; readonly port: number }> {
  const { rows } = await admin.query(
    `SELECT shardid AS "citusShard", nodename AS host, nodeport AS port
     FROM pg_dist_shard_placement
     WHERE shardid = get_shard_id_for_distribution_column('timers', $1::int)`,
    [shardId],
  );
  return rows[0];
}

/**
 * Has Citus remove what moves have left where shards were, once nobody has a lock on it. A worker that is removed before
 * keeps it, and gets none of those shards when it is added again.
 */
export async function cleanUp(admin: Client): Promise<void> {
  const isLeft = async () => (await admin.query('SELECT FROM pg_dist_cleanup')).rowCount !== 0;
  do {
    await admin.query('CALL citus_cleanup_orphaned_resources()');
  } while (await isLeft());
}

/** Does what moves shards: again, where Citus could not yet remove what a move before has left, since it was locked. */
export async function moveUntilDone(admin: Client, move: () => Promise<unknown>): Promise<void> {
  for (let isDone = false; !isDone; ) {
    try {
      await move();
      isDone = true;
    } catch (error) {
      if (!(error as Error).message.includes('orphaned shard')) throw error;
      await admin.query('CALL citus_cleanup_orphaned_resources()');
    }
  }
}

/** Moves a shard of Citus to a worker, where it is not. */
export async function moveShard(
  admin: Client,
  { citusShard, host, port }: Awaited<ReturnType<typeof placementOf>>,
  to: Worker,
  mode: 'block_writes' | 'force_logical',
): Promise<void> {
  const statement = 'SELECT citus_move_shard_placement($1, $2, $3, $4, $5, $6::citus.shard_transfer_mode)';
  await moveUntilDone(admin, () => admin.query(statement, [citusShard, host, port, to.host, to.port, mode]));
}
