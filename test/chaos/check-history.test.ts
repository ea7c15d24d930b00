/** What the checker of histories finds, and what it lets pass. */
import { type Call, checkHistory, type Fault, type History, type SeenDelivery } from './check-history';

const ALLOWANCE = { crossMs: 200, transitMs: 50, lateMs: 5000, recoveryMs: 300 };

function call(content: number | undefined, beganMs: number, fields: Partial<Call> = {}): Call {
  const kind = content === undefined ? 'cancel' : 'schedule';
  return { kind, id: 'one', content, dueMs: beganMs, beganMs, acknowledgedMs: beganMs + 10, ...fields };
}

function seen(content: number, atMs: number, fields: Partial<SeenDelivery> = {}): SeenDelivery {
  return { id: 'one', content, process: 'a', beganMs: atMs, atMs, isRefused: false, ...fields };
}

const KILLED: Fault = { kind: 'kill', process: 'a', fromMs: 1000, untilMs: 1000, underWay: 1 };

function check(history: Partial<History>): string[] {
  return checkHistory({ calls: [], deliveries: [], settledMs: new Map(), faults: [], ...history }, ALLOWANCE);
}

test.each<[name: string, history: Partial<History>]>([
  ['what is delivered once', { calls: [call(1, 0)], deliveries: [seen(1, 100)] }],
  ['what was cancelled', { calls: [call(1, 0), call(undefined, 50)] }],
  ['what was replaced', { calls: [call(1, 0), call(2, 50)], deliveries: [seen(2, 100)] }],
  ['what may have been replaced', { calls: [call(1, 0), call(2, 5, { acknowledgedMs: Infinity })] }],
  ['what nobody acknowledged', { calls: [call(1, 0, { acknowledgedMs: Infinity })] }],
  [
    'an attempt after a refusal',
    { calls: [call(1, 0)], deliveries: [seen(1, 100, { isRefused: true }), seen(1, 900)] },
  ],
  [
    'a replacement that crosses',
    { calls: [call(1, 0, { dueMs: 250 }), call(2, 50)], deliveries: [seen(1, 1250), seen(2, 1260)] },
  ],
  [
    'what was under way when its process died',
    { calls: [call(1, 0)], deliveries: [seen(1, 990), seen(1, 4000, { process: 'b' })], faults: [KILLED] },
  ],
  [
    'what either of two faults explains, and what only the first one does',
    {
      calls: [call(1, 0), call(2, 0, { id: 'two' })],
      deliveries: [
        seen(1, 900),
        seen(1, 3000, { process: 'b' }),
        seen(2, 900, { id: 'two' }),
        seen(2, 1500, { id: 'two', process: 'b' }),
      ],
      faults: [KILLED, { ...KILLED, fromMs: 2000, untilMs: 2000 }],
    },
  ],
  [
    'what was replaced after a delivery that its process did not settle, and loaded by another before',
    {
      calls: [call(1, 0), call(2, 3900)],
      deliveries: [seen(1, 990), seen(1, 4200, { process: 'b' }), seen(2, 4300, { process: 'b' })],
      settledMs: new Map([[1, 4000]]),
      faults: [KILLED],
    },
  ],
  [
    'what was delivered before a newer call, at a time that a call in between may have changed',
    {
      calls: [call(1, 0, { dueMs: 3000 }), call(2, 1000)],
      deliveries: [seen(1, 900), seen(2, 1020)],
    },
  ],
  ['what is late after a fault', { calls: [call(1, 1200)], deliveries: [seen(1, 9000)], faults: [KILLED] }],
])('lets pass %s', (_, history) => {
  expect(check(history)).toEqual([]);
});

test.each<[name: string, history: Partial<History>, broken: RegExp]>([
  ['what is never delivered', { calls: [call(1, 0)] }, /^never delivered: schedule of one, content 1$/],
  [
    'what is delivered after its settlement',
    {
      calls: [call(1, 0)],
      deliveries: [seen(1, 100), seen(1, 2000)],
      settledMs: new Map([[1, 150]]),
      faults: [KILLED],
    },
    /^delivered after it was settled: one, content 1, by a$/,
  ],
  [
    'old content after a replacement',
    { calls: [call(1, 0, { dueMs: 400 }), call(2, 50)], deliveries: [seen(1, 400), seen(2, 410)] },
    /^delivered by old content: one, content 1, by a, schedule 340 ms before it was due$/,
  ],
  [
    'old content after a cancel',
    { calls: [call(1, 0, { dueMs: 400 }), call(undefined, 50)], deliveries: [seen(1, 400)] },
    /^delivered by old content: .* cancel 340 ms before it was due$/,
  ],
  ['what nobody wrote', { deliveries: [seen(7, 0)] }, /^delivered what nobody wrote/],
  [
    'a double without a fault',
    { calls: [call(1, 0)], deliveries: [seen(1, 100), seen(1, 200)] },
    /^delivered twice: one, content 1, by a and a, 100 ms apart$/,
  ],
  [
    'a double of what began after the fault',
    { calls: [call(1, 0)], deliveries: [seen(1, 1100), seen(1, 1200)], faults: [KILLED] },
    /^delivered twice/,
  ],
  [
    'a double of a process without a fault',
    { calls: [call(1, 0)], deliveries: [seen(1, 900, { process: 'b' }), seen(1, 1200)], faults: [KILLED] },
    /^delivered twice/,
  ],
  [
    'more doubles than were under way',
    {
      calls: [call(1, 0), call(2, 0, { id: 'two' })],
      deliveries: [seen(1, 990), seen(2, 991), seen(1, 4000), seen(2, 4000)],
      faults: [KILLED],
    },
    /^delivered twice/,
  ],
  [
    'what is late',
    { calls: [call(1, 0)], deliveries: [seen(1, 6000)] },
    /^late: one, content 1, by 5990 ms$/,
  ],
  [
    'what is late, and due long after a fault',
    { calls: [call(1, 2000)], deliveries: [seen(1, 9000)], faults: [KILLED] },
    /^late: one/,
  ],
])('finds %s', (_, history, broken) => {
  expect(check(history)).toEqual([expect.stringMatching(broken)]);
});
