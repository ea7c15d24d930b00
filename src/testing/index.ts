export { type EmbeddedServer, type EmbeddedServerOptions, startEmbeddedServer } from './embedded-server';
export { TestClock } from './test-clock';
