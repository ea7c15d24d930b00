import { useState } from 'preact/hooks';
import { CallError } from '../api/call-error';
import { listNamespaces } from '../api/calls';
import { storeKey } from '../api/key';
import { Field } from '../parts/field';
import { callErrorOf } from '../use-answer';

/** Asks for the key that calls need, and tries it. */
export function KeyForm({ onGood }: { readonly onGood: () => void }) {
  const [key, setKey] = useState('');
  const [error, setError] = useState<CallError>();
  const submit = async (event: Event) => {
    event.preventDefault();
    try {
      if (!/^[!-~]+$/.test(key)) {
        throw new CallError('UNAUTHENTICATED', 'That is no key: it has letters, digits and signs only');
      }
      storeKey(key);
      await listNamespaces();
      onGood();
    } catch (thrown) {
      storeKey(null);
      const { code, message } = callErrorOf(thrown);
      setError(new CallError(code, message, 'key'));
    }
  };
  return (
    <form class="key" noValidate onSubmit={submit}>
      <h1 tabIndex={-1}>API key</h1>
      <Field
        label="Key"
        name="key"
        error={error}
        hint="This tab keeps it until it is closed, and sends it with each call."
      >
        {(attributes) => (
          <input
            {...attributes}
            type="password"
            autocomplete="off"
            value={key}
            onInput={({ currentTarget }) => setKey(currentTarget.value.trim())}
          />
        )}
      </Field>
      <div class="buttons">
        <button type="submit" class="primary">
          Go on
        </button>
      </div>
    </form>
  );
}
