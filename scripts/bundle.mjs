/**
 * Puts the code of the package into `dist`, where tsc has put its types: one file for each entry point, and for what
 * they share, so that a class is the same from all of them. What the package does not declare as a dependency is
 * bundled as far as it is used: of pgtyped's runtime all but the parser, which is never needed at run time, is most of
 * the time to load, and fails to load where a package sees only what it declares.
 */
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'rolldown';
import ts from 'typescript';

const { exports, dependencies, peerDependencies } = JSON.parse(fs.readFileSync('package.json', 'utf8'));
/** @type {{ default: string }[]} */
const exported = Object.values(exports).filter((target) => typeof target === 'object');
/** By their paths below `src` and `dist`. The room `testing` has two: it runs its watcher as a program. */
const entryPoints = [
  ...exported.map((target) => path.relative('dist', target.default).replace(/\.js$/, '')),
  'testing/index',
  'testing/watch-server',
];

await build({
  input: Object.fromEntries(entryPoints.map((name) => [name, path.join('src', `${name}.ts`)])),
  external: Object.keys({ ...dependencies, ...peerDependencies }),
  platform: 'node',
  resolve: { mainFields: ['module', 'main'] },
  treeshake: { moduleSideEffects: [{ test: /\/node_modules\//, sideEffects: false }] },
  onLog(level, log) {
    if (level === 'warn') throw new Error(log.message);
  },
  plugins: [{ name: 'licences', generateBundle: emitLicences }],
  output: {
    dir: 'dist',
    format: 'cjs',
    exports: 'named',
    esModule: true,
    strict: true,
    chunkFileNames: '[name].js',
    comments: { jsdoc: false },
  },
});
removeUnreachedTypes();

/**
 * The licences of what is bundled, which have to go with copies of it.
 *
 * @this {import('rolldown').PluginContext}
 * @param {unknown} _options
 * @param {import('rolldown').OutputBundle} bundle
 */
function emitLicences(_options, bundle) {
  const modules = Object.values(bundle).flatMap((output) =>
    output.type === 'chunk' ? output.moduleIds : [],
  );
  const folders = modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id) ?? []);
  const licences = [...new Set(folders)].map((folder) => {
    const { name, version } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
    return `${name} ${version}\n\n${fs.readFileSync(path.join(folder, 'LICENSE'), 'utf8').trim()}\n`;
  });
  this.emitFile({ type: 'asset', fileName: 'LICENSES', source: licences.join('\n\n') });
}

/** Types that no entry point leads to cannot be imported, and name packages that users do not have. */
function removeUnreachedTypes() {
  /** @type {Set<string>} */
  const reached = new Set();
  /** @param {string} file */
  const follow = (file) => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const { fileName } of ts.preProcessFile(fs.readFileSync(file, 'utf8')).importedFiles) {
      if (fileName.startsWith('.')) follow(path.join(path.dirname(file), `${fileName}.d.ts`));
    }
  };
  for (const name of entryPoints) follow(path.join('dist', `${name}.d.ts`));
  for (const name of fs.readdirSync('dist', { recursive: true, encoding: 'utf8' })) {
    const file = path.join('dist', name);
    if (file.endsWith('.d.ts') && !reached.has(file)) fs.rmSync(file);
  }
}
