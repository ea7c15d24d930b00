import { InvalidArgumentError, TimerNotFoundError } from '../../contract/errors';
import { shardIdFor } from '../../contract/shard-id';
import type { DeadTimer } from '../../contract/types';
import type { PostgresTimerStore } from '../../postgres/postgres-timer-store';
import { confirm, type YesOption } from '../confirm';
import { type ConnectionOptions, connectConfig, withStore } from '../connect';
import { type DeadFilter, filterDeadTimers } from '../dead-filter';
import { CommandError, ExitCode, mayBeDone } from '../exit-code';
import type { Found } from '../find-timers';
import { countText } from '../format';
import type { Moment } from '../moment';
import { Progress } from '../progress';
import type { Reading } from '../reading';
import { requireWrites } from '../require-writes';
import { serverNow } from '../server-now';
import { readShardCount, type ShardsOption, shardIdsOf } from '../shard-count';
import type { Terminal } from '../terminal';

export interface DeadChangeOptions extends ConnectionOptions, ShardsOption, DeadFilter, YesOption {
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Calls under way at a time: the store's pool has ten connections. */
const CONCURRENCY = 10;

/** Of each shard, all of which are read at once. */
const PAGE_SIZE = 100;

/** Of timers that could not be changed, so many are named. */
const MAX_NAMED = 20;

type Change = (found: Found<DeadTimer>) => Promise<unknown>;

export async function deadRevive(
  terminal: Terminal,
  namespace: string | undefined,
  id: string | undefined,
  options: DeadChangeOptions & { readonly at: Moment },
): Promise<void> {
  const { signal } = terminal;
  const words = { does: 'revive', done: 'revived' };
  await changeAll(terminal, words, namespace, id, options, (store, now) => {
    const executeAt = options.at(now);
    return ({ shardId, timer }) =>
      store.reviveTimer(shardId, timer.namespace, timer.id, executeAt, { signal });
  });
}

export async function deadDelete(
  terminal: Terminal,
  namespace: string | undefined,
  id: string | undefined,
  options: DeadChangeOptions,
): Promise<void> {
  const { signal } = terminal;
  const words = { does: 'delete', done: 'deleted' };
  await changeAll(terminal, words, namespace, id, options, (store) => {
    return ({ shardId, timer }) => store.deleteDeadTimer(shardId, timer.namespace, timer.id, { signal });
  });
}

/** The one that is named, or all that the filter lets through: counted first, and changed only with `--yes`. */
async function changeAll(
  terminal: Terminal,
  words: { readonly does: string; readonly done: string },
  namespace: string | undefined,
  id: string | undefined,
  options: DeadChangeOptions,
  changeOf: (store: PostgresTimerStore, now: Date) => Change,
): Promise<void> {
  checkSelection(namespace, id, options);
  const { signal } = terminal;
  await withStore(terminal, connectConfig(options), async (store) => {
    const shardCount = await readShardCount(store, options, signal);
    const now = await serverNow(store, signal);
    const shardIds = id === undefined ? shardIdsOf(shardCount) : [shardIdFor(id, shardCount)];
    const reading: Reading = { store, shardIds, terminal, pageSize: PAGE_SIZE };
    const selected = () => select(reading, options, now, namespace, id);
    const count = await countOf(selected());
    if (count === 0 && id !== undefined) {
      throw new CommandError(ExitCode.NO_SUCH_TIMER, `there is no dead timer ${namespace}/${id}`);
    }
    if (count > 0) {
      confirm(options, `${words.does} ${countText(count, false)} dead timer${count === 1 ? '' : 's'}`);
      await requireWrites(store, signal);
    }
    const changed = await change(
      terminal,
      `dead timers ${words.done}`,
      count,
      selected(),
      changeOf(store, now),
    );
    const done = `${words.done} ${countText(changed, false)} of ${countText(count, false)}`;
    const text = options.json ? JSON.stringify({ found: count, [words.done]: changed }) : done;
    await terminal.writeDone(`${text}\n`, done);
  });
}

/** @throws CommandError nothing says which, or two things do. */
function checkSelection(
  namespace: string | undefined,
  id: string | undefined,
  { all, namespace: ofNamespace, id: prefix, error, since, before }: DeadChangeOptions,
): void {
  const isFiltered = [ofNamespace, prefix, error, since, before].some((each) => each !== undefined);
  const ways = [namespace !== undefined, isFiltered, all === true].filter(Boolean).length;
  if (ways !== 1 || (namespace !== undefined && id === undefined)) {
    const message =
      'say which dead timers by NAMESPACE ID, by a filter such as --namespace, or by --all: one of them';
    throw new CommandError(ExitCode.USAGE, message);
  }
}

async function* select(
  reading: Reading,
  filter: DeadFilter,
  now: Date,
  namespace: string | undefined,
  id: string | undefined,
): AsyncGenerator<Found<DeadTimer>, void, undefined> {
  if (id === undefined || namespace === undefined) {
    yield* filterDeadTimers(reading, filter, now);
    return;
  }
  for await (const found of filterDeadTimers(reading, { namespace, id }, now)) {
    if (found.timer.id === id) {
      yield found;
    }
  }
}

async function countOf(timers: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of timers) {
    count++;
  }
  return count;
}

/**
 * Several at a time. What cannot be changed is left, and named; what is no longer there was another's.
 *
 * @returns how many were changed.
 * @throws CommandError with how many were, if a call fails for another reason or the command is told to end.
 */
async function change(
  terminal: Terminal,
  what: string,
  total: number,
  timers: AsyncIterable<Found<DeadTimer>>,
  changeOne: Change,
): Promise<number> {
  const progress = new Progress(terminal, what, total);
  const calls = new Set<Promise<void>>();
  let left = 0;
  let unknown = 0;
  let failure: unknown;
  const call = async (found: Found<DeadTimer>) => {
    try {
      await changeOne(found);
      progress.reach(progress.count + 1);
    } catch (error) {
      if (error instanceof InvalidArgumentError && ++left <= MAX_NAMED) {
        terminal.find(`left ${found.timer.namespace}/${found.timer.id}: ${error.message}`);
      } else if (!(error instanceof InvalidArgumentError || error instanceof TimerNotFoundError)) {
        failure ??= error;
        unknown += mayBeDone(error) ? 1 : 0;
      }
    }
  };
  try {
    for await (const found of timers) {
      const calling: Promise<void> = call(found).then(() => {
        calls.delete(calling);
      });
      calls.add(calling);
      if (calls.size === CONCURRENCY) {
        await Promise.race(calls);
      }
      if (failure !== undefined) {
        break;
      }
    }
  } catch (error) {
    failure ??= error;
  }
  await Promise.all(calls);
  progress.end();
  if (left > MAX_NAMED) {
    terminal.find(`left ${left - MAX_NAMED} more`);
  }
  if (failure !== undefined) {
    const done = `${countText(progress.count, false)} of ${countText(total, false)} ${what}`;
    throw terminal.failure(failure, unknown === 0 ? done : `${done}, and perhaps ${unknown} more`);
  }
  return progress.count;
}
