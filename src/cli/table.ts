import stringWidth from 'string-width';
import { printable } from './printable';
import type { Terminal } from './terminal';

/** Beyond that, a cell is cut, unless its column says otherwise: `--json` has the whole. */
const MAX_WIDTH = 80;

export interface Column<T> {
  readonly title: string;
  readonly align?: 'right';
  readonly maxWidth?: number;
  readonly cell: (row: T) => string | number | null;
  readonly style?: (row: T) => Parameters<Terminal['paint']>[0] | undefined;
}

/** Columns side by side under their titles, as `psql` and `kubectl` have them: for people, and for `grep`. */
export function table<T>(terminal: Terminal, columns: readonly Column<T>[], rows: readonly T[]): string {
  const cells = rows.map((row) => columns.map(({ cell, maxWidth }) => textOf(cell(row), maxWidth)));
  const widths = columns.map(({ title }, place) =>
    cells.reduce((widest, line) => Math.max(widest, stringWidth(line[place] ?? '')), title.length),
  );
  const line = (
    texts: readonly string[],
    styleOf: (place: number) => Parameters<Terminal['paint']>[0] | undefined,
  ) =>
    texts
      .map((text, place) => {
        const { align } = columns[place] as Column<T>;
        const space = ' '.repeat((widths[place] ?? 0) - stringWidth(text));
        const style = styleOf(place);
        const painted = style === undefined ? text : terminal.paint(style, text);
        const isLast = place === columns.length - 1;
        return align === 'right' ? space + painted : isLast ? painted : painted + space;
      })
      .join('  ')
      .trimEnd();
  return [
    line(
      columns.map(({ title }) => title),
      () => 'dim',
    ),
    ...rows.map((row, index) => line(cells[index] ?? [], (place) => columns[place]?.style?.(row))),
  ]
    .map((each) => `${each}\n`)
    .join('');
}

function textOf(value: string | number | null, maxWidth = MAX_WIDTH): string {
  if (value === null) {
    return '–';
  }
  return typeof value === 'number' ? value.toLocaleString('en-US') : cut(printable(value), maxWidth);
}

function cut(text: string, maxWidth: number): string {
  if (stringWidth(text) <= maxWidth) {
    return text;
  }
  let short = '';
  for (const character of text) {
    if (stringWidth(short + character) >= maxWidth) {
      break;
    }
    short += character;
  }
  return `${short}…`;
}
