/**
 * Names by the semantic conventions of OpenTelemetry, 1.45; those of messaging and of pools are still in development there.
 * What these have no name for begins with `pg_timer_store`.
 */
export const ATTRIBUTE = {
  batchSize: 'db.operation.batch.size',
  collection: 'db.collection.name',
  database: 'db.namespace',
  dbOperation: 'db.operation.name',
  dbSystem: 'db.system.name',
  errorType: 'error.type',
  poolName: 'db.client.connection.pool.name',
  connectionState: 'db.client.connection.state',
  sqlState: 'db.response.status_code',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  messagingSystem: 'messaging.system',
  messagingOperation: 'messaging.operation.name',
  messagingOperationType: 'messaging.operation.type',
  destination: 'messaging.destination.name',
  partition: 'messaging.destination.partition.id',
  messageId: 'messaging.message.id',
  messageCount: 'messaging.batch.message_count',
  attempt: 'pg_timer_store.delivery.attempt',
  lateness: 'pg_timer_store.delivery.lateness',
  engineEvent: 'pg_timer_store.engine.event',
  timerState: 'pg_timer_store.timer.state',
} as const;

/** Of what runs engine and store, as attributes of metrics have it: nothing that takes many values. */
export const METRIC = {
  callDuration: 'db.client.operation.duration',
  connections: 'db.client.connection.count',
  maxConnections: 'db.client.connection.max',
  pendingRequests: 'db.client.connection.pending_requests',
  scheduleDuration: 'messaging.client.operation.duration',
  deliveryDuration: 'messaging.process.duration',
  lateness: 'pg_timer_store.delivery.lateness',
  batchSize: 'pg_timer_store.batch.size',
  fencedWrites: 'pg_timer_store.writes.fenced',
  unknownOutcomes: 'pg_timer_store.writes.unknown_outcome',
  retries: 'pg_timer_store.call.retries',
  engineEvents: 'pg_timer_store.engine.events',
  queuedWrites: 'pg_timer_store.queue.writes',
  engineTimers: 'pg_timer_store.engine.timers',
  engineShards: 'pg_timer_store.engine.shards',
  engineMembers: 'pg_timer_store.engine.members',
  oldestLateness: 'pg_timer_store.engine.oldest_lateness',
  backlog: 'pg_timer_store.backlog',
} as const;

export const MESSAGING_SYSTEM = 'pg_timer_store';
