import fs from 'node:fs';
import path from 'node:path';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';

/**
 * What Citus asks of a statement on a distributed table, as far as it can be seen without Citus: that each statement
 * is bound to one shard is checked by `npm run codegen`.
 *
 * Source: https://docs.citusdata.com/en/stable/develop/reference_workarounds.html, trials on Citus 13, and in its source
 * the functions InsertPartitionColumnMatchesSelect and ErrorIfQueryHasUnroutableModifyingCTE.
 */
const SQL = path.join(__dirname, '../../sql');
const QUERIES = fs.readdirSync(SQL).flatMap((file) =>
  fs
    .readFileSync(path.join(SQL, file), 'utf8')
    .split(/(?=\/\* @name )/)
    .flatMap((text) => {
      const [, name, statement] = /^\/\* @name (\w+) \*\/([^;]*);/.exec(text) ?? [];
      return name === undefined || statement === undefined ? [] : [[name, statement] as const];
    }),
);
/** Those of many shards are for one server: what an engine needs on Citus has still to be made. */
const OF_MANY_SHARDS = ['createTimersOfShards', 'readDueTimers', 'settleDoneTimers', 'settleTimers'];

/** Those that look at the catalog alone run wherever they are. */
const TABLE_QUERIES = QUERIES.filter(
  ([name, text]) => /\b(?:FROM|INTO|UPDATE) timers\b/.test(text) && !OF_MANY_SHARDS.includes(name),
);

/**
 * Citus takes these apart, and runs several commands in one transaction. The last one is of `moveShard`, which refuses
 * servers with Citus. docs/scaling.md tells of them.
 */
const IN_SEVERAL_COMMANDS = [
  'createTimersOfUnclaimedShard',
  'rangeDeleteWithBatchInsertTxn',
  'replaceMovingTimers',
];

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await openStoreFixture();
});
afterAll(async () => await fixture.close());

/** What stands between a word and the end of its clause: the next word, or a parenthesis that was opened before. */
function clauses(text: string, start: RegExp, end: RegExp): string[] {
  return [...text.matchAll(start)].map((match) => {
    const clause = text.slice(match.index + match[0].length);
    let depth = 0;
    for (let at = 0; at < clause.length; at++) {
      depth += clause[at] === '(' ? 1 : clause[at] === ')' ? -1 : 0;
      if (depth < 0 || (depth === 0 && end.test(clause.slice(at)))) {
        return clause.slice(0, at);
      }
    }
    return clause;
  });
}

function splitAtCommas(list: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const character of list) {
    depth += character === '(' ? 1 : character === ')' ? -1 : 0;
    if (character === ',' && depth === 0) {
      parts.push('');
    } else {
      parts[parts.length - 1] += character;
    }
  }
  return parts.map((part) => part.trim());
}

/** PostgreSQL itself judges: it indexes an expression only if nothing but the row can change it. */
async function isImmutable(expression: string): Promise<boolean> {
  await fixture.direct.query('BEGIN');
  try {
    await fixture.direct.query(`CREATE INDEX ON timers ((${expression}))`);
    return true;
  } catch (error) {
    expect((error as Error).message).toBe('functions in index expression must be marked IMMUTABLE');
    return false;
  } finally {
    await fixture.direct.query('ROLLBACK');
  }
}

function returnedExpressions(text: string): string[] {
  return clauses(text, /\bRETURNING\b/g, /^;/)
    .flatMap(splitAtCommas)
    .map((each) => each.replace(/ AS "?\w+[!?]?"?$/, '').replace(/\b(?:shard|timers)\./g, ''))
    .filter((each) => each !== '*');
}

test('the queries are found', () => {
  expect(TABLE_QUERIES.length).toBeGreaterThanOrEqual(17);
  expect(TABLE_QUERIES.flatMap(([, text]) => returnedExpressions(text)).length).toBeGreaterThan(20);
});

test('all but three run on their shard as they are', () => {
  const others = TABLE_QUERIES.filter(([, text]) => !insertsInOnePiece(text)).map(([name]) => name);
  expect(others.sort()).toEqual(IN_SEVERAL_COMMANDS);
});

/** An INSERT is no part of another statement, and takes the shard from the row of that shard, or is of VALUES. */
function insertsInOnePiece(text: string): boolean {
  const [insert, ...more] = text.split(/\bINSERT INTO timers\b/).slice(1);
  if (insert === undefined) {
    return true;
  }
  const isWhole = more.length === 0 && /^\s*INSERT\b/.test(text);
  const source = /^\s*\([^)]*\)\s*(?:VALUES\b|SELECT\s+(\w+)\.shard_id,[^;]*\bFROM timers AS (\w+)\b)/.exec(
    insert,
  );
  return isWhole && source !== null && source[1] === source[2];
}

test('a function over a time zone would be noticed', async () => {
  expect(await isImmutable(`date_part('epoch', timer_execute_at)`)).toBe(false);
});

describe.each(TABLE_QUERIES)('%s', (_, text) => {
  test('returns nothing that a setting of a worker could change', async () => {
    for (const expression of returnedExpressions(text)) {
      expect([expression, await isImmutable(expression)]).toEqual([expression, true]);
    }
  });

  test('overwrites with the new row, and with nothing that is computed', () => {
    for (const assignments of clauses(text, /\bDO UPDATE\s+SET\b/g, /^(?:RETURNING|WHERE)\b/)) {
      for (const assignment of splitAtCommas(assignments)) {
        expect(assignment).toMatch(/^\w+ = excluded\.\w+$/);
      }
    }
  });

  test('calls no volatile function', async () => {
    const names = [...text.matchAll(/\b([a-z_]+)\(/g)].map(([, name]) => name);
    const { rows } = await fixture.direct.query(
      `SELECT proname FROM pg_proc WHERE proname = ANY($1) AND provolatile = 'v'`,
      [names],
    );
    expect(rows).toEqual([]);
  });
});
