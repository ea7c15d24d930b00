import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const GIVE_UP_AFTER_MS = 60_000;

interface Holder {
  readonly state: string;
  /** Of the process that asked for the server. */
  readonly pid: string;
  /** Resolves once the holder has ended. */
  readonly end: Promise<void>;
}

/**
 * Keeps every other process off the data, until this process ends in whatever way. The lock is a port that this
 * process answers on: unlike a process id, that cannot turn out to be somebody else by now.
 *
 * @param isStopping Whether this process is about to give the lock back.
 * @returns what gives it back
 */
export async function takeLock(home: string, isStopping: () => boolean): Promise<() => void> {
  const nonce = randomBytes(16).toString('hex');
  const port = await answer(() => `${nonce} ${isStopping() ? 'stopping' : 'serving'} ${process.ppid}\n`);
  const file = path.join(home, 'lock');
  const giveUpAt = Date.now() + GIVE_UP_AFTER_MS;
  for (let looks = 1; ; looks++) {
    if (createFile(file, `${port} ${nonce}\n`)) {
      return () => fs.rmSync(file, { force: true });
    }
    const holder = await askHolder(file);
    if (holder === null) {
      fs.rmSync(file, { force: true });
      continue;
    }
    // A parent that was killed this instant still counts as serving, so one look is not enough.
    if ((holder.state !== 'stopping' && looks >= 3) || Date.now() > giveUpAt) {
      throw new Error(
        `The data in ${home} are in use by process ${holder.pid}: wait for it to end, or stop it`,
      );
    }
    await Promise.race([holder.end, sleep(holder.state === 'stopping' ? 30_000 : 200)]);
  }
}

/** @returns the port that says `text` to whoever connects */
async function answer(text: () => string): Promise<number> {
  const answering = net.createServer((socket) => {
    socket.on('error', () => {});
    // Left open while stopping: whoever waits for this process sees the connection end with it.
    socket.write(text());
  });
  answering.listen(0, '127.0.0.1');
  await once(answering, 'listening');
  return (answering.address() as net.AddressInfo).port;
}

/** @returns false if it is there already */
function createFile(file: string, content: string): boolean {
  try {
    fs.writeFileSync(file, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw error;
    }
    return false;
  }
}

/** @returns null if the holder has died */
async function askHolder(file: string): Promise<Holder | null> {
  const content = await readLock(file);
  const [port, nonce] = content.trim().split(' ');
  if (!port || !nonce) {
    return null;
  }
  const socket = net.connect({ host: '127.0.0.1', port: Number(port) });
  const end = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => {}).setTimeout(5_000, () => socket.destroy());
  let said = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    said += chunk;
    socket.setTimeout(0);
  });
  await Promise.race([once(socket, 'data').catch(() => {}), end]);
  const [answeredNonce, state, pid] = said.trim().split(' ');
  if (answeredNonce === nonce && state && pid) {
    return { state, pid, end };
  }
  socket.destroy();
  return null;
}

async function readLock(file: string): Promise<string> {
  for (let tries = 0; tries < 10; tries++) {
    const content = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
    if (content.endsWith('\n')) {
      return content;
    }
    await sleep(20); // Being written.
  }
  return '';
}
