import { useEffect, useRef } from 'preact/hooks';

export interface ConfirmProps {
  readonly question: string;
  readonly action: string;
  readonly onAnswer: (isConfirmed: boolean) => void;
}

/** Asks before something is done that cannot be undone. */
export function Confirm({ question, action, onAnswer }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="question"
      onClose={() => onAnswer(dialog.current?.returnValue === 'yes')}
    >
      <p id="question">{question}</p>
      <div class="buttons">
        <button type="button" onClick={() => dialog.current?.close('')}>
          Back
        </button>
        <button type="button" class="danger" onClick={() => dialog.current?.close('yes')}>
          {action}
        </button>
      </div>
    </dialog>
  );
}
