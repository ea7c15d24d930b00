import { listNamespaces } from '../api/calls';
import { count } from '../format';
import { ErrorNotice } from '../parts/notice';
import { linkTo } from '../router';
import { useAnswer } from '../use-answer';
import { useRefresh } from '../use-live';

/** Where there are timers, and where dead ones wait for somebody. */
export function NamespacesView() {
  const { value, error, reload } = useAnswer(listNamespaces, []);
  useRefresh(reload);
  return (
    <>
      <h1 tabIndex={-1}>Namespaces</h1>
      <ErrorNotice error={error} />
      {value === undefined && error === undefined && <p class="quiet">Loading…</p>}
      {value?.namespaces.length === 0 && (
        <p class="empty">
          There are no timers yet. <a href={linkTo('new')}>Create one</a>
        </p>
      )}
      {value !== undefined && value.namespaces.length > 0 && (
        <table class="narrow">
          <thead>
            <tr>
              <th scope="col">Namespace</th>
              <th scope="col" class="number">
                Pending
              </th>
              <th scope="col" class="number">
                Dead
              </th>
            </tr>
          </thead>
          <tbody>
            {value.namespaces.map(({ namespace, pending, dead, hasMore }) => (
              <tr key={namespace}>
                <th scope="row" class="id">
                  <a href={linkTo('timers', { namespace })}>{namespace}</a>
                </th>
                <td class="number">{count(pending, hasMore)}</td>
                <td class="number">
                  {dead === 0 ? (
                    '0'
                  ) : (
                    <a class="bad" href={linkTo('timers', { namespace, state: 'dead' })}>
                      {count(dead)} <span class="unseen">dead in {namespace}</span>
                    </a>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {value?.nextPageToken != null && <p class="quiet">The first {value.namespaces.length} are shown.</p>}
    </>
  );
}
