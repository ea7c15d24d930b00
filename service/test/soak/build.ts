import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A version of the package and its service that is built. */
export interface Build {
  /** For people. */
  readonly name: string;
  /** Where its files are. */
  readonly root: string;
}

/** What is here. */
export const HERE: Build = { name: 'what is here', root: path.join(__dirname, '../../..') };

/** How what was locked is installed, from what npm has kept as far as it has, and how it is built. */
const COMMANDS = [
  ['ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'],
  ['run', '--silent', 'build'],
  ['run', '--silent', 'build', '--workspace', 'pg-timer-service'],
];

/** @returns undefined: there is none. */
export function lastTag(): string | undefined {
  return git('tag', '--merged', 'HEAD', '--sort=-creatordate').split('\n')[0] || undefined;
}

/** Builds what a commit has, in a folder that goes once this process has ended, however it does but by SIGKILL. */
export async function buildOf(ref: string): Promise<Build> {
  const commit = git('rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`);
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'pg-timer-store-upgrade-'));
  let npm: ChildProcess | undefined;
  process.once('exit', () => {
    // With what it has started, which would write there again.
    if (npm?.exitCode === null && npm.signalCode === null) process.kill(-(npm.pid as number), 'SIGKILL');
    // It takes some seconds, and is not ended by who presses Ctrl-C again.
    spawn('rm', ['-rf', root], { detached: true, stdio: 'ignore' });
  });
  const archive = execFileSync('git', ['archive', commit], { cwd: HERE.root, maxBuffer: 1024 ** 3 });
  execFileSync('tar', ['-x', '-C', root], { input: archive });
  for (const args of COMMANDS) {
    npm = spawn('npm', args, { cwd: root, detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
    const [code] = await once(npm, 'exit');
    if (code !== 0) throw new Error(`npm ${args.join(' ')} of ${ref} has ended with ${code}`);
  }
  return { name: `${ref} (${commit.slice(0, 7)})`, root };
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: HERE.root, encoding: 'utf8' }).trim();
}
