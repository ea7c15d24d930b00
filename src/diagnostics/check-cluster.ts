import type { ClientBase } from 'pg';
import { columnParsers } from '../driver/column-parsers';
import { fault, ok, type ServerCheck, warning } from './server-report';

/** What each node is asked, as JSON. */
const ASKED = `
  SELECT json_build_object(
    'version', current_setting('server_version'),
    'citus', (SELECT extversion FROM pg_extension WHERE extname = 'citus'),
    'fsync', current_setting('fsync') = 'on',
    'fullPageWrites', current_setting('full_page_writes') = 'on',
    'synchronousCommit', current_setting('synchronous_commit'),
    'isReadOnly', pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on',
    'dateStyle', current_setting('DateStyle'),
    'preparedTransactions', current_setting('max_prepared_transactions')::int
  )::text`;

/** The functions are of Citus, so what compiles `sql/` does not know them. */
const NODES = `
  SELECT node.nodename || ':' || node.nodeport AS node, answer.success, answer.result
  FROM run_command_on_all_nodes($1) AS answer
  JOIN pg_dist_node AS node USING (nodeid)
  ORDER BY 1`;

const TABLE = `
  SELECT
    column_to_column_name(logicalrelid, partkey) AS "column",
    (SELECT count(*)::int FROM pg_dist_shard WHERE pg_dist_shard.logicalrelid = pg_dist_partition.logicalrelid) AS shards
  FROM pg_dist_partition
  WHERE logicalrelid = to_regclass('timers')`;

const SPREAD = `
  SELECT nodename || ':' || nodeport AS node, count(*)::int AS shards, sum(shard_size)::float8 AS bytes
  FROM citus_shards
  WHERE table_name = to_regclass('timers')
  GROUP BY 1
  ORDER BY 1`;

interface Node {
  readonly node: string;
  readonly success: boolean;
  readonly result: string;
}

interface NodeSettings {
  readonly version: string;
  readonly citus: string | null;
  readonly fsync: boolean;
  readonly fullPageWrites: boolean;
  readonly synchronousCommit: string;
  readonly isReadOnly: boolean;
  readonly dateStyle: string;
  readonly preparedTransactions: number;
}

interface Spread {
  readonly node: string;
  readonly shards: number;
  readonly bytes: number;
}

/**
 * Looks at each node of a cluster of Citus, and at how the table lies on them.
 *
 * @param dateStyle of the session.
 */
export async function checkCluster(client: ClientBase, dateStyle: string): Promise<readonly ServerCheck[]> {
  const nodes = await readRows<Node>(client, NODES, [ASKED]);
  const [table] = await readRows<{ column: string; shards: number }>(client, TABLE);
  const spread = table === undefined ? [] : await readRows<Spread>(client, SPREAD);
  return [
    judgeDateStyle(dateStyle),
    ...judgeNodes(nodes),
    judgeDistribution(table),
    ...(spread.length > 0 ? [judgeSpread(spread)] : []),
  ];
}

function judgeDateStyle(dateStyle: string): ServerCheck {
  const found = `DateStyle of the session is ${dateStyle}`;
  return dateStyle.startsWith('ISO')
    ? ok('cluster', found)
    : fault(
        'cluster',
        `${found}: Citus would hand times on in it, so that each call is refused`,
        'Give the pool the start-up option -c datestyle=ISO, or use connect.',
      );
}

function judgeNodes(nodes: readonly Node[]): ServerCheck[] {
  const answers = nodes.filter(({ success }) => success);
  const settings = answers.map(({ node, result }) => ({ node, ...(JSON.parse(result) as NodeSettings) }));
  const versions = new Set(settings.map(({ version, citus }) => `PostgreSQL ${version}, Citus ${citus}`));
  return [
    ...nodes
      .filter(({ success }) => !success)
      .map(({ node, result }) =>
        warning(
          'cluster',
          `${node} could not be looked at: ${result}`,
          'Calls of its shards fail while it is away. Check again when it is back.',
        ),
      ),
    ...settings.flatMap(judgeNode),
    versions.size === 1
      ? ok('cluster', `${settings.length} nodes of ${[...versions].join()}`)
      : warning('cluster', `the nodes are of ${[...versions].join('; ')}`, 'Bring all nodes to one version.'),
  ];
}

function judgeNode({ node, ...settings }: NodeSettings & { readonly node: string }): ServerCheck[] {
  const { fsync, fullPageWrites, synchronousCommit, isReadOnly, dateStyle, preparedTransactions } = settings;
  const found: ServerCheck[] = [];
  if (!fsync || !fullPageWrites) {
    const what = fsync ? 'full_page_writes' : 'fsync';
    found.push(fault('cluster', `${what} is off on ${node}: a crash can spoil the data`, 'Turn it on.'));
  }
  if (synchronousCommit === 'off') {
    const lost = 'a crash can lose what was acknowledged';
    found.push(warning('cluster', `synchronous_commit is off on ${node}: ${lost}`, 'Set it to on or local.'));
  }
  if (isReadOnly) {
    found.push(fault('cluster', `${node} takes no writes`, 'Let Citus know the node that does.'));
  }
  if (preparedTransactions === 0) {
    found.push(
      warning(
        'cluster',
        `max_prepared_transactions is 0 on ${node}: no write of several nodes works, such as a migration`,
        'Set it to more than the connections of the node.',
      ),
    );
  }
  if (found.length > 0) {
    return found;
  }
  const rest = `fsync on, synchronous_commit ${synchronousCommit}, takes writes, DateStyle ${dateStyle}`;
  return [ok('cluster', `${node}: ${rest}`)];
}

function judgeDistribution(table: { column: string; shards: number } | undefined): ServerCheck {
  if (table?.column === 'shard_id') {
    return ok('distribution', `timers is distributed by shard_id over ${table.shards} shards of Citus`);
  }
  return table === undefined
    ? warning(
        'distribution',
        'timers is not distributed: all of it is on the coordinator',
        'Migrate with db/layouts/citus as well: docs/scaling.md.',
      )
    : fault('distribution', `timers is distributed by ${table.column}`, 'Distribute it by shard_id.');
}

/** By bytes: what an even spread would leave on the fullest node, and what it has. */
function judgeSpread(spread: readonly Spread[]): ServerCheck {
  const total = spread.reduce((sum, { bytes }) => sum + bytes, 0);
  const found = spread
    .map(({ node, shards, bytes }) => `${node} has ${shards} shards, ${Math.round((100 * bytes) / total)}%`)
    .join('; ');
  const most = Math.max(...spread.map(({ bytes }) => bytes));
  return most <= (1.5 * total) / spread.length
    ? ok('distribution', found)
    : warning('distribution', found, 'Rebalance: SELECT citus_rebalance_start().');
}

async function readRows<TRow>(
  client: ClientBase,
  text: string,
  values: readonly string[] = [],
): Promise<readonly TRow[]> {
  return (await client.query({ text, values: [...values], types: columnParsers })).rows;
}
