import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installRelease, nodeFolder, THIS_NODE } from '../../scripts/npm-releases.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { devDependencies, peerDependencies } = JSON.parse(
  fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'),
);
/** The first release that the range of the peer dependency takes. */
const OLDEST_PG: string = peerDependencies.pg.replace('^', '');
const PROGRAM = fs.readFileSync(new URL('./program.ts', import.meta.url), 'utf8');

interface Manager {
  /** The settings that decide where packages see each other. */
  readonly files: Readonly<Record<string, string>>;
  readonly install: () => readonly string[];
  /** The words before a script for Node, and before a tool of a package. */
  readonly node: () => readonly string[];
  readonly tool: (name: string) => readonly string[];
}

const npm: Manager = {
  files: {},
  install: () => ['npm', 'install', '--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline'],
  node: () => ['node'],
  tool: (name) => [path.join('node_modules/.bin', name)],
};

/** @param settings of pnpm-workspace.yaml. */
function pnpm(settings: string): Manager {
  const cli = () => path.join(installRelease('pnpm', '10.34.8'), 'bin/pnpm.cjs');
  return {
    ...npm,
    files: { 'pnpm-workspace.yaml': `${settings}\nautoInstallPeers: false\nstrictPeerDependencies: true\n` },
    install: () => ['node', cli(), 'install', '--ignore-scripts', '--prefer-offline'],
  };
}

const yarnCli = () => path.join(installRelease('@yarnpkg/cli-dist', '4.18.1'), 'bin/yarn.js');
const yarn: Manager = {
  files: {
    'yarn.lock': '',
    // Without the fallback, nothing is found that is not declared.
    '.yarnrc.yml':
      'nodeLinker: pnp\npnpEnableEsmLoader: true\npnpFallbackMode: none\nenableScripts: false\nenableTelemetry: false\n',
  },
  install: () => ['node', yarnCli(), 'install', '--no-immutable'],
  node: () => ['node', yarnCli(), 'node'],
  tool: (name) => ['node', yarnCli(), 'run', name],
};

/** A kind of project that the package is installed in. */
export interface ProjectKind {
  readonly name: string;
  readonly manager: Manager;
  readonly pg: string;
  readonly typesOfPg: string;
}

const NEWEST = { pg: devDependencies.pg, typesOfPg: devDependencies['@types/pg'] };

export const PROJECT_KINDS: readonly ProjectKind[] = [
  { name: 'npm', manager: npm, ...NEWEST },
  { name: 'npm, oldest pg', manager: npm, pg: OLDEST_PG, typesOfPg: '8.6.0' },
  { name: 'pnpm', manager: pnpm(''), ...NEWEST },
  { name: 'pnpm, hoisted', manager: pnpm('nodeLinker: hoisted'), ...NEWEST },
  { name: 'pnpm, hoist=false', manager: pnpm('hoist: false'), ...NEWEST },
  { name: "Yarn Plug'n'Play", manager: yarn, ...NEWEST },
];

/** A project in a folder of its own, with the packed package and the program that uses it. */
export class Project {
  readonly #manager: Manager;
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;

  /** @param environment what its programs are given beside this process's own. */
  constructor(kind: ProjectKind, tarball: string, folder: string, environment: NodeJS.ProcessEnv) {
    this.#manager = kind.manager;
    this.#folder = folder;
    this.#environment = { ...process.env, ...environment };
    const manifest = {
      name: 'consumer',
      private: true,
      dependencies: {
        'pg-timer-store': `file:${tarball}`,
        '@opentelemetry/api': devDependencies['@opentelemetry/api'],
        pg: kind.pg,
      },
      devDependencies: {
        '@types/node': devDependencies['@types/node'],
        '@types/pg': kind.typesOfPg,
        esbuild: devDependencies.esbuild,
        typescript: devDependencies.typescript,
      },
    };
    const files = {
      ...kind.manager.files,
      'package.json': JSON.stringify(manifest),
      'program.mts': PROGRAM,
      'program.cts': PROGRAM,
      'program.ts': PROGRAM,
    };
    for (const [name, content] of Object.entries(files)) {
      fs.writeFileSync(path.join(folder, name), content);
    }
  }

  install(): void {
    this.#run(this.#manager.install());
  }

  /** Compiles the program as an ES module and as CommonJS. With errors of types there is output, too. */
  compileForNode(): void {
    this.#compile('node16', 'program.mts', 'program.cts');
  }

  compileForBundler(): void {
    this.#compile('bundler', '--noEmit', 'program.ts');
  }

  /** Into a file that stands alone, with the names in it made short. */
  bundle(): void {
    const options = ['--bundle', '--minify', '--platform=node', '--external:pg-native'];
    this.#run([...this.#manager.tool('esbuild'), 'program.ts', ...options, '--outfile=bundle/program.cjs']);
  }

  runProgram(file: string, nodeVersion: string): void {
    this.#run([...this.#manager.node(), file], nodeVersion);
  }

  /** Without anything of the package manager's, in a place where no package is found. */
  runBundle(nodeVersion: string): void {
    const file = path.join(`${this.#folder}-bundle`, 'program.cjs');
    fs.cpSync(path.join(this.#folder, 'bundle'), path.dirname(file), { recursive: true });
    this.#run(['node', file], nodeVersion);
  }

  #compile(resolution: 'node16' | 'bundler', ...args: readonly string[]): void {
    const module = resolution === 'node16' ? 'node16' : 'esnext';
    const options = ['--strict', '--target', 'es2022', '--esModuleInterop', '--types', 'node'];
    this.#run([
      ...this.#manager.tool('tsc'),
      ...options,
      ...['--module', module, '--moduleResolution', resolution],
      ...args,
    ]);
  }

  #run([program = '', ...args]: readonly string[], nodeVersion = THIS_NODE): void {
    const PATH = `${nodeFolder(nodeVersion)}${path.delimiter}${process.env['PATH']}`;
    execFileSync(program, args, {
      cwd: this.#folder,
      env: { ...this.#environment, PATH },
      stdio: 'pipe',
      encoding: 'utf8',
    });
  }
}
