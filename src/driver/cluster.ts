import type { ClientBase } from 'pg';

/** What is to be known of the cluster that a server may coordinate. */
export interface Cluster {
  /** Whether there is one. Undefined: nobody has asked yet. */
  readonly answer: boolean | undefined;
  /** The part of the table that has a shard, with those of which it may share a statement. Undefined: not known. */
  partOf(shardId: number): number | undefined;
  /** Lets the parts be read again before the next statement: the cluster has refused one of several shards. */
  forgetParts(): void;
  /**
   * Looks at a session before a statement goes out on it.
   *
   * @throws UnsupportedServerError the session would change what is stored.
   */
  checkSession(client: ClientBase): Promise<void>;
}
