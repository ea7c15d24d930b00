import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { EmbeddedServerOptions } from '../../scripts/embedded-server.mjs' with {
  'resolution-mode': 'import',
};

const PROGRAM = path.join(__dirname, 'run-embedded-server.mjs');

/** An embedded server, and the program that it belongs to. */
export interface ServerProcess {
  /** Of a superuser, to the database `postgres`. */
  readonly url: string;
  readonly port: number;
  /** Of the server, not of its program. */
  readonly pid: number;
  readonly program: ChildProcess;
  /** Resolves once both have ended, whatever ended them. */
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
}

/** @throws if it does not start, in the program's words. */
export async function startServerProcess(options: EmbeddedServerOptions): Promise<ServerProcess> {
  const program = spawn(process.execPath, [PROGRAM, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(program, 'exit');
  const [line] = await once(createInterface({ input: program.stdout }), 'line');
  const { error, ...started } = JSON.parse(line);
  if (error !== undefined) {
    await ended;
    throw new Error(error);
  }
  return {
    ...started,
    program,
    ended,
    async stop() {
      program.stdin.end();
      await ended;
    },
  };
}
