import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Figure, figure } from '../../bench/engine/figure';
import { quantile } from '../../bench/lib/compare';
import { timed } from '../../bench/lib/timed';
import { KeepAliveClients } from './keep-alive-clients';
import { NAMESPACE, pendingTimer } from './pending-timers';
import { ServiceProcess } from './service-process';

/** Kinds of hostile clients. */
const HOSTILITIES = ['idle', 'slow', 'large', 'keys', 'pieces'] as const;
export type Hostility = (typeof HOSTILITIES)[number];

const SECONDS = 10;
/** Of well-behaved clients, each of which makes a call so many milliseconds after the last. */
const CALLERS = 8;
const PAUSE_MS = 10;
const MAX_RATIO = 2;
const MAX_GROWTH_BYTES = 256 * 1024 ** 2;
const KEY = 'bench-key';

/** What well-behaved clients notice of hostile ones, which are a process of their own, and what these take of memory. */
export async function measureHostility(databaseUrl: string): Promise<Figure[]> {
  const hash = `sha256:${createHash('sha256').update(KEY).digest('hex')}`;
  const service = await ServiceProcess.start(databaseUrl, {
    API_KEYS: JSON.stringify([{ name: 'bench', hash, rights: ['read', 'write', 'admin'] }]),
  });
  try {
    const clients = await KeepAliveClients.open(service.url, CALLERS, { authorization: `Bearer ${KEY}` });
    // Its code is compiled then, and its memory what it usually is.
    await timesOfCalls(clients, 'first');
    const figures: Figure[] = [];
    for (const hostility of HOSTILITIES) {
      const usualMs = quantile(await timesOfCalls(clients, `before-${hostility}`), 0.99);
      const usualBytes = service.memoryBytes();
      const attack = await startAttack(hostility, service.url);
      const p99 = quantile(await timesOfCalls(clients, `beside-${hostility}`), 0.99);
      const growth = service.memoryBytes() - usualBytes;
      const did = await endAttack(attack);
      figures.push(
        figure(
          `p99 of others beside ${did}`,
          `${p99.toFixed(1)} ms, before ${usualMs.toFixed(1)} ms: × ${(p99 / usualMs).toFixed(1)}`,
          `≤ × ${MAX_RATIO}`,
          p99 <= MAX_RATIO * usualMs,
        ),
        figure(
          '  memory of the service, above that before',
          `${Math.round(growth / 1024 ** 2)} MiB`,
          '≤ 256 MiB',
          growth <= MAX_GROWTH_BYTES,
        ),
      );
    }
    clients.close();
    return figures;
  } finally {
    await service.stop();
  }
}

/** Of a create and a get by turns. */
async function timesOfCalls(clients: KeepAliveClients, name: string): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + SECONDS * 1000;
  let index = 0;
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      while (performance.now() < end) {
        const timer = pendingTimer(`${name}-${index++}`);
        const key = { namespace: NAMESPACE, timerId: timer.id };
        await timed(times, () => clients.post('/api/v1/timers/create', timer));
        await timed(times, () => clients.post('/api/v1/timers/get', key));
        await sleep(PAUSE_MS);
      }
    }),
  );
  return times;
}

async function startAttack(hostility: Hostility, url: string): Promise<ChildProcess> {
  const child = fork(path.join(__dirname, 'hostile-clients.ts'), [hostility, url], {
    execArgv: ['--import', 'tsx'],
  });
  await once(child, 'message');
  return child;
}

/** @returns what it did. */
async function endAttack(child: ChildProcess): Promise<string> {
  child.send('end');
  const [did] = (await once(child, 'message')) as [string];
  child.kill();
  await once(child, 'exit');
  return did;
}
