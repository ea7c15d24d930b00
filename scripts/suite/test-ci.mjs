/**
 * The tests as CI runs them: on the newest server, those of chaos too, and those of the web page where there is a Chromium; and
 * on the oldest with partitions, a schema of its own and the newest Node, without what has no table or one elsewhere. Files
 * of tests that fail beside others run once more by themselves: what fails again fails the run, and what passes then is
 * named, since a fault may hide behind it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findChromium } from '../../service/test/browser/find-chromium.cjs';

const hasBrowser = findChromium() !== undefined;

const RUNS = [
  { name: 'newest', command: ['test', '--'] },
  { name: 'chaos', command: ['run', 'test:chaos', '--'] },
  ...(hasBrowser ? [{ name: 'browser', command: ['run', 'test:browser', '--'] }] : []),
  {
    name: 'oldest',
    command: [
      ...['run', 'test:matrix', '--', '--postgres', '14', '--layout', 'partitioned', '--node', '24'],
      ...['--schema', 'the "timers" of\\us'],
    ],
  },
];
/** More than a moment's stall of the machine explains. */
const MOST_FILES_AGAIN = 8;

/** @typedef {{ name: string, status: string, message: string, assertionResults: readonly { status: string }[] }} FileResult */

const folder = mkdtempSync(path.join(os.tmpdir(), 'pg-timer-store-ci-'));
let passed = 0;
/** @type {FileResult[]} */
const failures = [];
/** @type {FileResult[]} */
const onceFailed = [];
try {
  for (const { name, command } of RUNS) {
    const files = run(name, command);
    const red = files.filter(isRed);
    const isWorthAnother = red.length > 0 && red.length <= MOST_FILES_AGAIN;
    const again = isWorthAnother
      ? run(`${name}-again`, [...command, '--runInBand', '--runTestsByPath', ...red.map((file) => file.name)])
      : red;
    failures.push(...again.filter(isRed));
    if (isWorthAnother) onceFailed.push(...red);
    passed += count([...files.filter((file) => !isRed(file)), ...again], 'passed');
  }
} finally {
  rmSync(folder, { recursive: true });
}
const flaky = onceFailed.filter(({ name }) => failures.every((failure) => failure.name !== name));
for (const { name, message } of flaky) console.log(`\nPassed only by itself: ${name}\n${message}`);
if (!hasBrowser) console.log('\nNot run, since there is no Chromium: npm run test:browser');
for (const { name, message } of failures) console.log(`\nFailed: ${name}\n${message}`);
// A file that could not be loaded has failed without a test.
const failed = failures.reduce((sum, file) => sum + Math.max(1, count([file], 'failed')), 0);
console.log(`Tests: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/**
 * @param {string} name
 * @param {readonly string[]} command of npm
 * @returns {readonly FileResult[]}
 */
function run(name, command) {
  const outputFile = path.join(folder, `${name}.json`);
  spawnSync('npm', [...command, '--ci', '--json', `--outputFile=${outputFile}`], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  // Without it, nothing ran: the command has said why.
  return JSON.parse(readFileSync(outputFile, 'utf8')).testResults;
}

/** @param {FileResult} file */
function isRed({ status }) {
  return status !== 'passed';
}

/**
 * @param {readonly FileResult[]} files
 * @param {string} status
 */
function count(files, status) {
  return files.reduce(
    (sum, { assertionResults }) => sum + assertionResults.filter((result) => result.status === status).length,
    0,
  );
}
