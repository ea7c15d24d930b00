import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId } from 'preact/hooks';
import type { CallError } from '../api/call-error';

export interface FieldProps {
  readonly label: string;
  /** What the service calls it, in its errors as well. */
  readonly name: string;
  readonly hint?: ComponentChildren;
  readonly error?: CallError | undefined;
  /** The input, with what ties it to its label and its error. */
  readonly children: (attributes: FieldAttributes) => JSX.Element;
}

export interface FieldAttributes {
  readonly id: string;
  readonly name: string;
  readonly 'aria-describedby': string;
  readonly 'aria-invalid': boolean;
}

/** An input with its label, a hint, and what the service says is wrong with it. */
export function Field({ label, name, hint, error, children }: FieldProps) {
  const id = useId();
  const isWrong = error !== undefined && concerns(error, name);
  // Each time it is refused, and wherever the page was scrolled to.
  useEffect(() => {
    if (isWrong) {
      document.getElementById(id)?.focus();
    }
  }, [error]);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, name, 'aria-describedby': `${id}-about`, 'aria-invalid': isWrong })}
      <div id={`${id}-about`} class="about">
        {isWrong && (
          <span class="bad" role="alert">
            {error.message}
          </span>
        )}
        {hint !== undefined && <span class="quiet">{hint}</span>}
      </div>
    </div>
  );
}

/** Whether an error is shown beside one of these fields. */
export function isBeside(error: CallError | undefined, names: readonly string[]): boolean {
  return error !== undefined && names.some((name) => concerns(error, name));
}

/** Whether an error is of this field, or of something in it. */
export function concerns({ argument }: CallError, name: string): boolean {
  return (
    argument === name ||
    argument?.startsWith(`${name}.`) === true ||
    argument?.startsWith(`${name}[`) === true
  );
}
