/** Waits for something, but no longer than so many milliseconds. What it rejects with is its own business. */
export async function within(ms: number, something: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const time = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await Promise.race([something, time]);
  } finally {
    clearTimeout(timer);
  }
}
