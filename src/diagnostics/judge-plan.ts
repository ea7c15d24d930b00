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
    const isBound = /\bshard_id = .*\brow_type = /.test(node['Index Cond'] ?? '');
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
