import { Client } from 'pg';

/** The nodes on which each database of the tests is: with Citus the coordinator and its workers, else the one server. */
const VARIABLE = 'TEST_NODE_URLS';

/** Runs some work as a superuser in the database `postgres` of each node, the coordinator first. */
export async function onEachNode(work: (admin: Client) => Promise<void>): Promise<void> {
  for (const url of (process.env[VARIABLE] ?? process.env['TEST_SERVER_URL'] ?? '').split(' ')) {
    const admin = new Client({ connectionString: inDatabase(url, 'postgres') });
    await admin.connect();
    try {
      await work(admin);
    } finally {
      await admin.end();
    }
  }
}

/** The URLs of one database of the tests, on each of its nodes. */
export function nodesOf(databaseUrl: string): string[] {
  const workers = (process.env[VARIABLE] ?? '').split(' ').slice(1);
  return [
    databaseUrl,
    ...workers.map((worker) => {
      const { hostname, port } = new URL(worker);
      return Object.assign(new URL(databaseUrl), { hostname, port }).href;
    }),
  ];
}

/** Ends the sessions that Citus keeps in a database by itself, which is to be copied or dropped. */
export async function endMaintenance(admin: Client, database: string): Promise<void> {
  if (process.env['TEST_LAYOUT'] === 'citus') {
    await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = $1 AND (backend_type <> 'client backend' OR application_name LIKE 'citus%')`,
      [database],
    );
  }
}

/**
 * Finds the nodes of the cluster that a database with Citus coordinates. Without workers it is a cluster of one, which
 * keeps the parts of the table itself.
 */
export async function findNodes(serverUrl: string): Promise<void> {
  const admin = new Client({ connectionString: serverUrl });
  await admin.connect();
  const { rows: extension } = await admin.query(`SELECT FROM pg_extension WHERE extname = 'citus'`);
  const { rows: workers } =
    extension.length === 0
      ? { rows: [] }
      : await admin.query(
          `SELECT nodename AS host, nodeport AS port FROM pg_dist_node WHERE groupid <> 0 AND isactive`,
        );
  await admin.end();
  const urls = workers.map(({ host, port }) => {
    const url = new URL(serverUrl);
    url.hostname = host;
    url.port = String(port);
    return url.href;
  });
  process.env[VARIABLE] = [serverUrl, ...urls].join(' ');
}

/** Makes a cluster of a database that each node has. Copies of it, one on each node, are clusters too. */
export async function joinNodes(database: string): Promise<void> {
  const [coordinator = '', ...workers] = (process.env[VARIABLE] ?? '').split(' ').map((url) => new URL(url));
  for (const url of [coordinator, ...workers]) {
    const client = new Client({ connectionString: inDatabase(String(url), database) });
    await client.connect();
    await client.query('CREATE EXTENSION citus');
    await client.end();
  }
  const admin = new Client({ connectionString: inDatabase(String(coordinator), database) });
  await admin.connect();
  const { hostname, port } = new URL(coordinator);
  await admin.query(`SELECT citus_set_coordinator_host($1, $2)`, [hostname, Number(port || 5432)]);
  for (const worker of workers as URL[]) {
    await admin.query('SELECT citus_add_node($1, $2)', [worker.hostname, Number(worker.port || 5432)]);
  }
  await admin.end();
}

function inDatabase(url: string, database: string): string {
  const of = new URL(url);
  of.pathname = `/${database}`;
  return of.href;
}
