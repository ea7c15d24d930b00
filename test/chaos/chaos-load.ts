import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CallOptions,
  type JsonValue,
  type NewTimer,
  type TimerChanges,
  TimerNotFoundError,
} from '../../src';
import { type MoodyReceiver, TIMEOUT_SECONDS } from './moody-receiver';
import { LONG, type Recorder } from './recorder';

const NAMESPACE = 'chaos';
/** Longer than any fault: what is not acknowledged by then may have been applied. */
const PATIENCE = { timeoutMs: 60_000 };
/** Callers of each kind. */
const CALLERS = 4;
/** The ids that are replaced, changed and cancelled again and again. */
const RACED = 40;

/** Between two timers whose deliveries last for seconds, in milliseconds. */
const LONG_PAUSE_MS = 250;

/** The timers that go to the receiver whose mood changes. */
export const MOODY = 'moody-';

/** What is loaded: an engine, or what stands before one. */
export interface ChaosCalls {
  schedule(timer: NewTimer, options: CallOptions): Promise<unknown>;
  scheduleMany(timers: readonly NewTimer[], options: CallOptions): Promise<unknown>;
  update(namespace: string, id: string, changes: TimerChanges, options: CallOptions): Promise<unknown>;
  cancel(namespace: string, id: string, options: CallOptions): Promise<unknown>;
}

/** Schedules, replaces, changes and cancels. */
export class ChaosLoad {
  readonly #client: ChaosCalls;
  readonly #recorder: Recorder;
  readonly #random: () => number;
  /** Between two calls of one caller, in milliseconds. */
  readonly #pauseMs: number;
  /** By prefix of the ids. */
  readonly #receivers: ReadonlyMap<string, MoodyReceiver>;

  constructor(
    client: ChaosCalls,
    recorder: Recorder,
    random: () => number,
    pauseMs: number,
    receivers: ReadonlyMap<string, MoodyReceiver>,
  ) {
    this.#client = client;
    this.#recorder = recorder;
    this.#random = random;
    this.#pauseMs = pauseMs;
    this.#receivers = receivers;
  }

  /** Until it is told to stop. */
  async run(end: AbortSignal): Promise<void> {
    await Promise.all([
      ...Array.from({ length: CALLERS }, (_, caller) => this.#loadNew(`new-${caller}-`, end)),
      ...Array.from({ length: CALLERS }, (_, caller) => this.#loadRaced(caller, end)),
      ...[...this.#receivers].map(([prefix, receiver]) => this.#loadNew(prefix, end, receiver)),
      this.#loadLong(end),
      this.#loadChanged(end),
    ]);
  }

  /** Many at once, due in one millisecond. */
  async burst(prefix: string, count: number, inMs: number): Promise<void> {
    const executeAt = new Date(Date.now() + inMs);
    const timers = Array.from({ length: count }, (_, index) => ({
      id: `${prefix}${index}`,
      namespace: NAMESPACE,
      executeAt,
      payload: { content: this.#recorder.newContent() },
    }));
    const scheduling = this.#client.scheduleMany(timers, PATIENCE);
    await Promise.all(
      timers.map(({ id, payload }) =>
        this.#recorder.call(
          { kind: 'schedule', id, content: payload.content, dueMs: executeAt.getTime() },
          () => scheduling,
        ),
      ),
    );
  }

  /** @returns the content of the timer. */
  async schedule(id: string, inMs: number, fields: Partial<NewTimer> = {}): Promise<number> {
    const content = this.#recorder.newContent();
    const executeAt = new Date(Date.now() + inMs);
    const payload: JsonValue = { ...(fields.payload as object), content };
    const timer: NewTimer = { ...fields, id, namespace: NAMESPACE, executeAt, payload };
    await this.#recorder.call({ kind: 'schedule', id, content, dueMs: executeAt.getTime() }, () =>
      this.#client.schedule(timer, PATIENCE),
    );
    return content;
  }

  /** Each timer once: what is lost shows. */
  async #loadNew(prefix: string, end: AbortSignal, receiver?: MoodyReceiver): Promise<void> {
    const http = receiver && { callbackUrl: receiver.url, callbackTimeoutSeconds: TIMEOUT_SECONDS };
    for (let round = 0; !end.aborted; round++) {
      await this.schedule(`${prefix}${round}`, this.#random() < 0.5 ? 0 : this.#random() * 1500, http);
      await sleep(this.#pauseMs);
    }
  }

  async #loadLong(end: AbortSignal): Promise<void> {
    for (let round = 0; !end.aborted; round++) {
      await this.schedule(`${LONG}${round}`, 0);
      await sleep(LONG_PAUSE_MS);
    }
  }

  /** Each is changed or replaced once, while it is delivered: what that leaves is to be delivered too. */
  async #loadChanged(end: AbortSignal): Promise<void> {
    for (let round = 0; !end.aborted; round++) {
      const id = `changed-${round}`;
      const first = await this.schedule(id, 0);
      await this.#recorder.untilDelivered(first);
      if (round % 2 === 0) await this.schedule(id, 0);
      else await this.#updatePayload(id, Date.now());
      await sleep(this.#pauseMs);
    }
  }

  /** Its time stays: nothing but its revision tells it from the one before. */
  async #updatePayload(id: string, dueMs: number | undefined): Promise<void> {
    const content = this.#recorder.newContent();
    await this.#unlessGone({ kind: 'update', id, content, dueMs }, () =>
      this.#client.update(NAMESPACE, id, { payload: { content } }, PATIENCE),
    );
  }

