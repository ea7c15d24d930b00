import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

export interface Problem {
  readonly where: string;
  readonly what: string;
  readonly remedy: string;
}

export interface Checked {
  readonly problems: readonly Problem[];
  readonly stale: readonly Problem[];
}

/** The checks of `npm run codegen`, in one process for any number of projects. */
export class Gate {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;
  #last: Promise<unknown> = Promise.resolve();

  /** @param environment Beside what a fresh shell has, and the test server. */
  constructor(environment: NodeJS.ProcessEnv = {}) {
    const env = {
      PATH: process.env['PATH'],
      CODEGEN_DATABASE_URL: process.env['TEST_SERVER_URL'],
      ...environment,
    };
    this.#child = spawn(process.execPath, ['--import', 'tsx', path.join(__dirname, 'run-gate.mts')], {
      env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Each project after the one before. */
  async check(root: string): Promise<Checked> {
    const answer = this.#last.then(async () => {
      this.#child.stdin.write(`${root}\n`);
      const { value } = await this.#answers.next();
      const { error, ...checked } = JSON.parse(value);
      if (error !== undefined) throw new Error(error);
      return checked as Checked;
    });
    this.#last = answer.catch(() => undefined);
    return await answer;
  }

  async close(): Promise<void> {
    this.#child.stdin.end();
    await once(this.#child, 'exit');
  }
}
