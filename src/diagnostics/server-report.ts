/** The findings of `checkServer`, as plain data for `console.table(report.checks)` and for programs. */
export interface ServerReport {
  /** There is no fault. Warnings do not count. */
  readonly ok: boolean;
  /** At least one for each name, in the order of the names; as many of one name as there are findings. */
  readonly checks: readonly ServerCheck[];
}

/** One finding of `checkServer`. */
export interface ServerCheck {
  readonly name: ServerCheckName;
  /** fault: calls will fail, or a promise does not hold. warning: it works, at a cost or a risk, or was not checked. */
  readonly status: 'ok' | 'warning' | 'fault';
  /** What was found, for people. */
  readonly found: string;
  /** What to do. Undefined when the status is ok. */
  readonly advice?: string | undefined;
}

/** What a finding is about. */
export type ServerCheckName =
  | 'version'
  | 'encoding'
  | 'schema'
  | 'collation'
  | 'privileges'
  | 'rowSecurity'
  | 'readOnly'
  | 'isolation'
  | 'timeZone'
  | 'durability'
  | 'timeouts'
  | 'connections'
  | 'multixacts'
  | 'memory'
  | 'clock'
  | 'preparedStatements'
  | 'planSettings'
  | 'plans'
  /** Of the nodes of Citus. */
  | 'cluster'
  /** Of the table on the nodes of Citus. */
  | 'distribution';

export function ok(name: ServerCheckName, found: string): ServerCheck {
  return { name, status: 'ok', found };
}

export function warning(name: ServerCheckName, found: string, advice: string): ServerCheck {
  return { name, status: 'warning', found, advice };
}

export function fault(name: ServerCheckName, found: string, advice: string): ServerCheck {
  return { name, status: 'fault', found, advice };
}
