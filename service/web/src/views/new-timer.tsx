import { useState } from 'preact/hooks';
import type { CallError } from '../api/call-error';
import { createTimer, listNamespaces } from '../api/calls';
import { Field, isBeside } from '../parts/field';
import { ErrorNotice } from '../parts/notice';
import { errorOfField, TIMER_FIELDS, TimerFields } from '../parts/timer-fields';
import { linkTo } from '../router';
import { creationJson, newDraft } from '../timer-draft';
import { callErrorOf, useAnswer } from '../use-answer';

/** Creates a timer, and leads to it. */
export function NewTimerView({ namespace = '' }: { readonly namespace?: string | undefined }) {
  const [draft, setDraft] = useState(() => newDraft(namespace));
  const [error, setError] = useState<CallError>();
  const [isBusy, setBusy] = useState(false);
  const known = useAnswer(listNamespaces, []).value?.namespaces ?? [];
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const timer = await createTimer(creationJson(draft));
      location.hash = linkTo('timer', { namespace: timer.namespace, id: timer.id });
    } catch (thrown) {
      setError(errorOfField(callErrorOf(thrown)));
      setBusy(false);
    }
  };
  return (
    <>
      <h1 tabIndex={-1}>New timer</h1>
      <form noValidate onSubmit={submit}>
        {!isBeside(error, TIMER_FIELDS) && <ErrorNotice error={error} />}
        <div class="fields">
          <Field label="Namespace" name="namespace" error={error}>
            {(attributes) => (
              <input
                {...attributes}
                list="known-namespaces"
                autocomplete="off"
                value={draft.namespace}
                onInput={({ currentTarget }) => setDraft({ ...draft, namespace: currentTarget.value })}
              />
            )}
          </Field>
          <datalist id="known-namespaces">
            {known.map((each) => (
              <option key={each.namespace} value={each.namespace} />
            ))}
          </datalist>
          <Field label="ID" name="id" error={error} hint="A timer that has it already is replaced.">
            {(attributes) => (
              <input
                {...attributes}
                autocomplete="off"
                spellcheck={false}
                value={draft.id}
                onInput={({ currentTarget }) => setDraft({ ...draft, id: currentTarget.value })}
              />
            )}
          </Field>
        </div>
        <TimerFields draft={draft} onChange={setDraft} error={error} />
        <div class="buttons">
          <button type="submit" class="primary" disabled={isBusy}>
            Create timer
          </button>
        </div>
      </form>
    </>
  );
}
