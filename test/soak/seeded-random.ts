import fc from 'fast-check';

/** As `Math.random`, but the same numbers for the same seed. */
export function seededRandom(seed: number): () => number {
  const [generated] = fc.sample(
    fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })),
    {
      seed,
      numRuns: 1,
    },
  );
  if (generated === undefined) throw new Error('fast-check has generated nothing');
  return () => generated.next().value;
}
