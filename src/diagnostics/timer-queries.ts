import type { PreparedQuery } from '@pgtyped/runtime';
import * as backlogQueries from '../generated/backlog.queries';
import * as claimQueries from '../generated/claim.queries';
import * as deadQueries from '../generated/dead.queries';
import * as deleteQueries from '../generated/delete.queries';
import { readDueTimers } from '../generated/due.queries';
import * as insertQueries from '../generated/insert.queries';
import * as listQueries from '../generated/list.queries';
import * as moveQueries from '../generated/move.queries';
import * as rangeSelectQueries from '../generated/range-select.queries';
import * as settleQueries from '../generated/settle.queries';
import * as updateQueries from '../generated/update.queries';

/** Every query that reads or writes timers. */
export const TIMER_QUERIES: readonly (readonly [name: string, query: PreparedQuery<never, unknown>])[] =
  Object.entries({
    ...backlogQueries,
    ...claimQueries,
    ...deadQueries,
    ...deleteQueries,
    readDueTimers,
    ...insertQueries,
    ...listQueries,
    ...moveQueries,
    ...rangeSelectQueries,
    ...settleQueries,
    ...updateQueries,
  });
