import { cursorAtEndOf } from '../contract/cursor';
import { InvalidArgumentError, UnreadableRowError } from '../contract/errors';
import type { ListFilter, ListPosition, NamespaceCount, TimerPage } from '../contract/lists';
import {
  checkInteger,
  checkText,
  EARLIEST_INSTANT,
  LATEST_INSTANT,
  NIL_UUID,
  parseDate,
  show,
} from '../contract/scalars';
import type { PoolCallOptions, Timer, TimerCursor } from '../contract/types';
import * as queries from '../generated/list.queries';
import { parseFields } from '../validation/objects';
import { CURSOR_FIELDS, parseCursor } from '../validation/range';
import type { StoreCall } from './store-call';
import type { StoreContext } from './store-context';
import { rangeParams } from './timer-params';
import { type TimerRow, toTimer } from './timer-row';

const MAX_SHARDS = 100_000;
const MAX_LIMIT = 10_000;
const ROW_TYPES = { pending: 2, dead: 3 } as const;

/** Of each shard so many more than its share of a page, since neither ids nor times are spread evenly. */
const SPARE_ROWS = 5;

/** What a call looks through for timers of a rare namespace, before it returns a page that is not full. */
const MAX_SCANNED = 50_000;

const FILTER_FIELDS = [
  'namespace',
  'state',
  'idPrefix',
  'after',
  'before',
] as const satisfies readonly (keyof ListFilter)[];

interface Reader {
  readonly store: StoreContext;
  readonly call: StoreCall;
  readonly shardIds: number[];
  readonly namespace: string;
  readonly rowType: number;
  readonly idPrefix: string;
  readonly limit: number;
}

export async function listTimers(
  store: StoreContext,
  shardCount: number,
  filter: ListFilter,
  limit: number,
  after: ListPosition | null = null,
  options?: PoolCallOptions,
): Promise<TimerPage> {
  const shardIds = shardIdsOf(shardCount);
  checkInteger('limit', limit, 1, MAX_LIMIT);
  const { namespace, state, idPrefix, since, before } = parseFilter(filter);
  const isByTime = since !== undefined || before !== undefined;
  const position = after === null ? null : isByTime ? parseTimePosition(after) : parseIdPosition(after);
  return await store.call('listTimers', options, async (call) => {
    const reader = { store, call, shardIds, namespace, rowType: ROW_TYPES[state], idPrefix, limit };
    return typeof position === 'string' || (position === null && !isByTime)
      ? await listById(reader, position)
      : await listByTime(reader, since, before, position);
  });
}

export async function listNamespaces(
  store: StoreContext,
  shardCount: number,
  countLimit: number,
  limit: number,
  after = '',
  options?: PoolCallOptions,
): Promise<NamespaceCount[]> {
  const shardIds = shardIdsOf(shardCount);
  checkInteger('countLimit', countLimit, 1, MAX_LIMIT);
  checkInteger('limit', limit, 1, MAX_LIMIT);
  if (after !== '') {
    checkText('after', after);
  }
  return await store.call('listNamespaces', options, async (call) => {
    const found: NamespaceCount[] = [];
    for (let last = after; found.length < limit; ) {
      const [next] = (await call.read(queries.readNextNamespace, { shardIds, after: last })).rows;
      if (typeof next?.namespace !== 'string') {
        break;
      }
      last = next.namespace;
      found.push(await count(call, shardIds, last, countLimit));
    }
    return found;
  });
}

export async function countNamespace(
  store: StoreContext,
  shardCount: number,
  namespace: string,
  countLimit: number,
  options?: PoolCallOptions,
): Promise<NamespaceCount> {
  const shardIds = shardIdsOf(shardCount);
  checkText('namespace', namespace);
  checkInteger('countLimit', countLimit, 1, MAX_LIMIT);
  return await store.call('countNamespace', options, (call) => count(call, shardIds, namespace, countLimit));
}

async function count(
  call: StoreCall,
  shardIds: number[],
  namespace: string,
  limit: number,
): Promise<NamespaceCount> {
  const [row] = (await call.read(queries.countTimersOfNamespace, { shardIds, namespace, limit })).rows;
  const { pending = 0, dead = 0, hasMore = false } = row ?? {};
  return { namespace, pending: Number(pending), dead: Number(dead), hasMore };
}

/** In the order of their ids. Where a shard has more than was read of it, what lies behind its last row comes later. */
async function listById(reader: Reader, after: string | null): Promise<TimerPage> {
  const { call, shardIds, namespace, rowType, idPrefix, limit } = reader;
  const timers: Timer[] = [];
  for (let fromId = after === null || byBytes(after, idPrefix) < 0 ? idPrefix : behind(after); ; ) {
    const perShard = rowsPerShard(limit - timers.length, shardIds.length);
    const params = { shardIds, namespace, rowType, fromId, limit: perShard };
    const { rows } = await call.read(queries.listTimersById, params);
    const wanted = rows.filter(({ id }) => id.startsWith(idPrefix));
    const end = lastRows(rows, perShard)
      .map(({ id }) => id)
      .filter((id) => id.startsWith(idPrefix))
      .reduce<string | null>((least, id) => (least === null || byBytes(id, least) < 0 ? id : least), null);
    const complete = wanted.filter(({ id }) => end === null || byBytes(id, end) <= 0);
    timers.push(...readable(reader, complete).sort((one, other) => byBytes(one.id, other.id)));
    const last = timers[limit - 1];
    if (last !== undefined && (end !== null || timers.length > limit)) {
      return { timers: timers.slice(0, limit), next: { id: last.id } };
    }
    if (end === null) {
      return { timers, next: null };
    }
    fromId = behind(end);
  }
}

