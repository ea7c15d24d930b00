import type { MultixactCount } from './multixacts';

/** One side of a comparison: does some work and says how much. */
export type Side = () => Promise<number>;

export interface Comparison {
  readonly name: string;
  /** What the library is measured against. */
  readonly yardstick: string;
  /** The ratio that is wanted. Absent: it is measured to be known. */
  readonly goal?: number;
  /** What is counted, such as `timers`. */
  readonly unit: string;
  /** Runs before each turn of each side, unmeasured, so that both find the same table. */
  readonly prepare: () => Promise<void>;
  readonly ours: Side;
  readonly theirs: Side;
}

export interface ComparisonResult {
  readonly name: string;
  readonly yardstick: string;
  readonly unit: string;
  readonly goal?: number;
  /** Ours divided by theirs, one for each round. */
  readonly ratios: readonly number[];
  readonly medianRatio: number;
  /** Medians. */
  readonly oursPerSecond: number;
  readonly theirsPerSecond: number;
  /** Of both sides, in all rounds, where they were counted. */
  readonly multixacts?: MultixactCount;
}

/** Lets both sides work in turns, each round in the other order, after one unmeasured round. */
export async function compare(
  comparison: Comparison,
  rounds: number,
  onTurn: () => void,
): Promise<ComparisonResult> {
  const turn = async (side: Side) => {
    await comparison.prepare();
    const start = process.hrtime.bigint();
    const count = await side();
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    onTurn();
    return count / seconds;
  };
  const rates: { ours: number; theirs: number }[] = [];
  for (let round = 0; round <= rounds; round++) {
    if (round % 2 === 0) {
      const ours = await turn(comparison.ours);
      rates.push({ ours, theirs: await turn(comparison.theirs) });
    } else {
      const theirs = await turn(comparison.theirs);
      rates.push({ theirs, ours: await turn(comparison.ours) });
    }
  }
  const measured = rates.slice(1);
  const ratios = measured.map(({ ours, theirs }) => ours / theirs);
  return {
    name: comparison.name,
    yardstick: comparison.yardstick,
    unit: comparison.unit,
    ...(comparison.goal !== undefined && { goal: comparison.goal }),
    ratios,
    medianRatio: median(ratios),
    oursPerSecond: median(measured.map(({ ours }) => ours)),
    theirsPerSecond: median(measured.map(({ theirs }) => theirs)),
  };
}

/** How many turns `compare` takes, for a progress display. */
export function turnCount(rounds: number): number {
  return 2 * (rounds + 1);
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The smallest value that so large a part of the values does not exceed. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
  if (value === undefined) {
    throw new RangeError('no values');
  }
  return value;
}
