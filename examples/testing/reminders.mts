/** One's own code: whoever has not paid an order is reminded each day, three times at most. */
import type { Deliver, TimerEngine } from 'pg-timer-store/engine';

const DAY_MS = 86_400_000;
const MAX_REMINDERS = 3;

export interface Reminder {
  readonly to: string;
  /** Reminders before this one. */
  readonly sent: number;
}

export async function orderPlaced(engine: TimerEngine<Reminder>, order: string, to: string, at: Date) {
  const executeAt = new Date(at.getTime() + DAY_MS);
  await engine.schedule({ id: order, namespace: 'reminders', executeAt, payload: { to, sent: 0 } });
}

export async function orderPaid(engine: TimerEngine<Reminder>, order: string) {
  await engine.cancel('reminders', order);
}

export function sendReminders(sendMail: (to: string, text: string) => Promise<void>): Deliver<Reminder> {
  return async ({ id, payload }, { dueAt }) => {
    await sendMail(payload.to, `Please pay ${id}`);
    const sent = payload.sent + 1;
    return sent < MAX_REMINDERS
      ? { nextExecuteAt: new Date(dueAt.getTime() + DAY_MS), payload: { to: payload.to, sent } }
      : undefined;
  };
}
