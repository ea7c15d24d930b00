/**
 * A timer that fires again and again, until its payload says that it is enough.
 *
 *   DATABASE_URL=postgres://… npx tsx examples/recurring/recurring.mts
 */
import { EventEmitter, once } from 'node:events';
import { PostgresTimerStore, type Timer } from 'pg-timer-store';
import { TimerEngine } from 'pg-timer-store/engine';

interface Report {
  readonly everyMs: number;
  readonly runsLeft: number;
}

const reports = new EventEmitter();
const store = await PostgresTimerStore.connect(process.env['DATABASE_URL']);
const engine = await TimerEngine.start({
  store,
  shardCount: 64,
  address: 'recurring',
  deliver: async ({ payload }: Timer<Report>, { dueAt }) => {
    const runsLeft = payload.runsLeft - 1;
    console.log(`report at +${dueAt.getTime() - start.getTime()} ms, ${runsLeft} left`);
    if (runsLeft === 0) {
      reports.emit('end');
      return undefined; // Done: the timer is deleted.
    }
    // Counted from when it was due, and not from now, the times do not drift.
    return { nextExecuteAt: new Date(dueAt.getTime() + payload.everyMs), payload: { ...payload, runsLeft } };
  },
});

const start = new Date();
const end = once(reports, 'end');
await engine.schedule({
  id: 'report',
  namespace: 'reports',
  executeAt: start,
  payload: { everyMs: 250, runsLeft: 3 },
});
await end;
await engine.stop();
await store.close();
