import { useState } from 'preact/hooks';
import type { CallError } from '../api/call-error';
import { exportTimers } from '../api/calls';
import type { Filter } from '../api/types';
import { ErrorNotice } from '../parts/notice';
import { saveAnswer } from '../save-answer';
import { callErrorOf } from '../use-answer';

/** Saves all timers of a list, and not only those of the page that is shown. */
export function Export({ filter }: { readonly filter: Filter }) {
  const [error, setError] = useState<CallError>();
  const [isBusy, setBusy] = useState(false);
  const save = async (format: 'csv' | 'jsonl') => {
    setBusy(true);
    try {
      await saveAnswer(`timers.${format}`, () => exportTimers(filter, format));
      setError(undefined);
    } catch (thrown) {
      setError(callErrorOf(thrown));
    }
    setBusy(false);
  };
  return (
    <span class="export">
      <span class="quiet">{isBusy ? 'Exporting…' : 'Export all as'}</span>
      <button type="button" disabled={isBusy} onClick={() => save('csv')}>
        CSV
      </button>
      <button type="button" disabled={isBusy} onClick={() => save('jsonl')}>
        JSON Lines
      </button>
      <ErrorNotice error={error} />
    </span>
  );
}
