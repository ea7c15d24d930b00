import { readdir, readFile } from 'node:fs/promises';
import { BenchError } from './report-failure';

/**
 * Milliseconds of processor time that a server and its sessions have had, those that have ended left out.
 *
 * @param pid of the server.
 */
export async function serverCpuMs(pid: number): Promise<number> {
  if (process.platform !== 'linux') {
    throw new BenchError('The processor time of a server is read from /proc, which only Linux has.');
  }
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const times = await Promise.all(pids.map((each) => cpuNanoseconds(each, pid)));
  return times.reduce((sum, each) => sum + each, 0) / 1e6;
}

/** 0: it is another program's, or has ended. */
async function cpuNanoseconds(pid: string, serverPid: number): Promise<number> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // After the name, which is in brackets and may have any character: the state, and the parent.
    const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (pid !== String(serverPid) && parent !== String(serverPid)) {
      return 0;
    }
    return Number((await readFile(`/proc/${pid}/schedstat`, 'utf8')).split(' ')[0]);
  } catch {
    return 0;
  }
}
