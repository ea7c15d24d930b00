import type { Timer } from '../contract/types';
import type { Found } from './find-timers';
import { type Column, table } from './table';
import type { Terminal } from './terminal';
import { timerJson } from './timer-json';

export interface ListOptions {
  readonly limit: number;
  readonly json?: boolean;
}

/** The first of what was found: a line of JSON each as they come, or one table. Says whether there are more. */
export async function list<T extends Timer>(
  terminal: Terminal,
  timers: AsyncIterable<Found<T>>,
  columns: readonly Column<Found<T>>[],
  { limit, json }: ListOptions,
): Promise<void> {
  const rows: Found<T>[] = [];
  let count = 0;
  let isMore = false;
  for await (const found of timers) {
    if (count === limit) {
      isMore = true;
      break;
    }
    count++;
    if (json) {
      await terminal.writeJson(timerJson(found));
    } else {
      rows.push(found);
    }
  }
  if (!json) {
    await terminal.write(table(terminal, columns, rows));
  }
  if (isMore) {
    terminal.say(`there are more than ${limit}: --limit`);
  }
}
