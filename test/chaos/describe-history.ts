import type { History } from './check-history';

/** Its figures, for people. */
export function describeHistory({ calls, deliveries, settledMs, faults }: History): string {
  const acknowledged = calls.filter(({ acknowledgedMs }) => acknowledgedMs < Infinity);
  const count = (kind: string) => acknowledged.filter((call) => call.kind === kind).length;
  const again = deliveries.length - new Set(deliveries.map(({ content }) => content)).size;
  const refused = deliveries.filter(({ isRefused }) => isRefused).length;
  return [
    `calls ${calls.length}, acknowledged: ${count('schedule')} schedules, ${count('update')} updates, ${count('cancel')} cancels`,
    `deliveries ${deliveries.length}, of which refused ${refused}, doubled ${again - refused}; known to be settled ${settledMs.size}`,
    ...faults.map(
      ({ kind, process, fromMs, untilMs, underWay }) =>
        `${kind}: ${process}, ${underWay} under way, ${untilMs - fromMs} ms`,
    ),
  ].join('\n');
}
