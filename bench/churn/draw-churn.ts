import * as echarts from 'echarts';
import { FAINT, INK, RULE } from '../lib/chart-colours';
import type { ChurnResult, ChurnSample } from './measure-churn';

const COLUMNS = 2;
const PANEL = { width: 400, height: 130 };
const MARGIN = { left: 70, right: 24, top: 96, bottom: 52 };
const GAP = { x: 66, y: 54 };
const COLOURS = ['#cf222e', '#0969da', '#1a7f37', '#8250df'];

interface Panel {
  readonly title: string;
  value(sample: ChurnSample): number | null;
  /** What it is in a table that was just loaded. */
  fresh?(result: ChurnResult): number;
}

const PANELS: readonly Panel[] = [
  {
    title: 'Table with TOAST, MB',
    value: (sample) => (sample.heapBytes + sample.toastBytes) / 1e6,
    fresh: ({ space }) => (space.fresh.heapBytes + space.fresh.toastBytes) / 1e6,
  },
  { title: 'Dead rows, thousands', value: ({ deadRows }) => deadRows / 1000 },
  {
    title: 'Primary key, MB',
    value: ({ keyIndexBytes }) => keyIndexBytes / 1e6,
    fresh: ({ space }) => space.fresh.keyIndexBytes / 1e6,
  },
  {
    title: 'idx_timer_lookup, MB',
    value: ({ lookupIndexBytes }) => lookupIndexBytes / 1e6,
    fresh: ({ space }) => space.fresh.lookupIndexBytes / 1e6,
  },
  { title: 'rangeGetTimers of 1,000 under load, ms', value: ({ readMs }) => readMs },
  {
    title: 'Pages visited by rangeGetTimers of 1,000',
    value: ({ readBuffers }) => readBuffers,
    fresh: ({ readBuffers }) => readBuffers.fresh,
  },
];

/** A chart as SVG: sizes, dead rows and reads over the timers that have gone, for each set of parameters. */
export function drawChurn(results: readonly ChurnResult[], title: string, machine: string): string {
  const rows = Math.ceil(PANELS.length / COLUMNS);
  const width = MARGIN.left + COLUMNS * PANEL.width + (COLUMNS - 1) * GAP.x + MARGIN.right;
  const height = MARGIN.top + rows * PANEL.height + (rows - 1) * GAP.y + MARGIN.bottom;
  const places = PANELS.map((_, index) => ({
    left: MARGIN.left + (index % COLUMNS) * (PANEL.width + GAP.x),
    top: MARGIN.top + Math.floor(index / COLUMNS) * (PANEL.height + GAP.y),
  }));
  const most = Math.max(...results.map(({ samples }) => samples.at(-1)?.timers ?? 0));
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    color: COLOURS,
    textStyle: { fontFamily: 'sans-serif', color: INK },
    legend: {
      left: 12,
      top: 48,
      itemGap: 32,
      data: results.map(({ name }) => name),
      textStyle: { color: INK, fontSize: 11 },
    },
    title: [
      {
        text: title,
        subtext: `dashed: the same timers in a table that was just loaded. ${machine}`,
        left: 12,
        top: 6,
        textStyle: { fontSize: 16, color: INK },
        subtextStyle: { fontSize: 11, color: FAINT },
      },
      ...PANELS.map((panel, index) => ({
        text: panel.title,
        left: places[index]?.left,
        top: (places[index]?.top ?? 0) - 20,
        padding: 0,
        textStyle: { fontSize: 12, fontWeight: 'normal' as const, color: INK },
      })),
      {
        text: 'timers that have gone',
        left: width / 2,
        top: height - 20,
        textAlign: 'center' as const,
        padding: 0,
        textStyle: { fontSize: 12, fontWeight: 'normal' as const, color: FAINT },
      },
    ],
    grid: places.map((place) => ({ ...place, ...PANEL })),
    xAxis: PANELS.map((_, gridIndex) => ({
      gridIndex,
      type: 'value' as const,
      min: 0,
      max: most,
      axisLabel: { color: FAINT, fontSize: 11, showMaxLabel: false, formatter: shortCount },
      axisLine: { lineStyle: { color: FAINT } },
      splitLine: { show: false },
    })),
    yAxis: PANELS.map((_, gridIndex) => ({
      gridIndex,
      type: 'value' as const,
      min: 0,
      axisLabel: { color: FAINT, fontSize: 11 },
      splitLine: { lineStyle: { color: RULE } },
    })),
    series: PANELS.flatMap((panel, index) =>
      results.map((result, place) => ({
        name: result.name,
        type: 'line' as const,
        xAxisIndex: index,
        yAxisIndex: index,
        data: result.samples.map((sample) => [sample.timers, panel.value(sample)]),
        symbol: 'none',
        connectNulls: true,
        lineStyle: { width: 1.5 },
        ...(panel.fresh && {
          markLine: {
            silent: true,
            symbol: 'none',
            label: { show: false },
            lineStyle: { color: COLOURS[place] ?? INK, type: 'dashed' as const, width: 1 },
            data: [{ yAxis: panel.fresh(result) }],
          },
        }),
      })),
    ),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

function shortCount(count: number): string {
  return count >= 1_000_000 ? `${count / 1_000_000}M` : `${count / 1000}k`;
}
