/**
 * Puts the code of the package into `dist`, where tsc has put its types: a file for what each entry point has, and one for what
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
/** By their paths below `src` and `dist`. */
const entryPoints = exported.map((target) => path.relative('dist', target.default).replace(/\.js$/, ''));
/** The command line, which is run and not imported. */
const programs = ['cli'];
const entryFiles = new Set(Object.values(filesOf([...entryPoints, ...programs])));
/** What the code of `testing` runs as a program, and finds beside it. */
const WATCHER = 'watch-server';

/** @satisfies {import('rolldown').InputOptions} */
const options = {
  external: Object.keys({ ...dependencies, ...peerDependencies }),
  platform: 'node',
  // As TypeScript wants the name of a module that is imported late.
  resolve: { mainFields: ['module', 'main'], extensionAlias: { '.js': ['.ts', '.js'] } },
  treeshake: { moduleSideEffects: [{ test: /\/node_modules\//, sideEffects: false }] },
  onLog(level, log) {
    if (level === 'warn') throw new Error(log.message);
  },
};
/** @satisfies {import('rolldown').OutputOptions} */
const output = {
  dir: 'dist',
  format: 'cjs',
  exports: 'named',
  esModule: true,
  strict: true,
  comments: { jsdoc: false },
};

await build({
  ...options,
  input: filesOf([...entryPoints, ...programs]),
  plugins: [{ name: 'licences', generateBundle: emitLicences }],
  output: {
    ...output,
    chunkFileNames: ({ name }) => `${name.replaceAll('~', '-')}.js`,
    // Entry points hold exports only. Node looks for these through the whole of a CommonJS file that is imported, but
    // not of those that it requires: with all the code in one file, an `import` takes twice the time of a `require`.
    codeSplitting: { groups: [{ name: 'code', test: (id) => !entryFiles.has(id), entriesAware: true }] },
  },
});
await build({
  ...options,
  input: { [WATCHER]: path.resolve('src/testing', `${WATCHER}.ts`) },
  output,
});
removeUnreachedTypes();

/**
 * @param {readonly string[]} names of entry points
 * @returns {Record<string, string>}
 */
function filesOf(names) {
  return Object.fromEntries(names.map((name) => [name, path.resolve('src', `${name}.ts`)]));
}

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
    const { name, version, license, author } = JSON.parse(
      fs.readFileSync(path.join(folder, 'package.json'), 'utf8'),
    );
    const [file] = fs.readdirSync(folder).filter((each) => /^licen[cs]e/i.test(each));
    const text =
      file === undefined ? `${license}, ${author}` : fs.readFileSync(path.join(folder, file), 'utf8');
    return `${name} ${version}\n\n${text.trim()}\n`;
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
