/**
 * Whether a statement is bound to one shard: the table is partitioned and distributed by shard_id, so a statement that
 * leaves it out visits every partition, and one that writes may change a shard that its caller does not own.
 *
 * @typedef {string | Group} Node
 * @typedef {{ inner: Node[] }} Group What stands between two parentheses.
 */

const SET_OPERATIONS = ['union', 'intersect', 'except'];
const STATEMENT_WORDS = ['select', 'insert', 'update', 'delete', 'merge', 'values', 'table', 'truncate'];
const WORDS_AFTER_WHERE = [
  'group',
  'having',
  'window',
  'order',
  'limit',
  'offset',
  'fetch',
  'for',
  'returning',
];

/**
 * A statement that does not name the table, such as one that looks at the catalog, has no shard to be bound to.
 *
 * @param {string[]} words
 * @returns {string | null} What is not bound.
 */
export function findUnboundScope(words) {
  if (!words.includes('timers')) return null;
  return findUnboundBranch(nest(words), true);
}

/**
 * @param {Node[]} nodes
 * @param {boolean} isOutermost
 * @returns {string | null}
 */
function findUnboundBranch(nodes, isOutermost) {
  for (const branch of split(nodes, SET_OPERATIONS)) {
    if (isOutermost || (isStatement(branch) && directWords(branch).includes('timers'))) {
      const problem = findUnboundTable(branch, isOutermost);
      if (problem !== null) return isOutermost ? `the outermost statement, ${problem}` : problem;
    }
    for (const node of branch) {
      const problem = typeof node === 'string' ? null : findUnboundBranch(node.inner, false);
      if (problem !== null) return problem;
    }
  }
  return null;
}

/**
 * @param {Node[]} branch
 * @param {boolean} isOutermost
 * @returns {string | null}
 */
function findUnboundTable(branch, isOutermost) {
  const conflict = branch.findIndex((node, index) => node === 'on' && branch[index + 1] === 'conflict');
  const scope = conflict < 0 ? branch : branch.slice(0, conflict);
  let tables = findTables(directWords(scope));

  const insert = scope.indexOf('insert');
  if (insert >= 0) {
    const shard = findInsertedShard(scope.slice(insert));
    if (shard === null)
      return 'an INSERT whose first column is not shard_id or whose first value is not the shard';
    tables = tables.slice(1);
    if (tables.length === 0 && (shard.startsWith(':') || !isOutermost)) return null;
  }

  const conditions = findConditions(scope);
  if (tables.length === 0) {
    return conditions.some((each) => /^(?:\w+\.)?shard_id=:shardId!?$/.test(each))
      ? null
      : 'the WHERE of its result';
  }
  const unbound = tables.find((table) => !conditions.some((each) => isBinding(each, table)));
  return unbound === undefined ? null : `the WHERE for ${unbound}`;
}

/**
 * @param {string} condition
 * @param {string} table
 */
function isBinding(condition, table) {
  return ['shard_id', `${table}.shard_id`].some(
    (column) => condition.replace(/!$/, '') === `${column}=:shardId`,
  );
}

/**
 * Any shard_id that can be selected is that of the one shard, since whatever reads the table is bound itself.
 *
 * @param {Node[]} insert
 * @returns {string | null}
 */
function findInsertedShard(insert) {
  const columnsAt = insert.findIndex((node) => typeof node !== 'string');
  const columns = insert[columnsAt];
  if (columns === undefined || typeof columns === 'string' || columns.inner[0] !== 'shard_id') return null;
  const [keyword, ...source] = insert.slice(columnsAt + 1);
  /** @type {Node[][]} */
  let rows = [];
  if (keyword === 'values') rows = source.flatMap((node) => (typeof node === 'string' ? [] : [node.inner]));
  if (keyword === 'select') rows = [source];
  const shards = rows.map((row) => {
    const comma = row.indexOf(',');
    return directWords(row.slice(0, comma)).join('');
  });
  const isShard = (/** @type {string} */ value) => /^:shardId!?$|^(?:\w+\.)?shard_id$/.test(value);
  return shards.length > 0 && shards.every(isShard) ? (shards[0] ?? null) : null;
}

/**
 * @param {Node[]} scope
 * @returns {string[]} What the WHERE joins by AND; nothing, if an OR makes each of it optional.
 */
function findConditions(scope) {
  const where = scope.indexOf('where');
  if (where < 0) return [];
  const clause = scope.slice(where + 1);
  const end = clause.findIndex((node) => typeof node === 'string' && WORDS_AFTER_WHERE.includes(node));
  const condition = end < 0 ? clause : clause.slice(0, end);
  if (condition.includes('or')) return [];
  return split(condition, ['and']).map((nodes) =>
    nodes.map((node) => (typeof node === 'string' ? node : '()')).join(''),
  );
}

/**
 * @param {string[]} words
 * @returns {string[]} The name that each mention of the table goes by in this statement.
 */
function findTables(words) {
  return words.flatMap((word, index) => {
    if (word !== 'timers' || words[index + 1] === '.') return [];
    return [words[index + 1] === 'as' ? (words[index + 2] ?? word) : word];
  });
}

/**
 * @param {Node[]} nodes
 * @returns {string[]} The words of the nodes without those of any statement inside.
 */
function directWords(nodes) {
  return nodes.flatMap((node) =>
    typeof node === 'string' ? [node] : isStatement(node.inner) ? [] : directWords(node.inner),
  );
}

/** @param {Node[]} nodes */
function isStatement(nodes) {
  return nodes.some((node) => typeof node === 'string' && STATEMENT_WORDS.includes(node));
}

/**
 * @param {Node[]} nodes
 * @param {string[]} separators
 */
function split(nodes, separators) {
  /** @type {Node[][]} */
  const parts = [[]];
  for (const node of nodes) {
    if (typeof node === 'string' && separators.includes(node)) parts.push([]);
    else parts.at(-1)?.push(node);
  }
  return parts;
}

/** @param {string[]} words */
function nest(words) {
  /** @type {Node[][]} */
  const open = [[]];
  for (const word of words) {
    if (word === '(') open.push([]);
    else if (word === ')' && open.length > 1) open.at(-2)?.push({ inner: open.pop() ?? [] });
    else open.at(-1)?.push(word);
  }
  return open[0] ?? [];
}
