import path from 'node:path';

const ROOT = path.join(__dirname, '..');

export interface BenchServer {
  readonly url: string;
  readonly description: string;
  stop(): Promise<void>;
}

/** The migrated server of `BENCH_DATABASE_URL`, else an embedded one that is as durable as in production. */
export async function openBenchServer(): Promise<BenchServer> {
  const { runDbmate } = await import('../scripts/run-dbmate.mjs');
  const given = process.env['BENCH_DATABASE_URL'];
  if (given) {
    await runDbmate(ROOT, given, 'up');
    return { url: given, description: 'the server of BENCH_DATABASE_URL', stop: async () => {} };
  }
  const { startEmbeddedServer } = await import('../scripts/embedded-server.mjs');
  const server = await startEmbeddedServer({
    durable: true,
    dataDir: path.join(ROOT, '.bench-data'),
    // Checkpoints that come in the middle of one side's turn would be measured as that side's slowness.
    settings: { shared_buffers: '1GB', max_wal_size: '8GB', checkpoint_timeout: '30min' },
  });
  const url = `${server.url()}?sslmode=disable`;
  await runDbmate(ROOT, url, 'up');
  return { url, description: 'embedded PostgreSQL, fsync on', stop: server.stop };
}
