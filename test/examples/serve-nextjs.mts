/** Calls the route handlers of examples/nextjs as Next.js would, without the rest of it. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

// By a name that the compiler does not follow: it is checked as a project of its own.
const example = '../../examples/nextjs';
process.env['NEXT_RUNTIME'] = 'nodejs';
const { register } = await import(`${example}/instrumentation.ts`);
const handlers = await import(`${example}/app/reminders/[id]/route.ts`);
await register();

const server = http.createServer(async (incoming, outgoing) => {
  const { method = '', url = '' } = incoming;
  const body = await text(incoming);
  const request = new Request(`http://localhost${url}`, { method, ...(body !== '' && { body }) });
  const answer: Response = await handlers[method](request, {
    params: Promise.resolve({ id: url.replace('/reminders/', '') }),
  });
  outgoing.writeHead(answer.status).end(await answer.text());
});
server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.once('SIGTERM', () => {
  server.close();
  server.closeIdleConnections();
});
