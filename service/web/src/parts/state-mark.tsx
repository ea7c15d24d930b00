import type { Timer } from '../api/types';

/** What a timer is, in a word. */
export function StateMark({ timer: { state, attempts } }: { readonly timer: Timer }) {
  const word = state === 'dead' ? 'dead' : attempts > 0 ? 'retrying' : 'pending';
  return <span class={`mark ${word}`}>{word}</span>;
}
