import { type History, repetitions } from './check-history';

/** When what happened to the timer that a broken promise names, and to those of its id before and after. */
export function describeTimer({ calls, deliveries, settledMs }: History, broken: string): string {
  const startMs = Math.min(...calls.map(({ beganMs }) => beganMs));
  const at = (ms: number) => `${((ms - startMs) / 1000).toFixed(3)} s`;
  const named = Number(/content (\d+)/.exec(broken)?.[1]);
  const id = calls.find(({ content }) => content === named)?.id;
  const lines = [
    ...calls
      .filter((call) => call.id === id)
      .map((call): [number, string] => [
        call.beganMs,
        `${call.kind}, content ${call.content}, due at ${at(call.dueMs ?? 0)}, acknowledged at ${at(call.acknowledgedMs)}`,
      ]),
    ...deliveries
      .filter((each) => each.id === id)
      .map(({ process, content, beganMs, atMs }): [number, string] => [
        beganMs,
        `delivery by ${process}, content ${content}, seen at ${at(atMs)}`,
      ]),
    ...(settledMs.has(named)
      ? [[settledMs.get(named), `found gone, content ${named}`] as [number, string]]
      : []),
  ];
  return lines
    .sort(([a], [b]) => a - b)
    .map(([ms, line]) => `  ${at(ms)} ${line}`)
    .join('\n');
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
