/**
 * Takes the pictures of the docs, of a service that fires timers at receivers that answer and receivers that do not:
 * `npm run pictures --workspace pg-timer-service`. It wants Chromium and pngquant, which Debian has packages of.
 */
import { execFileSync } from 'node:child_process';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { startEmbeddedServer, startTestPostgres } from 'pg-timer-store/testing';
import pino from 'pino';
import type { Page } from 'playwright-core';
import { loadSettings } from '../src/config/load-settings';
import { TimerService } from '../src/service';
import { openBrowser } from '../test/browser/open-browser';

const FOLDER = path.join(__dirname, '../../docs/service');
const DESKTOP = { width: 1120, height: 640 };
const PHONE = { width: 375, height: 720 };

/** So long timers fire before the charts are taken. */
const CHARTED_MS = 45_000;

const DELIVERIES_A_SECOND = 20;

async function main(): Promise<void> {
  const server = await startEmbeddedServer();
  const { url: databaseUrl } = await (await startTestPostgres({ url: server.url() })).createDatabase();
  const settings = loadSettings(
    undefined,
    {},
    { databaseUrl, port: 0, shardCount: 16, allowPrivateAddresses: true },
  );
  const service = await TimerService.start(
    { ...settings, address: 'timers-1.internal:8080', drainDelay: '0s' },
    pino({ level: 'silent' }),
  );
  const receiver = http.createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => receiver.once('listening', resolve));
  const origin = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const browser = await openBrowser();
  try {
    await fill(service.url, origin);
    const page = await browser.newPage({ viewport: DESKTOP, deviceScaleFactor: 1 });
    await page.goto(`${service.url}/#/charts`);
    const until = Date.now() + CHARTED_MS;
    while (Date.now() < until) {
      await fire(service.url, origin);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    await take(page, 'charts');
    await page.goto(`${service.url}/#/timers?namespace=reminders`);
    await page.getByRole('table').waitFor();
    await take(page, 'list-light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await take(page, 'list-dark');
    await page.goto(`${service.url}/#/timers?namespace=reminders&state=dead`);
    await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
    await page.emulateMedia({ colorScheme: 'light' });
    await take(page, 'dead');
    await page.setViewportSize(PHONE);
    await page.goto(`${service.url}/#/timer?namespace=reminders&id=invoice-0004`);
    await page.getByRole('region', { name: 'Payload' }).waitFor();
    await take(page, 'phone');
  } finally {
    await browser.close();
    receiver.closeAllConnections();
    receiver.close();
    await service.stop();
    await server.stop();
  }
}

function answer(request: http.IncomingMessage, response: http.ServerResponse): void {
  const status = request.url === '/refuses' ? 422 : request.url === '/away' ? 503 : 200;
  request.resume().once('end', () => response.writeHead(status).end());
}

async function fill(url: string, origin: string): Promise<void> {
  const now = Date.now();
  const number = (index: number) => String(index).padStart(4, '0');
  await create(
    url,
    Array.from({ length: 400 }, (_, index) => ({
      id: `invoice-${number(index)}`,
      executeAt: new Date(now + 90_000 + index * 731_000),
      callbackUrl: 'https://billing.example.com/hooks/invoice-due',
      payload: { invoice: 20_000 + index, customer: `c-${(index * 7919) % 1000}`, reminder: 1 + (index % 3) },
    })),
  );
  await create(
    url,
    Array.from({ length: 3 }, (_, index) => ({
      id: `digest-${number(index)}`,
      executeAt: new Date(now),
      callbackUrl: `${origin}/away`,
      retryPolicy: { initialInterval: '1h' },
    })),
  );
  await create(
    url,
    Array.from({ length: 12 }, (_, index) => ({
      id: `trial-ended-${number(index)}`,
      executeAt: new Date(now),
      callbackUrl: `${origin}/refuses`,
      payload: { account: index },
    })),
  );
}

/** What is due now: most of it is taken, some is not. */
async function fire(url: string, origin: string): Promise<void> {
  const now = Date.now();
  const many = Math.round(DELIVERIES_A_SECOND * (1.4 + Math.sin(now / 7000)));
  await create(
    url,
    Array.from({ length: many }, (_, index) => ({
      id: `push-${now}-${index}`,
      executeAt: new Date(now + index * 40),
      callbackUrl: `${origin}/${index % 12 === 0 ? 'away' : 'takes'}`,
      retryPolicy: { maxAttempts: 2, initialInterval: '2s' },
    })),
    'push',
  );
}

async function create(url: string, timers: readonly object[], namespace = 'reminders'): Promise<void> {
  const response = await fetch(`${url}/api/v1/timers/batch-create`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ timers: timers.map((timer) => ({ namespace, ...timer })) }),
  });
  if (!response.ok) {
    throw new Error(await response.text());
  }
}

async function take(page: Page, name: string): Promise<void> {
  const file = path.join(FOLDER, `${name}.png`);
  await page.screenshot({ path: file });
  execFileSync('pngquant', ['--force', '--skip-if-larger', '--strip', '--output', file, '64', file]);
}

void main();
