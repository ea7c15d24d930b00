/** What several sources have, each in an order, in that order. Each is read no further than is taken from it. */
export async function* merge<T>(
  sources: readonly AsyncGenerator<T, void, undefined>[],
  isBefore: (one: T, other: T) => boolean,
): AsyncGenerator<T, void, undefined> {
  const heads = await Promise.all(sources.map((source) => source.next()));
  for (;;) {
    let first = -1;
    for (const [place, head] of heads.entries()) {
      if (!head.done && (first < 0 || isBefore(head.value, (heads[first] as IteratorYieldResult<T>).value))) {
        first = place;
      }
    }
    if (first < 0) {
      return;
    }
    yield (heads[first] as IteratorYieldResult<T>).value;
    heads[first] = await (sources[first] as AsyncGenerator<T, void, undefined>).next();
  }
}
