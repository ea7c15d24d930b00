import type { PreparedQuery } from '@pgtyped/runtime';
import * as claimQueries from '../generated/claim.queries';
import * as deleteQueries from '../generated/delete.queries';
import * as insertQueries from '../generated/insert.queries';
import * as moveQueries from '../generated/move.queries';
import * as rangeSelectQueries from '../generated/range-select.queries';
import * as updateQueries from '../generated/update.queries';

/** Every query that reads or writes timers. */
export const TIMER_QUERIES: readonly (readonly [name: string, query: PreparedQuery<never, unknown>])[] =
  Object.entries({
    ...claimQueries,
    ...deleteQueries,
    ...insertQueries,
    ...moveQueries,
    ...rangeSelectQueries,
    ...updateQueries,
  });
