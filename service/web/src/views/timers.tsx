import { useEffect, useState } from 'preact/hooks';
import { listTimers } from '../api/calls';
import type { Filter } from '../api/types';
import { isBeside } from '../parts/field';
import { ErrorNotice } from '../parts/notice';
import { linkTo, type Route } from '../router';
import { useAnswer } from '../use-answer';
import { useRefresh } from '../use-live';
import { BulkActions } from './bulk-actions';
import { Export } from './export';
import { FILTER_FIELDS, Filters } from './filters';
import { TimerTable } from './timer-table';

const LIMIT = 50;

/** The timers of a namespace that a filter lets through, a page at a time. */
export function TimersView({ params }: Pick<Route, 'params'>) {
  const filter = filterOf(params);
  const filterKey = JSON.stringify(filter);
  // Where each page begins that was looked at, to come back: the service only tells of the next.
  const [tokens, setTokens] = useState<readonly string[]>([]);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const pageToken = tokens.at(-1);
  const { value, error, reload } = useAnswer(
    (signal) =>
      listTimers({ ...filter, limit: LIMIT, ...(pageToken !== undefined && { pageToken }) }, signal),
    [filterKey, pageToken],
  );
  useRefresh(reload, filter.namespace);
  // Another filter is another list.
  useEffect(() => {
    setTokens([]);
    setSelected(new Set());
  }, [filterKey]);
  const next = value?.nextPageToken;
  const first = tokens.length * LIMIT;
  const turnTo = (where: readonly string[]) => {
    setTokens(where);
    setSelected(new Set());
  };
  return (
    <>
      <div class="heading">
        <h1 tabIndex={-1}>
          {filter.state === 'dead' ? 'Dead timers' : 'Pending timers'} in{' '}
          <span class="id">{filter.namespace}</span>
        </h1>
        <a class="button primary" href={linkTo('new', { namespace: filter.namespace })}>
          New timer
        </a>
      </div>
      <Filters key={filterKey} params={params} error={error} />
      {!isBeside(error, FILTER_FIELDS) && <ErrorNotice error={error} />}
      {value === undefined && error === undefined && <p class="quiet">Loading…</p>}
      {value !== undefined && (
        <>
          <BulkActions
            filter={filter}
            shown={value.timers}
            hasMore={tokens.length > 0 || next !== null}
            selected={selected}
            onSelect={setSelected}
            reload={reload}
          />
          {value.timers.length === 0 ? (
            <p class="empty">
              {tokens.length === 0 && next === null ? 'No timers match.' : 'None on this page.'}
            </p>
          ) : (
            <TimerTable timers={value.timers} selected={selected} onSelect={setSelected} />
          )}
          <nav class="pages" aria-label="Pages">
            <button type="button" disabled={tokens.length === 0} onClick={() => turnTo(tokens.slice(0, -1))}>
              Previous
            </button>
            <span class="quiet">
              {value.timers.length > 0 && `${first + 1}–${first + value.timers.length}`}
            </span>
            <button
              type="button"
              disabled={next == null}
              onClick={() => next != null && turnTo([...tokens, next])}
            >
              Next
            </button>
            <Export filter={filter} />
          </nav>
        </>
      )}
    </>
  );
}

function filterOf({ namespace = '', state, prefix, after, before }: Route['params']): Filter {
  return {
    namespace,
    state: state === 'dead' ? 'dead' : 'pending',
    ...(prefix !== undefined && { idPrefix: prefix }),
    ...(after !== undefined && { executeAfter: after }),
    ...(before !== undefined && { executeBefore: before }),
  };
}
