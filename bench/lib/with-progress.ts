import { SingleBar } from 'cli-progress';

/** Moves the bar on by `steps` and names what is being done. */
export type Advance = (steps: number, doing: string) => void;

/** Shows a bar on the terminal while `work` goes on, and takes it away whatever the end. */
export async function withProgress<T>(total: number, work: (advance: Advance) => Promise<T>): Promise<T> {
  const format = '{bar} {percentage}% | {duration_formatted} | {doing}';
  const bar = new SingleBar({ format, clearOnComplete: true, noTTYOutput: false });
  bar.start(total, 0, { doing: '' });
  try {
    return await work((steps, doing) => bar.increment(steps, { doing }));
  } finally {
    bar.stop();
  }
}
