import type { Node } from 'libpg-query';
import { columnOf, constantOf, type Scope, sidesOfEquality, type Table } from '../syntax-tree.mjs';

export const TABLE = 'timers';

/** A column of the table as the live catalog has it. */
export interface TableColumn {
  readonly name: string;
  readonly isNullable: boolean;
}

export function timersIn(scope: Scope): Table[] {
  return scope.tables.filter(({ relation }) => relation?.relname === TABLE);
}

/** Whether it reads the table, or updates or deletes rows that it finds there. */
export function readsTimers(scope: Scope): boolean {
  return timersIn(scope).length > 0;
}

export function isOnTimers(scope: Scope): boolean {
  return readsTimers(scope) || scope.insert?.relation?.relname === TABLE;
}

export function writesTimers(scope: Scope): boolean {
  return scope.kind === 'INSERT'
    ? scope.insert?.relation?.relname === TABLE
    : timersIn(scope).some(({ isTarget }) => isTarget);
}

/** The other side of `column = …` in the WHERE. */
export function valueFor(scope: Scope, column: string): Node | undefined {
  for (const condition of scope.conditions) {
    const [left, right] = sidesOfEquality(condition) ?? [];
    if (columnOf(left)?.name === column) return right;
  }
  return undefined;
}

/** Whether it looks for the row of the shard, and not for timers. */
export function isOnShardRow(scope: Scope): boolean {
  return readsTimers(scope) && constantOf(valueFor(scope, 'row_type')) === 1;
}

/** Whether the WHERE has `column IS NULL`, or `IS NOT NULL`. */
export function testsNull(scope: Scope, column: string, test: 'IS_NULL' | 'IS_NOT_NULL'): boolean {
  return scope.conditions.some(
    (each) =>
      'NullTest' in each &&
      each.NullTest.nulltesttype === test &&
      columnOf(each.NullTest.arg)?.name === column,
  );
}
