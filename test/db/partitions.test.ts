import fs from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { PostgresTimerStore } from '../../src';
import { copyToPartitions } from '../support/copy-to-partitions';
import { dbmate, partition } from '../support/dbmate';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { ALL } from '../support/store-fixture';
import { createEmptyDatabase, databaseUrl, onServer, storeUrl } from '../support/test-database';
import { QUOTED_SCHEMA } from '../support/test-schema';

const GRANTS = fs.readFileSync(path.join(__dirname, '../../db/grants.sql'), 'utf8');

let name: string;
let owner: Client;
beforeEach(async () => {
  name = await createEmptyDatabase();
  await dbmate(databaseUrl(name), 'up');
  owner = new Client({ connectionString: databaseUrl(name) });
  await owner.connect();
  await owner.query(GRANTS.replaceAll('timer_user', new URL(storeUrl(name)).username));
});
afterEach(async () => {
  await owner.end();
  await onServer(async (admin) => void (await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)));
});

async function fill(shards: number, timersOfEach: number): Promise<void> {
  await owner.query(
    `INSERT INTO timers (shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
                         timer_payload)
     SELECT shard_id, 2, '2030-01-01'::timestamptz + i * interval '1 second', gen_random_uuid(), 'timer-' || i, 'filled',
            'https://example.com', jsonb_build_object('i', i)
     FROM generate_series(1, $1::int) AS shard_id, generate_series(1, $2::int) AS i`,
    [shards, timersOfEach],
  );
}

async function partitionCount(): Promise<number> {
  const { rows } = await owner.query(
    `SELECT count(*)::int AS count FROM pg_partition_tree('timers') WHERE isleaf AND parentrelid IS NOT NULL`,
  );
  return rows[0].count;
}

/** All that belongs to the layout and is not the partitions'. */
async function shapeOfTable(): Promise<unknown> {
  const { rows } = await owner.query(
    `SELECT obj_description('timers'::regclass) AS comment, relacl::text AS privileges,
       (SELECT json_agg(json_build_array(attname, format_type(atttypid, atttypmod), attnotnull,
               pg_get_expr(adbin, adrelid), col_description(attrelid, attnum)) ORDER BY attnum)
        FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE attrelid = pg_class.oid AND attnum > 0) AS columns,
       (SELECT json_agg(replace(pg_get_indexdef(indexrelid), ' ONLY ', ' ') ORDER BY indexrelid::regclass::text)
        FROM pg_index WHERE indrelid = pg_class.oid) AS indexes
     FROM pg_class WHERE oid = 'timers'::regclass`,
  );
  return rows[0];
}

async function relations(): Promise<string[]> {
  const { rows } = await owner.query(
    `SELECT relname AS name FROM pg_class
     WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'p') AND relname !~ '_p\\d+$' ORDER BY 1`,
    [QUOTED_SCHEMA],
  );
  return rows.map((row) => row.name);
}

async function storageParameters(): Promise<unknown[]> {
  const { rows } = await owner.query(
    `SELECT DISTINCT reloptions FROM pg_class
     WHERE relnamespace = $1::regnamespace AND relname ~ '^timers(_p\\d+)?$' AND relkind = 'r'`,
    [QUOTED_SCHEMA],
  );
  return rows.map((row) => row.reloptions);
}

/** How the migration failed, in its own words. */
async function refusal(): Promise<string> {
  return String(((await errorOf(partition(databaseUrl(name)))) as { stderr?: string }).stderr);
}

describe('an empty table', () => {
  test('is in 32 partitions after the migrations, and otherwise the same', async () => {
    const plain = await shapeOfTable();
    const parameters = await storageParameters();
    await partition(databaseUrl(name));
    expect(await partitionCount()).toBe(32);
    expect(await shapeOfTable()).toEqual(plain);
    expect(await storageParameters()).toEqual(parameters);
    expect(await relations()).toEqual(['pg_timer_store_migrations', 'timer_members', 'timers']);
  });

  test('is in as many as pg_timer_store.partitions says', async () => {
    const url = new URL(databaseUrl(name));
    url.searchParams.set('pg_timer_store.partitions', '5');
    await partition(url.href);
    expect(await partitionCount()).toBe(5);
  });

  test('is not taken out of its partitions by a migration', async () => {
    await partition(databaseUrl(name));
    const undone = await errorOf(partition(databaseUrl(name), 'down'));
    expect((undone as { stderr?: string }).stderr).toContain('partitions are not undone by a migration');
    expect(await partitionCount()).toBe(32);
  });
});

