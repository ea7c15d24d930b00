/**
 * Checks the package as it would be published: what it declares, its types in each kind of project, and that a
 * program with nothing but its declared dependencies can load it from ESM, from CommonJS and from TypeScript.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { pack } from '../pack.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const ESM = `
import * as assert from 'node:assert';
import { createRequire } from 'node:module';
import { PostgresTimerStore } from 'pg-timer-store';
assert.equal(typeof PostgresTimerStore.connect, 'function');
for (const path of ['', '/engine', '/recurring', '/telemetry', '/testing']) {
  const entryPoint = 'pg-timer-store' + path;
  const namespace = await import(entryPoint);
  const required = createRequire(import.meta.url)(entryPoint);
  const names = Object.keys(namespace).filter((name) => !['default', 'module.exports', '__esModule'].includes(name));
  assert.deepEqual(names.sort(), Object.keys(required).sort());
  for (const name of names) assert.equal(namespace[name], required[name]);
}
`;
const CJS = `
const { PostgresTimerStore } = require('pg-timer-store');
const { httpDelivery } = require('pg-timer-store/engine');
require('node:assert').equal(typeof PostgresTimerStore.connect, 'function');
const { InMemoryTimerStore } = require('pg-timer-store/testing');
require('node:assert').equal(typeof httpDelivery, 'function');
require('node:assert').equal(typeof InMemoryTimerStore, 'function');
require('node:assert').equal(typeof require('pg-timer-store/telemetry').instrumentTimers, 'function');
`;
const TYPES = `
import { PostgresTimerStore, type TimerStore } from 'pg-timer-store';
import { httpDelivery, type Deliver } from 'pg-timer-store/engine';
import { instrumentTimers } from 'pg-timer-store/telemetry';
import { InMemoryTimerStore } from 'pg-timer-store/testing';
export const store: Promise<TimerStore> = PostgresTimerStore.connect();
export const deliver: Deliver = httpDelivery();
export const inMemory: TimerStore = new InMemoryTimerStore();
// @ts-expect-error The types are there, and not any.
export const wrongTelemetry: string = instrumentTimers();
// @ts-expect-error The types are there, and not any.
export const wrong: string = PostgresTimerStore.connect();
// @ts-expect-error The types are there, and not any.
export const wrongToo: string = httpDelivery();
`;

/** Of the packed package. It is installed by whoever installs what uses it. */
const MAX_BYTES = 400_000;
/** This package counts, and what `pg` brings does not. */
const MAX_PACKAGES = 8;

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'check-package-'));
try {
  const tarball = pack(dir);
  checkSize(tarball);
  runTool('publint', ['run', tarball, '--strict']);
  runTool('attw', [tarball]);
  checkLoading(tarball);
} catch (error) {
  const {
    stdout = '',
    stderr = '',
    message,
  } = /** @type {Error & { stdout?: string, stderr?: string }} */ (error);
  // The message of a failed command repeats its output.
  console.error([stderr ? message.split('\n')[0] : message, stdout, stderr].filter(Boolean).join('\n'));
  process.exitCode = 1;
} finally {
  fs.rmSync(dir, { recursive: true, force: true });
}

/** @param {string} tarball */
function checkSize(tarball) {
  const { size } = fs.statSync(tarball);
  if (size > MAX_BYTES) {
    throw new Error(`the package has ${size} bytes, and must not have more than ${MAX_BYTES}`);
  }
  const ofPg = packagesOf('pg');
  const own = [...packagesOf('')].filter((name) => !ofPg.has(name));
  if (own.length > MAX_PACKAGES) {
    throw new Error(`it brings ${own.length} packages, and must not bring more than ${MAX_PACKAGES}: ${own}`);
  }
}

/**
 * @param {string} name of a package that is installed here; empty: this one
 * @returns {Set<string>} it, and what is installed with it. What this one leaves to its users is not.
 */
function packagesOf(name) {
  /** @type {Set<string>} */
  const found = new Set();
  /** @param {string} each */
  const follow = (each) => {
    if (found.has(each)) return;
    found.add(each);
    const folder = each === '' ? ROOT : path.join(ROOT, 'node_modules', each);
    const { dependencies = {} } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
    Object.keys(dependencies).forEach(follow);
  };
  follow(name);
  return found;
}

/** @param {string} tarball */
function checkLoading(tarball) {
  const installed = path.join(dir, 'node_modules/pg-timer-store');
  fs.mkdirSync(installed, { recursive: true });
  run('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'], dir);
  const { dependencies, peerDependencies } = JSON.parse(
    fs.readFileSync(path.join(installed, 'package.json'), 'utf8'),
  );
  // Whoever compiles for Node has its types.
  for (const name of [...Object.keys({ ...dependencies, ...peerDependencies }), '@types/node']) {
    const link = path.join(dir, 'node_modules', name);
    fs.mkdirSync(path.dirname(link), { recursive: true });
    fs.symlinkSync(path.join(ROOT, 'node_modules', name), link, 'junction');
  }
  for (const [file, code] of Object.entries({
    'load.mjs': ESM,
    'load.cjs': CJS,
    'load.mts': TYPES,
    'load.cts': TYPES,
  })) {
    fs.writeFileSync(path.join(dir, file), code);
  }
  run(process.execPath, ['load.mjs'], dir);
  run(process.execPath, ['load.cjs'], dir);
  const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'node16', '--types', 'node'];
  runTool('tsc', [...options, 'load.mts', 'load.cts']);
}

/**
 * @param {string} tool
 * @param {string[]} args
 */
function runTool(tool, args) {
  run(path.join(ROOT, 'node_modules/.bin', tool), args, dir);
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {string} cwd
 * @returns {string}
 */
function run(program, args, cwd) {
  return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: 'pipe' });
}
