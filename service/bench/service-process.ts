import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

const PROGRAM = path.join(__dirname, '../dist/cli.js');

/** A process of the service, of what was built into dist, that has become ready. */
export class ServiceProcess {
  private constructor(
    readonly child: ChildProcess,
    readonly url: string,
    /** From its start. */
    readonly readyMs: number,
  ) {}

  /** @param settings beside the address of the database, as variables without their prefix. */
  static async start(databaseUrl: string, settings: Record<string, string> = {}): Promise<ServiceProcess> {
    const startedAt = performance.now();
    const given = Object.entries(settings).map(([name, value]) => [`PG_TIMER_${name}`, value]);
    const child = spawn(process.execPath, [PROGRAM], {
      env: {
        PATH: process.env['PATH'],
        PG_TIMER_DATABASE_URL: databaseUrl,
        PG_TIMER_PORT: '0',
        PG_TIMER_ADDRESS: 'bench',
        ...Object.fromEntries(given),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const url = await new Promise<string>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`The service ended with ${code}`)));
      createInterface(child.stdout as NodeJS.ReadableStream).on('line', (line) => {
        const { url } = JSON.parse(line) as { url?: string };
        if (url !== undefined) resolve(url);
      });
    });
    const ready = await fetch(`${url}/health/ready`);
    if (ready.status !== 200) throw new Error(await ready.text());
    return new ServiceProcess(child, url, performance.now() - startedAt);
  }

  /** What it holds of the machine's memory. */
  memoryBytes(): number {
    const status = fs.readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
  }

  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
  }
}
