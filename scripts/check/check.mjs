import '../own-environment.cjs';
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {[string, ...string[]]} command
 * @property {Step} [after] The example imports the package by its name, and the package is what was built.
 */

/** @type {Step} */
const BUILD = { name: 'build', command: ['npm', 'run', '--silent', 'build'] };

/** @type {Step[]} The longest first, as far as they can be. */
const STEPS = [
  BUILD,
  { name: 'sql and db', command: ['npm', 'run', '--silent', 'codegen:check'] },
  { name: 'package', command: ['node', 'scripts/check/check-package.mjs'], after: BUILD },
  {
    name: 'openapi',
    command: ['node_modules/.bin/tsx', 'service/scripts/open-api.ts', '--check'],
    after: BUILD,
  },
  { name: 'types', command: ['node_modules/.bin/tsc', '--noEmit'], after: BUILD },
  // As a bundler finds modules.
  {
    name: 'types for Next.js',
    command: ['node_modules/.bin/tsc', '--project', 'examples/nextjs'],
    after: BUILD,
  },
  // For a browser.
  { name: 'types of the page', command: ['node_modules/.bin/tsc', '--noEmit', '--project', 'service/web'] },
  { name: 'docstrings', command: ['node_modules/.bin/typedoc', '--emit', 'none', '--logLevel', 'Warn'] },
  { name: 'links', command: ['node', 'scripts/check/check-links.mjs'] },
  { name: 'nothing unused', command: ['node_modules/.bin/knip', '--no-progress'] },
  { name: 'rooms', command: ['node_modules/.bin/depcruise', '--config', '.dependency-cruiser.cjs', 'src'] },
  {
    name: 'lint and format',
    command: ['node_modules/.bin/biome', 'ci', '--colors=off', '--error-on-warnings', '.'],
  },
  { name: 'lock file complete', command: ['node', 'scripts/check/complete-lockfile.mjs', '--check'] },
];

const HELP = `Usage: npm run check

Runs every check but the tests, ${availableParallelism()} at a time, and shows the output of those that fail:
${STEPS.map(({ name, command }) => `  ${name.padEnd(20)}${command.join(' ')}`).join('\n')}`;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { values } = parseArgs({ options: { help: { type: 'boolean' } } });

if (values.help) {
  console.log(HELP);
} else {
  const results = await runAll(STEPS);
  const failed = STEPS.filter((step) => !results.get(step));
  console.log(
    failed.length === 0 ? 'All checks passed.' : `Failed: ${failed.map(({ name }) => name).join(', ')}.`,
  );
  process.exitCode = failed.length === 0 ? 0 : 1;
}

/** @param {Step[]} steps */
async function runAll(steps) {
  /** @type {Map<Step, boolean>} */
  const results = new Map();
  const waiting = [...steps];
  /** @type {Set<Promise<void>>} */
  const running = new Set();
  while (waiting.length > 0 || running.size > 0) {
    const next = waiting.findIndex(({ after }) => after === undefined || results.has(after));
    if (next >= 0 && running.size < availableParallelism()) {
      const [step] = waiting.splice(next, 1);
      if (step === undefined) break;
      const run = runStep(step).then((passed) => {
        results.set(step, passed);
        running.delete(run);
      });
      running.add(run);
    } else {
      await Promise.race(running);
    }
  }
  return results;
}

/** @param {Step} step */
async function runStep({ name, command: [program, ...args] }) {
  const start = performance.now();
  const child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  const passed = await new Promise((resolve) => {
    child.once('close', (code) => resolve(code === 0));
    child.once('error', (error) => {
      output += `${error.message}\n`;
      resolve(false);
    });
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(5);
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${seconds} s  ${name}`);
  if (!passed) console.log(output.trim().replace(/^/gm, '    '));
  return passed;
}
