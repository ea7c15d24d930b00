/**
 * A process with an engine, for tests to stop and kill. Its parent is the receiver: it is sent each delivery, and
 * answers. Argument: JSON, see engine-process.ts.
 */
const { PostgresTimerStore } = require('../../dist/index.js');
const { PostgresMembership, TimerEngine } = require('../../dist/engine.js');

const { url, shardCount, address, clockShiftMs, engine: options } = JSON.parse(process.argv[2] ?? '');

if (clockShiftMs !== 0) {
  const RealDate = Date;
  const now = () => RealDate.now() + clockShiftMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args) => Reflect.construct(target, args.length === 0 ? [now()] : args),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
}

/** @type {Map<number, { resolve: (result?: any) => void, reject: (error: Error) => void }>} */
const waiting = new Map();
let deliveries = 0;

/** @param {unknown} message */
const tell = (message) => process.send?.(message);

async function run() {
  const store = await PostgresTimerStore.connect({ connectionString: url, maxOpenConns: 10 });
  const engine = await TimerEngine.start({
    store,
    shardCount,
    address,
    membership: new PostgresMembership(store),
    ...options,
    deliver: (timer, { attempt }) => {
      const number = ++deliveries;
      const { content, blockMs = 0 } = /** @type {any} */ (timer.payload);
      tell({ type: 'delivery', number, id: timer.id, content, attempt });
      // A handler that computes.
      for (const until = performance.now() + blockMs; performance.now() < until; );
      return new Promise((resolve, reject) => waiting.set(number, { resolve, reject }));
    },
  });
  process.on('message', async (/** @type {any} */ message) => {
    if (message.type === 'answer') {
      const { resolve, reject } = waiting.get(message.number) ?? {};
      waiting.delete(message.number);
      if (message.isRefused) reject?.(new Error('refused'));
      else resolve?.();
    } else {
      await engine.stop(message.options);
      await store.close();
      process.disconnect();
    }
  });
  tell({ type: 'started' });
}

require('node:diagnostics_channel').subscribe('pg-timer-store:engine', (event) => {
  const { type, error } = /** @type {any} */ (event);
  tell({ type: 'event', event: type, error: error && `${error.code ?? ''} ${error.message}` });
});
// Whoever kills the parent kills this.
process.on('disconnect', () => process.exit());
void run();
