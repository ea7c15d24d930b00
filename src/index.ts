export type { PostgresConnectConfig } from './connection/connect-config';
export type { SslMode } from './connection/tls-options';
export { cursorAtEndOf, ZERO_CURSOR } from './contract/cursor';
export type { DueEvents, DueListener, DuePlace, DueShard, DueTimers } from './contract/due-timers';
export {
  AccessDeniedError,
  CallAbortedError,
  CallTimeoutError,
  InvalidArgumentError,
  OutcomeUnknownError,
  SchemaMismatchError,
  ShardConditionFailedError,
  ShardMovedError,
  ShardMoveFailedError,
  StoreClosedError,
  StoreUnavailableError,
  TimerNotFoundError,
  TimerStoreError,
  type TimerStoreErrorCode,
  UnexpectedServerError,
  UnreadableRowError,
  type UnreadableTimer,
  UnsupportedServerError,
} from './contract/errors';
export { findInexactNumber } from './contract/exact-numbers';
export type { ListFilter, ListPosition, NamespaceCount, TimerPage } from './contract/lists';
export type { PostgresClient, PostgresPool } from './contract/postgres-pool';
export type {
  AgainSettlement,
  DeadSettlement,
  DoneSettlement,
  Settlement,
  SettlementResult,
} from './contract/settlement';
export { shardIdFor } from './contract/shard-id';
export type { TimerStore } from './contract/timer-store';
export { timerUuid } from './contract/timer-uuid';
export type {
  CallOptions,
  DeadTimer,
  JsonCompatible,
  JsonValue,
  NewTimer,
  NewTimerFields,
  PoolCallOptions,
  RangeDeleteResult,
  RetryPolicy,
  ShardClaim,
  ShardInfo,
  ShardMetadata,
  StoreOptions,
  Timer,
  TimerBatch,
  TimerChanges,
  TimerCursor,
  TimerRange,
  TransactionCallOptions,
} from './contract/types';
export type { ServerCheck, ServerCheckName, ServerReport } from './diagnostics/server-report';
export { type IterateOptions, iterateTimers } from './iterate-timers';
export { type Backlog, type Backlogs, readBacklogs } from './postgres/backlogs';
export { PostgresTimerStore } from './postgres/postgres-timer-store';
export { type MoveOptions, type MovePhase, type MoveProgress, moveShard } from './sharding/move/move-shard';
export type { ShardRange } from './sharding/shard-ranges';
export { ShardedTimerStore } from './sharding/sharded-timer-store';
export type { StoreOfShard } from './sharding/store-router';
export type { ConnectionEvent } from './telemetry/connection-channel';
export type { RetryEvent } from './telemetry/retry-channel';
