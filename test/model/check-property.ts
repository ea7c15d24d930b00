import fc, { type IAsyncProperty } from 'fast-check';

/** How many properties there are: the soak gives each the same share of its time. */
const PROPERTIES = 3;

/** The room that jest leaves beyond the time of a property: its last round, and finding a smaller failure. */
const MARGIN_MS = 300_000;

/** Runs between two lines of progress. */
const ROUND_RUNS = 200;

const minutes = Number(process.env['SOAK_MINUTES'] ?? 0);
const givenSeed = process.env['TEST_SEED'];
const givenPath = process.env['TEST_PATH'];

/**
 * A jest test that a property holds: in so many runs, or for its share of the time if this is the soak.
 *
 * A failure prints the smallest calls that fail and the command that replays them. `TEST_SEED` alone repeats all
 * runs; `TEST_PATH` goes straight to the failing one.
 *
 * @param calls how many calls the runs have made so far, for the soak to show.
 */
export function testProperty<T>(
  name: string,
  { runs, calls, property }: { runs: number; calls: () => number; property: () => IAsyncProperty<T> },
): void {
  const shareMs = (minutes * 60_000) / PROPERTIES;
  test(
    name,
    async () => {
      if (shareMs === 0) {
        await runProperty(name, property(), runs);
        return;
      }
      const start = Date.now();
      for (let done = ROUND_RUNS; ; done += ROUND_RUNS) {
        await runProperty(name, property(), ROUND_RUNS);
        const seconds = Math.round((Date.now() - start) / 1000);
        process.stderr.write(`${name}: ${done} runs, ${calls()} calls, ${seconds} s\n`);
        if (Date.now() - start > shareMs || givenSeed !== undefined) {
          return;
        }
      }
    },
    shareMs + MARGIN_MS,
  );
}

async function runProperty<T>(name: string, property: IAsyncProperty<T>, numRuns: number): Promise<void> {
  const details = await fc.check(property, {
    numRuns,
    ...(givenSeed !== undefined && { seed: Number(givenSeed) }),
    ...(givenPath !== undefined && { path: givenPath }),
  });
  if (details.failed) {
    const { seed, counterexamplePath, errorInstance } = details;
    const replay = `TEST_SEED=${seed} TEST_PATH=${counterexamplePath} npx jest test/model -t '${name}'`;
    const report = await fc.asyncDefaultReportMessage(details);
    const reason = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
    throw new Error(`${report}\n\n${reason}\n\nReplay: ${replay}`);
  }
}
