/** The built conformance suite under each test runner that it is for: all of its tests run, and pass. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describeTimerStore, InMemoryTimerStore, type TestRunner } from '../../src/testing';

const RUNNERS = path.join(__dirname, 'runners');
const ROOT = path.join(__dirname, '../..');

/** More than that many tests are those of the suite; each runner runs the same. */
const AT_LEAST = 200;

async function run(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] },
    maxBuffer: 10_000_000,
  });
  return stdout;
}

test('node:test runs the suite', async () => {
  const output = await run('--test', '--test-reporter=tap', path.join(RUNNERS, 'conformance.node.mjs'));
  const counts = Object.fromEntries(
    [...output.matchAll(/^# (\w+) (\d+)$/gm)].map(([, name, count]) => [name, Number(count)]),
  );
  expect(counts).toMatchObject({ fail: 0, skipped: 0, cancelled: 0 });
  expect(counts['pass']).toBeGreaterThan(AT_LEAST);
});

test('vitest runs the suite', async () => {
  const vitest = path.join(ROOT, 'node_modules/vitest/vitest.mjs');
  const report = JSON.parse(await run(vitest, 'run', '--root', RUNNERS, '--reporter=json'));
  expect(report).toMatchObject({ success: true, numFailedTests: 0, numPendingTests: 0 });
  expect(report.numPassedTests).toBeGreaterThan(AT_LEAST);
});

test('jest runs the suite by its globals', async () => {
  const jest = require.resolve('jest/bin/jest');
  const config = JSON.stringify({ rootDir: ROOT, testMatch: ['<rootDir>/test/testing/runners/*.jest.cjs'] });
  const report = JSON.parse(await run(jest, '--config', config, '--json'));
  expect(report).toMatchObject({ success: true, numFailedTests: 0, numPendingTests: 0 });
  expect(report.numPassedTests).toBeGreaterThan(AT_LEAST);
});

test('a runner that is none is refused, with what to do', () => {
  expect(() => describeTimerStore(() => new InMemoryTimerStore(), {} as TestRunner)).toThrow(
    "import * as runner from 'vitest'",
  );
});
