import { type CheckedQueries, checkQueries } from './check-queries.mjs';
import { checkSchema, type Schema } from './check-schema.mjs';
import { compareGenerated } from './generated-files.mjs';
import { compareRecord } from './migrations.mjs';
import type { Problem } from './problem.mjs';
import type { CreateDatabase } from './scratch-databases.mjs';

export interface CheckedProject {
  /** What has to be mended before anything is written. */
  readonly problems: readonly Problem[];
  /** What is not as it would be written. */
  readonly stale: readonly Problem[];
  /** Of src/generated, by file name. */
  readonly output: CheckedQueries['output'];
  readonly queryCount: number;
}

const NOTHING: CheckedQueries = { problems: [], output: new Map(), count: 0 };

/**
 * Checks `sql/`, `db/` and what is generated from them.
 *
 * @param schema What checkSchema makes of the project. (Default: it is asked)
 */
export async function checkProject(
  root: string,
  create: CreateDatabase,
  schema: Promise<Schema> = checkSchema(root, create),
): Promise<CheckedProject> {
  const made = await schema;
  const queries = made.databases.has('plain') ? await checkQueries(root, made) : NOTHING;
  const problems = [...made.problems, ...queries.problems];
  // What is made from something faulty says nothing about what is committed.
  const stale = [...compareRecord(root), ...made.stale, ...compareGenerated(root, queries.output)];
  return {
    problems,
    stale: problems.length > 0 ? [] : stale,
    output: queries.output,
    queryCount: queries.count,
  };
}
