import { isDeepStrictEqual } from 'node:util';
import type { DeadTimer, ShardClaim, ShardConditionFailedError, ShardInfo, Timer } from '../../src';
import {
  answerOf,
  type Content,
  codeOf,
  isKeyOf,
  isSame,
  keyOf,
  mayTouch,
  nameOf,
  settlementsOf,
  stepOfOffset,
  type Write,
  writesOf,
} from './ownership-writes';
import type { RecordedCall } from './run-schedule';

type Claim = RecordedCall & ShardClaim;

interface Read {
  readonly step: number;
  readonly invoked: number;
  readonly responded: number;
  readonly timers: readonly Timer[];
}

/** What was there at the end. */
export interface ShardContent {
  readonly shardId: number;
  readonly shard: ShardInfo | null;
  readonly timers: readonly Timer[];
  readonly deadTimers: readonly DeadTimer[];
}

/** What racing owners of one shard did, and what was there at the end. */
export class OwnershipHistory {
  readonly #claims: readonly Claim[];
  readonly #lostClaims: readonly RecordedCall[];
  readonly #writes: readonly Write[];
  readonly #reads: readonly Read[];
  readonly #shards: readonly (ShardInfo | null)[];
  readonly #failed: readonly RecordedCall[];
  readonly #settlingCalls: readonly RecordedCall[];
  readonly #shardId: number;
  readonly #final: Read;
  readonly #deadTimers: readonly DeadTimer[];

