import { InvalidArgumentError, type NewTimer, type TimerStore } from 'pg-timer-store';

/** Stands for the example's own receiver, whose port is another one at each start. */
export const RECEIVER_ORIGIN = 'http://receiver.invalid';

/** A line that cannot be taken; nothing of the file is. */
export class BadLineError extends Error {}

interface Line {
  readonly number: number;
  readonly timer: NewTimer;
}

/**
 * Reads timers from JSON Lines. An `executeAt` such as "+2.5s" counts from `start`; a `callbackUrl` that is a path goes
 * to the example's own receiver.
 *
 * @throws BadLineError with the line number and the field.
 */
export async function readTimers(text: string, start: Date, store: TimerStore): Promise<NewTimer[]> {
  const lines = text
    .split('\n')
    .map((line, index) => ({ number: index + 1, line }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ number, line }) => ({ number, timer: readLine(number, line, start) }));
  await checkByStore(lines, store);
  return lines.map(({ timer }) => timer);
}

function readLine(number: number, text: string, start: Date): NewTimer {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch (error) {
    throw new BadLineError(`line ${number}: not JSON: ${(error as Error).message}`);
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    throw new BadLineError(`line ${number}: not a JSON object`);
  }
  const timer = { ...(fields as NewTimer & { executeAt: unknown; callbackUrl: unknown }) };
  const executeAt = readTime(timer.executeAt, start);
  if (executeAt === undefined) {
    const example = 'a time such as "2030-01-31T12:00:00.000Z" or "+2.5s"';
    throw new BadLineError(
      `line ${number}: executeAt must be ${example}, not ${JSON.stringify(timer.executeAt)}`,
    );
  }
  const { callbackUrl = null } = timer;
  const url =
    typeof callbackUrl === 'string' && callbackUrl.startsWith('/')
      ? RECEIVER_ORIGIN + callbackUrl
      : callbackUrl;
  return { ...timer, executeAt, callbackUrl: url };
}

function readTime(text: unknown, start: Date): Date | undefined {
  if (typeof text !== 'string') {
    return undefined;
  }
  const seconds = /^\+(\d+(?:\.\d{1,3})?)s$/.exec(text)?.[1];
  if (seconds !== undefined) {
    return new Date(start.getTime() + Math.round(Number(seconds) * 1000));
  }
  const day = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(?:\.\d{1,3})?(?:Z|[+-]\d\d:\d\d)$/.exec(text)?.[1];
  // JavaScript takes February 30 for March 2.
  if (
    day === undefined ||
    Number.isNaN(Date.parse(text)) ||
    new Date(day).toISOString().slice(0, 10) !== day
  ) {
    return undefined;
  }
  return new Date(text);
}

/** The store knows best what it takes. It checks before it looks at the signal, which lets nothing be sent. */
async function checkByStore(lines: readonly Line[], store: TimerStore): Promise<void> {
  const timers = lines.map(({ timer }) => timer);
  try {
    await store.createTimersNoLock(0, timers, { signal: AbortSignal.abort() });
  } catch (error) {
    if (error instanceof InvalidArgumentError) {
      throw badLine(lines, error);
    }
  }
}

/** `timers[7].callbackUrl must be …` is said of the line that the timer came from. */
function badLine(lines: readonly Line[], { argument, reason }: InvalidArgumentError): BadLineError {
  const nameLines = (text: string) =>
    text
      .replace(/timers\[(\d+)\]\./g, (_, index) => `line ${lines[Number(index)]?.number}: `)
      .replace(/timers\[(\d+)\]/g, (_, index) => `line ${lines[Number(index)]?.number}`);
  return new BadLineError(`${nameLines(argument)} ${nameLines(reason)}`);
}
