/**
 * Builds the page, `web/dist`, from `web/src`: files with names made of what is in them, beside each what it is when
 * compressed. Fails if a browser would load more than it may.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';
import { build } from 'esbuild';

const WEB = fileURLToPath(new URL('../web', import.meta.url));
const DIST = path.join(WEB, 'dist');

/** All files together, by gzip. */
const MAX_BYTES = 100 * 1024;

const { outputFiles, metafile } = await build({
  absWorkingDir: WEB,
  entryPoints: ['src/main.tsx', 'src/icon.svg'],
  outdir: 'dist',
  entryNames: '[name]-[hash]',
  loader: { '.svg': 'copy' },
  assetNames: '[name]-[hash]',
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['es2022', 'chrome116', 'firefox124', 'safari17.4'],
  legalComments: 'none',
  metafile: true,
  write: false,
});

const names = outputFiles.map((file) => path.basename(file.path));
/** @param {string} ending */
const nameOf = (ending) => /** @type {string} */ (names.find((name) => name.endsWith(ending)));
const index = fs
  .readFileSync(path.join(WEB, 'index.html'), 'utf8')
  .replace('ICON', nameOf('.svg'))
  .replace('STYLE', nameOf('.css'))
  .replace('SCRIPT', nameOf('.js'));

/** @type {Map<string, Uint8Array>} */
const files = new Map([['index.html', Buffer.from(index)]]);
for (const file of outputFiles) files.set(path.basename(file.path), file.contents);
let bytes = 0;
for (const [name, contents] of [...files]) {
  const compressed = zlib.gzipSync(contents, { level: 9 });
  bytes += compressed.length;
  files.set(`${name}.gz`, compressed);
  files.set(`${name}.br`, zlib.brotliCompressSync(contents));
}
if (bytes > MAX_BYTES) {
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  const largest = inputs.sort(([, one], [, other]) => other.bytesInOutput - one.bytesInOutput).slice(0, 10);
  console.error(`The page takes ${bytes} bytes, and may take ${MAX_BYTES}. The largest of it:`);
  for (const [name, { bytesInOutput }] of largest) console.error(`${bytesInOutput}  ${name}`);
  process.exit(1);
}

// What is served meanwhile stays whole: new files first, then the index that names them, then the old ones go.
fs.mkdirSync(DIST, { recursive: true });
for (const [name, contents] of [...files].reverse()) {
  fs.writeFileSync(path.join(DIST, `${name}.new`), contents);
  fs.renameSync(path.join(DIST, `${name}.new`), path.join(DIST, name));
}
for (const name of fs.readdirSync(DIST)) {
  if (!files.has(name)) fs.rmSync(path.join(DIST, name));
}
console.log(`The page takes ${(bytes / 1024).toFixed(1)} KiB by gzip.`);
