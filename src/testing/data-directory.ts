import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isReachable, isRoot, isWritable, type ServerUser, unprivilegedUser } from './server-user';

/** Where data go that were to be kept below a directory that only root can enter. */
const ROOT_DATA = '/var/lib/pg-timer-store';
/** Containers often have a /dev/shm of 64 MB, too little for a server. */
const MIN_THROW_AWAY_BYTES = 1024 ** 3;

/** The user that a server on this directory runs as. Data made by a run without root keep their owner. */
export function userOf(dataDir: string | null): ServerUser {
  if (!isRoot) {
    return null;
  }
  const owner =
    dataDir === null ? undefined : fs.statSync(path.join(dataDir, 'data'), { throwIfNoEntry: false });
  return owner !== undefined && owner.uid !== 0 ? owner : unprivilegedUser();
}

/** @param durable Whether it must not be in memory. */
export function makeThrowAwayDir(user: ServerUser, durable: boolean): string {
  const candidates = [...(durable ? [] : ['/dev/shm']), os.tmpdir(), '/tmp', '/var/tmp'];
  const parent =
    candidates.find((directory) => {
      if (!fs.existsSync(directory)) {
        return false;
      }
      const { bavail, bsize } = fs.statfsSync(directory);
      return bavail * bsize >= MIN_THROW_AWAY_BYTES && isWritable(directory) && isReachable(user, directory);
    }) ?? os.tmpdir();
  const directory = fs.mkdtempSync(path.join(parent, 'pg-timer-store-'));
  if (user !== null) {
    fs.chmodSync(directory, 0o755);
  }
  return directory;
}

/**
 * Makes the directory if it is not there.
 *
 * @returns the directory itself, free of symbolic links
 */
export function prepareDataDir(dataDir: string, user: ServerUser): string {
  if (fs.lstatSync(dataDir, { throwIfNoEntry: false }) === undefined) {
    fs.mkdirSync(path.dirname(dataDir), { recursive: true });
    if (isReachable(user, fs.realpathSync(path.dirname(dataDir)))) {
      fs.mkdirSync(dataDir);
    } else {
      // Below a directory that only root can enter. Not in a temporary directory, where data do not last; under a
      // new name, so that removing the link is a fresh start.
      fs.symlinkSync(
        makeRootOwnedDir(ROOT_DATA, (parent) => fs.mkdtempSync(path.join(parent, 'data-'))),
        dataDir,
      );
    }
  }
  let home: string;
  try {
    home = fs.realpathSync(dataDir);
  } catch {
    throw new Error(`${dataDir} links to a directory that is gone: remove the link for a fresh start`);
  }
  if (isRoot && fs.statSync(home).uid === 0) {
    fs.chmodSync(home, 0o755);
  }
  if (!isReachable(user, home)) {
    throw new Error(`PostgreSQL does not run as root, and its user cannot enter ${home}`);
  }
  if (!isWritable(home)) {
    throw new Error(`No permission to write to ${home}: it belongs to another user`);
  }
  return home;
}

/** Makes a directory that everybody can read and only root can write to. */
export function makeRootOwnedDir(parent: string, make: (parent: string) => string): string {
  fs.mkdirSync(parent, { recursive: true });
  const { uid, mode } = fs.lstatSync(parent);
  if (uid !== 0 || (mode & 0o022) !== 0) {
    throw new Error(`${parent} can be written to by others than root: remove it`);
  }
  const directory = make(parent);
  for (const each of [parent, directory]) {
    fs.chmodSync(each, 0o755); // whatever the umask says
  }
  return directory;
}
