import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { resolveBinary } from 'dbmate';
import { dbmateOptions } from './layouts.mjs';

/**
 * Runs dbmate with the project's settings (`.env`) and nothing else of this process's environment.
 *
 * @param {string} root
 * @param {string} url
 * @param {'up' | 'down'} command
 * @param {import('./layouts.mjs').Layout} [layout] (Default: plain)
 */
export async function runDbmate(root, url, command, layout = 'plain') {
  const env = { DATABASE_URL: url, PATH: process.env['PATH'] };
  try {
    await promisify(execFile)(resolveBinary(), [...dbmateOptions(layout), command], { cwd: root, env });
  } catch (error) {
    const { stderr, message } = /** @type {Error & { stderr?: string }} */ (error);
    throw new Error(`dbmate ${command} failed: ${stderr?.trim() || message}`, { cause: error });
  }
}
