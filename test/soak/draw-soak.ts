import * as echarts from 'echarts';
import type { InflictedFault } from './server-faults';

/** What was seen at one moment. */
export interface SoakSample {
  /** Milliseconds since the start. */
  readonly elapsedMs: number;
  /** So far. */
  readonly acknowledged: number;
  readonly rssBytes: number;
  /** Table and indexes; null: the server was not there to say. */
  readonly tableBytes: number | null;
}

const WIDTH = 960;
const PANEL = { left: 70, right: 24, height: 130 };
const TOP = 84;
const GAP = 50;

const INK = '#1f2328';
const FAINT = '#59636e';
const RULE = '#d8dee4';
const LINE = '#0969da';
const FAULT_LINE = '#cf222e';

/** A chart as SVG: acknowledged writes, memory and table size over time, with the faults. */
export function drawSoak(samples: readonly SoakSample[], faults: readonly InflictedFault[]): string {
  const minutes = (ms: number) => ms / 60_000;
  const panels = [
    {
      title: 'Acknowledged writes per second',
      points: samples.slice(1).map((sample, index) => ratePoint(samples[index] as SoakSample, sample)),
    },
    {
      title: 'Memory of the process with the stores (RSS), MiB',
      points: samples.map(({ elapsedMs, rssBytes }) => [minutes(elapsedMs), rssBytes / 1024 ** 2]),
    },
    {
      title: 'Table and indexes, MiB',
      points: samples.map(({ elapsedMs, tableBytes }) => [
        minutes(elapsedMs),
        tableBytes === null ? null : tableBytes / 1024 ** 2,
      ]),
    },
  ];
  const top = (index: number) => TOP + index * (PANEL.height + GAP);
  const height = top(panels.length) - GAP + 48;
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: { fontFamily: 'sans-serif', color: INK },
    title: [
      {
        text: `Full load with ${faults.length} faults`,
        subtext: 'thin lines: faults',
        left: 12,
        top: 6,
        textStyle: { fontSize: 16, color: INK },
        subtextStyle: { fontSize: 11, color: FAINT },
      },
      ...panels.map(({ title }, index) => ({
        text: title,
        left: PANEL.left,
        top: top(index) - 20,
        padding: 0,
        textStyle: { fontSize: 12, fontWeight: 'normal' as const, color: INK },
      })),
      {
        text: 'minutes',
        left: WIDTH / 2,
        top: height - 20,
        textAlign: 'center' as const,
        padding: 0,
        textStyle: { fontSize: 12, fontWeight: 'normal' as const, color: FAINT },
      },
    ],
    grid: panels.map((_, index) => ({ ...PANEL, top: top(index) })),
    xAxis: panels.map((_, gridIndex) => ({
      gridIndex,
      type: 'value' as const,
      min: 0,
      max: minutes(samples.at(-1)?.elapsedMs ?? 0),
      axisLabel: { color: FAINT, fontSize: 11, showMaxLabel: false },
      axisLine: { lineStyle: { color: FAINT } },
      splitLine: { show: false },
    })),
    yAxis: panels.map((_, gridIndex) => ({
      gridIndex,
      type: 'value' as const,
      min: 0,
      axisLabel: { color: FAINT, fontSize: 11 },
      splitLine: { lineStyle: { color: RULE } },
    })),
    series: panels.map(({ points }, index) => ({
      type: 'line' as const,
      xAxisIndex: index,
      yAxisIndex: index,
      data: points,
      symbol: 'none',
      connectNulls: true,
      lineStyle: { color: LINE, width: 2 },
      markLine: {
        silent: true,
        symbol: 'none',
        label: { show: false },
        lineStyle: { color: FAULT_LINE, type: 'solid' as const, width: 1, opacity: 0.25 },
        data: faults.map(({ elapsedMs }) => ({ xAxis: minutes(elapsedMs) })),
      },
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

function ratePoint(
  before: SoakSample,
  { elapsedMs, acknowledged }: SoakSample,
): [minutes: number, rate: number] {
  const rate = (1000 * (acknowledged - before.acknowledged)) / (elapsedMs - before.elapsedMs);
  return [elapsedMs / 60_000, rate];
}
