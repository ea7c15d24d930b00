/** Tables of one name in several schemas of a database, of which the store takes the one that it is told. */
import fs from 'node:fs';
import path from 'node:path';
import { Client, escapeIdentifier } from 'pg';
import { type PostgresConnectConfig, PostgresTimerStore } from '../../src';
import { migrate, partition } from '../support/dbmate';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { ON_CITUS } from '../support/on-citus';
import { useOwnEnvironment } from '../support/own-environment';
import { ALL, openStoreFixture, type StoreFixture } from '../support/store-fixture';

const ODD = 'the "timers" of\\us';

let fixture: StoreFixture;
/** Of the superuser, without a schema. */
let url: string;
beforeAll(async () => {
  fixture = await openStoreFixture();
  url = fixture.database.url;
  for (const schema of ['b', ODD]) {
    await fixture.direct.query(`CREATE SCHEMA ${escapeIdentifier(schema)}`);
    const inSchema = new URL(url);
    inSchema.searchParams.set('options', option(schema));
    await (ON_CITUS ? migrate : partition)(inSchema.href);
  }
});
afterAll(async () => await fixture.close());

useOwnEnvironment();

function option(schema: string): string {
  return `-c search_path=${escapeIdentifier(schema).replace(/[\\\s]/g, '\\$&')}`;
}

function withParameters(parameters: Record<string, string>): string {
  const each = new URL(url);
  for (const [name, value] of Object.entries(parameters)) {
    each.searchParams.set(name, value);
  }
  return each.href;
}

/** In which schema a timer arrives that the store is given. */
async function schemaOf(config: string | PostgresConnectConfig): Promise<string[]> {
  const store = await PostgresTimerStore.connect(config);
  await store.createTimerNoLock(1, newTimer({ id: 'where' }));
  expect((await store.checkServer()).checks.filter(({ status }) => status === 'fault')).toEqual([]);
  expect(await store.rangeGetTimers(1, ALL, 10)).toHaveLength(1);
  const found: string[] = [];
  for (const schema of ['public', 'b', ODD]) {
    const { rowCount } = await fixture.direct.query(
      `DELETE FROM ${escapeIdentifier(schema)}.timers WHERE timer_id = 'where'`,
    );
    if (rowCount === 1) {
      found.push(schema);
    }
  }
  await store.close();
  return found;
}

test.each<[string, () => string | PostgresConnectConfig, string]>([
  ['nothing', () => url, 'public'],
  ['a field', () => ({ connectionString: url, schema: 'b' }), 'b'],
  [
    'a field, before the string',
    () => ({ connectionString: withParameters({ schema: 'b' }), schema: 'public' }),
    'public',
  ],
  ['a field that needs quotes', () => ({ connectionString: url, schema: ODD }), ODD],
  ['schema', () => withParameters({ schema: 'b' }), 'b'],
  ['schema that needs quotes', () => withParameters({ schema: ODD }), ODD],
  ['search_path', () => withParameters({ search_path: 'b,public' }), 'b'],
  ['search_path in quotes', () => withParameters({ search_path: escapeIdentifier(ODD) }), ODD],
  ['currentSchema', () => withParameters({ currentSchema: 'b' }), 'b'],
  ['options', () => withParameters({ options: '-csearch_path=b' }), 'b'],
  ['options that need quotes', () => withParameters({ options: option(ODD) }), ODD],
  ['schema, before options', () => withParameters({ schema: 'b', options: '-csearch_path=public' }), 'b'],
  ['several that agree', () => withParameters({ schema: 'b', search_path: 'b' }), 'b'],
])('the schema is taken from %s', async (_, config, expected) => {
  expect(await schemaOf(config())).toEqual([expected]);
});

test('PGOPTIONS says it as well', async () => {
  process.env['PGOPTIONS'] = '-csearch_path=b';
  expect(await schemaOf(url)).toEqual(['b']);
});

test('a pool says it by its options', async () => {
  const client = new Client({ connectionString: withParameters({ options: option(ODD) }) });
  await client.connect();
  expect((await client.query('SELECT current_schema() AS name')).rows).toEqual([{ name: ODD }]);
  await client.end();
});

test('a schema without the table is refused, even if another one of the search_path has such a table', async () => {
  await fixture.direct.query('CREATE SCHEMA empty');
  for (const config of [
    { schema: 'empty' },
    { connectionString: withParameters({ search_path: 'empty,public' }) },
  ]) {
    expect(await errorOf(PostgresTimerStore.connect({ connectionString: url, ...config }))).toMatchObject({
      code: 'SCHEMA_MISMATCH',
      faults: ['there is no table timers in schema empty'],
    });
  }
  expect(await errorOf(PostgresTimerStore.connect({ connectionString: url, schema: 'none' }))).toMatchObject({
    code: 'SCHEMA_MISMATCH',
    faults: ['there is no table timers in any schema of search_path'],
  });
});

test.each<[string, PostgresConnectConfig | string, string]>([
  ['a name that the server would cut', { schema: 'é'.repeat(32) }, 'config.schema'],
  ['a name with NUL', { schema: 'a\0b' }, 'config.schema'],
  ['$user', { schema: '$user' }, 'config.schema'],
  ['no string', { schema: 1 } as unknown as PostgresConnectConfig, 'config.schema'],
  ['a list with NUL', 'postgres://h?search_path=a%00b', 'connectionString: search_path'],
  ['two that do not agree', 'postgres://h?search_path=a&schema=b', 'connectionString: search_path'],
])('%s is refused by name', async (_, config, argument) => {
  expect(await errorOf(PostgresTimerStore.connect(config))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    argument,
  });
});

test('grants.sql gives the rights in the schema of the session', async () => {
  const grants = fs.readFileSync(path.join(__dirname, '../../db/grants.sql'), 'utf8');
  const role = `${fixture.database.name.replace('pg_timer_store', 'role')}_of_schema`;
  const admin = new Client({ connectionString: withParameters({ options: option(ODD) }) });
  await admin.connect();
  await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'right'`);
  await admin.query(grants.replaceAll('timer_user', role));
  const { rows } = await admin.query(
    `SELECT has_schema_privilege($1, $2, 'USAGE') AS uses,
            has_table_privilege($1, format('%I.timers', $2::text), 'DELETE') AS deletes,
            has_table_privilege($1, 'public.timers', 'SELECT') AS "readsPublic"`,
    [role, ODD],
  );
  expect(rows).toEqual([{ uses: true, deletes: true, readsPublic: false }]);
  await admin.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  await admin.end();
});
