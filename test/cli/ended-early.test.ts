import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { Client } from 'pg';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { createEmptyDatabase, databaseUrl, onServer } from '../support/test-database';
import { CommandLine, type Ended } from './command-line';
import { claimShards, SHARD_COUNT } from './data';

let fixture: StoreFixture;
let directory: string;
beforeAll(async () => {
  fixture = await openStoreFixture();
  await claimShards(fixture);
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'ended-early-'));
});
afterAll(async () => {
  fs.rmSync(directory, { recursive: true });
  await fixture.close();
});

/** How commands end that got SIGINT while they waited for the lock on a table. */
async function interrupted(
  url: string,
  table: string,
  commands: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Ended[]> {
  const locking = new Client({ connectionString: url });
  const looking = new Client({ connectionString: url });
  await Promise.all([locking.connect(), looking.connect()]);
  try {
    await locking.query(`BEGIN; LOCK TABLE ${table}`);
    const lines = commands.map((command) => new CommandLine(command.split(' '), env));
    await waiting(looking, lines.length);
    for (const { child } of lines) child.kill('SIGINT');
    return await Promise.all(lines.map((line) => line.end()));
  } finally {
    await Promise.all([locking.end(), looking.end()]);
  }
}

async function waiting(client: Client, count: number): Promise<void> {
  for (;;) {
    const { rows } = await client.query(
      `SELECT count(*)::int AS waiting, pg_sleep(0.02) FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (rows[0].waiting >= count) return;
  }
}

describe('SIGINT while the server is being waited for', () => {
  const ENDED = 'pg-timer-store: ended by SIGINT\n';

  test('ends every command by exit code 130, with what was done, and leaves the data as they were', async () => {
    const file = path.join(directory, 'timers.jsonl');
    fs.writeFileSync(file, '{"id":"new","namespace":"reminders","executeAt":"2030-01-01T00:00:00Z"}\n');
    const output = path.join(directory, 'dumped.jsonl');
    const expected = {
      shards: ENDED,
      'timers list': ENDED,
      'timers get n i': ENDED,
      'timers delete n i --yes': ENDED,
      'timers reschedule n i now': ENDED,
      'dead list': ENDED,
      'dead revive --all --yes': ENDED,
      'dead delete --all --yes': ENDED,
      [`load ${file}`]: ENDED,
      dump: ENDED,
      [`dump --output ${output}`]: ENDED,
      run: ENDED,
    };
    const env = { DATABASE_URL: fixture.database.storeUrl };
    const names = Object.keys(expected);
    const ended = await interrupted(fixture.database.url, 'timers', names, env);
    const said = names.map((line, index) => [line, ended[index]?.stderr]);
    expect(Object.fromEntries(said)).toEqual(expected);
    expect(ended.map(({ exitCode, stdout }) => ({ exitCode, stdout }))).toEqual(
      names.map(() => ({ exitCode: 130, stdout: '' })),
    );
    expect(fs.existsSync(output)).toBe(false);
    const { rows } = await fixture.direct.query('SELECT FROM timers WHERE row_type <> 1');
    expect(rows).toEqual([]);
  });

  test('ends migrate, which says that nothing was applied', async () => {
    const name = await createEmptyDatabase();
    const url = databaseUrl(name);
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      await client.query('CREATE TABLE pg_timer_store_migrations (version varchar(128) PRIMARY KEY)');
      const ended = await interrupted(url, 'pg_timer_store_migrations', ['migrate'], { DATABASE_URL: url });
      const stderr = 'pg-timer-store: ended by SIGINT; nothing was applied\n';
      expect(ended).toEqual([{ exitCode: 130, stdout: '', stderr }]);
    } finally {
      await client.end();
      await onServer(async (admin) => void (await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)));
    }
  });
});

test('load ends by SIGINT while nobody writes into the pipe that it reads', async () => {
  const pipe = path.join(directory, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const { child } = new CommandLine(['load', pipe], { DATABASE_URL: fixture.database.storeUrl });
  const said = once(child.stderr, 'data');
  const writing = await openForWriting(pipe);
  child.kill('SIGINT');
  expect(String(await said)).toMatch(/^pg-timer-store: ended by SIGINT; 0 timers are loaded/);
  await once(child, 'exit');
  // By the signal where it was in the middle of a read, which nothing else ends.
  expect(['SIGINT', 130]).toContain(child.signalCode ?? child.exitCode);
  fs.closeSync(writing);
});

/** Once somebody reads it. */
async function openForWriting(pipe: string): Promise<number> {
  for (;;) {
    try {
      return fs.openSync(pipe, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
      await turn();
    }
  }
}

test('a closed pipe ends what writes much by exit code 141, after its first line', async () => {
  const COUNT = 20_000;
  await fixture.direct.query(
    `INSERT INTO timers (shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_payload,
       timer_callback_timeout_seconds, timer_created_at, timer_attempts, timer_revision, timer_last_error,
       timer_updated_at, timer_due_at)
     SELECT index % $1, kind, timestamptz '2030-01-01' + index * interval '1 second', gen_random_uuid(), 'timer-' || index,
       'reminders', '{}', 30, now(), 0, 0, CASE kind WHEN 3 THEN 'refused' END,
       CASE kind WHEN 3 THEN now() END, CASE kind WHEN 3 THEN now() END
     FROM generate_series(1, $2) AS index, unnest(ARRAY[2, 3]) AS kind`,
    [SHARD_COUNT, COUNT],
  );
  const env = { DATABASE_URL: fixture.database.storeUrl };
  const lines = [
    'dump',
    'timers list --limit 20000 --json',
    'dead list --limit 20000 --json',
    'watch --interval 1 --json',
  ];
  const ended = await Promise.all(
    lines.map(async (words) => {
      const line = new CommandLine(words.split(' '), env);
      await once(line.child.stdout, 'data');
      line.child.stdout.destroy();
      const { exitCode, stderr } = await line.end();
      return { words, exitCode, stderr };
    }),
  );
  const closed = 'pg-timer-store: stdout was closed before all was written';
  expect(ended).toEqual(
    lines.map((words) => ({
      words,
      exitCode: 141,
      stderr: expect.stringMatching(
        words === 'dump' ? `^${closed}; [\\d,]+ timers are dumped\n$` : `^${closed}\n$`,
      ),
    })),
  );
});
