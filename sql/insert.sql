/*
  Creating timers, one or many in one statement. The arrays hold one element for each timer, so
  that the text stays the same for any number of them and can be prepared once.

  The order by id makes statements that share timers lock them in one order: no deadlock.
*/

/*
  The fence: the row to insert comes from the shard row, locked FOR SHARE. A claim that commits
  first leaves nothing to insert; one that comes later waits until this write is committed.
  No row inserted: the fence failed.
*/
/* @name createTimers */
INSERT INTO timers (
  shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
  timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts
)
SELECT
  shard.shard_id, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,
  t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts
FROM timers AS shard
CROSS JOIN unnest(
  :executeAts!::timestamptz[], :uuids!::uuid[], :ids!::text[], :namespaces!::text[], :callbackUrls!::text[],
  :payloads!::jsonb[], :retryPolicies!::jsonb[], :callbackTimeoutSeconds!::int[], :createdAts!::timestamptz[],
  :attempts!::int[]
) AS t (
  execute_at, uuid, id, namespace, callback_url,
  payload, retry_policy, callback_timeout_seconds, created_at,
  attempts
)
WHERE shard.shard_id = :shardId!
  AND shard.row_type = 1
  AND shard.timer_execute_at = '1970-01-01 00:00:01+00'
  AND shard.timer_uuid = '00000000-0000-0000-0000-000000000000'
  AND shard.shard_version = :shardVersion!
ORDER BY t.namespace, t.id
FOR SHARE OF shard
ON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE
SET timer_execute_at = excluded.timer_execute_at,
    timer_uuid = excluded.timer_uuid,
    timer_callback_url = excluded.timer_callback_url,
    timer_payload = excluded.timer_payload,
    timer_retry_policy = excluded.timer_retry_policy,
    timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,
    timer_created_at = excluded.timer_created_at,
    timer_attempts = excluded.timer_attempts;

/* The same without a fence, for processes that do not own the shard. */
/* @name createTimersNoLock */
INSERT INTO timers (
  shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace, timer_callback_url,
  timer_payload, timer_retry_policy, timer_callback_timeout_seconds, timer_created_at, timer_attempts
)
SELECT
  :shardId!, 2, t.execute_at, t.uuid, t.id, t.namespace, t.callback_url,
  t.payload, t.retry_policy, t.callback_timeout_seconds, t.created_at, t.attempts
FROM unnest(
  :executeAts!::timestamptz[], :uuids!::uuid[], :ids!::text[], :namespaces!::text[], :callbackUrls!::text[],
  :payloads!::jsonb[], :retryPolicies!::jsonb[], :callbackTimeoutSeconds!::int[], :createdAts!::timestamptz[],
  :attempts!::int[]
) AS t (
  execute_at, uuid, id, namespace, callback_url,
  payload, retry_policy, callback_timeout_seconds, created_at,
  attempts
)
ORDER BY t.namespace, t.id
ON CONFLICT (shard_id, row_type, timer_namespace, timer_id) DO UPDATE
SET timer_execute_at = excluded.timer_execute_at,
    timer_uuid = excluded.timer_uuid,
    timer_callback_url = excluded.timer_callback_url,
    timer_payload = excluded.timer_payload,
    timer_retry_policy = excluded.timer_retry_policy,
    timer_callback_timeout_seconds = excluded.timer_callback_timeout_seconds,
    timer_created_at = excluded.timer_created_at,
    timer_attempts = excluded.timer_attempts;
