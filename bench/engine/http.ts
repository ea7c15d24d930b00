import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { type Timer, timerUuid } from 'pg-timer-store';
import { type HttpDelivery, httpDelivery } from 'pg-timer-store/engine';
import { Pool } from 'undici';
import { type ComparisonResult, compare, type Side, turnCount } from '../lib/compare';
import { printComparisons } from '../lib/print-comparisons';
import { BenchError, reportFailure } from '../lib/report-failure';
import { withProgress } from '../lib/with-progress';

const CALLERS = 64;
const DELIVERIES = 10_000;
const GOAL = 0.5;

const HELP = `Measures httpDelivery against undici alone, ${CALLERS} connections each, in turns and to one receiver on loopback.

Usage: npm run bench:http [-- [--rounds N]]

  --rounds N  measured rounds (default: 7); the ratio told is their median
  --help      this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '7' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new BenchError(`--rounds must be a whole number of at least 1, not ${values.rounds}`);
  }
  const receiver = new Worker(path.join(__dirname, 'http-receiver.mjs'));
  try {
    const [port] = await once(receiver, 'message');
    printComparisons(await compareAll(`http://127.0.0.1:${port}`, rounds), 'receiver on a thread of its own');
  } finally {
    await receiver.terminate();
  }
}

async function compareAll(origin: string, rounds: number): Promise<ComparisonResult[]> {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const kinds: [name: string, deliver: HttpDelivery][] = [
    ['not signed', httpDelivery()],
    ['signed', httpDelivery({ secrets: [secret] })],
  ];
  const pool = new Pool(origin, { connections: CALLERS });
  try {
    return await withProgress(kinds.length * turnCount(rounds), async (advance) => {
      const results: ComparisonResult[] = [];
      for (const [name, deliver] of kinds) {
        const comparison = {
          name: `deliveries, ${name}`,
          yardstick: 'undici: request() and text()',
          goal: GOAL,
          unit: 'requests',
          prepare: async () => {},
          ours: deliverMany(deliver, origin),
          theirs: requestMany(pool),
        };
        results.push(await compare(comparison, rounds, () => advance(1, name)));
      }
      return results;
    });
  } finally {
    await pool.close();
    await Promise.all(kinds.map(([, deliver]) => deliver.close()));
  }
}

function deliverMany(deliver: HttpDelivery, origin: string): Side {
  const timer = storedTimer(`${origin}/orders`);
  const { dueAt } = timer;
  // The engine has a signal for each delivery.
  return () =>
    inParallel(() =>
      deliver(timer, { signal: new AbortController().signal, attempt: 1, dueAt, beganAt: dueAt }),
    );
}

/** The least that anybody would write: the body is always the same, and is made once. */
function requestMany(pool: Pool): Side {
  const { id, namespace, payload, executeAt } = storedTimer('');
  const body = JSON.stringify({ id, namespace, payload, executeAt, attempt: 1 });
  const headers = { 'content-type': 'application/json' };
  return () =>
    inParallel(async () => {
      const answer = await pool.request({ method: 'POST', path: '/orders', headers, body });
      await answer.body.text();
    });
}

async function inParallel(call: () => Promise<unknown>): Promise<number> {
  let left = DELIVERIES;
  const caller = async () => {
    while (left-- > 0) {
      await call();
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return DELIVERIES;
}

function storedTimer(callbackUrl: string): Timer {
  const executeAt = new Date('2030-01-31T12:00:00.000Z');
  return {
    id: 'order-42',
    namespace: 'reminders',
    uuid: timerUuid('reminders', 'order-42'),
    executeAt,
    callbackUrl,
    payload: { text: 'Your order is waiting for its payment', order: 42, items: ['a', 'b', 'c'] },
    retryPolicy: null,
    callbackTimeoutSeconds: 30,
    createdAt: executeAt,
    updatedAt: executeAt,
    dueAt: executeAt,
    firstAttemptAt: null,
    attempts: 0,
    lastError: null,
    traceparent: null,
    revision: '1',
  };
}

main().catch(reportFailure);
