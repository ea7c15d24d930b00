import Table from 'cli-table3';
import type { BacklogResult, OperationResult } from './compare-backlogs';
import { deadRowsGoal, GROWTH_GOAL } from './growth-goals';
import type { GrowthResult } from './measure-growth';

export function printGrowth(bySize: GrowthResult, byDeadRows: GrowthResult): void {
  const backlogs = [...bySize.backlogs, ...byDeadRows.backlogs];
  const space = newTable(['backlog', 'timers', 'table', 'indexes', 'dead rows']);
  for (const { name, timers, tableBytes, indexBytes, deadRows } of backlogs) {
    space.push([name, count(timers), megabytes(tableBytes), megabytes(indexBytes), count(deadRows)]);
  }
  console.log(space.toString());
  console.log(
    '\nSpeed by size: median ratio to the smallest, and its range over the rounds. The goal is for the largest.',
  );
  printRatios(bySize.operations, () => GROWTH_GOAL);
  console.log(
    '\nSpeed with dead rows behind the committed offset that an open transaction keeps from removal, against',
  );
  console.log('without. What the operations themselves leave dead cannot be removed either.');
  printRatios(byDeadRows.operations, deadRowsGoal);
}

/** The goal is that of the last backlog. */
function printRatios(
  results: readonly OperationResult[],
  goalOf: (result: OperationResult) => number | undefined,
): void {
  const [first, ...others] = results[0]?.backlogs ?? [];
  const head = ['operation', `${first?.backlog}, calls/s`, ...others.map(({ backlog }) => backlog), 'goal'];
  const table = newTable(head);
  for (const result of results) {
    const [base, ...compared] = result.backlogs;
    table.push([
      result.operation,
      count(base?.callsPerSecond ?? Number.NaN),
      ...compared.map(ratioWithSpread),
      verdict(compared.at(-1)?.medianRatio ?? Number.NaN, goalOf(result)),
    ]);
  }
  console.log(table.toString());
}

function newTable(head: string[]) {
  return new Table({
    head,
    style: { head: [], border: [] },
    colAligns: head.map((_, column) => (column === 0 ? 'left' : 'right')),
  });
}

function ratioWithSpread({ medianRatio, ratios }: BacklogResult): string {
  const spread = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
  return `${medianRatio.toFixed(2)} (${spread})`;
}

function verdict(ratio: number, goal: number | undefined): string {
  return goal === undefined ? '' : `${goal} ${ratio >= goal ? '✓' : '✗'}`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toLocaleString('en', { maximumFractionDigits: 1 })} MB`;
}
