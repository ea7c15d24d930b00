import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { cursorAtEndOf, type NewTimer, PostgresTimerStore, type TimerRange } from 'pg-timer-store';
import { benchTimer, eachBenchTimer } from './bench-timers';
import { copyTimers } from './yardsticks';

export const SHARD = 1;
export const PAGE = 1000;

/** Everything up to here is done. */
export const COMMITTED_OFFSET = cursorAtEndOf(benchTimer(-1).executeAt);

/** One page as a range: the timers from `first` on. */
export function pageRange(first: number): TimerRange {
  return {
    after: cursorAtEndOf(benchTimer(first - 1).executeAt),
    upTo: cursorAtEndOf(benchTimer(first + PAGE - 1).executeAt),
  };
}

export interface BacklogSpace {
  readonly tableBytes: number;
  readonly indexBytes: number;
  /** Rows that were deleted, but which VACUUM had to leave. */
  readonly deadRows: number;
}

/** A shard with so many pending timers, in a database of its own. */
export class Backlog {
  readonly name: string;
  readonly size: number;
  readonly store: PostgresTimerStore;
  shardVersion: number;
  readonly #client: Client;
  #picks = 0;

  private constructor(
    name: string,
    size: number,
    store: PostgresTimerStore,
    client: Client,
    shardVersion: number,
  ) {
    this.name = name;
    this.size = size;
    this.store = store;
    this.#client = client;
    this.shardVersion = shardVersion;
  }

  /** Fills an empty database. `onTimers` is told of each thousand. */
  static async fill(
    url: string,
    name: string,
    size: number,
    onTimers: (count: number) => void,
  ): Promise<Backlog> {
    const client = new Client({ connectionString: url });
    // Its database is dropped under it when the run is interrupted. What it was doing fails by itself.
    client.on('error', () => {});
    await client.connect();
    // It would run in the middle of somebody's turn; `vacuum` does its work between them.
    await client.query('ALTER TABLE timers SET (autovacuum_enabled = off)');
    await copyTimers(client, SHARD, eachBenchTimer(0, size, onTimers));
    const store = await PostgresTimerStore.connect(url);
    const { shardVersion } = (await store.claimShardOwnership(SHARD, 'bench')).current;
    await store.updateShardMetadata(SHARD, shardVersion, { committedOffset: COMMITTED_OFFSET });
    await client.query('VACUUM (ANALYZE) timers');
    return new Backlog(name, size, store, client, shardVersion);
  }

  /** Creates timers before the committed offset, and deletes them. */
  async addDeadRows(count: number, onTimers: (count: number) => void): Promise<void> {
    await copyTimers(this.#client, SHARD, eachBenchTimer(-count, 0, onTimers));
    await this.#client.query(
      'DELETE FROM timers WHERE shard_id = $1 AND row_type = 2 AND timer_execute_at <= $2',
      [SHARD, COMMITTED_OFFSET.executeAt.toISOString()],
    );
    // The server tells its statistics at most once a second: later, it would count these rows a second time.
    await sleep(1100);
    await this.#client.query('VACUUM (ANALYZE) timers');
  }

  /**
   * The index of a timer somewhere in the backlog: multiples of the golden ratio spread evenly over any size. The
   * first page is left alone, so that what follows the committed offset stays as it was filled.
   */
  pick(): number {
    this.#picks++;
    const place = (this.#picks * 0.618033988749895) % 1;
    return PAGE + Math.floor(place * (this.size - PAGE));
  }

  /** The index of the first timer of a page somewhere in the backlog. */
  pickPage(): number {
    return Math.floor(this.pick() / PAGE) * PAGE;
  }

  /** Cleans up, as autovacuum would. */
  async vacuum(): Promise<void> {
    await this.#client.query('VACUUM timers');
  }

  /**
   * Writes to disk what is in memory only, so that no turn has to do it for the fill. From then on, each page that is
   * changed for the first time goes into the WAL as a whole, as on any server that has run for a while.
   */
  async checkpoint(): Promise<void> {
    await this.#client.query('CHECKPOINT');
  }

  async readSpace(): Promise<BacklogSpace> {
    const { rows } = await this.#client.query<{ table: string; indexes: string; dead: string }>(
      `SELECT pg_table_size(relid) AS table, pg_indexes_size(relid) AS indexes, n_dead_tup AS dead
       FROM pg_stat_user_tables WHERE relname = 'timers'`,
    );
    const [space] = rows;
    if (space === undefined) {
      throw new Error('no table timers');
    }
    return {
      tableBytes: Number(space.table),
      indexBytes: Number(space.indexes),
      deadRows: Number(space.dead),
    };
  }

  /** Deletes timers by their ids, in one statement. */
  async deleteAll(timers: readonly NewTimer[]): Promise<void> {
    await this.#client.query({
      name: 'delete-all',
      text: `DELETE FROM timers
        WHERE shard_id = $1 AND row_type = 2 AND timer_namespace = 'bench' AND timer_id = ANY($2)`,
      values: [SHARD, timers.map(({ id }) => id)],
    });
  }

  async countTimers(): Promise<number> {
    const { rows } = await this.#client.query<{ count: string }>(
      'SELECT count(*) FROM timers WHERE row_type = 2',
    );
    return Number(rows[0]?.count);
  }

  async close(): Promise<void> {
    await this.store.close();
    await this.#client.end();
  }
}
