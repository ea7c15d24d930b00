/** One line of a file, without its end. */
export interface Line {
  /** From 1 on. */
  readonly number: number;
  /** Where the next line begins, in bytes from the beginning of the file. */
  readonly end: number;
  /** Undefined: it is longer than was asked for. */
  readonly bytes: Buffer | undefined;
}

const LF = 0x0a;
const CR = 0x0d;
const BOM = Buffer.from('\ufeff');

/**
 * The lines of a file in bytes, as many at a time as arrive. No more of it is held than arrives at a time and the longest
 * line that was asked for, however long its lines are. A byte order mark at the beginning is left out, and CR before LF.
 *
 * @param from where to begin; what comes before is not in `chunks`.
 */
export async function* readLines(
  chunks: AsyncIterable<Buffer>,
  maxBytes: number,
  from: { readonly number: number; readonly offset: number } = { number: 0, offset: 0 },
): AsyncGenerator<Line[], void, undefined> {
  let { number, offset } = from;
  /** The beginning of a line that goes on in the next chunk. */
  let parts: Buffer[] = [];
  let size = 0;
  const take = (bytes: Buffer, end: number): Line => {
    size += bytes.length;
    const isFirst = number === 0;
    const line = {
      number: ++number,
      end,
      bytes:
        size > maxBytes
          ? undefined
          : withoutEnds(parts.length === 0 ? bytes : Buffer.concat([...parts, bytes]), isFirst),
    };
    parts = [];
    size = 0;
    return line;
  };
  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let start = 0;
    for (let lf = chunk.indexOf(LF); lf >= 0; lf = chunk.indexOf(LF, start)) {
      lines.push(take(chunk.subarray(start, lf), offset + lf + 1));
      start = lf + 1;
    }
    const rest = chunk.subarray(start);
    size += rest.length;
    if (size <= maxBytes) {
      parts.push(rest);
    } else {
      parts = [];
    }
    offset += chunk.length;
    yield lines;
  }
  if (size > 0) {
    yield [take(Buffer.alloc(0), offset)];
  }
}

function withoutEnds(line: Buffer, isFirst: boolean): Buffer {
  const start = isFirst && line.subarray(0, BOM.length).equals(BOM) ? BOM.length : 0;
  const end = line.at(-1) === CR ? line.length - 1 : line.length;
  return line.subarray(start, end);
}
