/** The part of `EXPLAIN (FORMAT JSON)` that is judged. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Recheck Cond'?: string;
  readonly 'TID Cond'?: string;
  readonly Filter?: string;
  readonly Plans?: readonly PlanNode[];
  readonly 'Distributed Query'?: DistributedQuery;
}

/** What Citus makes of a statement: tasks, each for a worker; and, if it takes it apart, other statements before. */
export interface DistributedQuery {
  readonly Job?: {
    readonly 'Task Count': number;
    readonly Tasks: readonly {
      readonly 'Remote Plan': readonly (readonly { readonly Plan: PlanNode }[])[];
    }[];
  };
  readonly Subplans?: readonly unknown[];
}

/** A node with all below it. */
export function planNodes(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(planNodes)];
}

/** What keeps a plan from reading an index range or a key of one shard, in one partition. Names of indexes do not matter. */
export function findPlanFaults(plan: PlanNode): string[] {
  const excused = new Set(planNodes(plan).flatMap(emptyPartitions));
  return planNodes(plan).flatMap((node) => {
    const partitions = (node['Node Type'].endsWith('Append') ? (node.Plans ?? []) : []).filter(isScan);
    if (partitions.length > 1 && !partitions.every(isOfOuterShard)) {
      return [`reads ${partitions.length} partitions`];
    }
    if (node['Node Type'] === 'Seq Scan' && !excused.has(node)) {
      return [`reads all of ${node['Relation Name']}`];
    }
    const isBound = /\bshard_id = .*\brow_type >?= /.test(node['Index Cond'] ?? '');
    return node['Index Name'] !== undefined && !isBound
      ? [`reads ${node['Index Name']} without shard_id and row_type in its condition`]
      : [];
  });
}

/**
 * Partitions that are read whole where others of the same node are read by an index, or by the places of their rows: the
 * planner does so with those that are empty, or nearly.
 */
function emptyPartitions(node: PlanNode): PlanNode[] {
  const partitions = (node['Node Type'].endsWith('Append') ? (node.Plans ?? []) : []).filter(isScan);
  const isByPlace = (each: PlanNode) => each['Index Name'] !== undefined || each['TID Cond'] !== undefined;
  return partitions.some((each) => isByPlace(each) && isOfOuterShard(each))
    ? partitions.filter(isOfOuterShard)
    : [];
}

/** Bound to a shard that is known only as the plan runs, when the server leaves out all partitions but that shard's. */
function isOfOuterShard(node: PlanNode): boolean {
  return /\bshard_id = \(?(?:unnest\(|\w+\.shard_id\b)|\w+\.shard_id = (?:\w+\.)?shard_id\b/.test(
    node['Index Cond'] ?? node['Recheck Cond'] ?? node.Filter ?? '',
  );
}

function isScan(node: PlanNode): boolean {
  return node['Relation Name'] !== undefined && node['Node Type'] !== 'ModifyTable';
}

/** What keeps a plan of Citus from being one task of one worker, which reads an index range or a key of its shard there. */
export function findDistributedFaults({ 'Distributed Query': query }: PlanNode): string[] {
  if (query === undefined) {
    return ['is not sent to a worker'];
  }
  const count = query.Job?.['Task Count'] ?? 0;
  if (query.Subplans !== undefined || count !== 1) {
    return [query.Subplans === undefined ? `takes ${count} tasks` : 'is taken apart'];
  }
  return (query.Job?.Tasks ?? []).flatMap((task) =>
    task['Remote Plan'].flat().flatMap(({ Plan }) => findPlanFaults(Plan)),
  );
}
