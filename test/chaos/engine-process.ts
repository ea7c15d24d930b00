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
  /** Of its process. */
  readonly number: number;
  readonly id: string;
  readonly content: number;
  readonly attempt: number;
}

/** When it was sent, by the machine's monotonic clock, in milliseconds. */
interface Sent {
  readonly sentAt: number;
}

type Message = Sent & AnyMessage;

type AnyMessage =
  | { type: 'started' }
  | ({ type: 'delivery' } & DeliveryMessage)
  | { type: 'begun'; number: number; content: number }
  | { type: 'failed'; number: number }
  | { type: 'event'; event: string; error?: string };

/** By which a delivery is known: no other one of any process has it. */
export interface DeliveryKey {
  readonly address: string;
  readonly pid: number;
  readonly number: number;
}

/** When something happened in another process, in milliseconds since 1970 by the clock of this one. */
function timeOf({ sentAt }: Sent): number {
  return Date.now() - (Number(process.hrtime.bigint()) / 1e6 - sentAt);
}

/** Is told what engines do. */
export interface Witness {
  /** Resolves to whether the timer is to come again. */
  receive(delivery: DeliveryMessage, key: DeliveryKey, beganMs: number): Promise<boolean>;
  /** A delivery by HTTP begins. What the receiver sees of it, it sees later. */
  begun?(content: number, key: DeliveryKey, beganMs: number): void;
  /** It has ended otherwise than well, and nothing has stopped it. */
  failed?(key: DeliveryKey): void;
  heard?(event: string, address: string): void;
}

/** An engine that is a process of its own. It runs what was built into dist. */
export class EngineProcess {
  readonly address: string;
  /** What it has told of itself. */
  readonly events: { readonly type: string; readonly error: string | undefined; readonly atMs: number }[] =
    [];
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  private constructor(options: EngineProcessOptions, witness: Witness) {
    this.address = options.address;
    const argument = JSON.stringify({ clockShiftMs: 0, engine: {}, ...options });
    this.#child = fork(path.join(__dirname, 'engine-program.cjs'), [argument], { execArgv: [] });
    // Only then is everything received that it has sent.
    this.#exited = Promise.all([once(this.#child, 'exit'), once(this.#child, 'disconnect')]);
    this.#child.on('message', (message: Message) => this.#hear(message, witness));
  }

  #key({ number }: { readonly number: number }): DeliveryKey {
    return { address: this.address, pid: this.#child.pid as number, number };
  }

  async #hear(message: Message, witness: Witness): Promise<void> {
    switch (message.type) {
      case 'started':
        break;
      case 'begun':
        witness.begun?.(message.content, this.#key(message), timeOf(message));
        break;
      case 'failed':
        witness.failed?.(this.#key(message));
        break;
      case 'event':
        this.events.push({ type: message.event, error: message.error, atMs: Date.now() });
        witness.heard?.(message.event, this.address);
        break;
      case 'delivery': {
        const isRefused = await witness.receive(message, this.#key(message), timeOf(message));
        this.#send({ type: 'answer', number: message.number, isRefused });
        break;
      }
      default:
        message satisfies never;
    }
  }

  /** Resolves once its engine has started. */
  static async start(options: EngineProcessOptions, witness: Witness): Promise<EngineProcess> {
    const engine = new EngineProcess(options, witness);
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
