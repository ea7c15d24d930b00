/** A call that wrote a timer, or deleted it. Times are those of the test's process, in milliseconds since 1970. */
export interface Call {
  readonly kind: 'schedule' | 'update' | 'cancel';
  readonly id: string;
  /** Of this call alone: the timer that it leaves carries it. A cancel leaves none. */
  readonly content: number | undefined;
  /** When its timer is to be delivered. */
  readonly dueMs: number | undefined;
  readonly beganMs: number;
  /** Infinity: it is not known whether it was applied. */
  readonly acknowledgedMs: number;
}

/** As the receiver saw it. */
export interface SeenDelivery {
  readonly id: string;
  readonly content: number;
  readonly process: string;
  readonly beganMs: number;
  /** When it arrived. */
  readonly atMs: number;
  /** It was answered so that another attempt has to come. */
  readonly isRefused: boolean;
}

/** What was done to a process, after which what it had under way may be delivered again, and others may be late. */
export interface Fault {
  readonly kind: string;
  readonly process: string;
  /** Only timers whose ids begin so may be late by it. (Default: all) */
  readonly only?: string;
  readonly fromMs: number;
  readonly untilMs: number;
  /** Deliveries of the process that were not settled then. */
  readonly underWay: number;
}

export interface History {
  readonly calls: readonly Call[];
  readonly deliveries: readonly SeenDelivery[];
  /** By content: when its timer was found gone after it was delivered. */
  readonly settledMs: ReadonlyMap<number, number>;
  readonly faults: readonly Fault[];
}

export interface Allowance {
  /** How long before a timer is due a call must have been acknowledged to be honoured: the look-ahead, and a read. */
  readonly crossMs: number;
  /** From a process to the receiver. */
  readonly transitMs: number;
  /** After it is due. */
  readonly lateMs: number;
  /** After a fault has ended: until somebody owns each shard again, and listens. */
  readonly recoveryMs: number;
}

/** Of engines by their defaults, with a read and a message on a machine that is overloaded. */
export const ALLOWANCE: Allowance = { crossMs: 600, transitMs: 400, lateMs: 5000, recoveryMs: 8000 };

/** What of the promises of docs/engine.md the history breaks, in words. */
export function checkHistory(history: History, allowance: Allowance): string[] {
  return [
    ...neverDelivered(history),
    ...afterSettlement(history, allowance),
    ...byOldContent(history, allowance),
    ...doubled(history, allowance),
    ...late(history, allowance),
  ];
}

/** Whatever was called at the same time or later may have taken its place. */
function neverDelivered({ calls, deliveries }: History): string[] {
  const delivered = new Set(deliveries.map(({ content }) => content));
  const callsOf = groupBy(calls, ({ id }) => id);
  return calls
    .filter(
      ({ content, acknowledgedMs }) =>
        content !== undefined && acknowledgedMs < Infinity && !delivered.has(content),
    )
    .filter(
      (call) =>
        !callsOf.get(call.id)?.some((other) => other !== call && other.acknowledgedMs >= call.beganMs),
    )
    .map(({ id, content, kind }) => `never delivered: ${kind} of ${id}, content ${content}`);
}

/** What was replaced, changed or cancelled by then is gone without a settlement: of that, `byOldContent` judges. */
function afterSettlement({ calls, deliveries, settledMs }: History, { transitMs }: Allowance): string[] {
  const callsOf = groupBy(calls, ({ id }) => id);
  const writeOf = new Map(calls.map((call) => [call.content, call]));
  const isReplaced = (id: string, content: number, goneMs: number) => {
    const fromMs = writeOf.get(content)?.beganMs ?? Infinity;
    return callsOf.get(id)?.some(({ beganMs }) => beganMs > fromMs && beganMs <= goneMs) ?? false;
  };
  return deliveries
    .filter(({ id, content, beganMs }) => {
      const goneMs = settledMs.get(content) ?? Infinity;
      return beganMs > goneMs + transitMs && !isReplaced(id, content, goneMs);
    })
    .map(
      ({ id, content, process }) =>
        `delivered after it was settled: ${id}, content ${content}, by ${process}`,
    );
}

