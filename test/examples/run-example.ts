import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const ROOT = path.join(__dirname, '../..');

/** Starts a program of `examples/` as a user does, by tsx, on a database. What it says on stderr is shown. */
export function spawnExample(file: string, databaseUrl: string): ChildProcessWithoutNullStreams {
  const tsx = path.join(ROOT, 'node_modules/tsx/dist/cli.mjs');
  const child = spawn(process.execPath, [tsx, path.join(ROOT, file)], {
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: `${databaseUrl}${databaseUrl.includes('?') ? '&' : '?'}sslmode=disable`,
    },
    // A group of its own, so that a kill reaches the program behind tsx.
    detached: true,
  });
  child.stderr.pipe(process.stderr);
  return child;
}

/** What an example prints that ends by itself. */
export async function runExample(file: string, databaseUrl: string): Promise<string> {
  const child = spawnExample(file, databaseUrl);
  const [output, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  expect(exitCode).toBe(0);
  return output;
}