  /** The same few timers, of which no other caller has one. */
  async #loadRaced(caller: number, end: AbortSignal): Promise<void> {
    const dueOf = new Map<string, number>();
    // Of a call that may not have been applied, nobody knows when its timer is due.
    const noteDue = (id: string, dueMs: number, content: number) => {
      if (this.#recorder.isAcknowledged(content)) dueOf.set(id, dueMs);
      else dueOf.delete(id);
    };
    while (!end.aborted) {
      const id = `raced-${caller}-${Math.floor((this.#random() * RACED) / CALLERS)}`;
      const kind = this.#random();
      // Some are changed long before they are due, some while they are delivered.
      const dueMs = Date.now() + Math.floor(this.#random() * (kind < 0.3 || kind > 0.75 ? 3000 : 600));
      if (kind < 0.6) {
        const content = await this.schedule(id, dueMs - Date.now());
        noteDue(id, dueMs, content);
      } else if (kind < 0.7) {
        await this.#updatePayload(id, dueOf.get(id));
      } else if (kind < 0.8) {
        const content = this.#recorder.newContent();
        const changes = { executeAt: new Date(dueMs), payload: { content } };
        await this.#unlessGone({ kind: 'update', id, content, dueMs }, () =>
          this.#client.update(NAMESPACE, id, changes, PATIENCE),
        );
        noteDue(id, dueMs, content);
      } else {
        await this.#unlessGone({ kind: 'cancel', id, content: undefined, dueMs: undefined }, () =>
          this.#client.cancel(NAMESPACE, id, PATIENCE),
        );
      }
      await sleep(this.#pauseMs);
    }
  }

  /** A timer that is not there has been delivered: the call changes nothing, and is not noted. */
  async #unlessGone(call: Parameters<Recorder['call']>[0], calling: () => Promise<unknown>): Promise<void> {
    const beganMs = Date.now();
    try {
      await calling();
      this.#recorder.calls.push({ ...call, beganMs, acknowledgedMs: Date.now() });
    } catch (error) {
      if (error instanceof TimerNotFoundError) return;
      this.#recorder.calls.push({ ...call, beganMs, acknowledgedMs: Number.POSITIVE_INFINITY });
    }
  }
}
