import { localTime, relativeTime } from '../format';
import { useNow } from '../use-live';

export interface TimeProps {
  /** RFC 3339. */
  readonly value: string;
  /** Whether how far away it is stands beside it. (Default: false) */
  readonly isRelative?: boolean;
  /** Whether it is shown in UTC as well, and not only as the title. (Default: false) */
  readonly hasUtc?: boolean;
}

/** A time in the zone of the machine that shows it. */
export function Time({ value, isRelative = false, hasUtc = false }: TimeProps) {
  const now = useNow();
  const instant = new Date(value);
  return (
    <time dateTime={value} title={value}>
      {localTime(instant)}
      {isRelative && <span class="quiet relative">{relativeTime(instant, now)}</span>}
      {hasUtc && <span class="quiet utc"> {value}</span>}
    </time>
  );
}
