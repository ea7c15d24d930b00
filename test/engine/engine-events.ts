import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setImmediate as turn } from 'node:timers/promises';
import type { EngineEvent } from '../../src/engine';

/** What engines of this process publish. */
export class EngineEvents {
  readonly events: EngineEvent[] = [];
  readonly #hear = (event: unknown) => {
    this.events.push(event as EngineEvent);
  };

  constructor() {
    subscribe('pg-timer-store:engine', this.#hear);
  }

  of(type: EngineEvent['type']): EngineEvent[] {
    return this.events.filter((event) => event.type === type);
  }

  async until(type: EngineEvent['type'], count = 1): Promise<void> {
    while (this.of(type).length < count) {
      await turn();
    }
  }

  close(): void {
    unsubscribe('pg-timer-store:engine', this.#hear);
  }
}
