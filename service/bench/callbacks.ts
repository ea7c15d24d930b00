import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresTimerStore } from 'pg-timer-store';
import { type Figure, figure, showTimes } from '../../bench/engine/figure';
import { setWallClock, wallClock } from '../../bench/engine/wall-clock';
import { quantile } from '../../bench/lib/compare';
import { createAll, pendingTimer } from './pending-timers';
import { ServiceProcess } from './service-process';

const PROCESSES = 3;
const PER_SECOND = 500;
const SECONDS = 30;
/** The first is due then: all are created, and the processes share the shards. */
const START_MS = 10_000;
const MAX_P99_MS = 20;
/** What has not come by then does not count as late, but as missing. */
const PATIENCE_MS = 30_000;

/** How late callbacks of several processes come to their receiver, by the clock that all have on this machine. */
export async function measureCallbacks(databaseUrl: string, pending: number): Promise<Figure[]> {
  const times: number[] = [];
  const count = PER_SECOND * SECONDS;
  let onAll = () => {};
  const all = new Promise<void>((resolve) => {
    onAll = resolve;
  });
  const receiver = http.createServer((request, response) => {
    const arrivedAt = wallClock();
    const dueAt = Number(request.url?.slice(1));
    request.resume().on('end', () => {
      response.end('{"ok":true}');
      times.push(arrivedAt - dueAt);
      if (times.length === count) onAll();
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;

  const services = await Promise.all(
    Array.from({ length: PROCESSES }, (_, index) =>
      ServiceProcess.start(databaseUrl, {
        ADDRESS: `bench-${index}`,
        ALLOW_PRIVATE_ADDRESSES: 'true',
        DATABASE_CONNECTIONS: '8',
      }),
    ),
  );
  const store = await PostgresTimerStore.connect(databaseUrl);
  try {
    const startMs = Date.now() + START_MS;
    await createAll(
      store,
      Array.from({ length: count }, (_, index) => {
        const dueMs = startMs + Math.round((index * 1000) / PER_SECOND);
        const callbackUrl = `http://127.0.0.1:${port}/${dueMs}`;
        return { ...pendingTimer(`e-${startMs}-${index}`), executeAt: new Date(dueMs), callbackUrl };
      }),
    );
    setWallClock();
    await Promise.race([all, sleep(START_MS + SECONDS * 1000 + PATIENCE_MS, undefined, { ref: false })]);
  } finally {
    await Promise.all(services.map((service) => service.stop()));
    await store.close();
    receiver.close();
    receiver.closeAllConnections();
  }
  const isWhole = times.length === count;
  return [
    figure(
      `callback after it is due, ${PER_SECOND} a second, ${PROCESSES} processes, ${pending.toLocaleString('en')} pending: p50 / p99 / most`,
      showTimes(times),
      `p99 ≤ ${MAX_P99_MS} ms`,
      isWhole && quantile(times, 0.99) <= MAX_P99_MS,
    ),
    figure('  of them came', `${times.length} of ${count}`, String(count), isWhole),
  ];
}
