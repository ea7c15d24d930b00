/** Answers each POST with {"ok":true}, on a thread of its own, so that it takes no time of those who are measured. */
import http from 'node:http';
import { parentPort } from 'node:worker_threads';

const server = http.createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 11 }).end('{"ok":true}');
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  parentPort?.postMessage(typeof address === 'object' && address !== null ? address.port : 0);
});
