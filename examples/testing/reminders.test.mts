/** Its test, without a database and without waiting: node --import tsx --test examples/testing/reminders.test.mts */
import { deepEqual } from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { TimerEngine } from 'pg-timer-store/engine';
import { expectNotScheduled, expectScheduled, InMemoryTimerStore, TestClock } from 'pg-timer-store/testing';
import { orderPaid, orderPlaced, type Reminder, sendReminders } from './reminders.mjs';

const DAY_MS = 86_400_000;

let clock: TestClock;
let store: InMemoryTimerStore;
let engine: TimerEngine<Reminder>;
let mails: string[];
let mailServerIsUp: boolean;
beforeEach(async () => {
  clock = new TestClock(new Date('2030-01-01T09:00:00.000Z'));
  store = new InMemoryTimerStore({ clock });
  mails = [];
  mailServerIsUp = true;
  const deliver = sendReminders(async (to, text) => {
    if (!mailServerIsUp) throw new Error('The mail server is away');
    mails.push(`${to}: ${text}`);
  });
  engine = await TimerEngine.start<Reminder>({ store, clock, shardCount: 4, address: 'test', deliver });
  await orderPlaced(engine, 'order-42', 'ada@example.com', clock.date);
});
afterEach(() => engine.stop());

test('an order is reminded of in a day', async () => {
  await expectScheduled(store, { id: 'order-42', executeAt: new Date('2030-01-02T09:00:00.000Z') });
});

test('who does not pay gets three reminders', async () => {
  for (let day = 0; day < 10; day++) {
    clock.advance(DAY_MS);
    await engine.runDueTimers();
  }
  deepEqual(mails, Array(3).fill('ada@example.com: Please pay order-42'));
});

test('who has paid gets none', async () => {
  await orderPaid(engine, 'order-42');
  await expectNotScheduled(store, { id: 'order-42' });
});

test('a reminder that could not be sent is sent later', async () => {
  mailServerIsUp = false;
  clock.advance(DAY_MS);
  await engine.runDueTimers();
  const { executeAt } = await expectScheduled(store, { id: 'order-42', attempts: 1 });
  mailServerIsUp = true;
  clock.advanceTo(executeAt);
  await engine.runDueTimers();
  deepEqual(mails, ['ada@example.com: Please pay order-42']);
});
