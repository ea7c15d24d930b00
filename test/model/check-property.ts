import fc, { type Arbitrary } from 'fast-check';

export interface Property<T> {
  /** How many runs `npm test` makes. */
  readonly runs: number;
  readonly arbitrary: Arbitrary<T>;
  /** Throws if the property does not hold. Returns how many calls it made. */
  readonly check: (value: T) => Promise<number>;
}

/** How many properties there are: the soak gives each the same share of its time. */
const PROPERTIES = 5;

/** Runs between two lines of the soak's progress. */
const ROUND_RUNS = 500;

/** How long a failure is made smaller. One that depends on a race, and shows now and then, could take for ever. */
const SHRINK_MS = 20_000;

/** What a test may take beyond its share of the soak. */
const MARGIN_MS = 300_000;

const soakMinutes = Number(process.env['SOAK_MINUTES'] ?? 0);
const givenSeed = process.env['TEST_SEED'];
const givenPath = process.env['TEST_PATH'];

/**
 * A jest test that a property holds: in so many runs, or for its share of the time if this is the soak.
 *
 * A failure prints the smallest calls that fail and the command that replays them. `TEST_SEED` alone repeats all
 * runs; `TEST_PATH` goes straight to the failing one.
 */
export function testProperty<T>(name: string, property: Property<T>): void {
  const shareMs = (soakMinutes * 60_000) / PROPERTIES;
  const testRuns = async () => await checkProperty(name, property, property.runs);
  const testOnAndOn = async () => {
    const start = Date.now();
    let runs = 0;
    let calls = 0;
    while (Date.now() - start < shareMs) {
      calls += await checkProperty(name, property, ROUND_RUNS);
      runs += ROUND_RUNS;
      const seconds = Math.round((Date.now() - start) / 1000);
      process.stderr.write(`${name}: ${runs} runs, ${calls} calls, ${seconds} s\n`);
    }
  };
  test(name, shareMs === 0 ? testRuns : testOnAndOn, shareMs + MARGIN_MS);
}

/** @returns how many calls were made. */
async function checkProperty<T>(
  name: string,
  { arbitrary, check }: Property<T>,
  numRuns: number,
): Promise<number> {
  let calls = 0;
  let failedSince: number | undefined;
  const property = fc.asyncProperty(arbitrary, async (value) => {
    if (failedSince !== undefined && Date.now() - failedSince > SHRINK_MS) {
      // Whatever passes ends the search for something smaller.
      return;
    }
    try {
      calls += await check(value);
    } catch (error) {
      failedSince ??= Date.now();
      throw error;
    }
  });
  const details = await fc.check(property, {
    numRuns,
    ...(givenSeed !== undefined && { seed: Number(givenSeed) }),
    ...(givenPath !== undefined && { path: givenPath }),
  });
  if (details.failed) {
    const { seed, counterexamplePath, errorInstance } = details;
    const report = await fc.asyncDefaultReportMessage(details);
    const reason = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
    const replay = `TEST_SEED=${seed} TEST_PATH=${counterexamplePath} npx jest test/model -t '${name}'`;
    throw new Error(`${report}\n\n${reason}\n\nReplay: ${replay}`);
  }
  return calls;
}