  constructor(history: readonly RecordedCall[], { shardId, shard, timers, deadTimers }: ShardContent) {
    this.#shardId = shardId;
    this.#deadTimers = deadTimers;
    const succeeded = history.filter(({ outcome }) => 'value' in outcome);
    this.#final = {
      step: -1,
      invoked: Number.POSITIVE_INFINITY,
      responded: Number.POSITIVE_INFINITY,
      timers,
    };
    this.#failed = history.filter(({ outcome }) => 'error' in outcome);
    this.#lostClaims = this.#failed.filter(
      (call) => call.method === 'claimShardOwnership' && codeOf(call) === 'SHARD_CONDITION_FAILED',
    );
    this.#claims = succeeded
      .filter(({ method }) => method === 'claimShardOwnership')
      .map((call) => ({ ...call, ...(answerOf(call) as ShardClaim) }))
      .sort((a, b) => a.current.shardVersion - b.current.shardVersion);
    this.#writes = succeeded.flatMap((call) => writesOf(call, shardId));
    this.#settlingCalls = succeeded.filter(({ method }) => method === 'settleTimers');
    this.#reads = [
      ...succeeded
        .filter(({ method }) => method === 'rangeGetTimers')
        .map((call) => ({ ...call, timers: answerOf(call) as Timer[] })),
      this.#final,
    ];
    this.#shards = [
      ...succeeded
        .filter(({ method }) => method === 'getShard')
        .map((call) => answerOf(call) as ShardInfo | null),
      shard,
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
      ...this.#settlementsThatLostToNobody(),
      ...this.#timersThatANewOwnerMissed(),
      ...this.#metadataThatANewOwnerMissed(),
      ...this.#lostTimers(),
      ...this.#timersThatShouldBeGone(),
      ...this.#lostDeadTimers(),
      ...this.#deadTimersThatShouldBeGone(),
      ...this.#deletesBeyondTheirLimit(),
    ];
  }

  #unforeseenErrors(): string[] {
    const foreseen = ['SHARD_CONDITION_FAILED', 'TIMER_NOT_FOUND', 'INVALID_ARGUMENT', 'STORE_UNAVAILABLE'];
    return this.#failed
      .filter((call) => !foreseen.includes(codeOf(call)))
      .map((call) => `${nameOf(call)} failed with ${codeOf(call)}`);
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

  #settlementsThatLostToNobody(): string[] {
    return this.#settlingCalls.flatMap((call) =>
      settlementsOf(call, this.#shardId)
        .filter(({ result, settlement: { shardVersion } }) => {
          const isHeld = this.#claims.some(
            ({ current, responded }) => current.shardVersion === shardVersion && responded < call.invoked,
          );
          const mayBeLost = this.#claims.some(
            ({ current, invoked }) => current.shardVersion > shardVersion && invoked < call.responded,
          );
          return result === 'lost' && isHeld && !mayBeLost;
        })
        .map(({ settlement }) => `${nameOf(call)} lost version ${settlement.shardVersion} to nobody`),
    );
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
          .filter((timer) => !first.timers.some((seen) => isSame(seen, timer)))
          .filter((timer) =>
            this.#writersOf(timer).every(
              (writer) => writer.responded < first.invoked || (writer.version ?? shardVersion) < shardVersion,
            ),
          ),
      );
      const gone = first.timers.filter(
        (timer) =>
          !this.#final.timers.some((left) => isSame(left, timer)) &&
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
      const seenLater = [...this.#claims.map(({ current }) => current), ...this.#shards].filter(
        (shard) => shard !== null && shard.shardVersion >= shardVersion,
      );
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
          (content) =>
            !this.#final.timers.some((timer) => isSame(content, timer)) &&
            !this.#writes.some(
              (other) => other !== write && other.responded > write.invoked && mayTouch(other, content),
            ),
        )
        .map((content) => `${nameOf(write)} of ${keyOf(content)} is lost`),
    );
  }

  #timersThatShouldBeGone(): string[] {
    return this.#final.timers
      .filter((timer) =>
        this.#writersOf(timer).every((writer) =>
          this.#writes.some(
            ({ invoked, written, deleted, settled }) =>
              invoked > writer.responded &&
              [...written, ...deleted, ...settled].some((key) => isKeyOf(key, timer)),
          ),
        ),
      )
      .map((timer) => `${keyOf(timer)} of step ${timer.payload} should have been replaced or deleted`);
  }

  #lostDeadTimers(): string[] {
    return this.#writes.flatMap((write) =>
      write.buried
        .filter(
          (key) =>
            !this.#deadTimers.some((dead) => isKeyOf(key, dead) && dead.lastError === String(write.step)) &&
            !this.#writes.some(
              (other) =>
                other !== write &&
                other.responded > write.invoked &&
                [...other.buried, ...other.exhumed].some((other) => isKeyOf(other, key)),
            ),
        )
        .map((key) => `the dead timer of ${nameOf(write)}, ${keyOf(key)}, is lost`),
    );
  }

  #deadTimersThatShouldBeGone(): string[] {
    return this.#deadTimers
      .filter((dead) => {
        const digger = this.#writes.find(
          ({ step, buried }) => dead.lastError === String(step) && buried.some((key) => isKeyOf(key, dead)),
        );
        return (
          digger === undefined ||
          this.#writes.some(
            ({ invoked, buried, exhumed }) =>
              invoked > digger.responded && [...buried, ...exhumed].some((key) => isKeyOf(key, dead)),
          )
        );
      })
      .map((dead) => `the dead timer ${keyOf(dead)} should have been replaced, revived or deleted`);
  }

  #deletesBeyondTheirLimit(): string[] {
    return this.#writes
      .filter(({ method, args, deletedCount }) => {
        return method.startsWith('rangeDeleteWithLimit') && deletedCount > (args.at(-1) as number);
      })
      .map((write) => `${nameOf(write)} deleted ${write.deletedCount}`);
  }

  /** Several, if it was revived. */
  #writersOf(timer: Content): readonly Write[] {
    return this.#writes.filter(({ written }) => written.some((content) => isSame(content, timer)));
  }

  #metadataWriterOf({ metadata: { committedOffset } }: ShardInfo): Write | undefined {
    return (
      committedOffset && this.#writes.find(({ step }) => step === stepOfOffset(committedOffset.executeAt))
    );
  }
}
