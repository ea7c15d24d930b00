import type { Node, ResTarget } from 'libpg-query';
import { deparseSync } from 'pgsql-deparser';
import type { Problem } from '../problem.mjs';
import { locate, type Query } from '../query-files.mjs';
import { columnOf, columnsIn, findAll, firstLocation, renameColumns, type Scope } from '../syntax-tree.mjs';
import { isOnShardRow, readsTimers, testsNull, valueFor, writesTimers } from './timers-table.mjs';

/** SQL that stands in several queries, since pgtyped has no way to share it, and is to be the same in each. */
interface Fragment {
  readonly name: string;
  /** Where it stands in a scope: the parts of each occurrence. */
  readonly find: (scope: Scope, query: Query) => readonly (readonly Node[])[];
  /** The columns in it differ from place to place. */
  readonly ofAnyColumn?: boolean;
  /** Queries of another text, with the reason. */
  readonly except?: Readonly<Record<string, string>>;
}

const KEY = ['shard_id', 'row_type', 'timer_execute_at', 'timer_uuid'];
const AS_TEXT = 'times travel as text';
const MOVES = { listMovingTimers: AS_TEXT, replaceMovingTimers: AS_TEXT, deleteMovedTimers: AS_TEXT };

/** Their shards come in rows, not by a parameter. */
const OF_ROWS = 'each shard is that of a row';
const OF_MANY_SHARDS = {
  countTimersOfNamespace: OF_ROWS,
  createTimersOfPart: OF_ROWS,
  createTimersOfShards: OF_ROWS,
  deleteTimersOfShards: OF_ROWS,
  listTimersById: OF_ROWS,
  listTimersByTime: OF_ROWS,
  readBacklogs: OF_ROWS,
  readDueTimers: OF_ROWS,
  readDueTimersOfPart: OF_ROWS,
  readNextNamespace: OF_ROWS,
  settleDoneTimers: OF_ROWS,
  settleDoneTimersOfPart: OF_ROWS,
  settleTimers: OF_ROWS,
  settleTimersOfPart: OF_ROWS,
  updateTimersOfShards: OF_ROWS,
};
const OF_DEAD = 'of dead timers';

/** Their timers come in rows, not by parameters. */
const OF_ONE_SHARD = {
  updateTimers: 'each timer is that of a row',
  deleteTimers: 'each timer is that of a row',
};
const OF_GATHERED = ['updateTimers', 'updateTimersOfShards'];

/** What a result says of its statement, or of where each timer stands, beside its timers. */
const OF_STATEMENT = ['lostOwners!', 'missedPlaces!', 'place?', 'place!', 'shardId!'];

