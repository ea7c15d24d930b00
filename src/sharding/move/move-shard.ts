import { randomUUID } from 'node:crypto';
import { InvalidArgumentError, ShardMoveFailedError } from '../../contract/errors';
import { checkShardId, show } from '../../contract/scalars';
import { unknownColumns } from '../../diagnostics/judge-requirements';
import { claimNewShard } from '../../generated/claim.queries';
import {
  activateTarget,
  deleteMovedTimers,
  finishMove,
  sealSource,
  seedTarget,
  takeTarget,
} from '../../generated/move.queries';
import { readRequirements } from '../../generated/schema-check.queries';
import type { PostgresTimerStore } from '../../postgres/postgres-timer-store';
import { statementsOf } from '../../postgres/store-statements';
import { parseOptions } from '../../validation/objects';
import { parseCallOptions } from '../../validation/options';
import { awaitWriters } from './await-writers';
import { compareTimers, copyTimers } from './copy-timers';
import { FIRST, hasTimers, type MoveCursor, PAGE_SIZE, ROW_TYPES } from './list-timers';
import { MoveServer } from './move-server';
import { type MovingShard, nextStep, readShardRow } from './moving-shard';

/**
 * What a move is doing. `copy`: the source is in use. `seal`, `merge`, `compare`, `activate`: nobody can use the shard.
 * `delete`: the target is in use.
 */
export type MovePhase = 'copy' | 'seal' | 'merge' | 'compare' | 'activate' | 'delete';

/** How far a move has come. */
export interface MoveProgress {
  readonly phase: MovePhase;
  /** Timers that this phase has gone through: copied or found equal, compared, or deleted. */
  readonly timers: number;
}

/** What `moveShard` may be told. */
export interface MoveOptions {
  /** Stops the move. The same call goes on with it later. */
  readonly signal?: AbortSignal | undefined;
  /** Told when a phase begins, and after each page of at most 1,000 timers. If this throws, the move stops. */
  readonly onProgress?: ((progress: MoveProgress) => void) | undefined;
}

const MOVE_OPTION_FIELDS = ['signal', 'onProgress'] as const satisfies readonly (keyof MoveOptions)[];

/** The owner that a move gives to a shard that was never claimed. */
const MOVER_ADDR = 'moveShard';

/**
 * Moves a shard, its timers and its metadata from one server to another. It copies while the shard is in use, then
 * takes it from its owner for as long as the differences take, and gives it to the target one version further on. The
 * owner has to claim it there. docs/many-servers.md tells what each caller meets meanwhile.
 *
 * The same call goes on with a move that ended early, for whatever reason. Until then the shard may be in use
 * on neither server. Each statement has the default time-out of a call, 10 seconds.
 *
 * @throws InvalidArgumentError
 * @throws ShardMoveFailedError the servers are not as a move needs them, or do not have the same timers after the copy.
 * @throws UnreadableRowError the row of the shard itself cannot be read. Timers that cannot be read are moved as they
 *   are.
 * @throws StoreUnavailableError, CallTimeoutError, CallAbortedError, OutcomeUnknownError, StoreClosedError: go on with
 *   the move by the same call.
 * @example
 * await moveShard(7, first, second, { onProgress: ({ phase, timers }) => console.log(phase, timers) });
 */
export async function moveShard(
  shardId: number,
  from: PostgresTimerStore,
  to: PostgresTimerStore,
  options: MoveOptions = {},
): Promise<void> {
  checkShardId(shardId);
  const runOnSource = statementsOf('from', from);
  const runOnTarget = statementsOf('to', to);
  if (from === to) {
    throw new InvalidArgumentError('to', 'must be another store than from');
  }
  const { signal, onProgress } = parseMoveOptions(options);
  const source = new MoveServer(runOnSource, shardId, signal);
  const target = new MoveServer(runOnTarget, shardId, signal);
  const report = (phase: MovePhase) => (timers: number) => onProgress?.({ phase, timers });
  await new ShardMove(source, target, report).run();
}

class ShardMove {
  readonly #source: MoveServer;
  readonly #target: MoveServer;
  readonly #shardId: number;
  readonly #report: (phase: MovePhase) => (timers: number) => void;
  /** Of this call: sql/move.sql. */
  readonly #run = randomUUID();

  constructor(
    source: MoveServer,
    target: MoveServer,
    report: (phase: MovePhase) => (timers: number) => void,
  ) {
    this.#source = source;
    this.#target = target;
    this.#shardId = source.shardId;
    this.#report = report;
  }

  async run(): Promise<void> {
    await this.#refuseCitus();
    for (;;) {
      const source = await readShardRow(this.#source);
      const next = nextStep(this.#shardId, source, await readShardRow(this.#target));
      switch (next.step) {
        case 'claim':
          await this.#source.write(claimNewShard, { shardId: this.#shardId, ownerAddr: MOVER_ADDR });
          break;
        case 'seed':
          await this.#seed();
          break;
        case 'copy': {
          const { moveId = randomUUID() } = next;
          await this.#takeTarget(next.seen, moveId);
          await this.#copy();
          await this.#seal(moveId);
          break;
        }
        case 'merge':
          await this.#takeTarget(next.seen, next.moveId);
          await this.#merge();
          await this.#activate(next.moveId);
          break;
        case 'delete':
          await this.#delete(next.moveId);
          return;
        case 'done':
          return;
      }
    }
  }

  #incoming(moveId: string): string {
    return moveText({ id: moveId, state: 'incoming', run: this.#run });
  }

  /** Refuses a target that has timers which no move has brought: the copy would delete them. */
  async #seed(): Promise<void> {
    if (await hasTimers(this.#target)) {
      throw new ShardMoveFailedError(
        this.#shardId,
        'the target has timers of it, though it was never claimed there: somebody takes the target for its server',
      );
    }
    const move = this.#incoming(randomUUID());
    await this.#target.write(seedTarget, { shardId: this.#shardId, move });
  }

  /** Gives the target a row of this move: from here on only this call writes to the target. */
  async #takeTarget({ metadata }: MovingShard, moveId: string): Promise<void> {
    const { rowCount } = await this.#target.write(takeTarget, {
      shardId: this.#shardId,
      seenMetadata: metadata,
      move: this.#incoming(moveId),
    });
    this.#requireOurs(rowCount);
  }

