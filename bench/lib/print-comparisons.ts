import os from 'node:os';
import Table from 'cli-table3';
import type { ComparisonResult } from './compare';

/** The machine, in one line: no figure means anything without it. */
export function describeMachine(server: string): string {
  const { model } = os.cpus()[0] ?? { model: 'unknown processor' };
  return `${model.trim()}, ${os.cpus().length} cores, Node ${process.versions.node}; ${server}`;
}

export function printComparisons(results: readonly ComparisonResult[], server: string): void {
  const table = new Table({
    head: ['work', 'against', 'ratio', 'min–max', 'goal', 'per second', 'yardstick', 'multixacts (members)'],
    style: { head: [], border: [] },
  });
  for (const result of results) {
    table.push([
      result.name,
      result.yardstick,
      result.medianRatio.toFixed(2),
      `${Math.min(...result.ratios).toFixed(2)}–${Math.max(...result.ratios).toFixed(2)}`,
      result.goal === undefined ? '' : `${result.goal} ${result.medianRatio >= result.goal ? '✓' : '✗'}`,
      `${Math.round(result.oursPerSecond).toLocaleString('en')} ${result.unit}`,
      Math.round(result.theirsPerSecond).toLocaleString('en'),
      result.multixacts === undefined ? '' : `${result.multixacts.made} (${result.multixacts.members})`,
    ]);
  }
  console.log(describeMachine(server));
  if (results.length > 0) {
    console.log(table.toString());
  }
}
