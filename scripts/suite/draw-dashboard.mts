import * as echarts from 'echarts';
import { FAINT, INK, RULE } from '../../bench/lib/chart-colours.js';

const COLUMNS = 3;
const PANEL = { width: 330, height: 130 };
const MARGIN = { left: 56, right: 24, top: 84, bottom: 24 };
const GAP = { x: 56, y: 92 };
const COLOURS = ['#0969da', '#cf222e', '#1a7f37', '#8250df', '#9a6700', '#bf3989', '#1b7c83', '#57606a'];

export interface DrawnPanel {
  readonly title: string;
  /** As Grafana calls it. */
  readonly unit: string;
  readonly series: readonly {
    readonly name: string;
    readonly values: readonly (readonly [number, number])[];
  }[];
}

/** The panels of the dashboard as SVG, side by side: what Grafana would ask, drawn without it. */
export function drawDashboard(
  panels: readonly DrawnPanel[],
  title: string,
  subtext: string,
  start: number,
): string {
  const rows = Math.ceil(panels.length / COLUMNS);
  const width = MARGIN.left + COLUMNS * PANEL.width + (COLUMNS - 1) * GAP.x + MARGIN.right;
  const height = MARGIN.top + rows * (PANEL.height + GAP.y) - GAP.y + 40 + MARGIN.bottom;
  const places = panels.map((_, index) => ({
    left: MARGIN.left + (index % COLUMNS) * (PANEL.width + GAP.x),
    top: MARGIN.top + Math.floor(index / COLUMNS) * (PANEL.height + GAP.y),
  }));
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    color: COLOURS,
    textStyle: { fontFamily: 'sans-serif', color: INK },
    title: [
      {
        text: title,
        subtext,
        left: 12,
        top: 6,
        textStyle: { fontSize: 16, color: INK },
        subtextStyle: { fontSize: 11, color: FAINT },
      },
      ...panels.map(({ title: text, unit }, index) => ({
        text: unit === 's' ? `${text}, ms` : text,
        left: places[index]?.left,
        top: (places[index]?.top ?? 0) - 20,
        padding: 0,
        textStyle: { fontSize: 12, fontWeight: 'normal' as const, color: INK },
      })),
    ],
    legend: panels.map(({ series }, index) => ({
      left: places[index]?.left,
      top: (places[index]?.top ?? 0) + PANEL.height + 20,
      width: PANEL.width,
      itemWidth: 12,
      itemHeight: 2,
      itemGap: 6,
      data: series.map(({ name }) => seriesName(index, name)),
      formatter: (name: string) => name.slice(name.indexOf(' ') + 1),
      textStyle: { color: FAINT, fontSize: 9 },
    })),
    grid: places.map((place) => ({ ...place, ...PANEL })),
    xAxis: panels.map((_, gridIndex) => ({
      gridIndex,
      type: 'value' as const,
      min: 0,
      axisLabel: { color: FAINT, fontSize: 10, formatter: '{value} s' },
      axisLine: { lineStyle: { color: FAINT } },
      splitLine: { show: false },
    })),
    yAxis: panels.map((_, gridIndex) => ({
      gridIndex,
      type: 'value' as const,
      min: 0,
      axisLabel: { color: FAINT, fontSize: 10 },
      splitLine: { lineStyle: { color: RULE } },
    })),
    series: panels.flatMap(({ series, unit }, index) =>
      series.map(({ name, values }) => ({
        name: seriesName(index, name),
        type: 'line' as const,
        xAxisIndex: index,
        yAxisIndex: index,
        symbol: 'none',
        lineStyle: { width: 1.5 },
        data: values.map(([at, value]) => [at - start, unit === 's' ? 1000 * value : value]),
      })),
    ),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/** Series with one name would share a legend. */
function seriesName(panel: number, name: string): string {
  return `${panel} ${name}`;
}
