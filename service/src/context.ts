import type { PostgresTimerStore } from 'pg-timer-store';
import type { TimerEngine } from 'pg-timer-store/engine';
import type { ApiKeys } from './access/api-keys';
import type { Changes } from './changes';
import type { Settings } from './config/settings';
import type { Health } from './health';
import type { Metrics } from './metrics';

/** What every part of one process of the service works with. */
export interface ServiceContext {
  readonly settings: Settings;
  readonly store: PostgresTimerStore;
  /** There is one before the first call comes. */
  readonly engineOf: () => TimerEngine;
  readonly keys: ApiKeys;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly changes: Changes;
}
