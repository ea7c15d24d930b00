import { ZERO_CURSOR } from '../../contract/cursor';
import { MAX_INT4 } from '../../contract/scalars';
import { iterateTimers } from '../../iterate-timers';
import { readBacklogs, type Totals, totalsOf } from '../../postgres/backlogs';
import { type ConnectionOptions, connectConfig, withStore } from '../connect';
import { DumpFile, type DumpPlace } from '../dump-file';
import { CommandError, ExitCode } from '../exit-code';
import { ALL_TIMERS } from '../find-timers';
import { countText } from '../format';
import { Progress } from '../progress';
import { readShardCount, type ShardsOption, shardIdsOf } from '../shard-count';
import type { Terminal } from '../terminal';
import { timerLine } from '../timer-line';

export interface DumpOptions extends ConnectionOptions, ShardsOption {
  /** Undefined: stdout. */
  readonly output?: string;
  readonly resume?: boolean;
}

/** Characters that are written at a time. */
const WRITE_LENGTH = 64 * 1024;

/** To count what there is: an hour. */
const COUNT_TIMEOUT_MS = 3_600_000;

/** Writes every timer that `load` can create again: shard by shard, each in order. It is not one snapshot. */
export async function dump(terminal: Terminal, options: DumpOptions): Promise<void> {
  const { signal } = terminal;
  if (options.resume && options.output === undefined) {
    throw new CommandError(ExitCode.USAGE, '--resume is for --output FILE, which it goes on with');
  }
  await withStore(terminal, connectConfig(options), async (store) => {
    const shardCount = await readShardCount(store, options, signal);
    const file =
      options.output === undefined ? undefined : DumpFile.open(options.output, options.resume === true);
    const write =
      file === undefined ? (text: string) => terminal.write(text) : (text: string) => file.write(text);
    const from: DumpPlace = file?.place(shardCount) ?? { shardId: 0, after: ZERO_CURSOR };
    const shardIds = shardIdsOf(shardCount).slice(from.shardId);
    let progress: Progress | undefined;
    let totals: Totals;
    let count = 0;
    let betweenAttempts = 0;
    try {
      const counts = { signal, timeoutMs: COUNT_TIMEOUT_MS };
      totals = totalsOf((await readBacklogs(store, shardIds, MAX_INT4, counts)).shards);
      progress = new Progress(terminal, 'timers dumped', totals.backlog);
      let text = '';
      for (const shardId of shardIds) {
        const after = shardId === from.shardId ? from.after : ZERO_CURSOR;
        for await (const timer of iterateTimers(store, shardId, { ...ALL_TIMERS, after }, { signal })) {
          text += timerLine(timer);
          count++;
          betweenAttempts += timer.firstAttemptAt === null ? 0 : 1;
          if (text.length >= WRITE_LENGTH) {
            await write(text);
            text = '';
            progress.reach(count);
          }
        }
      }
      await write(text);
    } catch (error) {
      const next = file === undefined ? '' : '; --resume goes on from there';
      throw terminal.failure(error, `${countText(progress?.count ?? 0, false)} timers are dumped${next}`);
    } finally {
      progress?.end();
      file?.close();
    }
    terminal.say(`dumped ${countText(count, false)} timers`);
    if (betweenAttempts > 0) {
      const which = `${countText(betweenAttempts, false)} of them are between attempts`;
      terminal.say(`${which}: when they were due first, and their last errors, are not part of a dump`);
    }
    if (totals.dead > 0) {
      terminal.say(`${countText(totals.dead, false)} dead timers are not part of a dump: dead list --json`);
    }
  });
}
