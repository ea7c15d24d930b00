/**
 * Measures a process of the service, through HTTP by 64 connections that stay open, beside the same calls of the package
 * in one process: npm run build --workspace pg-timer-service && npx tsx service/bench/service.ts [--timers N]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { type NewTimer, PostgresTimerStore, shardIdFor } from 'pg-timer-store';
import { startTestPostgres } from 'pg-timer-store/testing';
import { Pool } from 'undici';

const CALLERS = 64;
const SHARDS = 64;
const SECONDS = 4;
const ROUNDS = 2;
const PROGRAM = path.join(__dirname, '../dist/cli.js');

interface Measured {
  readonly perSecond: number;
  readonly p99Ms: number;
}

/** As often as the time allows, by so many callers. */
async function measure(callers: number, call: (index: number) => Promise<unknown>): Promise<Measured> {
  const end = performance.now() + SECONDS * 1000;
  const times: number[] = [];
  let index = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() < end) {
        const before = performance.now();
        await call(index++);
        times.push(performance.now() - before);
      }
    }),
  );
  times.sort((one, other) => one - other);
  return {
    perSecond: times.length / ((performance.now() - start) / 1000),
    p99Ms: times[Math.floor(times.length * 0.99)] ?? 0,
  };
}

async function startService(
  databaseUrl: string,
): Promise<{ child: ChildProcess; url: string; readyMs: number }> {
  const start = performance.now();
  const child = spawn(process.execPath, [PROGRAM], {
    env: {
      PATH: process.env['PATH'],
      PG_TIMER_DATABASE_URL: databaseUrl,
      PG_TIMER_PORT: '0',
      PG_TIMER_ADDRESS: 'bench',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(child.stdout as NodeJS.ReadableStream)) {
    const { url } = JSON.parse(line) as { url?: string };
    if (url !== undefined) {
      const ready = await fetch(`${url}/health/ready`);
      if (ready.status !== 200) throw new Error(await ready.text());
      child.stdout?.resume();
      return { child, url, readyMs: performance.now() - start };
    }
  }
  throw new Error('the service did not start');
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { timers: { type: 'string', default: '100000' } } });
  const postgres = await startTestPostgres();
  const { url: databaseUrl } = await postgres.createDatabase();
  const { child, url, readyMs } = await startService(databaseUrl);
  const store = await PostgresTimerStore.connect({ connectionString: databaseUrl, maxOpenConns: 20 });
  const pool = new Pool(url, { connections: CALLERS });
  const executeAt = new Date(Date.now() + 864e5);
  const callbackUrl = 'http://127.0.0.1:9/';
  const payload = { order: 42, text: 'x'.repeat(80) };
  const timer = (id: string): NewTimer => ({ id, namespace: 'bench', executeAt, callbackUrl, payload });
  const post = async (call: string, body: unknown) => {
    const answer = await pool.request({
      method: 'POST',
      path: `/api/v1/${call}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(text);
    return text;
  };
  console.log(`start to ready: ${Math.round(readyMs)} ms`);
  const report = (what: string, ours: Measured, yardstick: Measured) =>
    console.log(
      `${what}: ${Math.round(ours.perSecond)}/s, p99 ${ours.p99Ms.toFixed(1)} ms; by function call ${Math.round(yardstick.perSecond)}/s, ` +
        `p99 ${yardstick.p99Ms.toFixed(1)} ms; ratio ${(ours.perSecond / yardstick.perSecond).toFixed(2)}`,
    );
  for (let round = 0; round < ROUNDS; round++) {
    const create = (id: string) => store.createTimerNoLock(shardIdFor(id, SHARDS), timer(id));
    const direct = await measure(CALLERS, (index) => create(`f-${round}-${index}`));
    report(
      `create, ${CALLERS} callers`,
      await measure(CALLERS, (index) => post('timers/create', timer(`h-${round}-${index}`))),
      direct,
    );
    const batch = (name: string, index: number) =>
      Array.from({ length: 1000 }, (_, place) => timer(`${name}-${round}-${index}-${place}`));
    const many = await measure(4, async (index) => {
      const parts = new Map<number, NewTimer[]>();
      for (const each of batch('bf', index)) {
        const shardId = shardIdFor(each.id, SHARDS);
        parts.set(shardId, [...(parts.get(shardId) ?? []), each]);
      }
      await store.createTimersOfShards([...parts].map(([shardId, timers]) => ({ shardId, timers })));
    });
    report(
      'batch-create × 1,000, 4 callers (batches)',
      await measure(4, (index) => post('timers/batch-create', { timers: batch('bh', index) })),
      many,
    );
  }
  for (let at = 0; at < Number(values.timers); at += 5000) {
    const timers = Array.from({ length: 5000 }, (_, place) => timer(`l-${at + place}`));
    await post('timers/batch-create', { timers });
  }
  const idOf = (index: number) => `l-${(index * 7919) % Number(values.timers)}`;
  const got = await measure(CALLERS, (index) =>
    store.getTimer(shardIdFor(idOf(index), SHARDS), 'bench', idOf(index)),
  );
  report(
    'get, 64 callers',
    await measure(CALLERS, (index) => post('timers/get', { namespace: 'bench', timerId: idOf(index) })),
    got,
  );
  const listed = await measure(4, (index) =>
    store.listTimers(SHARDS, { namespace: 'bench', idPrefix: 'l-' }, 100, { id: idOf(index) }),
  );
  report(
    'list page of 100, 4 callers',
    await measure(4, (index) =>
      post('timers/list', {
        namespace: 'bench',
        idPrefix: 'l-',
        limit: 100,
        pageToken: Buffer.from(`i${idOf(index)}`).toString('base64url'),
      }),
    ),
    listed,
  );
  await pool.close();
  await store.close();
  child.kill('SIGTERM');
  await once(child, 'exit');
  await postgres.stop();
}

void main();
