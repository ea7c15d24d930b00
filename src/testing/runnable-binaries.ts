import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { makeRootOwnedDir } from './data-directory';
import { programFile } from './program-file';
import type { ServerTask } from './server-task';
import { credentials, type ServerUser } from './server-user';

/** Where the binaries are copied to if root alone can reach them where they are installed. */
const ROOT_CACHE = '/var/cache/pg-timer-store';

/** @returns the folder with the server's files, where that user can run them */
export function runnableBinaries({ nativeDir, version }: ServerTask, user: ServerUser): string {
  const asUser = tryServer(user, nativeDir);
  if (asUser.works) {
    return nativeDir;
  }
  if (user === null || !tryServer(null, nativeDir).works) {
    const hint = 'If install scripts were skipped, run `npm rebuild`, which completes its libraries.';
    throw new Error(`The embedded PostgreSQL does not start: ${asUser.reason}\n${hint}`);
  }
  const copy = makeRootOwnedDir(ROOT_CACHE, (parent) => {
    const target = path.join(parent, version);
    if (!fs.existsSync(target)) {
      copyForAll(nativeDir, target);
    }
    return target;
  });
  const fromCopy = tryServer(user, copy);
  if (!fromCopy.works) {
    throw new Error(`The embedded PostgreSQL does not start: ${fromCopy.reason}`);
  }
  return copy;
}

function tryServer(user: ServerUser, nativeDir: string): { works: boolean; reason: string } {
  const { status, stderr, error } = spawnSync(programFile(nativeDir, 'postgres'), ['--version'], {
    cwd: path.parse(nativeDir).root,
    encoding: 'utf8',
    ...credentials(user),
  });
  return { works: status === 0, reason: error?.message ?? stderr };
}

/** @param target appears complete or not at all */
function copyForAll(source: string, target: string): void {
  const unfinished = fs.mkdtempSync(`${target}-`);
  fs.cpSync(source, unfinished, { recursive: true, verbatimSymlinks: true });
  fs.chmodSync(unfinished, 0o755);
  for (const entry of fs.readdirSync(unfinished, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) {
      continue;
    }
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    fs.chmodSync(file, entry.isDirectory() || (fs.statSync(file).mode & 0o100) !== 0 ? 0o755 : 0o644);
  }
  try {
    fs.renameSync(unfinished, target);
  } catch (error) {
    fs.rmSync(unfinished, { recursive: true, force: true });
    // Else another process was first.
    if (!fs.existsSync(target)) {
      throw error;
    }
  }
}
