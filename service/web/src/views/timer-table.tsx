import type { Timer } from '../api/types';
import { StateMark } from '../parts/state-mark';
import { Time } from '../parts/time';
import { linkTo } from '../router';

export interface TimerTableProps {
  readonly timers: readonly Timer[];
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (ids: ReadonlySet<string>) => void;
}

export function TimerTable({ timers, selected, onSelect }: TimerTableProps) {
  const isAll = timers.every(({ id }) => selected.has(id));
  const toggle = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) {
      next.add(id);
    }
    onSelect(next);
  };
  return (
    <table>
      <thead>
        <tr>
          <td class="check">
            <input
              type="checkbox"
              aria-label="Select all on this page"
              checked={isAll}
              onChange={() => onSelect(new Set(isAll ? [] : timers.map(({ id }) => id)))}
            />
          </td>
          <th scope="col">ID</th>
          <th scope="col">Due</th>
          <th scope="col" class="wide">
            State
          </th>
          <th scope="col" class="number wide">
            Attempts
          </th>
          <th scope="col" class="wide">
            Callback
          </th>
        </tr>
      </thead>
      <tbody>
        {timers.map((timer) => (
          <Row
            key={timer.id}
            timer={timer}
            isSelected={selected.has(timer.id)}
            onToggle={() => toggle(timer.id)}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly timer: Timer;
  readonly isSelected: boolean;
  readonly onToggle: () => void;
}

function Row({ timer, isSelected, onToggle }: RowProps) {
  const { namespace, id, executeAt, attempts, callbackUrl, lastError } = timer;
  return (
    <tr class={isSelected ? 'selected' : undefined}>
      <td class="check">
        <input type="checkbox" aria-label={`Select ${id}`} checked={isSelected} onChange={onToggle} />
      </td>
      <th scope="row" class="id">
        <a href={linkTo('timer', { namespace, id })} title={id}>
          {id}
        </a>
      </th>
      <td class="due">
        <Time value={executeAt} isRelative />
      </td>
      <td class="wide">
        <StateMark timer={timer} />
      </td>
      <td class="number wide">{attempts}</td>
      <td class="wide callback">
        <span class="line" title={callbackUrl ?? undefined}>
          {callbackUrl ?? 'none'}
        </span>
        {lastError !== null && (
          <span class="line bad" title={lastError}>
            {lastError}
          </span>
        )}
      </td>
    </tr>
  );
}
