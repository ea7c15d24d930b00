import { isDeepStrictEqual } from 'node:util';
import type {
  NewTimer,
  RangeDeleteResult,
  ShardClaim,
  ShardConditionFailedError,
  ShardInfo,
  Timer,
} from '../../src';
import type { ModelCall } from './model-call';
import type { RecordedCall } from './run-schedule';

/** Begins the times that stand for steps, in a shard's metadata. */
const FIRST_STEP = Date.UTC(2030, 0, 1);

/** Lets a write leave the number of its step wherever it writes, so that what is read later names its writer. */
export function signed(call: ModelCall, step: number): ModelCall {
  const sign = (arg: unknown) => {
    if (Array.isArray(arg)) {
      return arg.map((timer) => ({ ...timer, payload: step }));
    }
    return arg;
  };
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
    case 'updateTimerNoLock': {
      const fields = call.args.at(-1) as object;
      return { ...call, args: [...call.args.slice(0, -1), { ...fields, payload: step }] };
    }
    default:
      return { ...call, args: call.args.map(sign) };
  }
}

/** What racing owners of one shard did, and what was there at the end. */
export class OwnershipHistory {
  readonly #claims: readonly Claim[];
  readonly #lostClaims: readonly RecordedCall[];
  readonly #writes: readonly Write[];
  readonly #reads: readonly Read[];
  readonly #shards: readonly ShardSeen[];
  readonly #failed: readonly RecordedCall[];
  readonly #final: Read;

