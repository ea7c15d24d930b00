import * as echarts from 'echarts';
import { FAINT, INK, RULE } from '../lib/chart-colours';
import type { OperationResult } from './compare-backlogs';
import { GROWTH_GOAL } from './growth-goals';
import type { GrowthResult } from './measure-growth';

const COLUMNS = 5;
const PANEL = { width: 192, height: 176 };
const MARGIN = { left: 62, right: 16, top: 108, bottom: 56 };
/** Between the panels: room for the title of the one below. */
const GAP = { x: 16, y: 72 };

const LINE = '#0969da';
const GOAL_LINE = '#cf222e';

/** A chart of the ratios, as SVG: one panel for each operation, all on the same scales. */
export function drawGrowth({ backlogs, operations }: GrowthResult, machine: string): string {
  const rows = Math.ceil(operations.length / COLUMNS);
  const width = MARGIN.left + COLUMNS * PANEL.width + (COLUMNS - 1) * GAP.x + MARGIN.right;
  const height = MARGIN.top + rows * PANEL.height + (rows - 1) * GAP.y + MARGIN.bottom;
  const places = operations.map((_, index) => ({
    left: MARGIN.left + (index % COLUMNS) * (PANEL.width + GAP.x),
    top: MARGIN.top + Math.floor(index / COLUMNS) * (PANEL.height + GAP.y),
  }));
  const sizes = backlogs.map(({ timers }) => timers);
  const ratios = operations.flatMap((result) => result.backlogs.flatMap((backlog) => backlog.ratios));
  // A single odd round is not to flatten all the panels.
  const top = Math.min(2, Math.max(1.2, Math.ceil(Math.max(...ratios) * 5) / 5));

  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: { fontFamily: 'sans-serif', color: INK },
    title: [
      {
        text: `Speed of each operation, against the same with ${backlogs[0]?.name} pending timers in the shard`,
        subtext: `line: median of the rounds, band: their range, dashed: goal of ${GROWTH_GOAL}. ${machine}`,
        left: 12,
        top: 8,
        textStyle: { fontSize: 16, color: INK },
        subtextStyle: { fontSize: 11, color: FAINT },
      },
      ...operations.map(({ operation }, index) => ({
        text: operation.replace(' of 1,000', '\nof 1,000'),
        left: (places[index]?.left ?? 0) + PANEL.width / 2,
        top: (places[index]?.top ?? 0) - 8,
        textAlign: 'center' as const,
        textVerticalAlign: 'bottom' as const,
        padding: 0,
        textStyle: { fontSize: 12, fontWeight: 'normal' as const, lineHeight: 15, color: INK },
      })),
      {
        text: 'pending timers (log scale)',
        left: width / 2,
        top: height - 22,
        textAlign: 'center',
        padding: 0,
        textStyle: { fontSize: 12, fontWeight: 'normal', color: FAINT },
      },
    ],
    grid: places.map((place) => ({ ...place, ...PANEL })),
    xAxis: operations.map((_, gridIndex) => ({
      gridIndex,
      type: 'log' as const,
      min: Math.min(...sizes) / 2,
      max: Math.max(...sizes) * 2,
      axisLabel: { color: FAINT, fontSize: 11, formatter: shortCount },
      axisLine: { lineStyle: { color: FAINT } },
      axisTick: { show: false },
      splitLine: { show: false },
    })),
    yAxis: operations.map((_, gridIndex) => ({
      gridIndex,
      type: 'value' as const,
      min: 0,
      max: top,
      interval: 0.2,
      name: gridIndex % COLUMNS === 0 ? 'ratio' : '',
      nameLocation: 'middle' as const,
      nameGap: 34,
      nameTextStyle: { color: FAINT, fontSize: 12 },
      axisLabel: {
        show: gridIndex % COLUMNS === 0,
        color: FAINT,
        fontSize: 11,
        formatter: (ratio: number) => ratio.toFixed(1),
      },
      splitLine: { lineStyle: { color: RULE } },
    })),
    series: operations.flatMap((result, panel) => panelSeries(result, panel, sizes)),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/** A band from the least to the greatest ratio, made of an invisible area and one on top of it; the line; the goal. */
function panelSeries(result: OperationResult, panel: number, sizes: readonly number[]) {
  const axes = { xAxisIndex: panel, yAxisIndex: panel, type: 'line' as const };
  const points = (pick: (ratios: readonly number[], median: number) => number) =>
    result.backlogs.map(({ ratios, medianRatio }, index) => [sizes[index] ?? 0, pick(ratios, medianRatio)]);
  const band = { ...axes, stack: `band ${panel}`, symbol: 'none', lineStyle: { opacity: 0 } };
  return [
    { ...band, data: points((ratios) => Math.min(...ratios)) },
    {
      ...band,
      data: points((ratios) => Math.max(...ratios) - Math.min(...ratios)),
      areaStyle: { color: LINE, opacity: 0.18 },
    },
    {
      ...axes,
      data: points((_, median) => median),
      symbol: 'circle',
      symbolSize: 6,
      lineStyle: { color: LINE, width: 2 },
      itemStyle: { color: LINE },
      label: {
        show: true,
        position: 'top' as const,
        color: INK,
        textBorderColor: '#ffffff',
        textBorderWidth: 2,
        fontSize: 11,
        // The first is what the others are measured by.
        formatter: ({ dataIndex, value }: { dataIndex: number; value: unknown }) =>
          dataIndex === 0 ? '' : ((value as number[])[1]?.toFixed(2) ?? ''),
      },
      markLine: {
        silent: true,
        symbol: 'none',
        label: { show: false },
        lineStyle: { color: GOAL_LINE, type: 'dashed' as const, width: 1 },
        data: [{ yAxis: GROWTH_GOAL }],
      },
    },
  ];
}

/** 10k, 1M; nothing at what is no power of ten. */
function shortCount(count: number): string {
  if (!Number.isInteger(Math.log10(count))) {
    return '';
  }
  return count >= 1_000_000 ? `${count / 1_000_000}M` : `${count / 1000}k`;
}
