import type { Pool } from 'pg';
import type { ShardClaim, TimerStore } from '../../src';
import { ALL } from '../support/store-fixture';
import { Knowledge } from './knowledge';
import { type MadeCall, type ModelCall, outcomeOf } from './model-call';

/** What happens next, and how many calls may still be under way when it begins. */
export interface Step {
  readonly maxUnderWay: number;
  readonly action: ProcessCall | LockTimers;
}

/** A process makes a call, under the newest version that is known by then if the call is fenced. */
interface ProcessCall {
  readonly process: number;
  readonly call: ModelCall;
}

/** Another program locks the timers of a shard for a while, so that writes wait in the middle. */
interface LockTimers {
  readonly lockTimersOf: number;
  /** The while, as statements that pass meanwhile. */
  readonly statements: number;
}

/** A call that was made. One clock counts invocations and responses, in the order in which this process saw them. */
export interface RecordedCall extends MadeCall {
  /** The index of its step. */
  readonly step: number;
  readonly process: number;
  readonly invoked: number;
  readonly responded: number;
}

/** Makes the calls of a schedule. Whoever has claimed a shard reads it at once, as a new owner does. */
export async function runSchedule(
  processes: readonly TimerStore[],
  others: Pool,
  schedule: readonly Step[],
): Promise<RecordedCall[]> {
  const history: RecordedCall[] = [];
  const knowledge = new Knowledge();
  let clock = 0;

  async function call(step: number, process: number, made: ModelCall) {
    const { method } = made;
    const args = knowledge.argsOf(made);
    const invoked = ++clock;
    const outcome = await outcomeOf(processes[process] as TimerStore, method, args);
    const responded = ++clock;
    history.push({ step, process, method, args, invoked, responded, outcome });
    knowledge.learn({ method, args, outcome });
    if (method === 'claimShardOwnership' && 'value' in outcome) {
      const { shardId } = (outcome.value as ShardClaim).current;
      await call(step, process, { method: 'rangeGetTimers', shardId, args: [ALL, 100_000] });
    }
  }

  const underWay = new Set<Promise<void>>();
  try {
    for (const [index, { maxUnderWay, action }] of schedule.entries()) {
      while (underWay.size > maxUnderWay) {
        await Promise.race(underWay);
      }
      const running = (
        'call' in action ? call(index, action.process, action.call) : lockTimers(others, action)
      ).finally(() => underWay.delete(running));
      underWay.add(running);
    }
    await Promise.all(underWay);
  } finally {
    // Nothing may reach into the next run.
    await Promise.allSettled(underWay);
  }
  return history;
}

async function lockTimers(others: Pool, { lockTimersOf, statements }: LockTimers): Promise<void> {
  const client = await others.connect();
  try {
    // Under a stricter level, this could fail where it meets a write.
    await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
    // SKIP LOCKED: whoever waits for nothing is part of no deadlock.
    await client.query('SELECT FROM timers WHERE shard_id = $1 AND row_type = 2 FOR UPDATE SKIP LOCKED', [
      lockTimersOf,
    ]);
    for (let statement = 0; statement < statements; statement++) {
      await client.query('SELECT');
    }
    await client.query('COMMIT');
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}
