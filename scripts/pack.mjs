import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Packs the package as it would be published, of what was built.
 *
 * @param {string} folder where the tarball goes
 * @returns {string} the tarball
 */
export function pack(folder) {
  const report = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return path.join(folder, JSON.parse(report)[0].filename);
}
