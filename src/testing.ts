export { buildTimer } from './testing/build-timer';
export type { ServerOptions as TestPostgresOptions } from './testing/choose-server';
export type { TestRunner } from './testing/conformance/test-runner';
export { describeTimerStore } from './testing/describe-timer-store';
export {
  type EmbeddedServer,
  type EmbeddedServerOptions,
  startEmbeddedServer,
} from './testing/embedded-server';
export {
  type AssertedStore,
  type ExpectOptions,
  expectDead,
  expectNotScheduled,
  expectScheduled,
} from './testing/expect-scheduled';
export { InMemoryTimerStore, type InMemoryTimerStoreOptions } from './testing/in-memory-timer-store';
export { startTestPostgres, type TestDatabase, type TestPostgres } from './testing/start-test-postgres';
export { TestClock } from './testing/test-clock';
