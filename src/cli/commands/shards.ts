import { MAX_INT4 } from '../../contract/scalars';
import { type Backlog, readBacklogs, type Totals, totalsOf } from '../../postgres/backlogs';
import { type ConnectionOptions, connectConfig, withStore } from '../connect';
import { countText, durationText, timeText } from '../format';
import { readShardCount, type ShardsOption, shardIdsOf } from '../shard-count';
import { type Column, table } from '../table';
import type { Terminal } from '../terminal';

export interface ShardsOptions extends ConnectionOptions, ShardsOption {
  readonly exact?: boolean;
  readonly json?: boolean;
}

/** Timers counted of a shard. */
export const COUNT_LIMIT = 10_000;

/** For what is counted to its end: an hour. */
const EXACT_TIMEOUT_MS = 3_600_000;

export async function shards(terminal: Terminal, options: ShardsOptions): Promise<void> {
  const { signal } = terminal;
  const limit = options.exact ? MAX_INT4 : COUNT_LIMIT;
  await withStore(terminal, connectConfig(options), async (store) => {
    const shardCount = await readShardCount(store, options, signal);
    const { now, shards: all } = await readBacklogs(store, shardIdsOf(shardCount), limit, {
      signal,
      ...(options.exact && { timeoutMs: EXACT_TIMEOUT_MS }),
    });
    const totals = totalsOf(all);
    if (options.json) {
      await terminal.writeJson({
        now,
        shardCount,
        countedUpTo: options.exact ? null : limit,
        shards: all,
        totals,
      });
    } else {
      const total = { ...totals, isTotal: true } as const;
      await terminal.write(table(terminal, columnsOf(limit, all), [...all, total]));
    }
  });
}

/** What was counted of shards together: one count that was cut makes a sum that was. */
export function countOf(
  totals: Totals,
  name: 'backlog' | 'due' | 'dead',
  shards: readonly Backlog[],
  limit = COUNT_LIMIT,
): string {
  return countText(
    totals[name],
    shards.some((shard) => shard[name] >= limit),
  );
}

type Row = Backlog | (ReturnType<typeof totalsOf> & { readonly isTotal: true });

function columnsOf(limit: number, all: readonly Backlog[]): readonly Column<Row>[] {
  const ofShard =
    (cell: (shard: Backlog) => string | number | null) =>
    (row: Row): string | number | null =>
      'isTotal' in row ? '' : cell(row);
  const count = (name: 'backlog' | 'due' | 'dead'): Column<Row> => ({
    title: name,
    align: 'right',
    cell: (row) => countOf(row, name, 'isTotal' in row ? all : [row], limit),
  });
  return [
    { title: 'shard', align: 'right', cell: (row) => ('isTotal' in row ? 'total' : String(row.shardId)) },
    {
      title: 'owner',
      cell: ofShard(({ isMoved, ownerAddr }) => (isMoved ? '(moved, or moving)' : ownerAddr)),
    },
    { title: 'version', align: 'right', cell: ofShard(({ shardVersion }) => shardVersion) },
    { title: 'claimed', cell: ofShard(({ claimedAt }) => claimedAt && timeText(claimedAt)) },
    count('backlog'),
    count('due'),
    {
      title: 'late',
      align: 'right',
      cell: ({ oldestLatenessMs }) => durationText(oldestLatenessMs),
      style: ({ oldestLatenessMs }) => (oldestLatenessMs >= 1000 ? 'yellow' : undefined),
    },
    { ...count('dead'), style: ({ dead }) => (dead > 0 ? 'yellow' : undefined) },
  ];
}
