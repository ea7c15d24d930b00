import type { ComponentChildren } from 'preact';
import type { CallError } from '../api/call-error';

/** What the service says is wrong, in its words. */
export function ErrorNotice({ error }: { readonly error: CallError | undefined }) {
  return error === undefined ? null : (
    <p class="notice bad" role="alert">
      <span class="code">{error.code}</span> {error.message}
    </p>
  );
}

export function Notice({ children }: { readonly children: ComponentChildren }) {
  return (
    <p class="notice good" role="status">
      {children}
    </p>
  );
}
