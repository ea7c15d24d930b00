import { PostgresTimerStore, ShardConditionFailedError } from 'pg-timer-store';
import { benchTimer } from '../lib/bench-timers';
import { quantile } from '../lib/compare';

const SHARD = 2;
const CALLERS = 64;
const CLAIMS_PER_ROUND = 100;

export interface ClaimWait {
  /** Milliseconds, one for each round. */
  readonly claimP99: readonly number[];
  readonly createP99: readonly number[];
}

/**
 * How long a claim waits for a shard whose owner writes at full speed, against what a write waits itself. The
 * writers go on under each new version, so that every claim meets the full load.
 */
export async function measureClaimWait(
  url: string,
  rounds: number,
  batchCreates: boolean,
  onRound: () => void,
): Promise<ClaimWait> {
  const owner = await PostgresTimerStore.connect({ connectionString: url, batchCreates, maxIdleConns: 10 });
  const claimer = await PostgresTimerStore.connect({ connectionString: url, maxOpenConns: 1 });
  const claimP99: number[] = [];
  const createP99: number[] = [];
  for (let round = 0; round < rounds; round++) {
    let { shardVersion } = (await claimer.claimShardOwnership(SHARD, 'bench')).current;
    const claims: number[] = [];
    const creates: number[] = [];
    let next = 0;
    const write = async () => {
      while (claims.length < CLAIMS_PER_ROUND) {
        const start = performance.now();
        try {
          await owner.createTimer(SHARD, shardVersion, benchTimer(next++));
          creates.push(performance.now() - start);
        } catch (error) {
          if (!(error instanceof ShardConditionFailedError)) {
            throw error;
          }
        }
      }
    };
    const claim = async () => {
      while (claims.length < CLAIMS_PER_ROUND) {
        // Until the writers are in full swing again.
        const until = creates.length + 20 * CALLERS;
        while (creates.length < until) {
          await new Promise((resolve) => setImmediate(resolve));
        }
        const start = performance.now();
        ({ shardVersion } = (await claimer.claimShardOwnership(SHARD, 'bench')).current);
        claims.push(performance.now() - start);
      }
    };
    await Promise.all([claim(), ...Array.from({ length: CALLERS }, write)]);
    claimP99.push(quantile(claims, 0.99));
    createP99.push(quantile(creates, 0.99));
    onRound();
  }
  await owner.close();
  await claimer.close();
  return { claimP99, createP99 };
}
