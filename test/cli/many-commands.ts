import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Ended } from './command-line';

/** Runs the command line as it was built many times, in one process: to start one for each takes most of the time. */
export class ManyCommands {
  readonly #child: ChildProcess = fork(path.join(__dirname, 'command-host.cjs'));

  /** One after the other. */
  async run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    this.#child.send({ args, env: { HOME: '/nonexistent', ...env } });
    const [ended] = await once(this.#child, 'message');
    return ended;
  }

  async end(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.disconnect();
    await exited;
  }
}
