import type { PreparedQuery } from '@pgtyped/runtime';
import * as backlogQueries from '../generated/backlog.queries';
import * as claimQueries from '../generated/claim.queries';
import * as deadQueries from '../generated/dead.queries';
import * as deleteQueries from '../generated/delete.queries';
import { readDueTimers, readDueTimersOfPart } from '../generated/due.queries';
import * as insertQueries from '../generated/insert.queries';
import * as listQueries from '../generated/list.queries';
import * as moveQueries from '../generated/move.queries';
import * as rangeSelectQueries from '../generated/range-select.queries';
import * as settleQueries from '../generated/settle.queries';
import * as updateQueries from '../generated/update.queries';

/**
 * Those that no store sends where there is Citus: of many shards, of moves between servers, and what Citus would run in
 * several commands.
 */
const NOT_ON_CITUS = new Set([
  'createTimersOfShards',
  'createTimersOfUnclaimedShard',
  'deleteTimersOfShards',
  'rangeDeleteWithBatchInsertTxn',
  'readBacklogs',
  'readDueTimers',
  'settleDoneTimers',
  'settleTimers',
  'updateTimersOfShards',
  ...Object.keys(listQueries),
  ...Object.keys(moveQueries),
]);

/** Of the shards that one shard of Citus has, which are in no one partition of another table. */
const { createTimersOfPart, ...insertQueriesAnywhere } = insertQueries;

/** Every query that reads or writes timers, but for the one that only Citus is sent. */
export const TIMER_QUERIES: readonly (readonly [name: string, query: PreparedQuery<never, unknown>])[] =
  Object.entries({
    ...backlogQueries,
    ...claimQueries,
    ...deadQueries,
    ...deleteQueries,
    readDueTimers,
    readDueTimersOfPart,
    ...insertQueriesAnywhere,
    ...listQueries,
    ...moveQueries,
    ...rangeSelectQueries,
    ...settleQueries,
    ...updateQueries,
  });

export const QUERIES_ON_CITUS = [
  ...TIMER_QUERIES.filter(([name]) => !NOT_ON_CITUS.has(name)),
  ...Object.entries({ createTimersOfPart }),
];
