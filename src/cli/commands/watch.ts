import { setTimeout as sleep } from 'node:timers/promises';
import { readTableActivity } from '../../generated/server-check.queries';
import { type Backlog, type Backlogs, readBacklogs, type Totals, totalsOf } from '../../postgres/backlogs';
import type { PostgresTimerStore } from '../../postgres/postgres-timer-store';
import { statementsOf } from '../../postgres/store-statements';
import { type ConnectionOptions, connectConfig, withStore } from '../connect';
import { ExitCode, exitCodeOf } from '../exit-code';
import { durationText, timeText } from '../format';
import { messageOf } from '../message-of';
import { readShardCount, type ShardsOption, shardIdsOf } from '../shard-count';
import { type Column, table } from '../table';
import type { Terminal } from '../terminal';
import { COUNT_LIMIT, countOf } from './shards';

export interface WatchOptions extends ConnectionOptions, ShardsOption {
  /** Seconds. */
  readonly interval: number;
  /** Undefined: until it is stopped. */
  readonly count?: number;
  readonly json?: boolean;
}

/** Rows that the table got, changed and lost, since its statistics began. */
interface Activity {
  readonly at: number;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
}

interface Look extends Backlogs {
  readonly activity: Activity;
}

/** What `--json` writes of each look. Rates are null at the first. */
interface Sample extends Totals {
  readonly now: Date;
  readonly createdPerSecond: number | null;
  readonly changedPerSecond: number | null;
  readonly deletedPerSecond: number | null;
}

/** Looks again and again, through failures too, until it is stopped. */
export async function watch(terminal: Terminal, options: WatchOptions): Promise<void> {
  const { signal } = terminal;
  const { interval, count = Number.POSITIVE_INFINITY } = options;
  try {
    await withStore(terminal, connectConfig(options), async (store) => {
      const shardIds = shardIdsOf(await readShardCount(store, options, signal));
      let before: Look | undefined;
      for (let looks = 1; ; looks++) {
        try {
          const look = await lookAt(store, shardIds, signal);
          await show(terminal, look, before, looks === 1, options);
          before = look;
        } catch (error) {
          if (signal.aborted || exitCodeOf(error) !== ExitCode.UNUSABLE_DATABASE) {
            throw error;
          }
          terminal.say(messageOf(error));
        }
        if (looks === count) {
          return;
        }
        await sleep(interval * 1000, undefined, { signal });
      }
    });
  } catch (error) {
    if (!terminal.isStopped) {
      throw error;
    }
  }
}

async function lookAt(
  store: PostgresTimerStore,
  shardIds: readonly number[],
  signal: AbortSignal,
): Promise<Look> {
  const run = statementsOf('store', store);
  const { rows } = await run('read', 'readTableActivity', readTableActivity, undefined, { signal });
  const { inserted = 0, updated = 0, deleted = 0 } = rows[0] ?? {};
  const activity = { at: performance.now(), inserted, updated, deleted };
  return { activity, ...(await readBacklogs(store, shardIds, COUNT_LIMIT, { signal })) };
}

async function show(
  terminal: Terminal,
  look: Look,
  before: Look | undefined,
  isFirst: boolean,
  { json }: WatchOptions,
): Promise<void> {
  const rate = (name: 'inserted' | 'updated' | 'deleted') => {
    const last = before?.activity;
    // They begin anew when the server crashes.
    return last === undefined || look.activity[name] < last[name]
      ? null
      : Math.round((1000 * (look.activity[name] - last[name])) / (look.activity.at - last.at));
  };
  const sample: Sample = {
    now: look.now,
    ...totalsOf(look.shards),
    createdPerSecond: rate('inserted'),
    changedPerSecond: rate('updated'),
    deletedPerSecond: rate('deleted'),
  };
  if (json) {
    const { now, ...counts } = sample;
    await terminal.writeJson({ now, countedUpTo: COUNT_LIMIT, ...counts });
    return;
  }
  const lines = table(terminal, columnsOf(look.shards), [sample]);
  if (terminal.isWatched) {
    await terminal.clear();
    await terminal.write(`${lines}\n${table(terminal, OWNER_COLUMNS, ownersOf(look))}`);
  } else {
    await terminal.write(isFirst ? lines : lines.slice(lines.indexOf('\n') + 1));
  }
}

function columnsOf(shards: readonly Backlog[]): readonly Column<Sample>[] {
  const rateColumn = (title: string, cell: Column<Sample>['cell']): Column<Sample> => ({
    title,
    align: 'right',
    cell,
  });
  return [
    // As wide as it ever is, so that lines written one by one stand in columns.
    { title: 'time'.padEnd(24), cell: ({ now }) => timeText(now).padEnd(24) },
    { title: 'backlog'.padStart(12), align: 'right', cell: (row) => countOf(row, 'backlog', shards) },
    { title: 'due'.padStart(12), align: 'right', cell: (row) => countOf(row, 'due', shards) },
    {
      title: 'late'.padStart(8),
      align: 'right',
      cell: ({ oldestLatenessMs }) => durationText(oldestLatenessMs),
      style: ({ oldestLatenessMs }) => (oldestLatenessMs >= 1000 ? 'yellow' : undefined),
    },
    { title: 'dead'.padStart(8), align: 'right', cell: (row) => countOf(row, 'dead', shards) },
    rateColumn(' created/s', ({ createdPerSecond }) => createdPerSecond),
    rateColumn(' changed/s', ({ changedPerSecond }) => changedPerSecond),
    rateColumn(' deleted/s', ({ deletedPerSecond }) => deletedPerSecond),
  ];
}

interface Owner extends Totals {
  readonly ownerAddr: string | null;
  readonly shards: readonly Backlog[];
}

function ownersOf({ shards }: Look): Owner[] {
  const byOwner = new Map<string | null, Backlog[]>();
  for (const shard of shards) {
    byOwner.set(shard.ownerAddr, [...(byOwner.get(shard.ownerAddr) ?? []), shard]);
  }
  return [...byOwner].map(([ownerAddr, owned]) => ({
    ownerAddr,
    shards: owned,
    ...totalsOf(owned),
  }));
}

const OWNER_COLUMNS: readonly Column<Owner>[] = [
  { title: 'owner', cell: ({ ownerAddr }) => ownerAddr },
  { title: 'shards', align: 'right', cell: ({ shards }) => shards.length },
  {
    title: 'backlog',
    align: 'right',
    cell: (row) => countOf(row, 'backlog', row.shards),
  },
  { title: 'due', align: 'right', cell: (row) => countOf(row, 'due', row.shards) },
  { title: 'late', align: 'right', cell: ({ oldestLatenessMs }) => durationText(oldestLatenessMs) },
  { title: 'dead', align: 'right', cell: (row) => countOf(row, 'dead', row.shards) },
];
