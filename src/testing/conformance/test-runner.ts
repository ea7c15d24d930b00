import { InvalidArgumentError } from '../../contract/errors';

type Hook = (body: () => Promise<void>) => unknown;

/** What the suite needs of a test runner: jest's globals, or the exports of `vitest` and `node:test`, have all of it. */
export interface TestRunner {
  /** Names a group of tests. */
  readonly describe: (name: string, body: () => void) => unknown;
  /** Names a test, which fails if its body rejects. */
  readonly test: (name: string, body: () => Promise<void>) => unknown;
  /** As jest and vitest call it. */
  readonly beforeAll?: Hook;
  readonly afterAll?: Hook;
  /** As `node:test` calls it. */
  readonly before?: Hook;
  readonly after?: Hook;
}

/** With one name for each hook. */
export type NamedRunner = Pick<TestRunner, 'describe' | 'test'> & {
  readonly beforeAll: Hook;
  readonly afterAll: Hook;
};

/** @throws InvalidArgumentError there is no such runner. */
export function parseRunner(runner: Partial<TestRunner>): NamedRunner {
  const { describe, test, beforeAll = runner.before, afterAll = runner.after } = runner;
  if (
    typeof describe !== 'function' ||
    typeof test !== 'function' ||
    typeof beforeAll !== 'function' ||
    typeof afterAll !== 'function'
  ) {
    throw new InvalidArgumentError(
      'runner',
      "must have describe, test, and beforeAll and afterAll, or before and after. Where there are no such globals, give them: import * as runner from 'vitest', or from 'node:test'",
    );
  }
  return { describe, test, beforeAll, afterAll };
}
