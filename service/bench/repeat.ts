import { timed } from '../../bench/lib/timed';

/** Calls as often as the time allows, by so many callers. @returns how many calls there were. */
export async function repeat(
  callers: number,
  seconds: number,
  times: number[],
  call: (index: number) => Promise<unknown>,
): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let index = 0;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() < end) {
        await timed(times, () => call(index++));
      }
    }),
  );
  return index;
}
