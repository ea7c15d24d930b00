/**
 * The process between `startEmbeddedServer` and the server: starts the server, reports one line of JSON on standard
 * output, and stops the server when standard input ends, which the kernel sees to even if the parent is killed.
 */
import fs from 'node:fs';
import path from 'node:path';
import { makeThrowAwayDir, prepareDataDir, userOf } from './data-directory';
import { takeLock } from './data-lock';
import { clearAfterCrash } from './postmaster-file';
import { runnableBinaries } from './runnable-binaries';
import { ServerPrograms } from './server-programs';
import type { ServerTask, StartedServer, StartFailure } from './server-task';
import type { ServerUser } from './server-user';

let programs: ServerPrograms | undefined;
let stopping = false;
/** What is left to do once the server has stopped. */
const cleanUps: (() => void)[] = [];

process.stdin.resume();
process.stdin.once('end', stop);
process.stdin.once('error', stop);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, stop);
}
process.stdout.on('error', () => {}); // The parent is gone, which standard input tells as well.

void watch(JSON.parse(process.argv[2] ?? ''));

async function watch(task: ServerTask): Promise<void> {
  try {
    report(await start(task));
    programs?.onceEnded(stop);
  } catch (error) {
    report({ error: error instanceof Error ? error.message : String(error) });
    await stop();
  }
}

function report(line: StartedServer | StartFailure): void {
  if (!stopping) {
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
}

async function start(task: ServerTask): Promise<StartedServer> {
  const user = userOf(task.dataDir);
  const home = await prepareHome(task, user);
  const nativeDir = runnableBinaries(task, user);
  programs = new ServerPrograms(nativeDir, user);
  const data = path.join(home, 'data');
  const passwordFile = path.join(home, 'password');
  if (fs.existsSync(data)) {
    await clearAfterCrash(nativeDir, data);
  } else {
    await programs.initialize(data, passwordFile, task.durable);
  }
  const password = fs.readFileSync(passwordFile, 'utf8').trim();
  const { port, pid } = await programs.start(data, path.join(home, 'server.log'), task);
  return { url: `postgres://postgres:${password}@127.0.0.1:${port}/`, port, dataDir: data, pid };
}

/** The directory of the data and of what belongs to them. No other process has it. */
async function prepareHome({ dataDir, durable }: ServerTask, user: ServerUser): Promise<string> {
  if (dataDir === null) {
    const home = makeThrowAwayDir(user, durable);
    cleanUps.push(() => fs.rmSync(home, { recursive: true, force: true, maxRetries: 20 }));
    return home;
  }
  const home = prepareDataDir(dataDir, user);
  cleanUps.push(await takeLock(home, () => stopping));
  return home;
}

async function stop(): Promise<void> {
  if (stopping) {
    return;
  }
  stopping = true;
  await programs?.stop();
  for (const cleanUp of cleanUps) {
    cleanUp();
  }
  process.exit();
}
