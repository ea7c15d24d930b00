import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { CallError } from './api/call-error';

export interface Loaded<T> {
  /** The last that came, also when a later reading failed. */
  readonly value: T | undefined;
  readonly error: CallError | undefined;
  /** Never rejects. */
  readonly reload: () => Promise<void>;
}

/**
 * What a call answers.
 *
 * @param inputs of the call: if they change, it is made anew, and what was there is gone.
 */
export function useAnswer<T>(
  load: (signal: AbortSignal) => Promise<T>,
  inputs: readonly unknown[],
): Loaded<T> {
  const [{ value, error }, setAnswer] = useState<{ value?: T; error?: CallError }>({});
  const running = useRef<AbortController | undefined>(undefined);
  // The caller says what the call is made of.
  const reload = useCallback(async () => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    try {
      const next = await load(controller.signal);
      if (!controller.signal.aborted) {
        setAnswer({ value: next });
      }
    } catch (thrown) {
      if (!controller.signal.aborted) {
        setAnswer((before) => ({ ...before, error: callErrorOf(thrown) }));
      }
    }
  }, inputs);
  useEffect(() => {
    setAnswer({});
    void reload();
    return () => running.current?.abort();
  }, [reload]);
  return { value, error, reload };
}

/** A fault of the page itself is shown as well, and not hidden. */
export function callErrorOf(thrown: unknown): CallError {
  return thrown instanceof CallError ? thrown : new CallError('PAGE', String(thrown));
}
