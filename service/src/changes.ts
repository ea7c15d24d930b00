import { EventEmitter } from 'node:events';
import type { Change } from './watched';

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
