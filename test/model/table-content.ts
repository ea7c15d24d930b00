import type { ClientBase } from 'pg';
import type { TableContent } from './timer-model';

/** The whole table past the store, in the model's form. A column that its kind of row should leave alone shows. */
export async function tableContent(client: ClientBase): Promise<TableContent> {
  const { rows: shards } = await client.query(
    `SELECT shard_id AS "shardId", shard_owner_addr AS "ownerAddr", shard_version::float8 AS "shardVersion",
       shard_metadata AS metadata, shard_claimed_at AS "claimedAt",
       num_nonnulls(timer_id, timer_namespace, timer_callback_url, timer_payload, timer_retry_policy) AS foreign,
       timer_execute_at = '1970-01-01 00:00:01+00' AND timer_uuid = '00000000-0000-0000-0000-000000000000' AS keyed
     FROM timers WHERE row_type = 1 ORDER BY shard_id`,
  );
  // Times by their numbers: the driver's parser of dates takes the year 1 for another.
  const { rows: timers } = await client.query(
    `SELECT shard_id AS "shardId", row_type = 3 AS "isDead", timer_id AS id, timer_namespace AS namespace,
       timer_uuid AS uuid, extract(epoch FROM timer_execute_at)::float8 AS "executeAt",
       timer_callback_url AS "callbackUrl", timer_payload AS payload, timer_retry_policy AS "retryPolicy",
       timer_callback_timeout_seconds AS "callbackTimeoutSeconds",
       extract(epoch FROM timer_created_at)::float8 AS "createdAt",
       extract(epoch FROM COALESCE(timer_updated_at, timer_created_at))::float8 AS "updatedAt",
       extract(epoch FROM COALESCE(timer_due_at, timer_execute_at))::float8 AS "dueAt",
       extract(epoch FROM timer_first_attempt_at)::float8 AS "firstAttemptAt",
       timer_attempts AS attempts, timer_last_error AS "lastError", timer_traceparent AS traceparent,
       timer_revision::text AS revision,
       num_nonnulls(shard_version, shard_owner_addr, shard_claimed_at, shard_metadata) AS foreign
     FROM timers WHERE row_type <> 1 ORDER BY shard_id, row_type, timer_execute_at, timer_uuid`,
  );
  return {
    shards: shards.map(({ foreign, keyed, ...shard }) => ({
      ...shard,
      metadata: readOffset(shard.metadata),
      ...(foreign > 0 && { foreign }),
      ...(!keyed && { keyed }),
    })),
    timers: timers.map(({ foreign, ...timer }) => ({
      ...timer,
      executeAt: dateOf(timer.executeAt),
      createdAt: dateOf(timer.createdAt),
      updatedAt: dateOf(timer.updatedAt),
      dueAt: dateOf(timer.dueAt),
      firstAttemptAt: timer.firstAttemptAt === null ? null : dateOf(timer.firstAttemptAt),
      ...(foreign > 0 && { foreign }),
    })),
  };
}

function dateOf(epochSeconds: number): Date {
  return new Date(Math.round(epochSeconds * 1000));
}
function readOffset(metadata: { committedOffset?: { executeAt: string } }): object {
  return metadata.committedOffset === undefined
    ? metadata
    : {
        committedOffset: {
          ...metadata.committedOffset,
          executeAt: new Date(metadata.committedOffset.executeAt),
        },
      };
}
