/** What is to be done at a time, as every scheduler is given it: about 120 bytes. */
export interface Job {
  readonly order: number;
  readonly note: string;
  /** In milliseconds since 1970. */
  readonly dueAt: number;
}

/** Each has settings of its own for these, which its documentation names. */
export type Aim = 'throughput' | 'latency';

/** One that keeps jobs in PostgreSQL until they are due, and delivers them then. */
export interface Scheduler {
  readonly name: string;
  /** How it is asked for one job, and for many. */
  readonly calls: { readonly one: string; readonly many: string };
  /** The most that it drains in a time that one waits for. */
  readonly drained: number;
  /** Delivers no more, and has no jobs. */
  empty(): Promise<void>;
  create(job: Job): Promise<unknown>;
  createMany(jobs: readonly Job[]): Promise<unknown>;
  /** Jobs that are not yet finished. */
  countLeft(): Promise<number>;
  /** Delivers what is due, until it is emptied. */
  deliver(aim: Aim, onJob: (job: Job) => void): Promise<void>;
  close(): Promise<void>;
}

export function jobAt(dueAt: number, order: number): Job {
  return { order, note: 'a reminder about an order that is due, and some more text with it', dueAt };
}
