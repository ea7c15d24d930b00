import type { Backlog } from '../lib/backlog';
import { median } from '../lib/compare';
import type { StoreOperation } from './store-operations';

export interface BacklogResult {
  /** The name of the backlog. */
  readonly backlog: string;
  /** Median. */
  readonly callsPerSecond: number;
  /** Its speed divided by that of the first backlog, one for each round. */
  readonly ratios: readonly number[];
  readonly medianRatio: number;
}

export interface OperationResult {
  readonly operation: string;
  /** In the order of the backlogs. */
  readonly backlogs: readonly BacklogResult[];
}

/**
 * Lets the backlogs take turns at each operation, each round in the other order, after one unmeasured round, and
 * compares each of them to the first.
 */
export async function compareBacklogs(
  operations: readonly StoreOperation[],
  backlogs: readonly Backlog[],
  rounds: number,
  onTurn: (doing: string) => void,
): Promise<OperationResult[]> {
  const speeds = operations.map(() => backlogs.map((): number[] => []));
  const places = [...backlogs.keys()];
  for (let round = 0; round <= rounds; round++) {
    for (const [row, operation] of operations.entries()) {
      for (const place of round % 2 === 0 ? places : places.toReversed()) {
        const backlog = backlogs[place] as Backlog;
        const speed = await takeTurn(operation, backlog);
        onTurn(`${operation.name}, ${backlog.name}`);
        if (round > 0) {
          speeds[row]?.[place]?.push(speed);
        }
      }
    }
  }
  return operations.map(({ name }, row) => ({
    operation: name,
    backlogs: backlogs.map((backlog, place) => {
      const own = speeds[row]?.[place] ?? [];
      const first = speeds[row]?.[0] ?? [];
      const ratios = own.map((speed, round) => speed / (first[round] ?? Number.NaN));
      return {
        backlog: backlog.name,
        callsPerSecond: median(own),
        ratios,
        medianRatio: median(ratios),
      };
    }),
  }));
}

/** How many turns `compareBacklogs` takes, for a progress display. */
export function backlogTurnCount(
  operations: readonly StoreOperation[],
  backlogCount: number,
  rounds: number,
): number {
  return operations.length * backlogCount * (rounds + 1);
}

/** Calls per second. */
async function takeTurn(operation: StoreOperation, backlog: Backlog): Promise<number> {
  let nanoseconds = 0n;
  let calls = 0;
  while (calls < operation.callsPerTurn) {
    await backlog.vacuum();
    // Not timed: after a VACUUM the server plans each query anew.
    await operation.call(backlog, (call) => call());
    for (let count = 0; count < operation.callsPerVacuum; count++) {
      await operation.call(backlog, async (call) => {
        const start = process.hrtime.bigint();
        const result = await call();
        nanoseconds += process.hrtime.bigint() - start;
        return result;
      });
      calls++;
    }
  }
  return calls / (Number(nanoseconds) / 1e9);
}
