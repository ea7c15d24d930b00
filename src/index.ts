export type { PostgresConnectConfig, SslMode } from './connect-config';
export {
  CallAbortedError,
  CallTimeoutError,
  InvalidArgumentError,
  OutcomeUnknownError,
  SchemaMismatchError,
  ShardConditionFailedError,
  ShardMovedError,
  ShardMoveError,
  StoreClosedError,
  StoreUnavailableError,
  TimerNotFoundError,
  TimerStoreError,
  UnexpectedServerError,
  UnreadableRowError,
  type UnreadableTimer,
  UnsupportedServerError,
} from './errors';
export { type IterateOptions, iterateTimers } from './iterate-timers';
export { type MoveOptions, type MovePhase, type MoveProgress, moveShard } from './move-shard';
export { PostgresTimerStore } from './postgres-timer-store';
export type { RetryEvent } from './retry-transient';
export type { ServerCheck, ServerCheckName, ServerReport } from './server-report';
export { shardIdFor } from './shard-id';
export { ShardedTimerStore, type ShardRange, type StoreOfShard } from './sharded-timer-store';
export { cursorAtEndOf, ZERO_CURSOR } from './timer-cursor';
export type { TimerStore } from './timer-store';
export type {
  CallOptions,
  JsonValue,
  NewTimer,
  RangeDeleteResult,
  RetryPolicy,
  ShardClaim,
  ShardInfo,
  ShardMetadata,
  StoreOptions,
  Timer,
  TimerChanges,
  TimerCursor,
  TimerRange,
} from './timer-store-types';
export { timerUuid } from './timer-uuid';
