/** How the rules look at a statement: PostgreSQL's own syntax tree, as libpg-query gives it, in the parts they ask for. */
import type {
  A_Expr,
  ColumnRef,
  InsertStmt,
  Node,
  ParamRef,
  RangeVar,
  ResTarget,
  SelectStmt,
} from 'libpg-query';

/** A SELECT, UPDATE, DELETE or INSERT with what stands directly in it, and nothing of the statements inside it. */
export interface Scope {
  readonly kind: 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';
  readonly location: number;
  /** The name of the CTE that it is the whole of. */
  readonly cte: string | undefined;
  readonly isOutermost: boolean;
  /** The source of an INSERT, whose result is what is inserted. */
  readonly isSource: boolean;
  /** What it reads from, and changes. The target of an INSERT is not among them. */
  readonly tables: readonly Table[];
  /** What its WHERE joins by AND. */
  readonly conditions: readonly Node[];
  /** The result: the SELECT list, or what RETURNING gives. */
  readonly result: readonly ResTarget[];
  /** Columns that are set: by SET, or by the SET of ON CONFLICT. */
  readonly assignments: readonly ResTarget[];
  /** The names of relations that `FOR SHARE` or stronger locks; `*` is all. */
  readonly locks: readonly string[];
  readonly insert: InsertStmt | undefined;
  readonly select: SelectStmt | undefined;
  /** Every scope inside this one, itself included, in the order of the text. */
  readonly inner: readonly Scope[];
}

export interface Table {
  /** Undefined: a subquery. */
  readonly relation: RangeVar | undefined;
  /** The name that its columns go by. */
  readonly name: string;
  /** Its columns are NULL where an outer join finds no row. */
  readonly isOptional: boolean;
  /** It is what the statement changes. */
  readonly isTarget: boolean;
}

type Tagged = Readonly<Record<string, unknown>>;

const STATEMENTS = ['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt'] as const;

/** Every scope of a statement, the outermost ones first. */
export function findScopes(statement: Node): Scope[] {
  return scopesOf(statement, { cte: undefined, isOutermost: true, isSource: false });
}

type Place = Pick<Scope, 'cte' | 'isOutermost' | 'isSource'>;

function scopesOf(statement: Node, place: Place): Scope[] {
  const [[tag, value]] = Object.entries(statement) as [[string, Tagged]];
  const ctes = ((value['withClause'] as { ctes?: Node[] } | undefined)?.ctes ?? []).flatMap((cte) => {
    const { ctename, ctequery } = (cte as { CommonTableExpr: { ctename: string; ctequery: Node } })
      .CommonTableExpr;
    return scopesOf(ctequery, { cte: ctename, isOutermost: false, isSource: false });
  });
  if (tag === 'SelectStmt' && value['op'] !== 'SETOP_NONE') {
    const branches = [value['larg'], value['rarg']] as SelectStmt[];
    return [...ctes, ...branches.flatMap((branch) => scopesOf({ SelectStmt: branch }, place))];
  }
  const { withClause: _, selectStmt, ...own } = value;
  const source =
    selectStmt === undefined
      ? []
      : scopesOf(selectStmt as Node, { cte: place.cte, isOutermost: false, isSource: true });
  const inside = [...ctes, ...source, ...findNested(own)];
  const scope = { ...place, ...describe(tag, value) };
  return [Object.assign(scope, { inner: [scope, ...inside] }) as Scope, ...inside];
}

function findNested(part: unknown): Scope[] {
  if (Array.isArray(part)) return part.flatMap(findNested);
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) =>
    (STATEMENTS as readonly string[]).includes(key)
      ? scopesOf({ [key]: value } as unknown as Node, { cte: undefined, isOutermost: false, isSource: false })
      : findNested(value),
  );
}

// biome-ignore lint/suspicious/noExplicitAny: the four statements share the fields that are read, by other types.
function describe(tag: string, value: any): Omit<Scope, keyof Place | 'inner'> {
  const target: Table[] = ['UpdateStmt', 'DeleteStmt'].includes(tag)
    ? [{ ...tableOf(value.relation, false), isTarget: true }]
    : [];
  const from: Node[] = value.fromClause ?? value.usingClause ?? [];
  const locks = (
    (value.lockingClause ?? []) as { LockingClause: { lockedRels?: { RangeVar: RangeVar }[] } }[]
  ).flatMap(
    ({ LockingClause: { lockedRels } }) => lockedRels?.map(({ RangeVar }) => RangeVar.relname ?? '') ?? ['*'],
  );
  const assigned: Node[] =
    tag === 'UpdateStmt' ? (value.targetList ?? []) : (value.onConflictClause?.targetList ?? []);
  const result: Node[] =
    tag === 'SelectStmt'
      ? (value.targetList ?? [])
      : (value.returningClause?.exprs ?? value.returningList ?? []);
  return {
    kind: tag.replace('Stmt', '').toUpperCase() as Scope['kind'],
    location: firstLocation(value),
    tables: [...target, ...from.flatMap((item) => tablesOf(item, false))],
    conditions: conjunctsOf(value.whereClause),
    result: result.map(targetOf),
    assignments: assigned.map(targetOf),
    locks,
    insert: tag === 'InsertStmt' ? value : undefined,
    select: tag === 'SelectStmt' ? value : undefined,
  };
}

