import os from 'node:os';
import Table from 'cli-table3';
import { quantile } from '../lib/compare';

/** One line of the report. */
export interface Figure {
  readonly what: string;
  readonly measured: string;
  /** Empty: none is set. */
  readonly goal: string;
  readonly isReached?: boolean;
  /** Of the machine in the minute before its end, the work itself included: above the number of cores, others were at work. */
  readonly load: number;
}

export function figure(what: string, measured: string, goal = '', isReached?: boolean): Figure {
  return { what, measured, goal, load: currentLoad(), ...(isReached !== undefined && { isReached }) };
}

export function currentLoad(): number {
  return os.loadavg()[0] ?? Number.NaN;
}

/** p50 / p99 / the most. */
export function showTimes(times: readonly number[]): string {
  const [p50, p99, most] = [0.5, 0.99, 1].map((part) => quantile(times, part).toFixed(1));
  return `${p50} / ${p99} / ${most} ms`;
}

export function printFigures(figures: readonly Figure[]): void {
  const table = new Table({
    head: ['what', 'measured', 'goal', '', 'load'],
    style: { head: [], border: [] },
  });
  for (const { what, measured, goal, isReached, load } of figures) {
    const mark = isReached === undefined ? '' : isReached ? '✓' : '✗';
    table.push([what, measured, goal, mark, load.toFixed(1)]);
  }
  console.log(table.toString());
}
