import type { JsonValue, Timer } from './types';

/** What became of a timer that was delivered, said by the owner of its shard. */
export type Settlement = DoneSettlement | AgainSettlement | DeadSettlement;

interface DeliveredTimer {
  readonly shardId: number;
  /** The version at which the shard is owned. */
  readonly shardVersion: number;
  /** As it was read when it was delivered. */
  readonly timer: Pick<Timer, 'namespace' | 'id' | 'uuid' | 'executeAt' | 'revision'>;
}

/** It is deleted. */
export interface DoneSettlement extends DeliveredTimer {
  readonly outcome: 'done';
}

/** It is moved to its next attempt, or to its next run. */
export interface AgainSettlement extends DeliveredTimer {
  readonly outcome: 'again';
  readonly executeAt: Date;
  /** What it was scheduled for; null: for `executeAt` itself. */
  readonly dueAt: Date | null;
  readonly firstAttemptAt: Date | null;
  readonly attempts: number;
  /** At most 1,000 characters. */
  readonly lastError: string | null;
  /** Replaces the payload. Absent: it stays. */
  readonly payload?: JsonValue;
  /** What the row is known by from then on: 64 random bits. Absent: the store draws them. */
  readonly revision?: string;
}

/** It becomes a dead timer, in place of an earlier one with its id. It stays where it is in the order of timers. */
export interface DeadSettlement extends DeliveredTimer {
  readonly outcome: 'dead';
  readonly firstAttemptAt: Date | null;
  readonly attempts: number;
  /** At most 1,000 characters. */
  readonly lastError: string;
}

/**
 * `settled` · `changed`: the timer is no longer the one that was delivered, and was left alone · `locked`: a transaction that
 * is under way holds the timer, and may change it, or another program has just written it without another revision, or the worker
 * of Citus, or the one of several servers, that has the shard is away: settle it again later ·
 * `lost`: the shard has another version, and nothing of it was written.
 */
export type SettlementResult = 'settled' | 'changed' | 'locked' | 'lost';
