import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** None goes on when the soak is ended: there is no database any more. */
const living = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

export interface ServiceProcessOptions {
  /** Where the version is that it runs, which was built there. */
  readonly root: string;
  readonly databaseUrl: string;
  readonly port: number;
  readonly address: string;
  readonly shardCount: number;
  /** Is told what its engine does by itself. */
  readonly heard: (event: string) => void;
}

/** A process of the service. */
export class ServiceProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  private constructor({ root, databaseUrl, port, address, shardCount, heard }: ServiceProcessOptions) {
    this.#child = spawn(process.execPath, [path.join(root, 'service/dist/cli.js')], {
      env: {
        PATH: process.env['PATH'],
        PG_TIMER_DATABASE_URL: databaseUrl,
        PG_TIMER_DATABASE_CONNECTIONS: '8',
        PG_TIMER_PORT: String(port),
        PG_TIMER_ADDRESS: address,
        PG_TIMER_SHARD_COUNT: String(shardCount),
        PG_TIMER_ALLOW_PRIVATE_ADDRESSES: 'true',
        PG_TIMER_DRAIN_DELAY: '1s',
        PG_TIMER_LOG_LEVEL: 'debug',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    living.add(this.#child);
    this.#exited = once(this.#child, 'exit').then(() => living.delete(this.#child));
    createInterface(this.#child.stdout as NodeJS.ReadableStream).on('line', (line) => {
      const { event } = JSON.parse(line) as { event?: string };
      if (event !== undefined) heard(event);
    });
  }

  static start(options: ServiceProcessOptions): ServiceProcess {
    return new ServiceProcess(options);
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal);
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  /** @returns its exit code. */
  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    await this.#exited;
    return this.#child.exitCode;
  }
}
