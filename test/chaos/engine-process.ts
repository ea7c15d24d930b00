import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { TimerEngineOptions } from '../../src/engine';

export interface EngineProcessOptions {
  readonly url: string;
  readonly shardCount: number;
  readonly address: string;
  /** Of its clock, from that of this process. (Default: 0) */
  readonly clockShiftMs?: number;
  readonly engine?: Partial<TimerEngineOptions>;
}

export interface DeliveryMessage {
  readonly number: number;
  readonly id: string;
  readonly content: number;
  readonly attempt: number;
}

type Message =
  | { type: 'started' }
  | ({ type: 'delivery' } & DeliveryMessage)
  | { type: 'event'; event: string; error?: string };

/** Told of a delivery when it arrives. Resolves to whether the timer is to come again. */
export type Receive = (delivery: DeliveryMessage, address: string) => Promise<boolean>;

/** An engine that is a process of its own. It runs what was built into dist. */
export class EngineProcess {
  readonly address: string;
  /** What it has told of itself. */
  readonly events: { readonly type: string; readonly error: string | undefined; readonly atMs: number }[] =
    [];
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  private constructor(options: EngineProcessOptions, receive: Receive) {
    this.address = options.address;
    const argument = JSON.stringify({ clockShiftMs: 0, engine: {}, ...options });
    this.#child = fork(path.join(__dirname, 'engine-program.cjs'), [argument], { execArgv: [] });
    this.#exited = once(this.#child, 'exit');
    this.#child.on('message', async (message: Message) => {
      if (message.type === 'event') {
        this.events.push({ type: message.event, error: message.error, atMs: Date.now() });
      } else if (message.type === 'delivery') {
        const isRefused = await receive(message, this.address);
        this.#send({ type: 'answer', number: message.number, isRefused });
      }
    });
  }

  /** Resolves once its engine has started. */
  static async start(options: EngineProcessOptions, receive: Receive): Promise<EngineProcess> {
    const engine = new EngineProcess(options, receive);
    await new Promise<void>((resolve, reject) => {
      engine.#child.on('message', ({ type }: Message) => type === 'started' && resolve());
      engine.#child.once('exit', (code) => reject(new Error(`The engine's process has ended with ${code}`)));
    });
    return engine;
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal);
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  /** Resolves once its engine has stopped, and the process has ended. */
  async stop(options: { readonly timeoutMs?: number } = {}): Promise<void> {
    this.#send({ type: 'stop', options });
    await this.#exited;
  }

  /** To a process that is gone, nothing can be told. */
  #send(message: object): void {
    if (this.#child.connected) this.#child.send(message, () => {});
  }
}
