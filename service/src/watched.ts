/** Something that those who watch timers want to know. */
export interface Change {
  readonly type: 'created' | 'updated' | 'deleted' | 'delivered' | 'failed' | 'died' | 'revived';
  readonly namespace: string;
  readonly id: string;
}

/** How this process does. What is counted is counted since its start. */
export interface Status {
  readonly at: string;
  /** Shards of this process. */
  readonly shards: number;
  /** Timers in memory. */
  readonly loaded: number;
  /** Deliveries under way. */
  readonly underWay: number;
  /** Deliveries that were settled. */
  readonly settled: number;
  readonly oldestLatenessMs: number;
  /** Deliveries, by what became of them. */
  readonly deliveries: Readonly<Record<string, number>>;
  /** Deliveries that were at most so many seconds late, as Prometheus counts them. */
  readonly lateness: Readonly<Record<string, number>>;
}
