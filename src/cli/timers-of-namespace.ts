import { UnreadableRowError } from '../contract/errors';
import type { Timer } from '../contract/types';
import {
  type RangeGetTimersOfNamespaceParams,
  rangeGetTimersOfNamespace,
} from '../generated/range-select.queries';
import { statementsOf } from '../postgres/store-statements';
import { toTimer } from '../postgres/timer-row';
import type { Reading } from './reading';

/** The timers of a shard whose ids begin so, in the order of these. */
export async function* timersOfNamespace(
  { store, terminal, pageSize }: Pick<Reading, 'store' | 'terminal' | 'pageSize'>,
  shardId: number,
  namespace: string,
  idPrefix: string,
): AsyncGenerator<Timer, void, undefined> {
  const run = statementsOf('store', store);
  for (let fromId: string | undefined = idPrefix; fromId !== undefined; ) {
    const params: RangeGetTimersOfNamespaceParams = { shardId, namespace, fromId, limit: pageSize };
    const { rows } = await run('read', 'rangeGetTimersOfNamespace', rangeGetTimersOfNamespace, params, {
      signal: terminal.signal,
    });
    for (const row of rows) {
      if (!row.id.startsWith(idPrefix)) {
        return;
      }
      try {
        yield toTimer(shardId, row);
      } catch (error) {
        if (!(error instanceof UnreadableRowError)) {
          throw error;
        }
        terminal.find(error.message);
      }
    }
    // The id that comes next: none contains NUL.
    fromId = rows.length < pageSize ? undefined : `${rows.at(-1)?.id}\u0001`;
  }
}