/** Of what was replaced or cancelled so long before it was due. Later calls may cross with the delivery. */
function byOldContent({ calls, deliveries }: History, { crossMs }: Allowance): string[] {
  const callsOf = groupBy(calls, ({ id }) => id);
  const writeOf = new Map(calls.map((call) => [call.content, call]));
  return deliveries.flatMap(({ id, content, process, beganMs }) => {
    const write = writeOf.get(content);
    if (write === undefined) return [`delivered what nobody wrote: ${id}, content ${content}`];
    const { acknowledgedMs, dueMs = 0 } = write;
    const newer = callsOf
      .get(id)
      ?.find(
        (call) =>
          call.beganMs > acknowledgedMs &&
          call.acknowledgedMs + crossMs < dueMs &&
          call.acknowledgedMs < beganMs,
      );
    return newer === undefined
      ? []
      : [
          `delivered by old content: ${id}, content ${content}, by ${process}, ${newer.kind} ${dueMs - newer.acknowledgedMs} ms before it was due`,
        ];
  });
}

/** What was delivered again although it was not refused, with the delivery before. */
export function repetitions(deliveries: readonly SeenDelivery[]): [SeenDelivery, SeenDelivery][] {
  return [...groupBy(deliveries, ({ content }) => content).values()].flatMap((all) => {
    const inOrder = [...all].sort((a, b) => a.beganMs - b.beganMs);
    return inOrder.slice(1).flatMap((later, index): [SeenDelivery, SeenDelivery][] => {
      const earlier = inOrder[index] as SeenDelivery;
      return earlier.isRefused ? [] : [[earlier, later]];
    });
  });
}

/**
 * What no fault explains. Each explains as many as its process had under way. In the order of their ends, the faults take
 * what came again first: what fits a fault fits a later one if it came again late enough, so nothing is taken that a later
 * one could do without, and as many as possible are explained.
 */
function doubled({ deliveries, faults }: History, { transitMs }: Allowance): string[] {
  const unexplained = new Set(repetitions(deliveries).sort(([, a], [, b]) => a.atMs - b.atMs));
  for (const { process, fromMs, untilMs, underWay } of [...faults].sort((a, b) => a.untilMs - b.untilMs)) {
    let left = underWay;
    for (const repetition of unexplained) {
      const [earlier, later] = repetition;
      const fits =
        process === earlier.process && earlier.beganMs <= untilMs + transitMs && later.atMs >= fromMs;
      if (fits && left > 0) {
        unexplained.delete(repetition);
        left--;
      }
    }
  }
  return [...unexplained].map(
    ([earlier, later]) =>
      `delivered twice: ${later.id}, content ${later.content}, by ${earlier.process} and ${later.process}, ${later.atMs - earlier.atMs} ms apart`,
  );
}

/** Of those that no later call concerns, and no fault. */
function late({ calls, deliveries, faults }: History, { lateMs, recoveryMs }: Allowance): string[] {
  const firstMs = new Map<number, number>();
  for (const { content, atMs } of deliveries)
    firstMs.set(content, Math.min(atMs, firstMs.get(content) ?? atMs));
  return calls.flatMap(({ id, content = 0, dueMs = 0, acknowledgedMs }) => {
    const dueFrom = Math.max(dueMs, acknowledgedMs);
    const atMs = firstMs.get(content) ?? 0;
    const isExcused = faults.some(
      ({ fromMs, untilMs, only = '' }) =>
        id.startsWith(only) && fromMs <= dueFrom + lateMs && dueFrom <= untilMs + recoveryMs,
    );
    return atMs > dueFrom + lateMs && !isExcused
      ? [`late: ${id}, content ${content}, by ${Math.round(atMs - dueFrom)} ms`]
      : [];
  });
}

function groupBy<T, K>(all: readonly T[], keyOf: (each: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const each of all) {
    const group = groups.get(keyOf(each));
    if (group === undefined) groups.set(keyOf(each), [each]);
    else group.push(each);
  }
  return groups;
}
