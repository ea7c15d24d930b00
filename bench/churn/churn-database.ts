import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { TimerCursor } from 'pg-timer-store';

export interface ChurnSpace {
  readonly heapBytes: number;
  /** Of the payloads that do not fit into their rows, with their index. */
  readonly toastBytes: number;
  /** The index that is read in ranges. */
  readonly keyIndexBytes: number;
  /** The index by namespace and id. */
  readonly lookupIndexBytes: number;
}

export interface ChurnState extends ChurnSpace {
  /** As the server counts them. */
  readonly deadRows: number;
  /** How often autovacuum has been through the table. */
  readonly vacuums: number;
}

const STATE = `
  SELECT pg_relation_size(c.oid)::float8 AS "heapBytes",
         pg_total_relation_size(c.reltoastrelid)::float8 AS "toastBytes",
         pg_relation_size('timers_pkey')::float8 AS "keyIndexBytes",
         pg_relation_size('idx_timer_lookup')::float8 AS "lookupIndexBytes",
         s.n_dead_tup::float8 AS "deadRows",
         s.autovacuum_count::float8 AS "vacuums"
  FROM pg_class AS c
  JOIN pg_stat_user_tables AS s ON s.relid = c.oid
  WHERE c.oid = 'timers'::regclass`;

/** What rangeGetTimers asks for. */
const FIRST_PAGE = `
  SELECT *
  FROM timers
  WHERE shard_id = $1
    AND row_type = 2
    AND timer_execute_at BETWEEN $2 AND '9999-12-31'
    AND (timer_execute_at, timer_uuid) > ($2, $3)
  ORDER BY timer_execute_at, timer_uuid
  LIMIT 1000`;

/** A look, past the store, at a database that is churned. */
export class ChurnDatabase {
  readonly url: string;
  readonly #client: Client;

  private constructor(url: string, client: Client) {
    this.url = url;
    this.#client = client;
  }

  static async connect(url: string): Promise<ChurnDatabase> {
    const client = new Client({ connectionString: url });
    // Its database is dropped under it when the run is interrupted. What it was doing fails by itself.
    client.on('error', () => {});
    await client.connect();
    return new ChurnDatabase(url, client);
  }

  /** @param parameters as in ALTER TABLE … SET; '' for those that the server gives to any table */
  async replaceParameters(parameters: string): Promise<void> {
    const { rows } = await this.#client.query<{ name: string }>(
      `SELECT split_part(unnest(reloptions), '=', 1) AS name FROM pg_class WHERE oid = 'timers'::regclass`,
    );
    if (rows.length > 0) {
      await this.#client.query(`ALTER TABLE timers RESET (${rows.map(({ name }) => name).join(', ')})`);
    }
    if (parameters !== '') {
      await this.#client.query(`ALTER TABLE timers SET (${parameters})`);
    }
  }

  /** The parameters of the table, else '' */
  async readParameters(): Promise<string> {
    const { rows } = await this.#client.query<{ parameters: string }>(
      `SELECT COALESCE(array_to_string(reloptions, ', '), '') AS parameters
       FROM pg_class WHERE oid = 'timers'::regclass`,
    );
    return rows[0]?.parameters ?? '';
  }

  async readState(): Promise<ChurnState> {
    const { rows } = await this.#client.query<ChurnState>(STATE);
    const [state] = rows;
    if (state === undefined) {
      throw new Error('no table timers');
    }
    return state;
  }

  /** How many pages of 8 kB the server visits for the first thousand timers after a cursor. */
  async countBuffers(shardId: number, { executeAt, uuid }: TimerCursor): Promise<number> {
    const { rows } = await this.#client.query({
      text: `EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ${FIRST_PAGE}`,
      values: [shardId, executeAt.toISOString(), uuid],
    });
    const plan = rows[0]['QUERY PLAN'][0].Plan;
    return plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
  }

  /** Keeps autovacuum from going on with a table whose load has ended. */
  async freeze(): Promise<void> {
    await this.#client.query(
      'ALTER TABLE timers SET (autovacuum_enabled = off, toast.autovacuum_enabled = off)',
    );
  }

  /** Loads what is in another database, in the order in which it was written there. */
  async loadFrom(source: ChurnDatabase): Promise<void> {
    const rows = source.#client.query(
      copyTo('COPY (SELECT * FROM timers ORDER BY timer_created_at, timer_id) TO STDOUT'),
    );
    await pipeline(rows, this.#client.query(copyFrom('COPY timers FROM STDIN')));
    await this.#client.query('VACUUM (ANALYZE) timers');
  }

  /** As an operator would, while the table is in use. */
  async reindex(): Promise<void> {
    await this.#client.query('REINDEX TABLE CONCURRENTLY timers');
  }

  async close(): Promise<void> {
    await this.#client.end();
  }
}

/** In one line: no size means anything without them. */
export async function readVacuumSettings(serverUrl: string): Promise<string> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ settings: string }>(
      `SELECT string_agg(format('%s = %s', name, current_setting(name)), ', ' ORDER BY name) AS settings
       FROM pg_settings
       WHERE name IN ('autovacuum', 'autovacuum_naptime', 'autovacuum_max_workers', 'autovacuum_vacuum_cost_delay',
                      'vacuum_cost_limit', 'autovacuum_vacuum_scale_factor', 'shared_buffers', 'server_version')`,
    );
    return rows[0]?.settings ?? '';
  } finally {
    await client.end();
  }
}
