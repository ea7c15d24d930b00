import { Client } from 'pg';
import { PostgresTimerStore } from 'pg-timer-store';

export interface Fill {
  readonly timers: number;
  readonly shardCount: number;
  /** When the first is due, in milliseconds from now. */
  readonly inMs: number;
  /** From one to the next. */
  readonly gapMs: number;
  /** Begins the ids. (Default: `timer`) */
  readonly name?: string;
}

/** The payload is that of all benchmarks, about 100 bytes. Ids take turns in the shards, and are in no order in the keys. */
const FILL = `
  INSERT INTO timers (shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
    timer_payload, timer_revision)
  SELECT i % $2, 2, date_trunc('milliseconds', now()) + ($3 + i * $4) * interval '1 millisecond',
    md5($5 || '-' || i)::uuid, $5 || '-' || i, 'bench', 'https://example.com/callback',
    jsonb_build_object('order', i, 'note', 'a reminder about an order that is due, and some more text with it'),
    hashint8extended(i, 0)
  FROM generate_series(0, $1::int - 1) AS i`;

/** A database that engines work on, and what it says of their work. */
export class EngineDatabase {
  readonly url: string;
  readonly #client: Client;

  private constructor(url: string, client: Client) {
    this.url = url;
    this.#client = client;
  }

  static async connect(url: string): Promise<EngineDatabase> {
    const client = new Client({ connectionString: url });
    // Its database is dropped under it when the run is interrupted. What it was doing fails by itself.
    client.on('error', () => {});
    await client.connect();
    return new EngineDatabase(url, client);
  }

  openStore(): Promise<PostgresTimerStore> {
    return PostgresTimerStore.connect(this.url);
  }

  async empty(): Promise<void> {
    await this.#client.query('TRUNCATE timers');
  }

  async fill({ timers, shardCount, inMs, gapMs, name = 'timer' }: Fill): Promise<void> {
    await this.#client.query(FILL, [timers, shardCount, inMs, gapMs, name]);
  }

  /** What the fill has left to do is no part of what comes next. */
  async settleDown(): Promise<void> {
    await this.#client.query('VACUUM (ANALYZE) timers');
    await this.#client.query('CHECKPOINT');
  }

  /** It would run in the middle of one side's turn. */
  async turnOffAutovacuum(): Promise<void> {
    await this.#client.query('ALTER TABLE timers SET (autovacuum_enabled = off)');
  }

  async countTimers(): Promise<number> {
    const { rows } = await this.#client.query('SELECT count(*)::int AS count FROM timers WHERE row_type = 2');
    return rows[0].count;
  }

  /**
   * Statements that had a transaction of their own, of all sessions. Sessions tell of theirs within a second, once
   * they are idle.
   */
  async countTransactions(): Promise<number> {
    const { rows } = await this.#client.query(
      `SELECT (xact_commit + xact_rollback)::float8 AS count
       FROM pg_stat_database WHERE datname = current_database()`,
    );
    return rows[0].count;
  }

  /** The number that the next multixact of the server gets: exact, and at once. */
  async nextMultixact(): Promise<number> {
    const { rows } = await this.#client.query(`SELECT mxid_age('1'::xid) + 1 AS next`);
    return rows[0].next;
  }

  async close(): Promise<void> {
    await this.#client.end();
  }
}
