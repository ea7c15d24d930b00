import { useState } from 'preact/hooks';
import type { CallError } from '../api/call-error';
import { localInput } from '../format';
import { Field } from '../parts/field';
import { linkTo, type Route } from '../router';
import { instantOf } from '../timer-draft';

export interface FiltersProps extends Pick<Route, 'params'> {
  readonly error: CallError | undefined;
}

export const FILTER_FIELDS = ['state', 'idPrefix', 'executeAfter', 'executeBefore'];

/** Which timers are listed. What is chosen is in the address. */
export function Filters({ params, error }: FiltersProps) {
  const { namespace, state = 'pending', prefix = '', after, before } = params;
  const [draft, setDraft] = useState({ prefix, after: inputOf(after), before: inputOf(before) });
  const follow = (changed: Record<string, string | undefined>) => {
    location.hash = linkTo('timers', { namespace, state, prefix, after, before, ...changed });
  };
  const submit = (event: Event) => {
    event.preventDefault();
    follow({
      prefix: draft.prefix,
      after: instantOf(draft.after) ?? draft.after,
      before: instantOf(draft.before) ?? draft.before,
    });
  };
  const isFiltered = prefix !== '' || after !== undefined || before !== undefined;
  return (
    <form class="filters" noValidate onSubmit={submit} aria-label="Filters">
      <Field label="State" name="state" error={error}>
        {(attributes) => (
          <select
            {...attributes}
            value={state}
            onChange={({ currentTarget }) => follow({ state: currentTarget.value })}
          >
            <option value="pending">pending</option>
            <option value="dead">dead</option>
          </select>
        )}
      </Field>
      <Field label="ID begins with" name="idPrefix" error={error}>
        {(attributes) => (
          <input
            {...attributes}
            type="search"
            autocomplete="off"
            spellcheck={false}
            value={draft.prefix}
            onInput={({ currentTarget }) => setDraft({ ...draft, prefix: currentTarget.value })}
          />
        )}
      </Field>
      <Field label="Due after" name="executeAfter" error={error}>
        {(attributes) => (
          <input
            {...attributes}
            type="datetime-local"
            step="1"
            value={draft.after}
            onInput={({ currentTarget }) => setDraft({ ...draft, after: currentTarget.value })}
          />
        )}
      </Field>
      <Field label="Due before" name="executeBefore" error={error}>
        {(attributes) => (
          <input
            {...attributes}
            type="datetime-local"
            step="1"
            value={draft.before}
            onInput={({ currentTarget }) => setDraft({ ...draft, before: currentTarget.value })}
          />
        )}
      </Field>
      <div class="buttons">
        <button type="submit">Filter</button>
        {isFiltered && (
          <button type="button" onClick={() => follow({ prefix: '', after: '', before: '' })}>
            Clear
          </button>
        )}
      </div>
    </form>
  );
}

function inputOf(instant: string | undefined): string {
  const at = new Date(instant ?? '');
  return Number.isNaN(at.getTime()) ? '' : localInput(at);
}
