import fs from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { untilBlocked } from '../support/blocked-statements';
import { dbmate } from '../support/dbmate';
import { errorOf } from '../support/error-of';
import { ProjectCopy } from '../support/project-copy';
import { createEmptyDatabase, databaseUrl, onServer } from '../support/test-database';
import { QUOTED_SCHEMA } from '../support/test-schema';

const MIGRATION = '20261124000000_set_storage_parameters.sql';
const PARAMETERS = ['autovacuum_vacuum_scale_factor=0.02'];

/** By hash, and one of the partitions in partitions itself. */
const PARTITION = `
  ALTER TABLE timers RENAME TO old_timers;
  CREATE TABLE timers (LIKE old_timers) PARTITION BY HASH (shard_id);
  DROP TABLE old_timers;
  CREATE TABLE timers_0 PARTITION OF timers FOR VALUES WITH (MODULUS 2, REMAINDER 0);
  CREATE TABLE timers_1 PARTITION OF timers FOR VALUES WITH (MODULUS 2, REMAINDER 1) PARTITION BY HASH (shard_id);
  CREATE TABLE "timers 1 0" PARTITION OF timers_1 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
  CREATE TABLE timers_1_1 PARTITION OF timers_1 FOR VALUES WITH (MODULUS 2, REMAINDER 1);`;

describe('the migration of the storage parameters', () => {
  let name: string;
  let url: string;
  let client: Client;
  let copy: ProjectCopy;

  /** All migrations before that of the parameters are applied, and it is the next. */
  beforeAll(async () => {
    name = await createEmptyDatabase();
    url = databaseUrl(name);
    copy = new ProjectCopy();
    const migration = copy.read(`db/migrations/${MIGRATION}`);
    for (const file of fs.readdirSync(path.join(copy.root, 'db/migrations'))) {
      if (file >= MIGRATION) copy.remove(`db/migrations/${file}`);
    }
    await dbmate(url, 'up', copy.root);
    copy.write(`db/migrations/${MIGRATION}`, migration);
    client = new Client({ connectionString: url });
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await onServer(async (admin) => void (await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)));
    copy.delete();
  });

  async function parametersOfTables(): Promise<Record<string, string[] | null>> {
    const { rows } = await client.query<{ name: string; parameters: string[] | null }>(
      `SELECT relname AS name, reloptions AS parameters FROM pg_class
       WHERE relnamespace = $1::regnamespace AND relname LIKE 'timers%' AND relkind IN ('r', 'p')`,
      [QUOTED_SCHEMA],
    );
    return Object.fromEntries(rows.map(({ name: table, parameters }) => [table, parameters]));
  }

  test('gives them to a table, and takes them away', async () => {
    await dbmate(url, 'up', copy.root);
    expect(await parametersOfTables()).toEqual({ timers: PARAMETERS });
    await dbmate(url, 'down', copy.root);
    expect(await parametersOfTables()).toEqual({ timers: null });
  });

  test('gives up after a while when the table is vacuumed, which writes do not notice', async () => {
    const vacuum = new Client({ connectionString: url });
    await vacuum.connect();
    await vacuum.query('BEGIN');
    // The lock that VACUUM takes.
    await vacuum.query('LOCK TABLE timers IN SHARE UPDATE EXCLUSIVE MODE');
    const error = errorOf(dbmate(url, 'up', copy.root));
    await untilBlocked(url);
    await client.query(
      `INSERT INTO timers (shard_id, row_type, timer_execute_at, timer_uuid) VALUES (1, 2, now(), gen_random_uuid())`,
    );
    expect(String(await error)).toContain('lock timeout');
    await vacuum.end();
    expect(await parametersOfTables()).toEqual({ timers: null });
  });

  test('gives them to the partitions of a partitioned table, and takes them away', async () => {
    await client.query(PARTITION);
    const partitions = (parameters: string[] | null) => ({
      timers: null,
      timers_0: parameters,
      timers_1: null,
      'timers 1 0': parameters,
      timers_1_1: parameters,
    });
    await dbmate(url, 'up', copy.root);
    expect(await parametersOfTables()).toEqual(partitions(PARAMETERS));
    await dbmate(url, 'down', copy.root);
    expect(await parametersOfTables()).toEqual(partitions(null));
  });
});
