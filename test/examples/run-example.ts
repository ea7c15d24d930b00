import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const ROOT = path.join(__dirname, '../..');

/** Starts a program of `examples/` on a database, in one process: tsx as a program of its own would tell it twice to end. */
export function spawnExample(file: string, databaseUrl: string): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, ['--import', 'tsx', path.join(ROOT, file)], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: `${databaseUrl}${databaseUrl.includes('?') ? '&' : '?'}sslmode=disable`,
    },
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
