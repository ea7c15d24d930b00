import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { FastifyBaseLogger } from 'fastify';
import type { EngineEvent } from 'pg-timer-store/engine';
import type { Changes } from './changes';

/** There are many shards, and deliveries fail by the thousand where a receiver is away: metrics count them. */
const OFTEN: readonly EngineEvent['type'][] = [
  'delivery-failed',
  'shard-claimed',
  'shard-handed-over',
  'shard-lost',
];

/** @returns what ends it. */
export function logEngineEvents(logger: FastifyBaseLogger, changes: Changes): () => void {
  const log = (message: unknown) => {
    const event = message as EngineEvent;
    const { type, ...rest } = event;
    const { error, ...fields } = rest as { error?: unknown };
    const level = OFTEN.includes(type) ? 'debug' : error === undefined ? 'info' : 'warn';
    logger[level]({ event: type, ...fields, ...(error !== undefined && { err: error }) }, 'engine');
    if (event.type === 'timer-died') {
      changes.publish({ type: 'died', namespace: event.namespace, id: event.id });
    }
  };
  subscribe('pg-timer-store:engine', log);
  return () => unsubscribe('pg-timer-store:engine', log);
}
