/**
 * A process with an engine, for tests to stop and kill. Its parent is the receiver: it is sent each delivery, and
 * answers. Argument: JSON, see engine-process.ts.
 */
const { PostgresTimerStore } = require('../../dist/index.js');
const { httpDelivery, PostgresMembership, TimerEngine } = require('../../dist/engine.js');

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

/** With the time of the machine's monotonic clock, which all processes share: it may be on its way for long. @param {object} message */
const tell = (message) => process.send?.({ ...message, sentAt: Number(process.hrtime.bigint()) / 1e6 });

const post = httpDelivery();

/** Lets nothing else happen in this process for so long. @param {number} ms */
function compute(ms) {
  for (const until = performance.now() + ms; performance.now() < until; );
}

/**
 * @param {import('../../dist/index').Timer} timer
 * @param {import('../../dist/engine').DeliveryContext} context
 * @param {number} content
 */
async function deliverByHttp(timer, context, content) {
  const number = ++deliveries;
  tell({ type: 'begun', number, content });
  try {
    // The receiver learns in this way which delivery it is.
    const callbackUrl = `${timer.callbackUrl}/${address}/${process.pid}/${number}`;
    return await post({ ...timer, callbackUrl }, context);
  } catch (error) {
    if (!context.signal.aborted) tell({ type: 'failed', number });
    throw error;
  }
}

async function run() {
  const store = await PostgresTimerStore.connect({ connectionString: url, maxOpenConns: 10 });
  const engine = await TimerEngine.start({
    store,
    shardCount,
    address,
    membership: new PostgresMembership(store),
    ...options,
    deliver: (timer, context) => {
      const { content, computing } = /** @type {any} */ (timer.payload);
      if (timer.callbackUrl !== null) return deliverByHttp(timer, context, content);
      const number = ++deliveries;
      const { id } = timer;
      tell({ type: 'delivery', number, id, content, attempt: context.attempt });
      if (computing?.by === address) compute(computing.ms);
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