  constructor(history: readonly RecordedCall[], finalTimers: readonly Timer[], finalShard: ShardInfo | null) {
    const succeeded = history.filter(({ outcome }) => 'value' in outcome);
    this.#final = {
      step: -1,
      invoked: Number.POSITIVE_INFINITY,
      responded: Number.POSITIVE_INFINITY,
      timers: finalTimers,
    };
    this.#failed = history.filter(({ outcome }) => 'error' in outcome);
    this.#lostClaims = this.#failed.filter(
      ({ method, outcome }) =>
        method === 'claimShardOwnership' && codeOf(outcome) === 'SHARD_CONDITION_FAILED',
    );
    this.#claims = succeeded
      .filter(({ method }) => method === 'claimShardOwnership')
      .map((call) => ({ ...call, ...(answerOf(call) as ShardClaim) }))
      .sort((a, b) => a.current.shardVersion - b.current.shardVersion);
    this.#writes = succeeded.map(asWrite).filter((write) => write !== undefined);
    this.#reads = [
      ...succeeded
        .filter(({ method }) => method === 'rangeGetTimers')
        .map((call) => ({ ...call, timers: answerOf(call) as Timer[] })),
      this.#final,
    ];
    this.#shards = [
      ...succeeded
        .filter(({ method }) => method === 'getShard')
        .map((call) => ({ ...call, shard: answerOf(call) as ShardInfo | null })),
      { invoked: Number.POSITIVE_INFINITY, shard: finalShard },
    ];
  }

  /** The rules that were broken, in words. */
  faults(): string[] {
    return [
      ...this.#unforeseenErrors(),
      ...this.#brokenVersions(),
      ...this.#wrongPredecessors(),
      ...this.#claimsThatLostToNobody(),
      ...this.#writesAfterTheirTime(),
      ...this.#timersThatANewOwnerMissed(),
      ...this.#metadataThatANewOwnerMissed(),
      ...this.#lostTimers(),
      ...this.#timersThatShouldBeGone(),
      ...this.#deletesBeyondTheirLimit(),
    ];
  }

  #unforeseenErrors(): string[] {
    const foreseen = ['SHARD_CONDITION_FAILED', 'TIMER_NOT_FOUND', 'INVALID_ARGUMENT', 'STORE_UNAVAILABLE'];
    return this.#failed
      .filter(({ outcome }) => !foreseen.includes(codeOf(outcome)))
      .map((call) => `${nameOf(call)} failed with ${codeOf(call.outcome)}`);
  }

  #brokenVersions(): string[] {
    return this.#claims.flatMap((claim, index) => {
      const faults: string[] = [];
      if (claim.current.shardVersion !== index + 1) {
        faults.push(`claim ${index + 1} made version ${claim.current.shardVersion}`);
      }
      if (this.#claims.slice(0, index).some((earlier) => earlier.invoked > claim.responded)) {
        faults.push(`${nameOf(claim)} responded before the claim of a lower version was invoked`);
      }
      return faults;
    });
  }

  #wrongPredecessors(): string[] {
    return this.#claims
      .filter(({ previous, current }, index) => {
        const before = this.#claims[index - 1]?.current;
        // The metadata may have been written since that claim.
        return !isDeepStrictEqual(
          previous,
          before === undefined ? null : { ...before, metadata: current.metadata },
        );
      })
      .map((claim) => `${nameOf(claim)} named another predecessor than the claim before it`);
  }

  #claimsThatLostToNobody(): string[] {
    return this.#lostClaims
      .filter(({ outcome, invoked, responded }) => {
        const { expectedVersion } = (outcome as { error: object }).error as ShardConditionFailedError;
        const winner = this.#claims.find(({ current }) => current.shardVersion === expectedVersion + 1);
        return winner === undefined || winner.invoked > responded || winner.responded < invoked;
      })
      .map((call) => `${nameOf(call)} lost a race that there was not`);
  }

  #writesAfterTheirTime(): string[] {
    return this.#writes
      .filter(({ version, invoked, responded }) => {
        const claims = this.#claims;
        return (
          version !== undefined &&
          (!claims.some((claim) => claim.current.shardVersion === version && claim.invoked < responded) ||
            claims.some((claim) => claim.current.shardVersion > version && claim.responded < invoked))
        );
      })
      .map((write) => `${nameOf(write)} succeeded under version ${write.version}, which was not the shard's`);
  }

  /** Compares what the new owner read first with all that was read later. */
  #timersThatANewOwnerMissed(): string[] {
    return this.#claims.flatMap(({ step, current: { shardVersion } }) => {
      const first = this.#reads.find((read) => read.step === step);
      if (first === undefined) {
        return [`the owner of version ${shardVersion} could not read`];
      }
      const later = this.#reads.filter(({ invoked }) => invoked > first.responded);
      const late = later.flatMap(({ timers }) =>
        timers
          .filter((timer) => (this.#writerOf(timer)?.version ?? shardVersion) < shardVersion)
          .filter((timer) => !first.timers.some((seen) => isSameWrite(seen, timer))),
      );
      const gone = first.timers.filter(
        (timer) =>
          !this.#final.timers.some((left) => isSameWrite(left, timer)) &&
          !this.#writes.some(
            (write) =>
              write.responded > first.invoked &&
              (write.version ?? shardVersion) >= shardVersion &&
              mayTouch(write, timer),
          ),
      );
      return [...late, ...gone].map(
        (timer) => `a former owner changed ${keyOf(timer)} after version ${shardVersion} had read it`,
      );
    });
  }

  #metadataThatANewOwnerMissed(): string[] {
    return this.#claims.flatMap(({ current: { shardVersion, metadata } }) => {
      const seenLater = [
        ...this.#claims.map(({ current }) => current),
        ...this.#shards.map(({ shard }) => shard),
      ].filter((shard) => shard !== null && shard.shardVersion >= shardVersion);
      return seenLater
        .filter((shard) => {
          const writer = this.#metadataWriterOf(shard as ShardInfo);
          return (writer?.version ?? 0) < shardVersion && !isDeepStrictEqual(shard?.metadata, metadata);
        })
        .map(() => `a former owner changed the metadata after version ${shardVersion} had claimed`);
    });
  }

  #lostTimers(): string[] {
    return this.#writes.flatMap((write) =>
      write.written
        .filter(
          (key) =>
            !this.#final.timers.some((timer) => isKeyOf(key, timer) && timer.payload === write.step) &&
            !this.#writes.some(
              (other) => other !== write && other.responded > write.invoked && mayTouch(other, key),
            ),
        )
        .map((key) => `${nameOf(write)} of ${keyOf(key)} is lost`),
    );
  }

  #timersThatShouldBeGone(): string[] {
    return this.#final.timers
      .filter((timer) => {
        const writer = this.#writerOf(timer);
        return (
          writer === undefined ||
          !writer.written.some((key) => isKeyOf(key, timer)) ||
          this.#writes.some(
            (other) =>
              other.invoked > writer.responded &&
              [...other.written, ...other.deleted].some((key) => isKeyOf(key, timer)),
          )
        );
      })
      .map((timer) => `${keyOf(timer)} of step ${timer.payload} should have been replaced or deleted`);
  }

  #deletesBeyondTheirLimit(): string[] {
    return this.#writes
      .filter(({ method, args, deletedCount }) => {
        return method.startsWith('rangeDeleteWithLimit') && deletedCount > (args.at(-1) as number);
      })
      .map((write) => `${nameOf(write)} deleted ${write.deletedCount}`);
  }

  #writerOf(timer: Timer): Write | undefined {
    return this.#writes.find(({ step }) => step === timer.payload);
  }

  #metadataWriterOf({ metadata: { committedOffset } }: ShardInfo): Write | undefined {
    return (
      committedOffset &&
      this.#writes.find(({ step }) => step === committedOffset.executeAt.getTime() - FIRST_STEP)
    );
  }
}

