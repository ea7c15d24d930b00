/** A process of clients that mean harm, of one kind, to a service: tells when it is at work and, at the end, what it did. */
import { once } from 'node:events';
import net from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { Hostility } from './hostility';

const IDLE = 10_000;
const SLOW = 500;
const SLOW_PAUSE_MS = 100;
const LARGE = 4;
const LARGE_BYTES = 1024 ** 3;
const PART = Buffer.alloc(65_536, 'x');
const PIECES = Buffer.from('1\r\nx\r\n'.repeat(10_000));
const PIECES_MS = 100;
const KEYS = 256;

const CREATE = 'POST /api/v1/timers/create HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';

interface Attack {
  /** Told at the end. */
  readonly did: () => string;
}

type Connect = () => Promise<net.Socket>;

const ATTACKS: Record<Hostility, (connect: Connect) => Promise<Attack>> = {
  async idle(connect) {
    const sockets: net.Socket[] = [];
    while (sockets.length < IDLE) {
      sockets.push(...(await Promise.all(Array.from({ length: 100 }, connect))));
    }
    return { did: () => `${sockets.length.toLocaleString('en')} connections that are idle` };
  },

  /** A byte of the body at a time. */
  async slow(connect) {
    const sockets = await Promise.all(Array.from({ length: SLOW }, connect));
    for (const socket of sockets)
      socket.write(`${CREATE}authorization: Bearer none\r\ncontent-length: 5000\r\n\r\n{`);
    setInterval(() => {
      for (const socket of sockets) if (socket.writable) socket.write(' ');
    }, SLOW_PAUSE_MS);
    return { did: () => `${SLOW} bodies that come byte by byte` };
  },

  /** Said to be that long, or in a chunk of that length; whoever is cut off comes again. */
  async large(connect) {
    let begun = 0;
    const send = async (): Promise<never> => {
      for (;;) {
        const socket = await connect();
        const length = begun++ % 2 === 0 ? `content-length: ${LARGE_BYTES}` : 'transfer-encoding: chunked';
        socket.write(`${CREATE}${length}\r\n\r\n`);
        // A chunk that never ends.
        if (length.startsWith('transfer')) socket.write(`${LARGE_BYTES.toString(16)}\r\n`);
        await pipeline(() => endless(PART), socket).catch(() => {});
      }
    };
    for (let count = 0; count < LARGE; count++) void send();
    return { did: () => `${begun.toLocaleString('en')} bodies of a gigabyte, ${LARGE} at a time` };
  },

  /** A byte in each chunk; hangs up soon, and comes again at once. */
  async pieces(connect) {
    let begun = 0;
    const send = async (): Promise<never> => {
      for (;;) {
        const socket = await connect();
        begun++;
        socket.write(`${CREATE}transfer-encoding: chunked\r\n\r\n`);
        const signal = AbortSignal.timeout(PIECES_MS);
        await pipeline(() => endless(PIECES), socket, { signal }).catch(() => {});
      }
    };
    for (let count = 0; count < LARGE; count++) void send();
    return { did: () => `${begun.toLocaleString('en')} bodies in pieces of a byte, ${LARGE} at a time` };
  },

  async keys(connect) {
    let tried = 0;
    const sockets = await Promise.all(Array.from({ length: KEYS }, connect));
    for (const socket of sockets) {
      const next = () => {
        tried++;
        socket.write(`${CREATE}authorization: Bearer wrong-${tried}\r\ncontent-length: 2\r\n\r\n{}`);
      };
      socket.on('data', next);
      next();
    }
    return {
      did: () =>
        `${KEYS} connections, each with one wrong key after the other: ${tried.toLocaleString('en')}`,
    };
  },
};

function* endless(part: Buffer): Generator<Buffer> {
  for (;;) yield part;
}

async function main(): Promise<void> {
  const [hostility, url] = process.argv.slice(2) as [Hostility, string];
  const { hostname, port } = new URL(url);
  const attack = await ATTACKS[hostility](async () => {
    const socket = net.connect(Number(port), hostname);
    // The service ends what it does not want.
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.resume();
    return socket;
  });
  process.on('message', () => process.send?.(attack.did()));
  process.send?.('at work');
}

void main();
