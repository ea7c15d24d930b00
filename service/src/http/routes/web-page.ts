import fs from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { App } from '../app';

/** What is built of the page: it is served as it is. */
const PAGE = path.join(__dirname, '../../../web/dist');

/** The page may load what comes from here, and nothing else; no text becomes a script. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
    "require-trusted-types-for 'script'; trusted-types 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  vary: 'accept-encoding',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;

/** The names of all files but the index are made of what is in them. */
const CACHED = { 'cache-control': 'public, max-age=31536000, immutable' };
const LOOKED_AT_AGAIN = { 'cache-control': 'no-cache' };

/** The page at `/`, where it has been built. Anybody may have it: it is the calls that it makes that need a key. */
export async function addWebPage(app: App): Promise<void> {
  if (!fs.existsSync(PAGE)) {
    return;
  }
  const served = new Set(['/', ...fs.readdirSync(PAGE).map((name) => `/${name}`)]);
  await app.register(fastifyStatic, {
    root: PAGE,
    // Whatever else a path is made of, it is none of the service.
    allowedPath: (pathname) => served.has(pathname),
    // A list: by a single name, the compressed index is not found.
    index: ['index.html'],
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply, file) => {
      const caching = path.basename(file).startsWith('index.html') ? LOOKED_AT_AGAIN : CACHED;
      for (const [name, value] of Object.entries({ ...HEADERS, ...caching })) {
        reply.setHeader(name, value);
      }
    },
  });
}
