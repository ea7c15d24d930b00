import type { Problem } from '../problem.mjs';
import { locate, type Query } from '../query-files.mjs';
import { findAll, visit } from '../syntax-tree.mjs';

const PARAMETER = /(?<![:\w]):[a-z_]\w*!?/i;
const REMEDY = 'A parameter stands outside of quotes: … || :name! || …, or a cast of the whole value.';

/** Parameters that are none: in a string pgtyped leaves `:name` as text, in a quoted name it writes `$1`. */
export function checkLiterals(query: Query): Problem[] {
  const problems: Problem[] = [];
  for (const { sval, location } of findAll<{ sval?: { sval?: string }; location?: number }>(
    query.statement,
    'A_Const',
  )) {
    const [parameter] = PARAMETER.exec(sval?.sval ?? '') ?? [];
    if (parameter !== undefined) {
      const what = `${parameter} stands in a string, where it is text and no parameter`;
      problems.push({ where: locate(query, location), what, remedy: REMEDY });
    }
  }
  visit(query.statement, (_, value) => {
    if (typeof value !== 'string') return;
    const [, number] = /\$(\d+)/.exec(value) ?? [];
    const parameter = query.parameters[Number(number ?? 0) - 1];
    if (parameter === undefined) return;
    const offset = Math.max(0, Buffer.from(query.text).indexOf(value));
    const what = `${parameter} stands in a quoted name, which becomes "${value}"`;
    problems.push({ where: locate(query, offset), what, remedy: REMEDY });
  });
  return problems;
}