const FRAGMENTS: readonly Fragment[] = [
  {
    name: 'the key of the shard row',
    find: (scope) => (isOnShardRow(scope) ? [conditionsOn(scope, KEY)] : []),
    except: OF_MANY_SHARDS,
  },
  {
    name: 'the lock of the shard row',
    find: ({ cte, select }) => (cte === 'held_shard' && select ? [[lockOf(select)]] : []),
    except: OF_MANY_SHARDS,
  },
  {
    name: 'the look for the seal',
    find: ({ conditions }, query) =>
      conditions.filter((each) => looksForSeal(each, query)).map((each) => [each]),
  },
  {
    name: 'the columns of an inserted timer',
    find: ({ insert }) => {
      const columns = insert?.cols ?? [];
      return columns.some((each) => nameOf(each) === 'timer_id') ? [columns] : [];
    },
    except: { replaceMovingTimers: 'it has every column' },
  },
  {
    name: 'the values of one inserted timer',
    find: ({ isSource, result }) =>
      isSource && countParameters(result) > 2 ? [valuesOf(result.slice(1))] : [],
  },
  {
    name: 'the values of many inserted timers',
    find: ({ isSource, result, tables }) =>
      isSource &&
      tables.some(({ relation }) => relation === undefined) &&
      countParameters(result.slice(1)) === 0
        ? [valuesOf(result.slice(1))]
        : [],
    except: { replaceMovingTimers: 'it has every column' },
  },
  {
    name: 'the arrays of inserted timers',
    find: ({ result }) => (result.some(({ name }) => name === 'callback_url') ? [valuesOf(result)] : []),
    except: { ...MOVES, ...OF_MANY_SHARDS, ...OF_ONE_SHARD },
  },
  {
    name: 'the SET of an upsert',
    find: (scope) =>
      scope.kind === 'INSERT' && writesTimers(scope) && scope.assignments.length > 0
        ? [scope.assignments.map(wrap)]
        : [],
  },
  {
    name: 'the SET of a timer',
    find: (scope) =>
      scope.kind === 'UPDATE' && writesTimers(scope) && !isOnShardRow(scope)
        ? [scope.assignments.map(wrap)]
        : [],
    except: {
      ...OF_MANY_SHARDS,
      ...OF_ONE_SHARD,
      reviveTimer: 'it lives as it was created',
    },
  },
  {
    name: 'the SET of many timers',
    find: (scope, { name }) =>
      OF_GATHERED.includes(name) && scope.kind === 'UPDATE' ? [scope.assignments.map(wrap)] : [],
  },
  {
    name: 'the timer that a call names',
    find: (scope) =>
      readsTimers(scope) && valueFor(scope, 'timer_id') !== undefined
        ? [conditionsOn(scope, ['shard_id', 'row_type', 'timer_namespace', 'timer_id'])]
        : [],
    except: {
      ...MOVES,
      ...OF_MANY_SHARDS,
      ...OF_ONE_SHARD,
      deleteDeadTimer: OF_DEAD,
      getDeadTimer: OF_DEAD,
      getDeadTimerState: OF_DEAD,
      reviveTimer: OF_DEAD,
    },
  },
  {
    name: 'the last timer within a limit',
    find: (scope, query) => ctesNamed('limit_timer', scope, query),
    except: MOVES,
  },
  {
    name: 'the end of a limited delete',
    find: (scope, query) => ctesNamed('last_key', scope, query),
    except: MOVES,
  },
  {
    name: 'the start of a range',
    find: (scope, query) => tuplesWith(scope, query, ':afterUuid!'),
    except: MOVES,
  },
  {
    name: 'the end of a range',
    find: (scope, query) => tuplesWith(scope, query, ':upToUuid!'),
    except: MOVES,
  },
  {
    name: 'a time in milliseconds',
    find: (scope) => timesOf(scope, 1),
    ofAnyColumn: true,
  },
  {
    name: 'a time in milliseconds, or none',
    find: (scope) => timesOf(scope, 2),
    ofAnyColumn: true,
  },
  {
    name: 'the result of a timer',
    find: ({ isOutermost, result }) =>
      isOutermost && result.some(({ name }) => name === 'executeAtMs')
        ? [valuesOf(result.filter(({ name = '' }) => !OF_STATEMENT.includes(name)))]
        : [],
    except: {
      readDueTimers: 'it has the shard and the time besides',
      readDueTimersOfPart: 'it has the shard and the time besides',
    },
  },
  {
    name: 'the result of a shard',
    find: ({ isOutermost, result }) =>
      isOutermost && result.some(({ name }) => name === 'claimedAtMs')
        ? [valuesOf(result.filter(({ name }) => !name?.startsWith('previous')))]
        : [],
    except: { readBacklogs: 'it has counts besides, and no metadata' },
  },
];

/** That each fragment has one text, whatever the names of tables and the numbers of parameters in it are. */
export function checkFragments(queries: readonly Query[]): Problem[] {
  return FRAGMENTS.flatMap((fragment) => {
    const occurrences = queries
      .filter(({ name }) => !(name in (fragment.except ?? {})))
      .flatMap((query) =>
        query.scopes.flatMap((scope) =>
          fragment.find(scope, query).map((parts) => ({
            query,
            location: firstLocation(parts),
            text: textOf(parts, query, fragment),
          })),
        ),
      );
    const counts = new Map<string, number>();
    for (const { text } of occurrences) counts.set(text, (counts.get(text) ?? 0) + 1);
    const [[commonest] = ['']] = [...counts].sort(([, a], [, b]) => b - a);
    const model = occurrences.find(({ text }) => text === commonest);
    return occurrences
      .filter(({ text }) => text !== commonest)
      .map(({ query, location, text }) => ({
        where: locate(query, location),
        what: `${fragment.name} is not what it is elsewhere: ${firstDifference(text, commonest)}`,
        remedy: `Make it that of ${model && locate(model.query, model.location)}; or change all, or name the query in FRAGMENTS of scripts/codegen/rules/fragments.mts, with the reason.`,
      }));
  });
}

