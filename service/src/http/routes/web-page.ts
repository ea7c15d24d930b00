import fs from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { App } from '../app';

/** What is built of the page: it is served as it is. */
const PAGE = path.join(__dirname, '../../../web/dist');

/** The page may load what comes from here, and nothing else. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;

/** The page at `/`, where it has been built. */
export async function addWebPage(app: App): Promise<void> {
  if (!fs.existsSync(PAGE)) {
    return;
  }
  await app.register(fastifyStatic, {
    root: PAGE,
    index: 'index.html',
    setHeaders: (reply) => {
      for (const [name, value] of Object.entries(HEADERS)) {
        reply.setHeader(name, value);
      }
    },
  });
}
