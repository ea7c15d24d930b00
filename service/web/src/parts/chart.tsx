import { useEffect, useRef } from 'preact/hooks';
import UPlot from 'uplot';

export interface ChartSeries {
  readonly label: string;
  /** A custom property of the style, such as `--series-1`. */
  readonly color: string;
  readonly values: readonly number[];
}

export interface ChartProps {
  readonly title: string;
  /** Seconds since 1970, ascending. */
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly format: (value: number) => string;
}

const HEIGHT = 180;
const AXIS_WIDTH = 64;
const AXIS_HEIGHT = 26;

/** A line for each series, with its last value in words: a canvas says nothing to those who do not see it. */
export function Chart({ title, times, series, format }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | undefined>(undefined);
  const data = [times, ...series.map(({ values }) => values)] as unknown as UPlot.AlignedData;

  // Once; data come by the effect below.
  useEffect(() => {
    const parent = place.current as HTMLDivElement;
    const made = new UPlot(options(parent.clientWidth, series, format), data, parent);
    plot.current = made;
    const resizing = new ResizeObserver(() => made.setSize({ width: parent.clientWidth, height: HEIGHT }));
    resizing.observe(parent);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const redraw = () => made.redraw();
    scheme.addEventListener('change', redraw);
    return () => {
      scheme.removeEventListener('change', redraw);
      resizing.disconnect();
      made.destroy();
    };
  }, []);
  useEffect(() => plot.current?.setData(data));

  const last = series.map(({ label, color, values }) => ({ label, color, text: format(values.at(-1) ?? 0) }));
  return (
    <figure class="chart">
      <figcaption>
        <h2>{title}</h2>
        <ul class="legend">
          {last.map(({ label, color, text }) => (
            <li key={label}>
              <svg class="swatch" viewBox="0 0 14 4" aria-hidden="true">
                <rect width="14" height="4" style={{ fill: `var(${color})` }} />
              </svg>
              {label} <strong>{text}</strong>
            </li>
          ))}
        </ul>
      </figcaption>
      <div ref={place} class="plot" aria-hidden="true" />
    </figure>
  );
}

/** Colours are asked for at each drawing, so that they follow the scheme. */
function options(
  width: number,
  series: readonly ChartSeries[],
  format: (value: number) => string,
): UPlot.Options {
  const color = (name: string) => () => getComputedStyle(document.documentElement).getPropertyValue(name);
  const axis: UPlot.Axis = {
    stroke: color('--quiet'),
    grid: { stroke: color('--line'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_plot, _min, max) => [0, Math.max(max, 1) * 1.1] } },
    axes: [
      { ...axis, size: AXIS_HEIGHT, values: [[1, '{HH}:{mm}:{ss}', null, null, null, null, null, null, 1]] },
      { ...axis, size: AXIS_WIDTH, values: (_plot, values) => values.map(format) },
    ],
    series: [
      {},
      ...series.map(({ label, color: name }) => ({
        label,
        stroke: color(name),
        width: 1.5,
        points: { show: false },
      })),
    ],
  };
}
