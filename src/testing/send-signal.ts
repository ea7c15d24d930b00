import { spawnSync } from 'node:child_process';
import { programFile } from './program-file';

/** Sends a signal to a server, or with a negative `pid` to a group of processes. It may have ended meanwhile. */
export function sendSignal(nativeDir: string, pid: number, signal: NodeJS.Signals): void {
  if (process.platform === 'win32' && signal !== 'SIGKILL') {
    // Windows has no signals; the server's own tool knows how its servers are told.
    spawnSync(programFile(nativeDir, 'pg_ctl'), ['kill', signal.slice('SIG'.length), String(pid)]);
    return;
  }
  try {
    process.kill(pid, signal);
  } catch (error) {
    // macOS says EPERM of a process that has ended and was not waited for yet.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      throw error;
    }
  }
}