describe('a table with timers', () => {
  test('moves to partitions while a service works on it, and nothing is lost', async () => {
    await fill(40, 500);
    const store = await PostgresTimerStore.connect(storeUrl(name));
    const work = workOn(store);
    await work.untilBusy();

    expect(await refusal()).toContain('timers has rows that have not been copied yet');
    const told: string[] = [];
    await copyToPartitions(owner, (message) => told.push(message));
    expect(told.filter((message) => message.startsWith('copied up to shard')).length).toBeGreaterThanOrEqual(
      40,
    );
    expect(told.at(-1)).toBe('the copy is complete: dbmate up switches to it');
    await work.untilBusy();
    await partition(databaseUrl(name));
    await work.untilBusy();

    const expected = await work.stop();
    expect(await partitionCount()).toBe(32);
    for (const [shardId, timers] of expected) {
      const found = await store.rangeGetTimers(shardId, ALL, 10_000);
      const written = found.filter(({ namespace }) => namespace === 'written');
      expect(new Map(written.map(({ id, attempts }) => [id, attempts]))).toEqual(timers);
      expect(found.length - written.length).toBe(500);
    }
    await store.close();
    // Kept for the operator to drop.
    expect(await relations()).toEqual([
      'pg_timer_store_migrations',
      'timer_members',
      'timers',
      'timers_unpartitioned',
    ]);
  }, 120_000);

  test('is copied on from where a copy was stopped', async () => {
    await fill(20, 100);
    expect(await refusal()).toContain('not been copied');
    const stopped = new Client({ connectionString: databaseUrl(name) });
    stopped.on('error', () => {});
    await stopped.connect();
    const { rows } = await stopped.query('SELECT pg_backend_pid() AS pid');
    let told = 0;
    const copying = copyToPartitions(stopped, () => {
      told++;
      if (told === 5) {
        void owner.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
      }
    });
    await errorOf(copying);
    await owner.query(`DELETE FROM timers WHERE timer_id = 'timer-50'`);
    await owner.query(
      `UPDATE timers SET timer_execute_at = timer_execute_at + interval '1 day' WHERE timer_id = 'timer-7'`,
    );
    const { rows: before } = await owner.query('SELECT timers::text AS row FROM timers ORDER BY 1');

    await copyToPartitions(owner);
    await partition(databaseUrl(name));
    const { rows: after } = await owner.query('SELECT timers::text AS row FROM timers ORDER BY 1');
    expect(after).toEqual(before);
    expect(after).toHaveLength(20 * 99);
  });

  test.each([
    ['a row that is missing', 'DELETE FROM timers_partitioned WHERE shard_id = 2 AND timer_id = $1'],
    [
      'a row that differs',
      `UPDATE timers_partitioned SET timer_payload = '{}' WHERE shard_id = 2 AND timer_id = $1`,
    ],
    [
      'a row too many',
      `INSERT INTO timers_partitioned (shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace)
       VALUES (2, 2, '2031-01-01', gen_random_uuid(), 'more-' || $1, 'filled')`,
    ],
  ])('is compared with its copy: %s', async (_, spoil) => {
    await fill(3, 10);
    expect(await refusal()).toContain('not been copied');
    await copyToPartitions(owner);
    await owner.query(spoil, ['timer-3']);
    expect(await errorOf(copyToPartitions(owner))).toMatchObject({
      message: 'the copy differs in these shards: 2',
    });
  });

  test('does not move while the waiting statements would see the past', async () => {
    await owner.query(`ALTER DATABASE ${name} SET default_transaction_isolation = 'repeatable read'`);
    expect(await refusal()).toContain('default_transaction_isolation is not read committed');
  });

  test('does not move while too much has changed', async () => {
    await fill(1, 1);
    expect(await refusal()).toContain('not been copied');
    await copyToPartitions(owner);
    await owner.query(
      `INSERT INTO timers_changed SELECT 1, 2, '2030-01-01', gen_random_uuid() FROM generate_series(1, 100001)`,
    );
    expect(await refusal()).toContain('more has changed since the copy');
    await copyToPartitions(owner);
    await partition(databaseUrl(name));
    expect(await partitionCount()).toBe(32);
  });

  test('is left as it was when the preparation is undone', async () => {
    await fill(2, 2);
    const plain = await shapeOfTable();
    expect(await refusal()).toContain('not been copied');
    await partition(databaseUrl(name), 'down');
    expect(await relations()).toEqual(['pg_timer_store_migrations', 'timer_members', 'timers']);
    expect(await shapeOfTable()).toEqual(plain);
    const { rows } = await owner.query(`SELECT tgname FROM pg_trigger WHERE tgrelid = 'timers'::regclass`);
    expect(rows).toEqual([]);
  });
});

/** Owners that create, change and delete timers on four shards, and what they were told has been done. */
function workOn(store: PostgresTimerStore) {
  const timersOf = new Map<number, Map<string, number>>();
  let stopped = false;
  let done = 0;
  let onDone: (() => void) | undefined;
  const workers = [1, 2, 39, 40].map(async (shardId) => {
    const timers = new Map<string, number>();
    timersOf.set(shardId, timers);
    const { current } = await store.claimShardOwnership(shardId, 'owner');
    for (let i = 0; !stopped; i++) {
      const id = `timer-${i}`;
      await store.createTimer(shardId, current.shardVersion, newTimer({ id, namespace: 'written' }));
      timers.set(id, 0);
      const executeAt = new Date(Date.UTC(2030, 0, 1) + i * 1000);
      await store.updateTimer(shardId, current.shardVersion, 'written', id, { attempts: i, executeAt });
      timers.set(id, i);
      if (i % 3 === 0) {
        await store.deleteTimerNoLock(shardId, 'written', id);
        timers.delete(id);
      }
      done++;
      onDone?.();
    }
  });
  const failed = Promise.all(workers);
  failed.catch(() => {});
  return {
    /** Resolves once each of the owners has gone on for a while. */
    async untilBusy() {
      const goal = done + 40;
      await Promise.race([
        failed,
        new Promise<void>((resolve) => {
          onDone = () => done >= goal && resolve();
        }),
      ]);
    },
    async stop() {
      stopped = true;
      await failed;
      return timersOf;
    },
  };
}
