import fs from 'node:fs';
import path from 'node:path';

/** @typedef {{ file: string, up: string }} Migration */

/**
 * @param {string} root
 * @returns {Migration[]} In the order in which dbmate applies them.
 */
export function readMigrations(root) {
  const directory = path.join(root, 'db/migrations');
  return fs
    .readdirSync(directory)
    .filter((file) => /^\d+.*\.sql$/.test(file))
    .sort()
    .map((file) => {
      const [up = ''] = fs.readFileSync(path.join(directory, file), 'utf8').split(/^--\s*migrate:down\b.*$/m);
      return { file, up };
    });
}
