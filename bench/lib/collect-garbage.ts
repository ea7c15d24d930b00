import { BenchError } from './report-failure';

/** Leaves in the heap only what is in use. */
export function collectGarbage(): void {
  if (globalThis.gc === undefined) {
    throw new BenchError('Run it with npm run bench:memory, or give node --expose-gc.');
  }
  globalThis.gc();
}
