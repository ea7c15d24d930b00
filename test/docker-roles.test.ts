import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { PostgresTimerStore } from '../src';
import { errorOf } from './support/error-of';
import { newTimer } from './support/new-timer';
import { STORE_CALLS } from './support/store-calls';
import { databaseUrl, onServer } from './support/test-database';

const ROOT = path.join(__dirname, '..');
const CREATE_ROLES = fs.readFileSync(path.join(ROOT, 'docker/create-roles.sql'), 'utf8');

/** Roles belong to the whole server, which other tests use at the same time. */
const SUFFIX = `_test_${process.pid}`;
const [OWNER, USER, DATABASE] = ['timer_owner', 'timer_user', 'timer_service'].map(
  (name) => name + SUFFIX,
) as [string, string, string];

function urlOf(role: string): string {
  const url = new URL(databaseUrl(DATABASE));
  url.username = role;
  url.password = 'secret';
  return url.href;
}

/** As the container does, and as the owner. */
async function migrate(): Promise<void> {
  const env = { PATH: process.env['PATH'], DATABASE_URL: `${urlOf(OWNER)}?sslmode=disable` };
  await promisify(execFile)(path.join(ROOT, 'node_modules/.bin/dbmate'), ['up'], { cwd: ROOT, env });
}

beforeAll(async () => {
  await onServer(async (admin) => void (await admin.query(`CREATE DATABASE ${DATABASE}`)));
  const superuser = new Client({ connectionString: databaseUrl(DATABASE) });
  await superuser.connect();
  await superuser.query(CREATE_ROLES.replace(/\btimer_(?:owner|user|service)\b/g, (name) => name + SUFFIX));
  await superuser.query(`ALTER ROLE ${OWNER} PASSWORD 'secret'; ALTER ROLE ${USER} PASSWORD 'secret'`);
  await superuser.end();
  await migrate();
});

afterAll(async () => {
  await onServer(async (admin) => {
    await admin.query(`DROP DATABASE ${DATABASE} WITH (FORCE)`);
    await admin.query(`DROP ROLE ${OWNER}; DROP ROLE ${USER}`);
  });
});

test('timer_user can do all that the store does', async () => {
  const store = await PostgresTimerStore.connect(urlOf(USER));
  let shardId = 0;
  for (const [, , call] of STORE_CALLS) {
    const { current } = await store.claimShardOwnership(++shardId, 'owner');
    await store.createTimers(
      shardId,
      current.shardVersion,
      ['timer-1', 'timer-2'].map((id) => newTimer({ id })),
    );
    await call(store, shardId, current.shardVersion);
  }
  await store.close();
});

test.each([
  'CREATE TABLE mine ()',
  'CREATE SCHEMA mine',
  'CREATE TEMPORARY TABLE mine ()',
  'DROP TABLE timers',
  'TRUNCATE timers',
  'ALTER TABLE timers ADD COLUMN mine int',
  'CREATE INDEX ON timers (timer_id)',
  'SELECT FROM pg_timer_store_migrations',
  "INSERT INTO pg_timer_store_migrations VALUES ('1')",
  'SELECT FROM pg_authid',
  `SET ROLE ${OWNER}`,
])('timer_user cannot %s', async (statement) => {
  const client = new Client({ connectionString: urlOf(USER) });
  await client.connect();
  expect(await errorOf(client.query(statement))).toMatchObject({ code: '42501' });
  await client.end();
});

test('timer_owner cannot become superuser, create roles or databases', async () => {
  const client = new Client({ connectionString: urlOf(OWNER) });
  await client.connect();
  for (const statement of [`ALTER ROLE ${OWNER} SUPERUSER`, 'CREATE ROLE mine', 'CREATE DATABASE mine']) {
    expect(await errorOf(client.query(statement))).toMatchObject({ code: '42501' });
  }
  await client.end();
});

test('a role that is not named in the database cannot connect to it', async () => {
  const stranger = `stranger${SUFFIX}`;
  await onServer(
    async (admin) => void (await admin.query(`CREATE ROLE ${stranger} LOGIN PASSWORD 'secret'`)),
  );
  const client = new Client({ connectionString: urlOf(stranger) });
  expect(await errorOf(client.connect())).toMatchObject({ code: '42501' });
  await onServer(async (admin) => void (await admin.query(`DROP ROLE ${stranger}`)));
});
