import type { NewTimer, RangeDeleteResult, Settlement, Timer, TimerBatch } from '../../src';
import type { BatchOfCall, SettlementOfCall } from './knowledge';
import type { ModelCall } from './model-call';
import type { RecordedCall } from './run-schedule';

/** Begins the times that stand for steps, in a shard's metadata. */
const FIRST_STEP = Date.UTC(2030, 0, 1);

export interface Key {
  readonly namespace: string;
  readonly id: string;
}

/** Content of a timer. Whatever writes one signs it, with the number of its step as payload. */
export interface Content extends Key {
  readonly payload: unknown;
}

/** A write that succeeded. */
export interface Write extends RecordedCall {
  /** Undefined: not fenced. */
  readonly version: number | undefined;
  /** Created, updated, moved or revived. */
  readonly written: readonly Content[];
  /** Deleted by name. */
  readonly deleted: readonly Key[];
  /** Deleted or made dead as it was delivered, and in no other state. */
  readonly settled: readonly Content[];
  /** Deleted by their range, whichever they were. */
  readonly deletedCount: number;
  /** Made dead, with the number of the step as its last error. */
  readonly buried: readonly Key[];
  /** Revived, or deleted as dead. */
  readonly exhumed: readonly Key[];
}

/** Lets a write leave the number of its step wherever it writes, so that what is read later names its writer. */
export function signed(call: ModelCall, step: number): ModelCall {
  const sign = <T extends object>(value: T) => ({ ...value, payload: step });
  switch (call.method) {
    case 'updateShardMetadata': {
      const committedOffset = {
        executeAt: new Date(FIRST_STEP + step),
        uuid: '00000000-0000-0000-0000-000000000000',
      };
      return { ...call, args: [{ committedOffset }] };
    }
    case 'createTimer':
    case 'createTimerNoLock':
    case 'updateTimer':
    case 'updateTimerNoLock':
      return { ...call, args: [...call.args.slice(0, -1), sign(call.args.at(-1) as object)] };
    case 'createTimersOfShards': {
      const batches = call.args[0] as BatchOfCall[];
      return { ...call, args: [batches.map((batch) => ({ ...batch, timers: batch.timers.map(sign) }))] };
    }
    case 'settleTimers': {
      const settlements = call.args[0] as SettlementOfCall[];
      return { ...call, args: [settlements.map((each) => signedSettlement(each, step))] };
    }
    default:
      return { ...call, args: call.args.map((arg) => (Array.isArray(arg) ? arg.map(sign) : arg)) };
  }
}

function signedSettlement(settlement: SettlementOfCall, step: number): object {
  switch (settlement.outcome) {
    case 'done':
      return settlement;
    case 'again':
      return { ...settlement, payload: step };
    case 'dead':
      return { ...settlement, lastError: String(step) };
  }
}

/** The step that wrote a shard's metadata. */
export function stepOfOffset(executeAt: Date): number {
  return executeAt.getTime() - FIRST_STEP;
}

