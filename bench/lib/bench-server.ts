import path from 'node:path';
import type { Layout } from '../../scripts/layouts.mjs' with { 'resolution-mode': 'import' };
import { startEmbeddedServer } from '../../src/testing';

const ROOT = path.join(__dirname, '../..');

export interface BenchServer {
  readonly url: string;
  readonly description: string;
  /** Whether nobody else uses it. */
  readonly isOurs: boolean;
  /** Of the server; undefined: it is not ours. */
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

/**
 * The server of `BENCH_DATABASE_URL`, else an embedded one that is as durable as in production.
 *
 * @param settings of an embedded server, beside those that all benchmarks have
 */
export async function startBenchServer(settings: Record<string, string> = {}): Promise<BenchServer> {
  const given = process.env['BENCH_DATABASE_URL'];
  if (given) {
    const description = 'the server of BENCH_DATABASE_URL';
    return { url: given, description, isOurs: false, pid: undefined, stop: async () => {} };
  }
  const server = await startEmbeddedServer({
    durable: true,
    dataDir: path.join(ROOT, '.bench-data'),
    // Checkpoints that come in the middle of one side's turn would be measured as that side's slowness.
    settings: { shared_buffers: '1GB', max_wal_size: '8GB', checkpoint_timeout: '30min', ...settings },
  });
  const description = 'embedded PostgreSQL, fsync on';
  const url = `${server.url()}?sslmode=disable`;
  return { url, description, isOurs: true, pid: server.pid, stop: server.stop };
}

/** The same, with the database of its URL migrated. */
export async function openBenchServer(): Promise<BenchServer> {
  const server = await startBenchServer();
  await migrate(server.url);
  return server;
}

export async function migrate(url: string, layout: Layout = 'plain'): Promise<void> {
  const { runDbmate } = await import('../../scripts/run-dbmate.mjs');
  await runDbmate(ROOT, url, 'up', layout);
}
