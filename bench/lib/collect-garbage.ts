import { BenchError } from './report-failure';

/** Leaves in the heap only what is in use. */
export function collectGarbage(): void {
  if (globalThis.gc === undefined) {
    throw new BenchError('Memory is measured with node --expose-gc, as the npm script has it.');
  }
  globalThis.gc();
}
