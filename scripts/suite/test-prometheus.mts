/**
 * Lets a real Prometheus scrape engines over a fault, and asks it all that the dashboard and the alert rules ask.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { metrics } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { Client } from 'pg';
import { PostgresTimerStore } from 'pg-timer-store';
import { TimerEngine } from 'pg-timer-store/engine';
import { instrumentTimers } from 'pg-timer-store/telemetry';
import { startTestPostgres } from 'pg-timer-store/testing';
import { type DrawnPanel, drawDashboard } from './draw-dashboard.mjs';

const HELP = `Usage: npm run test:prometheus [-- --draw FILE.svg]

Checks the alert rules by promtool, and asks a real Prometheus what the dashboard asks, after 20 s of an engine under load, some
of its deliveries failing, its sessions being ended and the table being locked. With --draw, after a minute, and draws what the panels
show.

Prometheus has to be installed, with promtool: Debian's and Ubuntu's package prometheus.`;

const RULES = 'docs/observability/alerts.yaml';
const DASHBOARD = 'docs/observability/dashboard.json';
/** Of the table, at the fault. */
const LOCK_MS = 3_000;

/** What `rate` looks back, of one scrape a second. */
const RATE_INTERVAL = '10s';

/** What a run without its fault has none of. */
const MAY_BE_EMPTY = /fenced_total|error_type!=""|call_retries|unknown_outcome/;

const { values } = parseArgs({ options: { help: { type: 'boolean' }, draw: { type: 'string' } } });
const RUN_MS = values.draw === undefined ? 20_000 : 60_000;
if (values.help) {
  console.log(HELP);
} else {
  for (const args of [
    ['check', 'rules', RULES],
    ['test', 'rules', 'test/opentelemetry/alerts.yaml'],
  ]) {
    execFileSync('promtool', args, { stdio: 'inherit' });
  }
  await scrapeEngines();
}

async function scrapeEngines(): Promise<void> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'test-prometheus-'));
  const [exporterPort, port] = [await freePort(), await freePort()];
  const exporter = new PrometheusExporter({ host: '127.0.0.1', port: exporterPort });
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [exporter] }));
  const telemetry = instrumentTimers();
  const server = await startTestPostgres();
  const { url } = await server.createDatabase();
  const store = await PostgresTimerStore.connect(url);
  const engine = await TimerEngine.start({
    store,
    shardCount: 16,
    address: 'engine',
    retryPolicy: { maxAttempts: 2, initialIntervalSeconds: 0.5 },
    deliver: async ({ payload }) => {
      if (payload === 'fails') throw new Error('no');
    },
  });
  telemetry.observe({ store, engine });
  const prometheus = startPrometheus(dir, port, exporterPort);
  try {
    const start = Date.now() / 1000;
    await runLoad(engine, url);
    await askAll(`http://127.0.0.1:${port}`);
    if (values.draw !== undefined) {
      fs.writeFileSync(values.draw, await draw(`http://127.0.0.1:${port}`, start));
    }
  } finally {
    prometheus.kill();
    await once(prometheus, 'close');
    telemetry.stop();
    await engine.stop();
    await store.close();
    await server.stop();
    await exporter.shutdown();
    fs.rmSync(dir, { recursive: true });
  }
}

