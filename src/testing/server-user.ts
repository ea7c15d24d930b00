import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import fs from 'node:fs';

/** The user that the server runs as; null: the user of this process. */
export type ServerUser = { readonly uid: number; readonly gid: number } | null;

export const isRoot = process.getuid?.() === 0;

/** PostgreSQL refuses to run as root. */
export function unprivilegedUser(): ServerUser {
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => {
      const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
      return status === 0 ? Number(stdout) : 0;
    });
    if (uid && gid) {
      return { uid, gid };
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is no user "postgres" or "nobody"');
}

/** For the options of a child process. */
export function credentials(user: ServerUser): { uid?: number; gid?: number } {
  return user === null ? {} : { uid: user.uid, gid: user.gid };
}

/** Whether that user can enter the directory. */
export function isReachable(user: ServerUser, directory: string): boolean {
  return user === null || runShell(user, 'cd -- "$1"', directory).status === 0;
}

function runShell(user: ServerUser, command: string, argument: string): SpawnSyncReturns<string> {
  return spawnSync('/bin/sh', ['-c', command, 'sh', argument], {
    cwd: '/',
    encoding: 'utf8',
    ...credentials(user),
  });
}

/** Whether this process can write there. */
export function isWritable(directory: string): boolean {
  try {
    fs.accessSync(directory, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