type Claim = RecordedCall & ShardClaim;

interface Key {
  readonly namespace: string;
  readonly id: string;
}

/** A write that succeeded. */
interface Write extends RecordedCall {
  /** Created or updated. */
  readonly written: readonly Key[];
  /** Deleted by name. */
  readonly deleted: readonly Key[];
  /** Deleted by their range, whichever they were. */
  readonly deletedCount: number;
}

interface Read {
  readonly step: number;
  readonly invoked: number;
  readonly responded: number;
  readonly timers: readonly Timer[];
}

interface ShardSeen {
  readonly invoked: number;
  readonly shard: ShardInfo | null;
}

/** Undefined for a read, a claim, and for an empty list, which is not sent. */
function asWrite(call: RecordedCall): Write | undefined {
  const nothing = { ...call, written: [], deleted: [], deletedCount: 0 };
  const args = call.version === undefined ? call.args.slice(1) : call.args.slice(2);
  const key = () => ({ namespace: args[0] as string, id: args[1] as string });
  switch (call.method) {
    case 'claimShardOwnership':
    case 'getShard':
    case 'getTimer':
    case 'rangeGetTimers':
      return undefined;
    case 'updateShardMetadata':
      return nothing;
    case 'createTimer':
    case 'createTimerNoLock':
      return { ...nothing, written: [args[0] as NewTimer] };
    case 'createTimers':
    case 'createTimersNoLock': {
      const written = args[0] as NewTimer[];
      return written.length > 0 ? { ...nothing, written } : undefined;
    }
    case 'updateTimer':
    case 'updateTimerNoLock':
      return { ...nothing, written: [key()] };
    case 'deleteTimer':
    case 'deleteTimerNoLock':
      return { ...nothing, deleted: [key()] };
    case 'rangeDeleteWithLimit':
    case 'rangeDeleteWithLimitNoLock':
      return { ...nothing, ...(answerOf(call) as RangeDeleteResult) };
    case 'rangeDeleteWithBatchInsertTxn':
      return { ...nothing, ...(answerOf(call) as RangeDeleteResult), written: args[1] as NewTimer[] };
    default:
      return call.method satisfies never;
  }
}

function mayTouch({ written, deleted, deletedCount }: Write, key: Key): boolean {
  return deletedCount > 0 || [...written, ...deleted].some((touched) => isKeyOf(touched, key));
}

function isSameWrite(a: Timer, b: Timer): boolean {
  return isKeyOf(a, b) && a.payload === b.payload;
}

function isKeyOf(a: Key, b: Key): boolean {
  return a.namespace === b.namespace && a.id === b.id;
}

function keyOf({ namespace, id }: Key): string {
  return JSON.stringify([namespace, id]);
}

function nameOf({ method, step }: RecordedCall): string {
  return `${method} of step ${step}`;
}

function answerOf({ outcome }: RecordedCall): unknown {
  return (outcome as { value: unknown }).value;
}

function codeOf(outcome: RecordedCall['outcome']): string {
  return String((outcome as { error: Record<string, unknown> }).error['code']);
}
