/**
 * Splits SQL into words, so that a check of it cannot be fooled by what stands in a comment or in a string.
 *
 * @typedef {{ text: string, line: number }} Token
 */

const PATTERN = new RegExp(
  [
    String.raw`(?<comment>--[^\n]*|/\*[\s\S]*?(?:\*/|$))`,
    String.raw`(?<string>\be'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|(?<tag>\$(?:[a-z_]\w*)?\$)[\s\S]*?\k<tag>)`,
    '"(?:[^"]|"")*"',
    String.raw`::|:[a-z_]\w*!?`,
    String.raw`[a-z_][\w$]*|\d[\w.]*`,
    String.raw`[<>=!~]+|\S`,
  ].join('|'),
  'gi',
);

/**
 * @param {string} sql
 * @returns {{ words: Token[], comments: Token[] }} `words` are in lower case, a parameter excepted, and a string is `''`.
 */
export function tokenizeSql(sql) {
  /** @type {Token[]} */
  const words = [];
  /** @type {Token[]} */
  const comments = [];
  let line = 1;
  let counted = 0;
  for (const match of sql.matchAll(PATTERN)) {
    line += sql.slice(counted, match.index).split('\n').length - 1;
    counted = match.index;
    const text = match[0];
    if (match.groups?.['comment'] !== undefined) comments.push({ text, line });
    else if (match.groups?.['string'] !== undefined) words.push({ text: "''", line });
    else words.push({ text: normalize(text), line });
  }
  return { words, comments };
}

/** @param {string} word */
function normalize(word) {
  if (word.startsWith(':')) return word;
  // A quoted name keeps its quotes, or else "where" would be a keyword; "timers" is the same as timers.
  if (word.startsWith('"')) return /^"(timers|shard_id)"$/.test(word) ? word.slice(1, -1) : word;
  return word.toLowerCase();
}
