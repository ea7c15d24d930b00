import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const HELP = `Usage: npm run lockfile, which is: npm install --package-lock-only && node scripts/check/complete-lockfile.mjs

npm leaves out of package-lock.json the packages for other platforms that the registry in use does not serve, and then
refuses to install from it where it expects them. This adds them. To be run whenever dependencies have changed.

  --check  Write nothing; fail if package-lock.json is incomplete, or names the registry it was made with.
  --help   Show this.`;

const LOCKFILE = fileURLToPath(new URL('../../package-lock.json', import.meta.url));
const OS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const CPU = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {string} [resolved]
 * @property {boolean} [dev]
 * @property {boolean} [optional]
 * @property {string[]} [cpu]
 * @property {string[]} [libc]
 * @property {string[]} [os]
 * @property {Record<string, string>} [optionalDependencies]
 */

const { values } = parseArgs({ options: { check: { type: 'boolean' }, help: { type: 'boolean' } } });

if (values.help) {
  console.log(HELP);
} else {
  const lockfile = JSON.parse(fs.readFileSync(LOCKFILE, 'utf8'));
  const added = addMissing(lockfile.packages);
  const resolved = Object.entries(lockfile.packages).filter(([, { resolved }]) => /^https?:/.test(resolved));
  for (const [, entry] of resolved) delete entry.resolved;

  if (values.check) {
    for (const name of added) console.error(`package-lock.json lacks ${name}`);
    for (const [location] of resolved) console.error(`package-lock.json names a registry for ${location}`);
    if (added.length + resolved.length > 0) {
      console.error('Run `npm run lockfile`.');
      process.exitCode = 1;
    }
  } else {
    lockfile.packages = sortKeys(lockfile.packages);
    fs.writeFileSync(LOCKFILE, `${JSON.stringify(lockfile, null, 2)}\n`);
    console.log(`package-lock.json: ${added.length} packages for other platforms added`);
  }
}

/**
 * @param {Record<string, LockedPackage>} packages By location.
 * @returns {string[]} What was added.
 */
function addMissing(packages) {
  const added = [];
  for (const [location, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (isLocked(packages, location, name)) continue;
      const { cpu, libc, os } = platform(name, version);
      // In npm's order of keys, so that npm does not rewrite them.
      packages[`node_modules/${name}`] = {
        version,
        cpu,
        ...(dev && { dev }),
        ...(libc && { libc }),
        optional: true,
        os,
      };
      added.push(`${name}@${version}`);
    }
  }
  return added;
}

/**
 * Whether Node would find it, from the package at that location.
 *
 * @param {Record<string, LockedPackage>} packages
 * @param {string} location
 * @param {string} name
 */
function isLocked(packages, location, name) {
  for (let from = location; ; from = from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/')))) {
    if (packages[`${from && `${from}/`}node_modules/${name}`] !== undefined) return true;
    if (from === '') return false;
  }
}

/**
 * @param {string} name
 * @param {string} version
 */
function platform(name, version) {
  const words = name.split(/[/-]/);
  const [os, cpu] = [OS, CPU].map((known) => words.filter((word) => known.includes(word)));
  if (os?.length !== 1 || cpu?.length !== 1 || !/^\d/.test(version)) {
    throw new Error(
      `Cannot tell the platform of ${name}@${version}, which package-lock.json lacks: add it by hand.`,
    );
  }
  const libc = words.some((word) => word.startsWith('musl'))
    ? 'musl'
    : words.some((word) => word.startsWith('gnu')) && 'glibc';
  return { cpu, libc: libc ? [libc] : undefined, os };
}

/** @param {Record<string, unknown>} object */
function sortKeys(object) {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => a.localeCompare(b, 'en')));
}
