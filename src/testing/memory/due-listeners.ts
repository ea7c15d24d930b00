import type { DueEvents, DueListener } from '../../contract/due-timers';

/** Those who listen to what is announced. As of a server, they hear of it a moment later. */
export class DueListeners {
  readonly #listening = new Set<DueEvents>();

  add(events: DueEvents): DueListener {
    // One of its own, since the same events may be given twice.
    const { onDue, onLoss } = events;
    const heard: DueEvents = { onDue: onDue.bind(events), onLoss: onLoss.bind(events) };
    this.#listening.add(heard);
    return {
      close: async () => {
        this.#listening.delete(heard);
      },
    };
  }

  announce(announced: readonly number[] | null): void {
    setImmediate(() => {
      for (const events of this.#listening) {
        events.onDue(announced);
      }
    });
  }

  clear(): void {
    this.#listening.clear();
  }
}
