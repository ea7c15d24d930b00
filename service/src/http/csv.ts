import type { TimerAnswer } from './timer-json';

const COLUMNS = [
  'id',
  'namespace',
  'state',
  'executeAt',
  'callbackUrl',
  'payload',
  'retryPolicy',
  'callbackTimeoutSeconds',
  'createdAt',
  'updatedAt',
  'executedAt',
  'attempts',
  'lastError',
] as const satisfies readonly (keyof TimerAnswer)[];

export function csvHeader(): string {
  return `${COLUMNS.join(',')}\r\n`;
}

/** As RFC 4180 has it. Payload and retry policy are JSON. */
export function csvLine(timer: TimerAnswer): string {
  return `${COLUMNS.map((column) => cell(column, timer[column])).join(',')}\r\n`;
}

function cell(column: string, value: unknown): string {
  if (value === undefined || value === null) {
    return '';
  }
  if (typeof value === 'number') {
    return String(value);
  }
  const text = column === 'payload' || typeof value === 'object' ? JSON.stringify(value) : String(value);
  // Spreadsheets run what begins so as a formula, and timers are written by others than those who open it.
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
