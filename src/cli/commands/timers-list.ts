import type { Timer } from '../../contract/types';
import { type ConnectionOptions, connectConfig, withStore } from '../connect';
import { type Found, type TimerFilter, timersById, timersDueIn } from '../find-timers';
import { timeText } from '../format';
import { type ListOptions, list } from '../list';
import { checkSpan, type Moment } from '../moment';
import { pageSizeFor } from '../reading';
import { serverNow } from '../server-now';
import { readShardCount, type ShardsOption, shardIdsOf } from '../shard-count';
import type { Column } from '../table';
import type { Terminal } from '../terminal';

export interface TimersListOptions extends ConnectionOptions, ShardsOption, TimerFilter, ListOptions {
  readonly from?: Moment;
  readonly before?: Moment;
}

/** In order of time; those of a namespace, if no time is given, in order of their ids, by the index on them. */
export async function timersList(terminal: Terminal, options: TimersListOptions): Promise<void> {
  const { signal } = terminal;
  const { namespace, id = '', from, before, limit } = options;
  await withStore(terminal, connectConfig(options), async (store) => {
    const shardIds = shardIdsOf(await readShardCount(store, options, signal));
    const reading = { store, shardIds, terminal, pageSize: pageSizeFor(limit, shardIds.length) };
    if (namespace !== undefined && from === undefined && before === undefined) {
      await list(terminal, timersById(reading, namespace, id), COLUMNS, options);
    } else {
      const now = await serverNow(store, signal);
      const span = [from?.(now), before?.(now)] as const;
      checkSpan('--from', span[0], '--before', span[1]);
      await list(terminal, timersDueIn(reading, options, ...span), COLUMNS, options);
    }
  });
}

const COLUMNS: readonly Column<Found<Timer>>[] = [
  { title: 'due', cell: ({ timer }) => timeText(timer.executeAt) },
  { title: 'namespace', cell: ({ timer }) => timer.namespace },
  { title: 'id', cell: ({ timer }) => timer.id },
  { title: 'shard', align: 'right', cell: ({ shardId }) => String(shardId) },
  { title: 'attempts', align: 'right', cell: ({ timer }) => timer.attempts },
  { title: 'last error', cell: ({ timer }) => timer.lastError },
];
