import type { DeadTimer } from '../../contract/types';
import { type ConnectionOptions, connectConfig, withStore } from '../connect';
import { type DeadFilter, filterDeadTimers } from '../dead-filter';
import type { Found } from '../find-timers';
import { timeText } from '../format';
import { type ListOptions, list } from '../list';
import { pageSizeFor } from '../reading';
import { serverNow } from '../server-now';
import { readShardCount, type ShardsOption, shardIdsOf } from '../shard-count';
import type { Column } from '../table';
import type { Terminal } from '../terminal';

export interface DeadListOptions extends ConnectionOptions, ShardsOption, DeadFilter, ListOptions {}

/** In the order in which they were to be delivered. */
export async function deadList(terminal: Terminal, options: DeadListOptions): Promise<void> {
  const { signal } = terminal;
  await withStore(terminal, connectConfig(options), async (store) => {
    const shardIds = shardIdsOf(await readShardCount(store, options, signal));
    const reading = { store, shardIds, terminal, pageSize: pageSizeFor(options.limit, shardIds.length) };
    const now = await serverNow(store, signal);
    await list(terminal, filterDeadTimers(reading, options, now), COLUMNS, options);
  });
}

const COLUMNS: readonly Column<Found<DeadTimer>>[] = [
  { title: 'died', cell: ({ timer }) => timeText(timer.diedAt) },
  { title: 'namespace', cell: ({ timer }) => timer.namespace },
  { title: 'id', cell: ({ timer }) => timer.id },
  { title: 'due', cell: ({ timer }) => timeText(timer.dueAt) },
  { title: 'shard', align: 'right', cell: ({ shardId }) => String(shardId) },
  { title: 'attempts', align: 'right', cell: ({ timer }) => timer.attempts },
  { title: 'last error', cell: ({ timer }) => timer.lastError },
];
