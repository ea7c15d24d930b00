import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client, CustomTypesConfig, Pool, QueryArrayResult, QueryResult } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type NewTimer, timerUuid } from 'pg-timer-store';

const COLUMNS =
  'shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url, ' +
  'timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts, timer_revision';

const UPSERT = `INSERT INTO timers (${COLUMNS}) VALUES ($1, 2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
  ON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE SET
    timer_execute_at = excluded.timer_execute_at, timer_uuid = excluded.timer_uuid,
    timer_callback_url = excluded.timer_callback_url, timer_payload = excluded.timer_payload,
    timer_retry_policy = excluded.timer_retry_policy,
    timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,
    timer_created_at = excluded.timer_created_at, timer_attempts = excluded.timer_attempts,
    timer_revision = excluded.timer_revision`;

const RANGE = `shard_id = $1 AND row_type = 2
  AND (timer_execute_at, timer_uuid) > ($2, $3) AND (timer_execute_at, timer_uuid) <= ($4, $5)`;

const SELECT = `SELECT timer_id, timer_namespace, timer_uuid, timer_execute_at, timer_callback_url, timer_payload,
    timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts, timer_revision, timer_updated_at,
    timer_due_at, timer_first_attempt_at, timer_last_error
  FROM timers WHERE ${RANGE} ORDER BY timer_execute_at, timer_uuid LIMIT $6`;

/** Leaves every value as the text that the server sent. */
const WITHOUT_PARSING: CustomTypesConfig = { getTypeParser: () => (text: string) => text };

/** Another one with each write, as the store has it. */
function newRevision(): number {
  return Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);
}

/** What anybody would write: one row, one statement, no fence, no checks. */
export async function bareUpsert(on: Pool | Client, shardId: number, timer: NewTimer, named: boolean) {
  await on.query({
    ...(named && { name: 'bare-upsert' }),
    text: UPSERT,
    values: [
      shardId,
      timer.executeAt,
      timerUuid(timer.namespace, timer.id),
      timer.id,
      timer.namespace,
      timer.callbackUrl,
      JSON.stringify(timer.payload),
      null,
      30,
      new Date(),
      0,
      newRevision(),
    ],
  });
}

/**
 * The fastest way that PostgreSQL has to take rows in: no conflicts, no fence, one commit for all. Timers are taken
 * as the server takes the rows, so that a generator of any length passes in constant memory.
 */
export async function copyTimers(client: Client, shardId: number, timers: Iterable<NewTimer>): Promise<void> {
  await pipeline(
    Readable.from(copyChunks(shardId, timers)),
    client.query(copyFrom(`COPY timers (${COLUMNS}) FROM STDIN`)),
  );
}

/** Text of about so many characters is sent at a time. */
const CHUNK_LENGTH = 128 * 1024;

function* copyChunks(shardId: number, timers: Iterable<NewTimer>): Generator<string> {
  const now = new Date().toISOString();
  const revision = newRevision();
  let chunk = '';
  for (const timer of timers) {
    chunk +=
      `${shardId}\t2\t${timer.executeAt.toISOString()}\t${timerUuid(timer.namespace, timer.id)}\t${timer.id}\t` +
      `${timer.namespace}\t${timer.callbackUrl}\t${JSON.stringify(timer.payload)}\t\\N\t30\t${now}\t0\t${revision}\n`;
    if (chunk.length >= CHUNK_LENGTH) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') {
    yield chunk;
  }
}

export type RangeParams = readonly [
  shardId: number,
  afterAt: string,
  afterUuid: string,
  upToAt: string,
  upToUuid: string,
];

export function selectWithDefaultParsers(
  client: Client,
  range: RangeParams,
  limit: number,
): Promise<QueryResult> {
  return client.query({ name: 'bare-select', text: SELECT, values: [...range, limit] });
}

export function selectWithoutParsing(
  client: Client,
  range: RangeParams,
  limit: number,
): Promise<QueryArrayResult> {
  return client.query({
    name: 'bare-select',
    text: SELECT,
    values: [...range, limit],
    rowMode: 'array',
    types: WITHOUT_PARSING,
  });
}

export async function bareDelete(client: Client, range: RangeParams): Promise<number> {
  const { rowCount } = await client.query({
    name: 'bare-delete',
    text: `DELETE FROM timers WHERE ${RANGE}`,
    values: [...range],
  });
  return rowCount ?? 0;
}

const ONE = 'shard_id = $1 AND row_type = 2 AND timer_namespace = $2 AND timer_id = $3';

export async function bareUpdate(
  on: Pool,
  shardId: number,
  namespace: string,
  id: string,
  attempts: number,
): Promise<void> {
  await on.query({
    name: 'bare-update',
    text: `UPDATE timers SET timer_attempts = $4, timer_updated_at = now() WHERE ${ONE} RETURNING *`,
    values: [shardId, namespace, id, attempts],
  });
}

export async function bareDeleteOne(on: Pool, shardId: number, namespace: string, id: string): Promise<void> {
  await on.query({
    name: 'bare-delete-one',
    text: `DELETE FROM timers WHERE ${ONE}`,
    values: [shardId, namespace, id],
  });
}

export async function selectOne(client: Client): Promise<void> {
  await client.query({ name: 'select-one', text: 'SELECT 1' });
}