/** In the order of their times. */
async function listByTime(
  reader: Reader,
  since: Date | undefined,
  before: Date | undefined,
  position: TimerCursor | null,
): Promise<TimerPage> {
  const { call, shardIds, namespace, rowType, idPrefix, limit } = reader;
  const first =
    since === undefined ? { executeAt: new Date(EARLIEST_INSTANT), uuid: NIL_UUID } : cursorAtEndOf(since);
  let after = position !== null && byTime(position, first) > 0 ? position : first;
  // No timer has the UUID of zeros: what is due at that very time comes after it.
  const upTo =
    before === undefined ? cursorAtEndOf(new Date(LATEST_INSTANT)) : { executeAt: before, uuid: NIL_UUID };
  const timers: Timer[] = [];
  if (byTime(after, upTo) >= 0) {
    return { timers, next: null };
  }
  let perShard = rowsPerShard(limit, shardIds.length);
  for (let scanned = 0; ; perShard = Math.min(perShard * 4, MAX_LIMIT)) {
    const params = { shardIds, namespace, rowType, idPrefix, limit: perShard };
    const range = rangeParams({ after, upTo });
    const { rows } = await call.read(queries.listTimersByTime, { ...params, ...range });
    scanned += perShard * shardIds.length;
    const end = rows
      .filter(({ place }) => Number(place) === perShard)
      .map(cursorOfRow)
      .reduce<TimerCursor | null>(
        (least, row) => (least === null || byTime(row, least) < 0 ? row : least),
        null,
      );
    const complete = rows.filter(
      (row) =>
        row.namespace === namespace &&
        row.id.startsWith(idPrefix) &&
        (end === null || byTime(cursorOfRow(row), end) <= 0),
    );
    timers.push(...readable(reader, complete).sort(byTime));
    const last = timers[limit - 1];
    if (last !== undefined && (end !== null || timers.length > limit)) {
      return { timers: timers.slice(0, limit), next: { executeAt: last.executeAt, uuid: last.uuid } };
    }
    if (end === null || scanned >= MAX_SCANNED) {
      return { timers, next: end };
    }
    after = end;
  }
}

/** Of the shards that may have more: the last row that was read of each. */
function lastRows<T extends { readonly shardId: number; readonly id: string }>(
  rows: readonly T[],
  perShard: number,
): T[] {
  const counts = new Map<number, { rows: number; last: T }>();
  for (const row of rows) {
    const found = counts.get(row.shardId);
    const last = found === undefined || byBytes(row.id, found.last.id) > 0 ? row : found.last;
    counts.set(row.shardId, { rows: (found?.rows ?? 0) + 1, last });
  }
  return [...counts.values()].filter((each) => each.rows === perShard).map(({ last }) => last);
}

function readable({ store }: Reader, rows: readonly (TimerRow & { readonly shardId: number })[]): Timer[] {
  const timers: Timer[] = [];
  for (const row of rows) {
    try {
      timers.push(toTimer(row.shardId, row));
    } catch (error) {
      if (!(error instanceof UnreadableRowError)) {
        throw error;
      }
      store.onUnreadableRow(error);
    }
  }
  return timers;
}

function rowsPerShard(wanted: number, shards: number): number {
  return Math.min(wanted + 1, Math.ceil(wanted / shards) + SPARE_ROWS);
}

/** The least id behind another one: none contains NUL. */
function behind(id: string): string {
  return `${id}\u0001`;
}

/** As the collation "C" has them. */
function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function byTime(one: TimerCursor, other: TimerCursor): number {
  return (
    one.executeAt.getTime() - other.executeAt.getTime() ||
    (one.uuid < other.uuid ? -1 : one.uuid > other.uuid ? 1 : 0)
  );
}

/** It lies between two cursors, so its time is one that a cursor can have. */
function cursorOfRow(row: TimerRow): TimerCursor {
  return { executeAt: new Date(row.executeAtMs as number), uuid: row.uuid };
}

function shardIdsOf(shardCount: number): number[] {
  checkInteger('shardCount', shardCount, 1, MAX_SHARDS);
  return Array.from({ length: shardCount }, (_, shardId) => shardId);
}

function parseFilter(filter: unknown) {
  const {
    namespace,
    state = 'pending',
    idPrefix = '',
    after,
    before,
  } = parseFields('filter', filter, FILTER_FIELDS);
  checkText('filter.namespace', namespace);
  if (state !== 'pending' && state !== 'dead') {
    throw new InvalidArgumentError('filter.state', `must be pending or dead, not ${show(state)}`);
  }
  if (idPrefix !== '') {
    checkText('filter.idPrefix', idPrefix);
  }
  const since = after === undefined ? undefined : parseDate('filter.after', after);
  const until = before === undefined ? undefined : parseDate('filter.before', before);
  if (since !== undefined && until !== undefined && since >= until) {
    throw new InvalidArgumentError('filter.before', 'must be later than filter.after');
  }
  return {
    namespace,
    state: state as keyof typeof ROW_TYPES,
    idPrefix: idPrefix as string,
    since,
    before: until,
  };
}

function parseIdPosition(position: unknown): string {
  const { id } = parseFields('after', position, ['id']);
  checkText('after.id', id);
  return id;
}

function parseTimePosition(position: unknown): TimerCursor {
  const { executeAt, uuid } = parseCursor('after', parseFields('after', position, CURSOR_FIELDS));
  return { executeAt, uuid: uuid.toLowerCase() };
}
