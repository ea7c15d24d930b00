import { type History, repetitions } from './check-history';

/** Its figures, for people. */
export function describeHistory({ calls, deliveries, settledMs, faults }: History): string {
  const acknowledged = calls.filter(({ acknowledgedMs }) => acknowledgedMs < Infinity);
  const count = (kind: string) => acknowledged.filter((call) => call.kind === kind).length;
  const refused = deliveries.filter(({ isRefused }) => isRefused).length;
  const startMs = Math.min(...calls.map(({ beganMs }) => beganMs));
  const secondsAt = (ms: number) => ((ms - startMs) / 1000).toFixed(1);
  return [
    `calls ${calls.length}, acknowledged: ${count('schedule')} schedules, ${count('update')} updates, ${count('cancel')} cancels`,
    `deliveries ${deliveries.length}, of which refused ${refused}, doubled ${repetitions(deliveries).length}; known to be settled ${settledMs.size}`,
    ...faults.map(
      ({ kind, process, fromMs, untilMs, underWay }) =>
        `${secondsAt(fromMs)} s ${kind}: ${process}, ${underWay} under way, ${untilMs - fromMs} ms`,
    ),
  ].join('\n');
}
