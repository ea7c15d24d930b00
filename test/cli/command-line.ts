import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const PROGRAM = path.join(__dirname, '../../dist/cli.js');

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Another copy of the program, or another working directory. */
export interface Place {
  readonly program?: string;
  readonly cwd?: string;
  /** What a shell is told before it becomes the program. */
  readonly shell?: string;
}

/** The program as it was built, in a process of its own, with this environment alone. */
export class CommandLine {
  readonly child: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<Ended>;

  constructor(
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
    { program = PROGRAM, cwd, shell }: Place = {},
  ) {
    const command = [process.execPath, program, ...args];
    const [file = '', ...rest] =
      shell === undefined ? command : ['/bin/sh', '-c', `${shell}; exec "$@"`, 'sh', ...command];
    this.child = spawn(file, rest, {
      cwd,
      env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...env },
    });
    this.#ended = this.#read();
  }

  async end(): Promise<Ended> {
    return await this.#ended;
  }

  async #read(): Promise<Ended> {
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      this.child[name].setEncoding('utf8').on('data', (text: string) => {
        texts[name] += text;
      });
    }
    this.child.stdin.on('error', () => {});
    const [exitCode] = await once(this.child, 'close');
    return { exitCode, ...texts };
  }
}

/** Runs it to its end. */
export async function run(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  input: string | Buffer = '',
  place?: Place,
): Promise<Ended> {
  const line = new CommandLine(args, env, place);
  line.child.stdin.end(input);
  return await line.end();
}
