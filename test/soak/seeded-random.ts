import fc from 'fast-check';

const SIZE = 2 ** 31;

/** As `Math.random`, but the same numbers for the same seed. Doubles of fast-check are nearly all next to 0. */
export function seededRandom(seed: number): () => number {
  const numbers = fc.noBias(fc.nat(SIZE - 1));
  const [generated] = fc.sample(fc.infiniteStream(numbers), { seed, numRuns: 1 });
  if (generated === undefined) throw new Error('fast-check has generated nothing');
  return () => generated.next().value / SIZE;
}
