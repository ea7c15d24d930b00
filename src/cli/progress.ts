import { countText, durationText } from './format';
import type { Terminal } from './terminal';

const REDRAW_MS = 200;
/** Where nobody watches, and what is said stays. */
const SAY_AGAIN_MS = 10_000;
/** A rate is that of the last seconds: it follows what changes, and does not jump. */
const WINDOW_MS = 5_000;

/** How far a command has come, on stderr: a line that changes on a terminal, elsewhere one every ten seconds. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #what: string;
  readonly #total: number;
  readonly #timer: NodeJS.Timeout;
  readonly #samples: Sample[] = [];
  #count = 0;
  #place = 0;

  /**
   * @param what Such as `timers loaded`.
   * @param total What `place` will be in the end; 0: nobody knows.
   */
  constructor(terminal: Terminal, what: string, total: number) {
    this.#terminal = terminal;
    this.#what = what;
    this.#total = total;
    this.#samples.push({ at: performance.now(), count: 0, place: 0 });
    const show = terminal.isProgressWatched
      ? () => terminal.replaceLine(this.toString())
      : () => terminal.say(this.toString());
    this.#timer = setInterval(show, terminal.isProgressWatched ? REDRAW_MS : SAY_AGAIN_MS);
  }

  get count(): number {
    return this.#count;
  }

  /** @param place How far that is, if it is counted in something else. */
  reach(count: number, place = count): void {
    this.#count = count;
    this.#place = place;
  }

  /** 1,200 timers loaded, 64,000/s, 3%, 36 s left */
  toString(): string {
    const now = { at: performance.now(), count: this.#count, place: this.#place };
    this.#samples.push(now);
    while (this.#samples.length > 2 && now.at - (this.#samples[0]?.at ?? 0) > WINDOW_MS) {
      this.#samples.shift();
    }
    const before = this.#samples[0] ?? now;
    const seconds = Math.max(0.001, (now.at - before.at) / 1000);
    const rate = countText(Math.round((now.count - before.count) / seconds), false);
    const parts = [`${countText(now.count, false)} ${this.#what}`, `${rate}/s`];
    if (this.#total > 0) {
      parts.push(`${Math.min(100, Math.floor((100 * now.place) / this.#total))}%`);
      const pace = (now.place - before.place) / seconds;
      const left = pace > 0 ? durationText((1000 * (this.#total - now.place)) / pace) : null;
      parts.push(...(left === null ? [] : [`${left} left`]));
    }
    return parts.join(', ');
  }

  /** The line that changed goes, for what is said next. */
  end(): void {
    clearInterval(this.#timer);
    if (this.#terminal.isProgressWatched) {
      this.#terminal.replaceLine('');
    }
  }
}

interface Sample {
  /** In milliseconds. */
  readonly at: number;
  readonly count: number;
  readonly place: number;
}
