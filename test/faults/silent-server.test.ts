/** A server that is there, and says nothing: stopped by a signal, as by a debugger or a machine that hangs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { RestartableServer } from '../support/restartable-server';

const ROOT = path.join(__dirname, '../..');

/** Makes calls on a server that is stopped meanwhile, closes its store, and says when each was done. */
const PROGRAM = `
  const { PostgresTimerStore } = require(${JSON.stringify(ROOT)});
  (async () => {
    const store = await PostgresTimerStore.connect(process.env.STORE_URL);
    await Promise.all([1, 2, 3].map((shard) => store.claimShardOwnership(shard, 'owner')));
    console.log('{}');
    await new Promise((resolve) => process.stdin.once('data', resolve));
    process.stdin.destroy();
    const timer = { id: 'timer', namespace: 'reminders', executeAt: new Date() };
    const calls = [
      () => store.createTimer(1, 1, timer, { timeoutMs: 1000 }),
      () => store.getShard(1, { timeoutMs: 1000 }),
    ];
    for (const call of calls) {
      const begunAt = performance.now();
      const { code, retryable } = await call().catch((error) => error);
      console.log(JSON.stringify({ code, retryable, ms: performance.now() - begunAt }));
    }
    const closingAt = performance.now();
    await store.close();
    console.log(JSON.stringify({ ms: performance.now() - closingAt }));
  })();
`;

let server: RestartableServer;
beforeAll(async () => {
  server = await RestartableServer.start();
});
afterAll(async () => await server.delete());

test('calls end at their time, the store closes, and the process ends by itself', async () => {
  const program = spawn(process.execPath, ['-e', PROGRAM], {
    env: { ...process.env, STORE_URL: server.storeUrl },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(program, 'exit');
  const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value as string);
  await next();
  server.silence();
  try {
    program.stdin.write('go');
    const create = await next();
    expect(create).toMatchObject({ code: 'CALL_TIMEOUT', retryable: false });
    // 1,100 where nothing else runs. The grace for an answer that this rules out was two seconds.
    expect(create.ms).toBeLessThan(2500);
    // One connection is in doubt, the other was not heard for a while: neither answers, nor does a new one.
    const read = await next();
    expect(read).toMatchObject({ retryable: true });
    expect(read.ms).toBeLessThan(2500);
    // The connection of the create is cut two seconds after its cancel.
    expect((await next()).ms).toBeLessThan(5000);
    const [code] = await exited;
    expect(code).toBe(0);
  } finally {
    server.wake();
  }
});
