import { useEffect, useRef, useState } from 'preact/hooks';
import { type LiveState, live } from './live';

/** Between two readings of the same list, however much changes. */
const MIN_GAP_MS = 1000;

/** After so long it is read again though nothing was heard: other processes change timers as well. */
const MAX_GAP_MS = 10_000;

/** What is told of is stored a moment later. */
const SETTLES_MS = 150;

export function useLive(): LiveState {
  const [state, setState] = useState(live.state);
  useEffect(() => live.subscribe(() => setState(live.state)), []);
  return state;
}

/** The time, as it passes. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const interval = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(interval);
  }, []);
  return now;
}

/**
 * Reads again what is shown when timers change.
 *
 * @param reload never rejects.
 * @param namespace whose changes count. (Default: all)
 */
export function useRefresh(reload: () => Promise<void>, namespace?: string): void {
  const latest = useRef(reload);
  latest.current = reload;
  useEffect(() => {
    let hasEnded = false;
    let isWanted = false;
    let isRunning = false;
    let readAt = Date.now();
    let settled = -1;
    let timeout: ReturnType<typeof setTimeout> | undefined;
    const readLater = () => {
      isWanted = true;
      if (!isRunning && timeout === undefined) {
        timeout = setTimeout(read, Math.max(SETTLES_MS, readAt + MIN_GAP_MS - Date.now()));
      }
    };
    const read = async () => {
      timeout = undefined;
      isWanted = false;
      isRunning = true;
      await latest.current();
      isRunning = false;
      readAt = Date.now();
      if (isWanted && !hasEnded) {
        readLater();
      }
    };
    const stop = live.subscribe((change) => {
      const now = live.state.statuses.at(-1)?.settled ?? settled;
      const isSettled = change === undefined && settled >= 0 && now !== settled;
      settled = now;
      if (document.hidden) {
        return;
      }
      if (
        isSettled ||
        (change !== undefined && (namespace === undefined || change.namespace === namespace))
      ) {
        readLater();
      }
    });
    const interval = setInterval(() => {
      if (!document.hidden && Date.now() - readAt >= MAX_GAP_MS) {
        readLater();
      }
    }, 1000);
    return () => {
      hasEnded = true;
      stop();
      clearInterval(interval);
      clearTimeout(timeout);
    };
  }, [namespace]);
}
