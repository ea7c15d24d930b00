import { SchemaMismatchError, UnsupportedServerError } from '../../contract/errors';
import type { ServerReport } from '../../diagnostics/server-report';
import { type ConnectionOptions, connectConfig, withStore, withUncheckedStore } from '../connect';
import { table } from '../table';
import type { Terminal } from '../terminal';

export interface DoctorOptions extends ConnectionOptions {
  readonly json?: boolean;
}

const STYLES = { ok: 'green', warning: 'yellow', fault: 'red' } as const;

export async function doctor(terminal: Terminal, options: DoctorOptions): Promise<void> {
  const report = await readReport(terminal, options);
  const count = (status: 'fault' | 'warning') => {
    const { length } = report.checks.filter((check) => check.status === status);
    return `${length} ${status}${length === 1 ? '' : 's'}`;
  };
  if (options.json) {
    await terminal.writeJson(report);
  } else {
    await terminal.write(pageOf(terminal, report));
  }
  if (!report.ok) {
    terminal.find(`${count('fault')} and ${count('warning')}`);
  }
}

async function readReport(terminal: Terminal, options: DoctorOptions): Promise<ServerReport> {
  const config = connectConfig(options);
  let report: ServerReport | undefined;
  try {
    await withStore(terminal, config, async (store) => {
      report = await store.checkServer({ signal: terminal.signal });
    });
  } catch (error) {
    if (!(error instanceof SchemaMismatchError || error instanceof UnsupportedServerError)) {
      throw error;
    }
  }
  return (
    report ??
    (await withUncheckedStore(terminal, config, (store) => store.checkServer({ signal: terminal.signal })))
  );
}

/** Each finding, and below it what to do. */
function pageOf(terminal: Terminal, { checks }: ServerReport): string {
  const rows = checks.flatMap((check) => [
    { ...check, isAdvice: false },
    ...(check.advice === undefined ? [] : [{ ...check, found: check.advice, isAdvice: true }]),
  ]);
  return table(
    terminal,
    [
      {
        title: 'status',
        cell: ({ status, isAdvice }) => (isAdvice ? '' : status),
        style: ({ status }) => STYLES[status],
      },
      { title: 'check', cell: ({ name, isAdvice }) => (isAdvice ? '' : name) },
      {
        title: 'found',
        cell: ({ found, isAdvice }) => (isAdvice ? `→ ${found}` : found),
        maxWidth: Number.POSITIVE_INFINITY,
      },
    ],
    rows,
  );
}
