import { Breather, LOOK_EVERY } from '../contract/breather';

/** How many values are sorted in one piece, which takes a few milliseconds. */
const RUN_LENGTH = 4096;

/** Sorts a copy: in runs, which are merged two by two, so that very many values do not hold up the event loop. */
export async function sortInSlices<T>(
  values: readonly T[],
  compare: (a: T, b: T) => number,
): Promise<readonly T[]> {
  const breather = new Breather();
  let runs: T[][] = [];
  for (let start = 0; start < values.length; start += RUN_LENGTH) {
    runs.push(values.slice(start, start + RUN_LENGTH).sort(compare));
    if (breather.isDue) {
      await breather.breathe();
    }
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let place = 0; place < runs.length; place += 2) {
      merged.push(await merge(runs[place] as T[], runs[place + 1] ?? [], compare, breather));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

async function merge<T>(
  left: readonly T[],
  right: readonly T[],
  compare: (a: T, b: T) => number,
  breather: Breather,
): Promise<T[]> {
  const merged: T[] = [];
  let fromLeft = 0;
  let fromRight = 0;
  while (fromLeft < left.length && fromRight < right.length) {
    const isLeft = compare(left[fromLeft] as T, right[fromRight] as T) <= 0;
    merged.push((isLeft ? left[fromLeft++] : right[fromRight++]) as T);
    if (merged.length % LOOK_EVERY === 0 && breather.isDue) {
      await breather.breathe();
    }
  }
  for (; fromLeft < left.length; fromLeft++) {
    merged.push(left[fromLeft] as T);
  }
  for (; fromRight < right.length; fromRight++) {
    merged.push(right[fromRight] as T);
  }
  return merged;
}