function textOf(parts: readonly Node[], { parameters }: Query, { ofAnyColumn }: Fragment): string {
  const bare = renameColumns(parts, (fields) =>
    ofAnyColumn ? [{ String: { sval: 'time' } }] : fields.slice(-1),
  );
  return bare
    .map((part) => deparseSync(part))
    .join('; ')
    .replace(/\s+/g, ' ')
    .replace(/\$(\d+)/g, (_, number) => parameters[Number(number) - 1] ?? '');
}

/** Both texts from the word on in which they differ. */
function firstDifference(text: string, other: string): string {
  const [words, otherWords] = [text.split(' '), other.split(' ')];
  const start = words.findIndex((word, index) => word !== otherWords[index]);
  const from = Math.max(0, (start < 0 ? words.length : start) - 2);
  const [here, there] = [words, otherWords].map((each) => each.slice(from, from + 8).join(' '));
  return `here … ${here} …, there … ${there} …`;
}

function nameOf(node: Node): string {
  return 'ResTarget' in node ? (node.ResTarget.name ?? '') : '';
}

function wrap(target: ResTarget): Node {
  return { ResTarget: target };
}

function valuesOf(result: readonly ResTarget[]): Node[] {
  return result.flatMap(({ val }) => val ?? []);
}

function countParameters(result: readonly ResTarget[]): number {
  return findAll(result, 'ParamRef').length;
}

/** The conditions that compare one of these columns with something. */
function conditionsOn({ conditions }: Scope, columns: readonly string[]): Node[] {
  return conditions.filter((each) => {
    const left = 'A_Expr' in each ? each.A_Expr.lexpr : undefined;
    return columns.includes(columnOf(left)?.name ?? '');
  });
}

/** What is returned as …AtMs, by the number of cases that it tells apart. */
function timesOf({ isOutermost, result }: Scope, caseCount: number): Node[][] {
  if (!isOutermost) return [];
  return valuesOf(result.filter(({ name }) => name?.endsWith('AtMs')))
    .filter((each) => 'CaseExpr' in each && each.CaseExpr.args?.length === caseCount)
    .map((each) => [each]);
}

/** Looked for once for each query: one of two SELECTs of a UNION is not the whole. */
function ctesNamed(name: string, { isOutermost }: Scope, { statement }: Query): Node[][] {
  if (!isOutermost) return [];
  return findAll<{ ctename?: string; ctequery?: Node }>(statement, 'CommonTableExpr').flatMap(
    ({ ctename, ctequery }) => (ctename === name && ctequery ? [[ctequery]] : []),
  );
}

/** What is locked and how, without what the row is asked for, which the fence and the key say. */
function lockOf(select: NonNullable<Scope['select']>): Node {
  const { whereClause: _, ...rest } = select;
  return { SelectStmt: rest };
}

function looksForSeal(condition: Node, { scopes }: Query): boolean {
  if (!('BoolExpr' in condition) || condition.BoolExpr.boolop !== 'NOT_EXPR') return false;
  const selects = findAll(condition, 'SelectStmt');
  return scopes.some(
    (scope) => selects.includes(scope.select) && testsNull(scope, 'shard_version', 'IS_NULL'),
  );
}

/** `(timer_execute_at, timer_uuid) > (…)` with this parameter in it. */
function tuplesWith({ conditions }: Scope, { parameters }: Query, parameter: string): Node[][] {
  return conditions
    .filter(
      (each) =>
        'A_Expr' in each &&
        columnsIn(each).some(({ name }) => name === 'timer_uuid') &&
        findAll<{ number?: number }>(each, 'ParamRef').some(
          ({ number = 0 }) => parameters[number - 1] === parameter,
        ),
    )
    .map((each) => [each]);
}