/** What a call that succeeded has written in a shard. */
export function writesOf(call: RecordedCall, shardId: number): Write[] {
  const { method, step, args } = call;
  const rest = args.slice(1);
  const write = (fields: Partial<Write>): Write[] => [
    {
      ...call,
      version: undefined,
      written: [],
      deleted: [],
      settled: [],
      deletedCount: 0,
      buried: [],
      exhumed: [],
      ...fields,
    },
  ];
  const key = (namespace: unknown, id: unknown) => ({ namespace, id }) as Key;
  const signedBy = (timers: unknown) =>
    (timers as readonly NewTimer[]).map(({ namespace, id }) => ({ namespace, id, payload: step }));
  const deletion = () => answerOf(call) as RangeDeleteResult;
  switch (method) {
    case 'claimShardOwnership':
    case 'getShard':
    case 'getTimer':
    case 'rangeGetTimers':
    case 'readDueTimers':
    case 'rangeGetDeadTimers':
      return [];
    case 'updateShardMetadata':
      return write({ version: rest[0] as number });
    case 'createTimer':
      return write({ version: rest[0] as number, written: signedBy([rest[1]]) });
    case 'createTimerNoLock':
      return write({ written: signedBy([rest[0]]) });
    case 'createTimers':
      return writeOfTimers(rest[0] as number, rest[1]);
    case 'createTimersNoLock':
      return writeOfTimers(undefined, rest[0]);
    case 'createTimersOfShards':
      return (args[0] as TimerBatch[])
        .filter((batch, place) => batch.shardId === shardId && (answerOf(call) as unknown[])[place] === null)
        .flatMap((batch) => writeOfTimers(batch.shardVersion, batch.timers));
    case 'updateTimer':
      return write({ version: rest[0] as number, written: signedBy([key(rest[1], rest[2])]) });
    case 'updateTimerNoLock':
      return write({ written: signedBy([key(rest[0], rest[1])]) });
    case 'deleteTimer':
      return write({ version: rest[0] as number, deleted: [key(rest[1], rest[2])] });
    case 'deleteTimerNoLock':
      return write({ deleted: [key(rest[0], rest[1])] });
    case 'rangeDeleteWithLimit':
      return write({ version: rest[0] as number, ...deletion() });
    case 'rangeDeleteWithLimitNoLock':
      return write(deletion());
    case 'rangeDeleteWithBatchInsertTxn':
      return write({ version: rest[0] as number, ...deletion(), written: signedBy(rest[2]) });
    case 'settleTimers':
      return settlementsOf(call, shardId).flatMap(({ settlement, result }) =>
        result === 'settled' ? write(settling(settlement, step)) : [],
      );
    case 'reviveTimer':
      return write({ written: [answerOf(call) as Timer], exhumed: [key(rest[0], rest[1])] });
    case 'deleteDeadTimer':
      return write({ exhumed: [key(rest[0], rest[1])] });
    default:
      return method satisfies never;
  }

  /** None for an empty list, which is not sent. */
  function writeOfTimers(version: number | undefined, timers: unknown): Write[] {
    const written = signedBy(timers);
    return written.length > 0 ? write({ version, written }) : [];
  }
}

function settling({ shardVersion, timer, outcome }: Settlement, step: number): Partial<Write> {
  const { namespace, id } = timer;
  return {
    version: shardVersion,
    settled: [timer as Timer],
    written: outcome === 'again' ? [{ namespace, id, payload: step }] : [],
    buried: outcome === 'dead' ? [{ namespace, id }] : [],
  };
}

/** The settlements of a shard, with what came of each. */
export function settlementsOf(
  call: RecordedCall,
  shardId: number,
): { readonly settlement: Settlement; readonly result: unknown }[] {
  const results = answerOf(call) as unknown[];
  return (call.args[0] as Settlement[])
    .map((settlement, place) => ({ settlement, result: results[place] }))
    .filter(({ settlement }) => settlement.shardId === shardId);
}

/** Whether a write may have replaced or removed what was there. */
export function mayTouch({ written, deleted, settled, deletedCount }: Write, content: Content): boolean {
  return (
    deletedCount > 0 ||
    [...written, ...deleted].some((key) => isKeyOf(key, content)) ||
    settled.some((delivered) => isSame(delivered, content))
  );
}

export function isSame(a: Content, b: Content): boolean {
  return isKeyOf(a, b) && a.payload === b.payload;
}

export function isKeyOf(a: Key, b: Key): boolean {
  return a.namespace === b.namespace && a.id === b.id;
}

export function answerOf({ outcome }: RecordedCall): unknown {
  return (outcome as { value: unknown }).value;
}

export function keyOf({ namespace, id }: Key): string {
  return JSON.stringify([namespace, id]);
}

export function nameOf({ method, step }: RecordedCall): string {
  return `${method} of step ${step}`;
}

export function codeOf({ outcome }: RecordedCall): string {
  return String((outcome as { error: Record<string, unknown> }).error['code']);
}
