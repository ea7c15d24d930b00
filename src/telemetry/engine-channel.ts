import { channel } from 'node:diagnostics_channel';

/** What an engine does by itself, beside what its callers ask for. */
export type EngineEvent =
  | { readonly type: 'shard-claimed'; readonly shardId: number; readonly shardVersion: number }
  /** Another process has claimed it: what is under way is aborted and not settled. */
  | { readonly type: 'shard-lost'; readonly shardId: number; readonly shardVersion: number }
  | { readonly type: 'shard-handed-over'; readonly shardId: number; readonly to: string }
  | { readonly type: 'claim-failed'; readonly shardId: number; readonly error: unknown }
  | { readonly type: 'members-changed'; readonly addresses: readonly string[] }
  | { readonly type: 'membership-lost'; readonly error: unknown }
  /** The others could not be told that this process leaves. They find out by its missing beats. */
  | { readonly type: 'leave-failed'; readonly error: unknown }
  /** Nothing can be read now. It is tried again. */
  | { readonly type: 'read-failed'; readonly error: unknown }
  /** What came of deliveries cannot be stored now. It is tried again. */
  | { readonly type: 'settlement-failed'; readonly timerCount: number; readonly error: unknown }
  /** What came of one delivery can never be stored. The timer is tried again as after a failure. */
  | ({ readonly type: 'settlement-refused'; readonly error: unknown } & TimerOfEvent)
  /** It is tried again at `nextExecuteAt`. */
  | ({
      readonly type: 'delivery-failed';
      readonly attempt: number;
      readonly nextExecuteAt: Date;
      readonly error: unknown;
    } & TimerOfEvent)
  /** It was given up, and is a dead timer now. */
  | ({ readonly type: 'timer-died'; readonly attempt: number; readonly error: unknown } & TimerOfEvent)
  /** Timers created elsewhere are found by looks at the database alone, until somebody listens again. */
  | { readonly type: 'wake-up-lost'; readonly error: unknown }
  /** A timer that is due soon could not be announced to its owner, who finds it by its next look. */
  | { readonly type: 'announcement-failed'; readonly error: unknown };

interface TimerOfEvent {
  readonly shardId: number;
  readonly namespace: string;
  readonly id: string;
}

/** The place for lines in a log, and for counters. */
const engineChannel = channel('pg-timer-store:engine');

export function publishEngineEvent(event: EngineEvent): void {
  if (engineChannel.hasSubscribers) {
    engineChannel.publish(event);
  }
}
