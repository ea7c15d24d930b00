import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Receiver {
  readonly origin: string;
  close(): void;
}

/** What the sample's callbacks go to. The first call of each path below /flaky/ fails, to show a retry. */
export async function openReceiver(): Promise<Receiver> {
  const called = new Set<string>();
  const server = http.createServer((request, response) => {
    const path = request.url ?? '/';
    const fails = path.startsWith('/flaky/') && !called.has(path);
    called.add(path);
    request.resume();
    request.on('end', () => response.writeHead(fails ? 503 : 204).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
