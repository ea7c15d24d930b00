import { type History, repetitions } from './check-history';

/** When what happened to the timers that a broken promise names. */
export function describeTimer({ calls, deliveries, settledMs }: History, broken: string): string {
  const startMs = Math.min(...calls.map(({ beganMs }) => beganMs));
  const at = (ms: number) => `${((ms - startMs) / 1000).toFixed(3)} s`;
  const content = Number(/content (\d+)/.exec(broken)?.[1]);
  return [
    ...calls
      .filter((call) => call.content === content)
      .map((call) => `  ${at(call.beganMs)} ${call.kind} of ${call.id}, due at ${at(call.dueMs ?? 0)}`),
    ...deliveries
      .filter((each) => each.content === content)
      .map(({ process, beganMs, atMs }) => `  ${at(beganMs)} delivery by ${process}, seen at ${at(atMs)}`),
    ...(settledMs.has(content) ? [`  ${at(settledMs.get(content) ?? 0)} found settled`] : []),
  ].join('\n');
}

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
