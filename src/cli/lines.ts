import { isUtf8 } from 'node:buffer';

const LF = 0x0a;
const CR = 0x0d;
const TAB = 0x09;
const SPACE = 0x20;
const BOM = Buffer.from('\ufeff');

/**
 * One line of a file, without its end. It keeps where it is in what was read: millions of buffers, however small, are most of the
 * work of the garbage collector.
 */
export class Line {
  /** From 1 on. */
  readonly number: number;
  /** Where the next line begins, in bytes from the beginning of the file. */
  readonly end: number;
  /** Undefined: it is longer than was asked for. */
  readonly #chunk: Buffer | undefined;
  readonly #from: number;
  readonly #to: number;

  constructor(number: number, end: number, chunk: Buffer | undefined, from: number, to: number) {
    this.number = number;
    this.end = end;
    this.#chunk = chunk;
    this.#from =
      number === 1 && chunk?.subarray(from, from + BOM.length).equals(BOM) ? from + BOM.length : from;
    this.#to = to > this.#from && chunk?.[to - 1] === CR ? to - 1 : to;
  }

  /** Undefined: it is longer than was asked for. */
  get bytes(): Buffer | undefined {
    return this.#chunk?.subarray(this.#from, this.#to);
  }

  get length(): number {
    return this.#to - this.#from;
  }

  get isTooLong(): boolean {
    return this.#chunk === undefined;
  }

  get isBlank(): boolean {
    if (this.#chunk === undefined) {
      return false;
    }
    let from = this.#from;
    while (from < this.#to && (this.#chunk[from] === SPACE || this.#chunk[from] === TAB)) {
      from++;
    }
    return from === this.#to;
  }

  /** Undefined: it is not UTF-8, or too long. */
  get text(): string | undefined {
    const text = this.#chunk?.toString('utf8', this.#from, this.#to);
    // What stands for what is none may be there itself.
    return text?.includes('\ufffd') && !isUtf8(this.bytes as Buffer) ? undefined : text;
  }
}

/**
 * The lines of a file, as many at a time as arrive. No more of it is held than arrives at a time and the longest
 * line that was asked for, however long its lines are. A byte order mark at the beginning is left out, and CR before LF.
 *
 * @param endsAtTooLong whether a line that is longer is the last one, whose end is not waited for: it may have none.
 * @param from where to begin; what comes before is not in `chunks`.
 */
export async function* readLines(
  chunks: AsyncIterable<Buffer>,
  maxBytes: number,
  endsAtTooLong = false,
  from: { readonly number: number; readonly offset: number } = { number: 0, offset: 0 },
): AsyncGenerator<Line[], void, undefined> {
  let { number, offset } = from;
  /** The beginning of a line that goes on in the next chunk. */
  let parts: Buffer[] = [];
  let size = 0;
  const endOfParts = (rest: Buffer, end: number): Line => {
    size += rest.length;
    const whole = size > maxBytes ? undefined : Buffer.concat([...parts, rest]);
    const line = new Line(++number, end, whole, 0, whole?.length ?? 0);
    parts = [];
    size = 0;
    return line;
  };
  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let start = 0;
    for (let lf = chunk.indexOf(LF); lf >= 0; lf = chunk.indexOf(LF, start)) {
      const end = offset + lf + 1;
      lines.push(
        size > 0
          ? endOfParts(chunk.subarray(start, lf), end)
          : new Line(++number, end, lf - start > maxBytes ? undefined : chunk, start, lf),
      );
      start = lf + 1;
    }
    const rest = chunk.subarray(start);
    size += rest.length;
    if (size <= maxBytes) {
      parts.push(rest);
    } else if (endsAtTooLong) {
      yield [...lines, new Line(++number, offset + chunk.length, undefined, 0, 0)];
      return;
    } else {
      parts = [];
    }
    offset += chunk.length;
    yield lines;
  }
  if (size > 0) {
    yield [endOfParts(Buffer.alloc(0), offset)];
  }
}
