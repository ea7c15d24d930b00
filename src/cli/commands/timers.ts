import { shardIdFor } from '../../contract/shard-id';
import type { Timer } from '../../contract/types';
import type { PostgresTimerStore } from '../../postgres/postgres-timer-store';
import { confirm, type YesOption } from '../confirm';
import { type ConnectionOptions, connectConfig, withStore } from '../connect';
import { CommandError, ExitCode } from '../exit-code';
import { timeText } from '../format';
import type { Moment } from '../moment';
import { printable } from '../printable';
import { requireWrites } from '../require-writes';
import { serverNow } from '../server-now';
import { readShardCount, type ShardsOption } from '../shard-count';
import { table } from '../table';
import type { Terminal } from '../terminal';
import { timerJson } from '../timer-json';

export interface TimerOptions extends ConnectionOptions, ShardsOption {
  readonly json?: boolean;
}

/** Shows all that a timer has. */
export async function timersGet(
  terminal: Terminal,
  namespace: string,
  id: string,
  options: TimerOptions,
): Promise<void> {
  await withTimer(terminal, namespace, id, options, async (_, shardId, timer) => {
    if (options.json) {
      await terminal.writeJson(timerJson({ shardId, timer }));
      return;
    }
    const fields = Object.entries(timerJson({ shardId, timer }));
    await terminal.write(
      table(
        terminal,
        [
          { title: 'field', cell: ([name]) => name },
          { title: 'value', cell: ([, value]) => valueText(value), maxWidth: Number.POSITIVE_INFINITY },
        ],
        fields,
      ),
    );
  });
}

function valueText(value: unknown): string | null {
  if (value instanceof Date) {
    return timeText(value);
  }
  return value === null || typeof value === 'string' ? value : JSON.stringify(value);
}

export async function timersDelete(
  terminal: Terminal,
  namespace: string,
  id: string,
  options: TimerOptions & YesOption,
): Promise<void> {
  const { signal } = terminal;
  await withTimer(terminal, namespace, id, options, async (store, shardId, timer) => {
    confirm(options, `delete 1 timer, ${nameOf(timer)}, due ${timeText(timer.executeAt)}`);
    await requireWrites(store, signal);
    await store.deleteTimerNoLock(shardId, namespace, id, { signal });
    const done = `deleted ${nameOf(timer)}`;
    await terminal.writeDone(options.json ? '{"deleted":1}\n' : `${printable(done)}\n`, done);
  });
}

/** As `engine.update`: its attempts begin anew. */
export async function timersReschedule(
  terminal: Terminal,
  namespace: string,
  id: string,
  time: Moment,
  options: TimerOptions,
): Promise<void> {
  const { signal } = terminal;
  await withTimer(terminal, namespace, id, options, async (store, shardId, before) => {
    await requireWrites(store, signal);
    const changes = { executeAt: time(await serverNow(store, signal)), attempts: 0 };
    const timer = await store.updateTimerNoLock(shardId, namespace, id, changes, { signal });
    const done = `${nameOf(timer)}: ${timeText(before.executeAt)} → ${timeText(timer.executeAt)}`;
    const text = options.json ? JSON.stringify(timerJson({ shardId, timer })) : printable(done);
    await terminal.writeDone(`${text}\n`, done);
  });
}

/** @throws CommandError there is no such timer. */
async function withTimer(
  terminal: Terminal,
  namespace: string,
  id: string,
  options: TimerOptions,
  work: (store: PostgresTimerStore, shardId: number, timer: Timer) => Promise<void>,
): Promise<void> {
  const { signal } = terminal;
  await withStore(terminal, connectConfig(options), async (store) => {
    const shardId = shardIdFor(id, await readShardCount(store, options, signal));
    const timer = await store.getTimer(shardId, namespace, id, { signal });
    if (timer === null) {
      const message = `there is no timer ${nameOf({ namespace, id })} (it would be in shard ${shardId})`;
      throw new CommandError(ExitCode.NO_SUCH_TIMER, message);
    }
    await work(store, shardId, timer);
  });
}

function nameOf({ namespace, id }: Pick<Timer, 'namespace' | 'id'>): string {
  return `${namespace}/${id}`;
}