function startPrometheus(dir: string, port: number, exporterPort: number): ChildProcess {
  const config = path.join(dir, 'prometheus.yaml');
  // JSON is YAML.
  fs.writeFileSync(
    config,
    JSON.stringify({
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: [path.resolve(RULES)],
      scrape_configs: [{ job_name: 'timers', static_configs: [{ targets: [`127.0.0.1:${exporterPort}`] }] }],
    }),
  );
  const options = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${path.join(dir, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=warn',
  ];
  return spawn('prometheus', options, { stdio: 'inherit' });
}

/** Half of the time, and once more after all sessions were ended and nobody came at the table for a while. */
async function runLoad(engine: TimerEngine, url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const start = Date.now();
  let isWhole = true;
  while (Date.now() < start + RUN_MS) {
    if (isWhole && Date.now() > start + RUN_MS / 2) {
      isWhole = false;
      await client.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
      await client.query('BEGIN; LOCK TABLE timers');
      await sleep(LOCK_MS);
      await client.query('COMMIT');
    }
    const timers = Array.from({ length: 50 }, (_, index) => ({
      id: `${Date.now()}-${index}`,
      namespace: 'test',
      executeAt: new Date(Date.now() + 20 * index),
      payload: index === 0 ? 'fails' : null,
    }));
    // What a lost session leaves unknown is told by its metric.
    await engine.scheduleMany(timers).catch(() => {});
    await sleep(100);
  }
  await client.end();
}

interface Answer {
  readonly result: readonly {
    readonly metric: Readonly<Record<string, string>>;
    readonly value: [number, string];
    /** Of a span of time. */
    readonly values: readonly [number, string][];
  }[];
  readonly groups: readonly { readonly rules: readonly { name: string; health: string; state: string }[] }[];
}

async function ask(url: string, route: string): Promise<Answer> {
  const { status, data, error } = (await (await fetch(`${url}/api/v1/${route}`)).json()) as {
    status: string;
    data: Answer;
    error?: string;
  };
  if (status !== 'success') throw new Error(`${route}: ${error}`);
  return data;
}

interface Panel {
  readonly title: string;
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  /** A row has none. */
  readonly targets?: readonly { readonly expr: string; readonly legendFormat?: string }[];
}

function readPanels(): readonly Panel[] {
  return JSON.parse(fs.readFileSync(DASHBOARD, 'utf8')).panels;
}

function queryOf(expr: string): string {
  return encodeURIComponent(expr.replaceAll('$job', 'timers').replaceAll('$__rate_interval', RATE_INTERVAL));
}

/** What each panel shows of the whole run. */
async function draw(url: string, start: number): Promise<string> {
  const end = Date.now() / 1000;
  const drawn: DrawnPanel[] = [];
  for (const { title, targets, fieldConfig } of readPanels()) {
    if (targets === undefined) continue;
    const series: DrawnPanel['series'][number][] = [];
    for (const { expr, legendFormat = '' } of targets) {
      const { result } = await ask(
        url,
        `query_range?query=${queryOf(expr)}&start=${start}&end=${end}&step=1`,
      );
      for (const { metric, values } of result) {
        const name = legendFormat
          .replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? '')
          .trim();
        series.push({ name: name || 'ok', values: values.map(([at, value]) => [at, Number(value)]) });
      }
    }
    drawn.push({ title, unit: fieldConfig?.defaults.unit ?? '', series });
  }
  const subtext = `An engine with 16 shards and 500 timers a second, of which 2% fail; after ${RUN_MS / 2000} s, all sessions are ended at once, and the table is locked for ${LOCK_MS / 1000} s.`;
  return drawDashboard(drawn, 'The dashboard, over a run with a fault', subtext, start);
}

async function askAll(url: string): Promise<void> {
  const empty: string[] = [];
  for (const { title, targets = [] } of readPanels()) {
    for (const { expr } of targets) {
      const { result } = await ask(url, `query?query=${queryOf(expr)}`);
      console.log(
        `${title}: ${result.map(({ value }) => Number(value[1]).toPrecision(3)).join(', ') || 'nothing'}`,
      );
      if (result.length === 0 && !MAY_BE_EMPTY.test(expr)) empty.push(`${title}: ${expr}`);
    }
  }
  const { groups } = await ask(url, 'rules');
  const rules = groups.flatMap(({ rules }) => rules);
  for (const { name, health, state } of rules) console.log(`${name}: ${health}, ${state}`);
  const broken = rules.filter(({ health }) => health !== 'ok').map(({ name }) => name);
  if (empty.length > 0 || broken.length > 0 || rules.length === 0) {
    throw new Error(`no answer to ${[...empty, ...broken].join('; ')}`);
  }
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