function targetOf(node: Node): ResTarget {
  return (node as { ResTarget: ResTarget }).ResTarget;
}

function tableOf(relation: RangeVar, isOptional: boolean): Table {
  const name = relation.alias?.aliasname ?? relation.relname ?? '';
  return { relation, name, isOptional, isTarget: false };
}

// biome-ignore lint/suspicious/noExplicitAny: a node of any kind.
function tablesOf(item: any, isOptional: boolean): Table[] {
  if (item.RangeVar) return [tableOf(item.RangeVar, isOptional)];
  if (item.JoinExpr) {
    const { jointype, larg, rarg } = item.JoinExpr;
    return [
      ...tablesOf(larg, isOptional || jointype === 'JOIN_RIGHT' || jointype === 'JOIN_FULL'),
      ...tablesOf(rarg, isOptional || jointype === 'JOIN_LEFT' || jointype === 'JOIN_FULL'),
    ];
  }
  const alias = Object.values(item)[0] as { alias?: { aliasname?: string } };
  return [{ relation: undefined, name: alias.alias?.aliasname ?? '', isOptional, isTarget: false }];
}

/** What AND joins, however it is nested. */
export function conjunctsOf(condition: Node | undefined): Node[] {
  if (condition === undefined) return [];
  if ('BoolExpr' in condition && condition.BoolExpr.boolop === 'AND_EXPR') {
    return (condition.BoolExpr.args ?? []).flatMap(conjunctsOf);
  }
  return [condition];
}

/** The byte of the statement where a part of it begins. */
export function firstLocation(part: unknown): number {
  let first = Number.POSITIVE_INFINITY;
  visit(part, (key, value) => {
    // Below 0: the parser does not know it.
    if (key === 'location' && typeof value === 'number' && value >= 0) first = Math.min(first, value);
  });
  return Number.isFinite(first) ? first : 0;
}

/** Calls back for every field below, whatever it is in. */
export function visit(part: unknown, callback: (key: string, value: unknown) => void): void {
  if (typeof part !== 'object' || part === null) return;
  for (const [key, value] of Object.entries(part)) {
    callback(key, value);
    visit(value, callback);
  }
}

/** Every part of one kind, such as `ColumnRef`, statements inside included. */
export function findAll<T>(part: unknown, tag: string): T[] {
  const found: T[] = [];
  visit(part, (key, value) => {
    if (key === tag) found.push(value as T);
  });
  return found;
}

/** An expression without the casts around it. */
export function withoutCasts(node: Node | undefined): Node | undefined {
  return node !== undefined && 'TypeCast' in node ? withoutCasts(node.TypeCast.arg) : node;
}

/** The number of a parameter, cast or not. */
export function parameterOf(node: Node | undefined): number | undefined {
  const bare = withoutCasts(node);
  return bare !== undefined && 'ParamRef' in bare ? (bare.ParamRef as ParamRef).number : undefined;
}

export interface Column {
  /** Undefined: it stands for itself, without the name of a table. */
  readonly table: string | undefined;
  /** `*`: all. */
  readonly name: string;
}

export function columnOf(node: Node | undefined): Column | undefined {
  return node !== undefined && 'ColumnRef' in node ? toColumn(node.ColumnRef) : undefined;
}

export function toColumn({ fields = [] }: ColumnRef): Column {
  const names = fields.map((field) => ('String' in field ? (field.String.sval ?? '') : '*'));
  return { table: names.at(-2), name: names.at(-1) ?? '' };
}

/** The columns that an expression reads, those of statements inside included. */
export function columnsIn(part: unknown): Column[] {
  return findAll<ColumnRef>(part, 'ColumnRef').map(toColumn);
}

/** The two sides of `a = b` or, if that is asked for, of `a = ANY(b)`. */
export function sidesOfEquality(
  node: Node,
  wanted: 'AEXPR_OP' | 'AEXPR_OP_ANY' = 'AEXPR_OP',
): [Node, Node] | undefined {
  if (!('A_Expr' in node)) return undefined;
  const { kind, name, lexpr, rexpr } = node.A_Expr as A_Expr;
  const isEquality =
    kind === wanted && name?.[0] !== undefined && 'String' in name[0] && name[0].String.sval === '=';
  return isEquality && lexpr !== undefined && rexpr !== undefined ? [lexpr, rexpr] : undefined;
}

/** The constant of a string or a number, cast or not. */
export function constantOf(node: Node | undefined): string | number | undefined {
  const bare = withoutCasts(node);
  if (bare === undefined || !('A_Const' in bare)) return undefined;
  const { sval, ival } = bare.A_Const as { sval?: { sval?: string }; ival?: { ival?: number } };
  return ival !== undefined ? (ival.ival ?? 0) : sval?.sval;
}

/** A copy in which the columns go by other names. */
export function renameColumns<T>(part: T, rename: (fields: readonly Node[]) => readonly Node[]): T {
  return JSON.parse(JSON.stringify(part), (key, value) =>
    key === 'ColumnRef' ? { ...value, fields: rename(value.fields) } : value,
  );
}
