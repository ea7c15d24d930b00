import { figuresOf } from '../chart-figures';
import { span } from '../format';
import { Chart } from '../parts/chart';
import { ErrorNotice } from '../parts/notice';
import { Time } from '../parts/time';
import { linkTo } from '../router';
import { useLive } from '../use-live';

const perSecond = (value: number) => `${value < 10 ? value.toFixed(1) : Math.round(value)}/s`;
const whole = (value: number) => Math.round(value).toLocaleString('en');

/** How the process that answers does, over the last ten minutes, and what it has just done. */
export function ChartsView() {
  const { statuses, members, changes, error } = useLive();
  const figures = figuresOf(statuses);
  const { times } = figures;
  return (
    <>
      <h1 tabIndex={-1}>Charts</h1>
      <p class="quiet">
        Of the process that answers this page, one of {members.length}, over the last ten minutes. Of all,
        Prometheus knows.
      </p>
      <ErrorNotice error={error} />
      {times.length === 0 ? (
        <p class="quiet">Loading…</p>
      ) : (
        <div class="charts">
          <Chart
            title="Deliveries"
            times={times}
            format={perSecond}
            series={[{ label: 'delivered', color: '--series-1', values: figures.delivered }]}
          />
          <Chart
            title="Failures"
            times={times}
            format={perSecond}
            series={[
              { label: 'failed', color: '--series-2', values: figures.failed },
              { label: 'refused for good', color: '--series-3', values: figures.refused },
            ]}
          />
          <Chart
            title="Lateness"
            times={times}
            format={span}
            series={[
              { label: 'median', color: '--series-1', values: figures.median },
              { label: '99 %', color: '--series-3', values: figures.p99 },
              { label: 'oldest that waits', color: '--series-2', values: figures.oldest },
            ]}
          />
          <Chart
            title="Backlog"
            times={times}
            format={whole}
            series={[
              { label: 'in memory', color: '--series-1', values: figures.loaded },
              { label: 'under way', color: '--series-3', values: figures.underWay },
            ]}
          />
        </div>
      )}
      <h2>What just happened</h2>
      {changes.length === 0 ? (
        <p class="empty">Nothing since this page was opened.</p>
      ) : (
        <ol class="changes">
          {changes.map(({ type, namespace, id, at }, place) => (
            <li key={changes.length - place}>
              <Time value={at.toISOString()} /> <span class={`mark ${type}`}>{type}</span>{' '}
              <a class="id" href={linkTo('timer', { namespace, id })}>
                {namespace} / {id}
              </a>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}
