import type { PreparedQuery } from '@pgtyped/runtime';
import { ShardMovedError } from '../contract/errors';
import type { StatementResult } from '../driver/run-query';
import { getShard } from '../generated/claim.queries';
import { toShardInfo } from './shard-row';
import type { StoreCall } from './store-call';

/**
 * Runs a write without a fence, which leaves a sealed shard alone. If no row was written, the shard may be sealed: then
 * its row is read.
 *
 * @throws ShardMovedError, UnreadableRowError
 */
export async function writeUnsealed<TParams extends { readonly shardId: number }, TRow>(
  call: StoreCall,
  query: PreparedQuery<TParams, TRow>,
  params: NoInfer<TParams>,
): Promise<StatementResult<TRow>> {
  const result = await call.write(query, params);
  if (result.rowCount === 0) {
    await checkUnsealed(call, params.shardId);
  }
  return result;
}

/**
 * Refuses a write to a shard that was seen sealed. Its whole row is read once more: another program may have spoilt it.
 *
 * @throws ShardMovedError, UnreadableRowError
 */
export async function refuseSealed(call: StoreCall, shardId: number): Promise<never> {
  await checkUnsealed(call, shardId);
  // The move has ended in between.
  throw new ShardMovedError(shardId);
}

/** @throws ShardMovedError, UnreadableRowError */
export async function checkUnsealed(call: StoreCall, shardId: number): Promise<void> {
  const { rows } = await call.read(getShard, { shardId });
  if (rows[0]?.shardVersion === null) {
    toShardInfo(shardId, rows[0]);
  }
}
