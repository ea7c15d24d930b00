import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves after so long, or when the signal fires. */
export async function passed(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
