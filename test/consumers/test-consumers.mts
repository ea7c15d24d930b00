/**
 * Installs the package as it would be published in each kind of project, compiles, bundles and runs a program there,
 * and prints which worked. The package managers and other versions of Node come from the npm registry.
 */
import '../../scripts/own-environment.cjs';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withScratchDatabases } from '../../scripts/codegen/scratch-databases.mjs';
import { NODE_RELEASES } from '../../scripts/npm-releases.mjs';
import { pack } from '../../scripts/pack.mjs';
import { runDbmate } from '../../scripts/run-dbmate.mjs';
import { PROJECT_KINDS, Project, type ProjectKind } from './projects.mjs';

/** By column of the table. */
type Row = Record<string, string>;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NODES = Object.keys(NODE_RELEASES);
const failures: string[] = [];

async function main(): Promise<void> {
  // Yarn does not look where npm has it.
  const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'consumers-'));
  try {
    const tarball = pack(home);
    const rows = await withScratchDatabases(async (createDatabase) => {
      const { url } = await createDatabase();
      await runDbmate(ROOT, url, 'up');
      return PROJECT_KINDS.map((kind, index) => {
        const folder = path.join(home, `project-${index}`);
        fs.mkdirSync(folder);
        console.log(`${kind.name} …`);
        const environment = { DATABASE_URL: url, YARN_NPM_REGISTRY_SERVER: registry };
        return testKind(kind, new Project(kind, tarball, folder, environment));
      });
    });
    console.table(rows);
  } finally {
    fs.rmSync(home, { recursive: true, force: true });
  }
  console.log(failures.join('\n\n'));
  process.exitCode = failures.length === 0 ? 0 : 1;
}

function testKind(kind: ProjectKind, project: Project): Row {
  const attempt = (column: string, work: () => void): boolean => {
    try {
      work();
      return true;
    } catch (error) {
      const { message, stdout = '', stderr = '' } = error as Error & { stdout?: string; stderr?: string };
      failures.push([`${kind.name}, ${column}:`, message.split('\n')[0], stdout, stderr].join('\n'));
      return false;
    }
  };
  const once = (column: string, work: () => void) => ({ [column]: attempt(column, work) ? 'ok' : 'FAILED' });
  const onEachNode = (column: string, work: (version: string) => void) => ({
    [column]: NODES.map(
      (version) => version + (attempt(`${column}, Node ${version}`, () => work(version)) ? '' : ' FAILED'),
    ).join(' '),
  });
  return {
    project: kind.name,
    pg: kind.pg,
    '@types/pg': kind.typesOfPg,
    ...once('installs', () => project.install()),
    ...once('node16', () => project.compileForNode()),
    ...once('bundler', () => project.compileForBundler()),
    ...onEachNode('ESM', (version) => project.runProgram('program.mjs', version)),
    ...onEachNode('CommonJS', (version) => project.runProgram('program.cjs', version)),
    ...once('esbuild', () => project.bundle()),
    ...onEachNode('bundle', (version) => project.runBundle(version)),
  };
}

void main();
