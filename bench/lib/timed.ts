/** Runs a call and notes how many milliseconds it took. */
export async function timed<T>(times: number[], call: () => Promise<T>): Promise<T> {
  const start = process.hrtime.bigint();
  const result = await call();
  times.push(Number(process.hrtime.bigint() - start) / 1e6);
  return result;
}
