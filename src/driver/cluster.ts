import type { ClientBase } from 'pg';

/** What is to be known of the cluster that a server may coordinate. */
export interface Cluster {
  /** Whether there is one. Undefined: nobody has asked yet. */
  readonly answer: boolean | undefined;
  /**
   * Looks at a session before a statement goes out on it.
   *
   * @throws UnsupportedServerError the session would change what is stored.
   */
  checkSession(client: ClientBase): Promise<void>;
}
