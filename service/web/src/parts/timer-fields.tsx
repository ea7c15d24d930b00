import type { CallError } from '../api/call-error';
import { type Draft, instantOf, POLICY_FIELDS } from '../timer-draft';
import { concerns, Field } from './field';

export interface TimerFieldsProps {
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  readonly error: CallError | undefined;
}

const LABELS: Readonly<Record<(typeof POLICY_FIELDS)[number], readonly [label: string, hint: string]>> = {
  maxAttempts: ['Attempts at most', '0: no limit'],
  maxAttemptsDuration: ['For at most', 'such as 1h30m'],
  initialInterval: ['First wait', 'such as 30s'],
  backoffMultiplier: ['Each wait times', 'such as 2'],
  maxInterval: ['Longest wait', 'such as 5m'],
};

/** What can be changed of a timer, and is asked for when it is created. */
export function TimerFields({ draft, onChange, error }: TimerFieldsProps) {
  const set = (name: keyof Draft) => (event: { readonly currentTarget: { readonly value: string } }) =>
    onChange({ ...draft, [name]: event.currentTarget.value });
  const isOfMore =
    error !== undefined && (concerns(error, 'retryPolicy') || concerns(error, 'callbackTimeoutSeconds'));
  return (
    <>
      <Field
        label="Due"
        name="executeAt"
        error={error}
        hint={<>In UTC: {instantOf(draft.executeAt) ?? 'no time'}</>}
      >
        {(attributes) => (
          <input
            {...attributes}
            type="datetime-local"
            step="0.001"
            value={draft.executeAt}
            onInput={set('executeAt')}
          />
        )}
      </Field>
      <Field
        label="Callback URL"
        name="callbackUrl"
        error={error}
        hint="The payload is posted there when it is due."
      >
        {(attributes) => (
          <input
            {...attributes}
            type="url"
            inputMode="url"
            autocomplete="off"
            spellcheck={false}
            value={draft.callbackUrl}
            onInput={set('callbackUrl')}
          />
        )}
      </Field>
      <Field label="Payload" name="payload" error={error} hint="Any JSON value. Empty: null.">
        {(attributes) => (
          <textarea
            {...attributes}
            rows={6}
            spellcheck={false}
            value={draft.payload}
            onInput={set('payload')}
          />
        )}
      </Field>
      <details open={isOfMore || undefined}>
        <summary>Retries and time-out</summary>
        <div class="fields">
          {POLICY_FIELDS.map((name) => (
            <Field
              key={name}
              label={LABELS[name][0]}
              name={`retryPolicy.${name}`}
              error={error}
              hint={LABELS[name][1]}
            >
              {(attributes) => (
                <input {...attributes} autocomplete="off" value={draft[name]} onInput={set(name)} />
              )}
            </Field>
          ))}
          <Field
            label="Time-out in seconds"
            name="callbackTimeoutSeconds"
            error={error}
            hint="of each callback"
          >
            {(attributes) => (
              <input
                {...attributes}
                inputMode="numeric"
                autocomplete="off"
                value={draft.callbackTimeoutSeconds}
                onInput={set('callbackTimeoutSeconds')}
              />
            )}
          </Field>
        </div>
      </details>
    </>
  );
}

/** All that a form for timers asks for. */
export const TIMER_FIELDS = [
  'namespace',
  'id',
  'executeAt',
  'callbackUrl',
  'payload',
  'retryPolicy',
  'callbackTimeoutSeconds',
];

/** What is wrong with a number in the body, or a name that is there twice, is wrong with the payload: no other field has any. */
export function errorOfField(error: CallError): CallError {
  return error.argument === 'body' ? Object.assign(error, { argument: 'payload' }) : error;
}
