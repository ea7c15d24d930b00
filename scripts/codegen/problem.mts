/** Something wrong with the project, in words for whoever has to mend it. */
export interface Problem {
  /** File, line and query, as far as they are known: `sql/claim.sql:12, getShard`. */
  readonly where: string;
  readonly what: string;
  readonly remedy: string;
}

/** A statement that the server or the parser refuses, with the place it names. */
export interface SqlFault extends Error {
  /** In characters from the start of the statement, from 1 on, as PostgreSQL counts. */
  readonly position?: string;
  readonly code?: string;
}

/** The lines from one to another of two texts that differ, as `diff` shows them; none, if they are the same. */
export function diffLines(before: readonly string[], after: readonly string[]): string[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const common = Math.min(before.length, after.length) - start;
  while (end < common && before.at(-1 - end) === after.at(-1 - end)) end++;
  return [
    ...before.slice(start, before.length - end).map((line) => `- ${line}`),
    ...after.slice(start, after.length - end).map((line) => `+ ${line}`),
  ];
}
