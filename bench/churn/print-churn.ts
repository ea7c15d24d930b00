import Table from 'cli-table3';
import { median } from '../lib/compare';
import type { ChurnSpace } from './churn-database';
import type { ChurnResult } from './measure-churn';
import type { DeletePace } from './measure-delete-pace';

/** What a churned table may be, in terms of a freshly loaded one. */
const SPACE_GOAL = 1.5;
const READ_GOAL = 1.2;

const PARTS: readonly [name: string, bytes: (space: ChurnSpace) => number][] = [
  ['table', ({ heapBytes }) => heapBytes],
  ['TOAST', ({ toastBytes }) => toastBytes],
  ['primary key', ({ keyIndexBytes }) => keyIndexBytes],
  ['idx_timer_lookup', ({ lookupIndexBytes }) => lookupIndexBytes],
];

export function printChurn(results: readonly ChurnResult[]): void {
  for (const result of results) {
    printResult(result);
  }
}

function printResult({ name, parameters, samples, space, readMs, readBuffers }: ChurnResult): void {
  const last = samples.at(-1);
  const seconds = (last?.elapsedMs ?? 0) / 1000;
  const mostDead = Math.max(...samples.map(({ deadRows }) => deadRows));
  console.log(`
${name}${parameters === '' || parameters === name ? '' : `: ${parameters}`}
${count(last?.timers ?? 0)} timers in ${count(seconds)} s, ${last?.vacuums} vacuums, at most ${count(mostDead)} dead rows`);
  const table = newTable(['', 'churned', 'loaded anew', 'ratio', 'goal', 'reindexed', 'ratio']);
  const all = (of: ChurnSpace) => PARTS.reduce((sum, [, bytes]) => sum + bytes(of), 0);
  for (const [part, bytes] of [...PARTS, ['all', all] as const]) {
    const { churned, fresh, reindexed } = space;
    const ratio = bytes(churned) / bytes(fresh);
    table.push([
      part,
      megabytes(bytes(churned)),
      megabytes(bytes(fresh)),
      ratio.toFixed(2),
      part === 'all' ? verdict(ratio, SPACE_GOAL) : '',
      megabytes(bytes(reindexed)),
      (bytes(reindexed) / bytes(fresh)).toFixed(2),
    ]);
  }
  const readRatio = readMs.churned / readMs.fresh;
  table.push(
    [
      'read of 1,000',
      milliseconds(readMs.churned),
      milliseconds(readMs.fresh),
      readRatio.toFixed(2),
      verdict(readRatio, READ_GOAL),
      '',
      '',
    ],
    [
      'its pages',
      count(readBuffers.churned),
      count(readBuffers.fresh),
      (readBuffers.churned / readBuffers.fresh).toFixed(2),
      '',
      '',
      '',
    ],
  );
  console.log(table.toString());
  const [reads, deletes] = [samples.map(({ readMs: ms }) => ms), samples.map(({ deleteMs: ms }) => ms)];
  console.log(`Under load, medians: read of 1,000 ${medianOf(reads)}, delete of 1,000 ${medianOf(deletes)}`);
}

export function printDeletePace(paces: readonly DeletePace[]): void {
  console.log(
    '\nWhat others notice while one caller deletes 100,000 timers of their shard; median and p99, in ms',
  );
  const table = newTable(['limit', 'deleted/s', 'delete', 'read of 1,000', 'write of the offset']);
  for (const { limit, deletedPerSecond, deletes, reads, offsetWrites } of paces) {
    table.push([
      limit === null ? 'none' : count(limit),
      limit === null ? '' : count(deletedPerSecond),
      ...[deletes, reads, offsetWrites].map((times) =>
        times === null ? '' : `${times.median.toFixed(1)}, ${times.p99.toFixed(1)}`,
      ),
    ]);
  }
  console.log(table.toString());
}

/** Of those that are there: the time may have been up before the first page. */
function medianOf(times: readonly (number | null)[]): string {
  const known = times.filter((time) => time !== null);
  return known.length > 0 ? milliseconds(median(known)) : 'none';
}

function newTable(head: string[]) {
  return new Table({
    head,
    style: { head: [], border: [] },
    colAligns: head.map((_, column) => (column === 0 ? 'left' : 'right')),
  });
}

function verdict(ratio: number, goal: number): string {
  return `${goal} ${ratio <= goal ? '✓' : '✗'}`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function milliseconds(value: number): string {
  return `${value.toFixed(2)} ms`;
}
