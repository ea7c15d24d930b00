import type { ClientBase } from 'pg';

/** What a notice of the server carries that its type leaves out. */
interface ServerNotice {
  readonly message?: string | undefined;
  readonly routine?: string | undefined;
}

/**
 * Listens on the connections of a write for the one notice that turns its success into doubt: somebody has cancelled
 * the wait for synchronous standbys. The write is applied then, but may be nowhere else yet. The notice has the
 * SQLSTATE of every warning (01000), and its text is in the server's language; what names it is the function that
 * raised it.
 */
export class ReplicationWait {
  readonly #clients: readonly ClientBase[];
  /** The notice, as the server sent it. Undefined: nobody has cancelled the wait. */
  cancelledBy: ServerNotice | undefined;

  constructor(clients: readonly ClientBase[]) {
    this.#clients = clients;
    for (const client of clients) {
      client.on('notice', this.#onNotice);
    }
  }

  stopListening(): void {
    for (const client of this.#clients) {
      client.off('notice', this.#onNotice);
    }
  }

  readonly #onNotice = (notice: ServerNotice) => {
    if (notice.routine === 'SyncRepWaitForLSN') {
      this.cancelledBy = notice;
    }
  };
}
