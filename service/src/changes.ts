import { EventEmitter } from 'node:events';

/** Something that those who watch timers want to know. */
export interface Change {
  readonly type: 'created' | 'updated' | 'deleted' | 'delivered' | 'failed' | 'died' | 'revived';
  readonly namespace: string;
  readonly id: string;
}

/** What happens to timers in this process, for those who watch. */
export class Changes {
  readonly #emitter = new EventEmitter().setMaxListeners(0);

  publish(change: Change): void {
    this.#emitter.emit('change', change);
  }

  /** @returns what ends it. */
  subscribe(listener: (change: Change) => void): () => void {
    this.#emitter.on('change', listener);
    return () => this.#emitter.off('change', listener);
  }
}
