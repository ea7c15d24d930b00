export { type EmbeddedServer, type EmbeddedServerOptions, startEmbeddedServer } from './embedded-server';
