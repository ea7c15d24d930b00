import { useEffect, useRef, useState } from 'preact/hooks';
import type { CallError } from '../api/call-error';
import { updateTimer } from '../api/calls';
import type { Timer } from '../api/types';
import { isBeside } from '../parts/field';
import { ErrorNotice } from '../parts/notice';
import { errorOfField, TIMER_FIELDS, TimerFields } from '../parts/timer-fields';
import { draftOf, updateJson } from '../timer-draft';
import { callErrorOf } from '../use-answer';

export interface ChangeTimerProps {
  readonly timer: Timer;
  readonly onClose: () => void;
}

/** Changes a timer that is pending: of what it was when the form was opened, what was typed anew. */
export function ChangeTimer({ timer, onClose }: ChangeTimerProps) {
  const [before] = useState(() => draftOf(timer));
  const [draft, setDraft] = useState(before);
  const [error, setError] = useState<CallError>();
  const [isBusy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const update = updateJson(before, draft);
      if (update !== undefined) {
        await updateTimer(update);
      }
      onClose();
    } catch (thrown) {
      setError(errorOfField(callErrorOf(thrown)));
      setBusy(false);
    }
  };
  return (
    <form ref={form} noValidate onSubmit={submit} aria-label="Change timer">
      {!isBeside(error, TIMER_FIELDS) && <ErrorNotice error={error} />}
      <TimerFields draft={draft} onChange={setDraft} error={error} />
      <p class="quiet">Another time begins the attempts anew.</p>
      <div class="buttons">
        <button type="submit" class="primary" disabled={isBusy}>
          Save
        </button>
        <button type="button" onClick={onClose}>
          Leave as it is
        </button>
      </div>
    </form>
  );
}
