import { useRef, useState } from 'preact/hooks';
import { deleteDeadTimer, deleteTimer, reviveTimer } from '../api/calls';
import type { Filter, Timer, TimerKey } from '../api/types';
import { type BulkResult, doToAll, keysOf } from '../bulk';
import { focusHeading } from '../focus-heading';
import { count, timers } from '../format';
import { Confirm } from '../parts/confirm';
import { ErrorNotice, Notice } from '../parts/notice';

interface Action {
  readonly label: string;
  readonly done: string;
  readonly run: (key: TimerKey) => Promise<void>;
}

const ACTIONS: Readonly<Record<Timer['state'], readonly Action[]>> = {
  pending: [{ label: 'Cancel', done: 'cancelled', run: deleteTimer }],
  dead: [
    { label: 'Revive', done: 'revived', run: reviveTimer },
    { label: 'Delete', done: 'deleted', run: deleteDeadTimer },
  ],
};

/** A screen reader says each. */
const PROGRESS_MS = 1000;

export interface BulkActionsProps {
  readonly filter: Filter;
  readonly shown: readonly Timer[];
  /** Whether the list has other pages. */
  readonly hasMore: boolean;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (ids: ReadonlySet<string>) => void;
  readonly reload: () => Promise<void>;
}

/** What can be done to many timers at once: those that are selected, or all that match. */
export function BulkActions({ filter, shown, hasMore, selected, onSelect, reload }: BulkActionsProps) {
  const [isAll, setAll] = useState(false);
  const [asked, setAsked] = useState<Action>();
  const [progress, setProgress] = useState<{ action: Action; result: BulkResult; isOver: boolean }>();
  const stopping = useRef<AbortController | undefined>(undefined);
  const isEverySelected = shown.length > 0 && shown.every(({ id }) => selected.has(id));
  const isOfAll = isAll && isEverySelected;
  const subject = isOfAll ? 'all timers that match' : timers(selected.size);

  const run = async (action: Action) => {
    const controller = new AbortController();
    stopping.current = controller;
    const keys = isOfAll
      ? keysOf(filter)
      : [...selected].map((timerId) => ({ namespace: filter.namespace, timerId }));
    const show = (result: BulkResult, isOver: boolean) => setProgress({ action, result, isOver });
    show({ done: 0, gone: 0, failed: 0, error: undefined }, false);
    let shownAt = Date.now();
    const showNow = (result: BulkResult) => {
      if (Date.now() - shownAt >= PROGRESS_MS) {
        shownAt = Date.now();
        show(result, false);
      }
    };
    show(await doToAll(keys, action.run, showNow, controller.signal), true);
    setAll(false);
    onSelect(new Set());
    await reload();
    focusHeading();
  };

  return (
    <div class="bulk">
      {selected.size > 0 && (progress === undefined || progress.isOver) && (
        <div class="buttons">
          <span role="status">
            {isOfAll ? 'All that match are selected' : `${count(selected.size)} selected`}
          </span>
          {ACTIONS[filter.state ?? 'pending'].map((action) => (
            <button key={action.label} type="button" onClick={() => setAsked(action)}>
              {action.label} {subject}
            </button>
          ))}
          {isEverySelected && hasMore && !isOfAll && (
            <button type="button" class="plain" onClick={() => setAll(true)}>
              Select all that match, on other pages too
            </button>
          )}
        </div>
      )}
      {asked !== undefined && (
        <Confirm
          question={`${asked.label} ${subject}?`}
          action={asked.label}
          onAnswer={(isConfirmed) => {
            setAsked(undefined);
            if (isConfirmed) {
              void run(asked);
            }
          }}
        />
      )}
      {progress !== undefined && (
        <>
          <Notice>
            {describe(progress.result, progress.action.done)}
            {progress.isOver ? '.' : '… '}
            {!progress.isOver && (
              <button type="button" onClick={() => stopping.current?.abort()}>
                Stop
              </button>
            )}
          </Notice>
          <ErrorNotice error={progress.result.error} />
        </>
      )}
    </div>
  );
}

function describe({ done, gone, failed }: BulkResult, verb: string): string {
  const parts = [`${timers(done)} ${verb}`];
  if (gone > 0) parts.push(`${count(gone)} no longer there`);
  if (failed > 0) parts.push(`${count(failed)} failed`);
  return parts.join(', ');
}
