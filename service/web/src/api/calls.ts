import { call } from './call';
import type { Filter, ListTimers, Namespaces, Shards, Timer, TimerKey, TimerPage } from './types';

async function answer<T>(path: string, body?: object | string, signal?: AbortSignal): Promise<T> {
  const text = typeof body === 'object' ? JSON.stringify(body) : body;
  return (await (await call(path, text, signal)).json()) as T;
}

export function listTimers(body: ListTimers, signal?: AbortSignal): Promise<TimerPage> {
  return answer('/timers/list', body, signal);
}

export function getTimer(key: TimerKey, signal?: AbortSignal): Promise<Timer> {
  return answer('/timers/get', key, signal);
}

/** @param body JSON text: a payload stays as its author wrote it, so that no number is rounded on the way. */
export function createTimer(body: string): Promise<Timer> {
  return answer('/timers/create', body);
}

/** @param body JSON text, as for `createTimer`. */
export function updateTimer(body: string): Promise<Timer> {
  return answer('/timers/update', body);
}

export async function deleteTimer(key: TimerKey): Promise<void> {
  await call('/timers/delete', JSON.stringify(key));
}

export async function deleteDeadTimer(key: TimerKey): Promise<void> {
  await call('/timers/delete-dead', JSON.stringify(key));
}

export async function reviveTimer(key: TimerKey): Promise<void> {
  await call('/timers/revive', JSON.stringify(key));
}

export async function exportTimers(filter: Filter, format: 'csv' | 'jsonl'): Promise<Response> {
  return await call('/timers/export', JSON.stringify({ ...filter, format }));
}

export function listNamespaces(signal?: AbortSignal): Promise<Namespaces> {
  return answer('/namespaces/list', { limit: 1000 }, signal);
}

export function listShards(signal?: AbortSignal): Promise<Shards> {
  return answer('/shards', undefined, signal);
}