  async #copy(): Promise<void> {
    const onTimers = this.#report('copy');
    onTimers(0);
    await this.#checkColumns();
    await copyTimers(this.#source, this.#target, this.#run, onTimers);
  }

  async #seal(moveId: string): Promise<void> {
    this.#report('seal')(0);
    for (;;) {
      const version = (await readShardRow(this.#source))?.version;
      if (version === null || version === undefined) {
        // Another call has sealed the shard. The next step sees that.
        return;
      }
      const move = moveText({ id: moveId, state: 'outgoing', version });
      const { rowCount } = await this.#source.write(sealSource, { shardId: this.#shardId, version, move });
      if (rowCount > 0) {
        return;
      }
    }
  }

  /** Citus takes locks of its own on its workers, and refuses to delete by ctid where it takes a statement apart. */
  async #refuseCitus(): Promise<void> {
    for (const server of [this.#source, this.#target]) {
      const requirements = await server.read(readRequirements, undefined);
      if (requirements.some(({ hasCitus }) => hasCitus)) {
        const end = server === this.#source ? 'source' : 'target';
        throw new ShardMoveFailedError(this.#shardId, `the ${end} has Citus, which this was not made for`);
      }
    }
  }

  /** Refuses a table with columns that this version does not know: rows would arrive without them. */
  async #checkColumns(): Promise<void> {
    const unknown = (await this.#source.read(readRequirements, undefined)).flatMap(unknownColumns);
    if (unknown.length > 0) {
      throw new ShardMoveFailedError(
        this.#shardId,
        `the source's table has columns that this version does not move: ${unknown.join(', ')}`,
      );
    }
  }

  /** After this the target has what the source has, and neither can change. */
  async #merge(): Promise<void> {
    const onTimers = this.#report('merge');
    onTimers(0);
    // Waits in each call, because an earlier call that was cut off may not have waited.
    await awaitWriters(this.#source);
    // Looks for unknown columns again, because a newer version may have added some during the copy.
    await this.#checkColumns();
    await copyTimers(this.#source, this.#target, this.#run, onTimers);
    const onCompared = this.#report('compare');
    onCompared(0);
    await compareTimers(this.#source, this.#target, onCompared);
  }

  async #activate(moveId: string): Promise<void> {
    this.#report('activate')(0);
    const source = await readShardRow(this.#source);
    if (source?.moveId !== moveId || source.moveVersion === null || source.metadata === null) {
      throw new ShardMoveFailedError(this.#shardId, 'another program has changed its row on the source');
    }
    const { rowCount } = await this.#target.write(activateTarget, {
      shardId: this.#shardId,
      run: this.#run,
      version: source.moveVersion + 1,
      ownerAddr: source.ownerAddr,
      claimedAt: source.claimedAt,
      metadata: source.metadata,
      move: moveText({ id: moveId, state: 'arrived' }),
    });
    this.#requireOurs(rowCount);
  }

  async #delete(moveId: string): Promise<void> {
    const onTimers = this.#report('delete');
    onTimers(0);
    let deleted = 0;
    for (const rowType of ROW_TYPES) {
      let after: MoveCursor = FIRST;
      for (;;) {
        const { rows } = await this.#source.write(deleteMovedTimers, {
          shardId: this.#shardId,
          rowType,
          moveId,
          afterExecuteAt: after.executeAt,
          afterUuid: after.uuid,
          limit: PAGE_SIZE,
        });
        const page = rows[0];
        this.#requireOurs(rows.length);
        if (page === undefined || page.deletedCount === 0) {
          break;
        }
        deleted += page.deletedCount;
        onTimers(deleted);
        after = page;
      }
    }
    const source = await readShardRow(this.#source);
    const move = moveText({ id: moveId, state: 'gone', version: source?.moveVersion ?? null });
    const { rowCount } = await this.#source.write(finishMove, { shardId: this.#shardId, moveId, move });
    this.#requireOurs(rowCount);
  }

  #requireOurs(rowCount: number): void {
    if (rowCount === 0) {
      throw new ShardMoveFailedError(this.#shardId, 'another call has taken this move over');
    }
  }
}

function moveText(move: Record<string, string | number | null>): string {
  return JSON.stringify({ move });
}

function parseMoveOptions(options: unknown): MoveOptions {
  const { signal, onProgress } = parseOptions('options', options, MOVE_OPTION_FIELDS);
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new InvalidArgumentError('options.onProgress', `must be a function, not ${show(onProgress)}`);
  }
  return {
    signal: parseCallOptions({ signal }).signal,
    onProgress: onProgress as MoveOptions['onProgress'],
  };
}
