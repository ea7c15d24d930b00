import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendSignal } from './send-signal';

/** The file in which a server says who it is and how far it has come: what pg_ctl goes by, too. */
const NAME = 'postmaster.pid';
const STATE_LINE = 7;

/** Whether the server with this process id takes connections. */
export function isReady(data: string, pid: number | undefined): boolean {
  const lines = read(data).split('\n');
  return Number(lines[0]) === pid && ['ready', 'standby'].includes(lines[STATE_LINE]?.trim() ?? '');
}

/** Makes way for a new server on data whose last server was killed, or runs on although its watcher was killed. */
export async function clearAfterCrash(nativeDir: string, data: string): Promise<void> {
  const content = read(data);
  const pid = Number.parseInt(content, 10);
  if (!(pid > 0)) {
    return;
  }
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    const giveUpAt = Date.now() + 10_000;
    if (isServerOf(pid, data)) {
      sendSignal(nativeDir, pid, signal);
    }
    while (isServerOf(pid, data) && Date.now() < giveUpAt) {
      await sleep(50);
    }
  }
  // The server takes any process of its user with this id for a live server, though the id may have been given anew.
  // It ignores the id of its parent, and still checks that nobody is attached to the old server's shared memory.
  if (read(data) !== '') {
    fs.writeFileSync(path.join(data, NAME), content.replace(String(pid), String(process.pid)));
  }
}

function isServerOf(pid: number, data: string): boolean {
  if (process.platform === 'win32') {
    return false;
  }
  if (process.platform !== 'linux') {
    const { stdout } = spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return stdout.includes(data);
  }
  return readIfThere(`/proc/${pid}/cmdline`).split('\0').includes(data);
}

function read(data: string): string {
  return readIfThere(path.join(data, NAME));
}

function readIfThere(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    // ESRCH: of a process that ended while its file was read.
    if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      throw error;
    }
    return '';
  }
}
