import { getEventListeners } from 'node:events';
import { Client } from 'pg';
import { CallAbortedError, CallTimeoutError, PostgresTimerStore } from '../../src';
import { untilBlocked } from '../support/blocked-statements';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { ON_CITUS } from '../support/on-citus';
import { SAMPLE_CALLS, shardForCalls } from '../support/sample-calls';
import { ALL, openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { STORE_OPTIONS } from '../support/store-options';
import { TcpProxy } from '../support/tcp-proxy';

let fixture: StoreFixture;
let store: PostgresTimerStore;
beforeAll(async () => {
  fixture = await openStoreFixture();
  // One connection, so that one that is lost or left busy shows at the next call.
  store = await PostgresTimerStore.connect({
    connectionString: fixture.database.storeUrl,
    maxOpenConns: 1,
    ...STORE_OPTIONS,
  });
});
afterAll(async () => {
  await store.close();
  await fixture.close();
});

async function contentOf(shardId: number): Promise<unknown[]> {
  const { rows } = await fixture.direct.query(
    'SELECT * FROM timers WHERE shard_id = $1 ORDER BY row_type, timer_execute_at, timer_uuid',
    [shardId],
  );
  return rows;
}

/** Keeps every statement on the table waiting while `work` runs. */
async function whileTableIsLocked(work: () => Promise<void>): Promise<void> {
  const { direct } = fixture;
  await direct.query('BEGIN');
  await direct.query('LOCK TABLE timers IN ACCESS EXCLUSIVE MODE');
  try {
    await work();
  } finally {
    await direct.query('COMMIT');
  }
}

/** Statements of other clients that run or wait on this database, where autovacuum may run too. */
async function runningStatements(): Promise<string[]> {
  const observer = new Client({ connectionString: fixture.database.url });
  await observer.connect();
  const { rows } = await observer.query(
    `SELECT query FROM pg_stat_activity
     WHERE datname = current_database() AND backend_type = 'client backend' AND state = 'active'
       AND application_name NOT LIKE 'citus%'
       AND pid <> pg_backend_pid()`,
  );
  await observer.end();
  return rows.map((row) => row.query);
}

/** Of what has begun to wait on the server and is cancelled there. The exchange is a transaction on Citus, which was not committed. */
function isKnown(name: string, kind: 'read' | 'write'): boolean {
  return !ON_CITUS || kind === 'read' || name === 'rangeDeleteWithBatchInsertTxn';
}

describe.each(SAMPLE_CALLS)('%s', (name, kind, call) => {
  test('that waits for a lock ends at its time-out, and leaves nothing running', async () => {
    const { shardId, shardVersion } = await shardForCalls(fixture);
    const before = await contentOf(shardId);
    await whileTableIsLocked(async () => {
      const error = await errorOf(call(store, shardId, shardVersion, { timeoutMs: 50 }));
      expect(error).toBeInstanceOf(CallTimeoutError);
      // Where the server said that it has cancelled the statement, it is known that nothing was applied.
      expect(error).toMatchObject({
        code: 'CALL_TIMEOUT',
        operation: name,
        timeoutMs: 50,
        retryable: isKnown(name, kind),
        ...(!ON_CITUS && { cause: { code: '57014' } }),
      });
      expect(await runningStatements()).toEqual([]);
    });
    expect(await contentOf(shardId)).toEqual(before);
    await call(store, shardId, shardVersion);
  });

  test('that waits for a lock ends when its signal fires, and leaves nothing running', async () => {
    const { shardId, shardVersion } = await shardForCalls(fixture);
    const before = await contentOf(shardId);
    const controller = new AbortController();
    await whileTableIsLocked(async () => {
      const calling = errorOf(call(store, shardId, shardVersion, { signal: controller.signal }));
      await untilBlocked(fixture.database.url);
      controller.abort(new Error('the owner is shutting down'));
      const error = await calling;
      expect(error).toBeInstanceOf(CallAbortedError);
      expect(error).toMatchObject({
        code: 'CALL_ABORTED',
        operation: name,
        retryable: isKnown(name, kind),
        cause: { message: 'the owner is shutting down' },
      });
      expect(await runningStatements()).toEqual([]);
    });
    expect(await contentOf(shardId)).toEqual(before);
    await call(store, shardId, shardVersion);
  });

  test('under a signal that has fired already sends nothing', async () => {
    const { shardId, shardVersion } = await shardForCalls(fixture);
    const before = await contentOf(shardId);
    const error = await errorOf(call(store, shardId, shardVersion, { signal: AbortSignal.abort('no') }));
    expect(error).toMatchObject({ code: 'CALL_ABORTED', retryable: true, cause: 'no' });
    expect(await contentOf(shardId)).toEqual(before);
  });

  test('leaves no listener on its signal', async () => {
    const { shardId, shardVersion } = await shardForCalls(fixture);
    const { signal } = new AbortController();
    await call(store, shardId, shardVersion, { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('a call that waits for a connection', () => {
  async function whileConnectionIsBusy(work: () => Promise<void>): Promise<void> {
    const { shardId } = await shardForCalls(fixture);
    await whileTableIsLocked(async () => {
      const busy = new AbortController();
      const blocking = errorOf(store.getShard(shardId, { signal: busy.signal }));
      await untilBlocked(fixture.database.url);
      await work();
      busy.abort();
      await blocking;
    });
  }

  test('ends at its time-out; nothing of it is sent later', async () => {
    const { shardId, shardVersion } = await shardForCalls(fixture);
    await whileConnectionIsBusy(async () => {
      const error = await errorOf(store.createTimer(shardId, shardVersion, newTimer(), { timeoutMs: 50 }));
      expect(error).toMatchObject({ code: 'CALL_TIMEOUT', retryable: true, timeoutMs: 50 });
    });
    expect(await store.rangeGetTimers(shardId, ALL, 10)).toHaveLength(2);
  });

  test('ends when its signal fires', async () => {
    const { shardId, shardVersion } = await shardForCalls(fixture);
    await whileConnectionIsBusy(async () => {
      const controller = new AbortController();
      const { signal } = controller;
      const calling = errorOf(store.deleteTimer(shardId, shardVersion, 'reminders', 'timer-1', { signal }));
      controller.abort();
      expect(await calling).toMatchObject({ code: 'CALL_ABORTED', retryable: true });
    });
    expect(await store.getTimer(shardId, 'reminders', 'timer-1')).not.toBeNull();
  });
});

describe('one signal for many calls', () => {
  test('has one listener, however many they are, and all of them end when it fires', async () => {
    const { shardId, shardVersion } = await shardForCalls(fixture);
    const controller = new AbortController();
    const { signal } = controller;
    await whileTableIsLocked(async () => {
      const calls = Array.from({ length: 100 }, (_, index) =>
        errorOf(
          index % 2 === 0
            ? store.getTimer(shardId, 'reminders', 'timer-1', { signal })
            : store.createTimer(shardId, shardVersion, newTimer(), { signal }),
        ),
      );
      await untilBlocked(fixture.database.url);
      expect(getEventListeners(signal, 'abort')).toHaveLength(1);
      controller.abort();
      for (const error of await Promise.all(calls)) {
        expect(error).toBeInstanceOf(CallAbortedError);
      }
    });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('is listened to for as long as one of them is under way', async () => {
    const { shardId } = await shardForCalls(fixture);
    const controller = new AbortController();
    const { signal } = controller;
    await store.getShard(shardId, { signal });
    await whileTableIsLocked(async () => {
      const waiting = errorOf(store.getShard(shardId, { signal }));
      const late = errorOf(store.getShard(shardId, { signal, timeoutMs: 20 }));
      expect(await late).toBeInstanceOf(CallTimeoutError);
      controller.abort();
      expect(await waiting).toBeInstanceOf(CallAbortedError);
    });
  });
});

test('a signal of a polyfill, of a class of its own, ends a call as well', async () => {
  class SignalOfPolyfill {
    aborted = false;
    reason: unknown;
    readonly #target = new EventTarget();
    addEventListener(type: string, listener: () => void) {
      this.#target.addEventListener(type, listener);
    }
    removeEventListener(type: string, listener: () => void) {
      this.#target.removeEventListener(type, listener);
    }
    fire() {
      this.aborted = true;
      this.reason = 'enough';
      this.#target.dispatchEvent(new Event('abort'));
    }
  }
  const polyfilled = new SignalOfPolyfill();
  const signal = polyfilled as unknown as AbortSignal;
  const { shardId } = await shardForCalls(fixture);
  expect(await store.getShard(shardId, { signal })).not.toBeNull();
  await whileTableIsLocked(async () => {
    const waiting = errorOf(store.getShard(shardId, { signal }));
    await untilBlocked(fixture.database.url);
    polyfilled.fire();
    expect(await waiting).toMatchObject({ code: 'CALL_ABORTED', cause: 'enough' });
  });
  expect(await errorOf(store.getShard(shardId, { signal }))).toMatchObject({ code: 'CALL_ABORTED' });
});

test('on a server that does not answer, every call ends and its connection is cut', async () => {
  const { database } = fixture;
  // All at once: each waits for the end of the grace that a cancelled statement has.
  const errors = await Promise.all(
    SAMPLE_CALLS.map(async ([, , call]) => {
      const { shardId, shardVersion } = await shardForCalls(fixture);
      const proxy = await TcpProxy.open(database.url);
      const url = proxy.url(database.storeUrl);
      const proxied = await PostgresTimerStore.connect({
        connectionString: url,
        maxOpenConns: 1,
        ...STORE_OPTIONS,
      });
      // The session is known by then, of which Citus is asked first.
      await proxied.getShard(shardId);
      const lost = proxy.loseAnswers();
      const error = await errorOf(call(proxied, shardId, shardVersion, { timeoutMs: 50 }));
      await lost;
      proxy.heal();
      expect(await proxied.getShard(shardId)).not.toBeNull();
      await proxied.close();
      await proxy.close();
      return error;
    }),
  );
  // A write may have been applied; a read changes nothing.
  expect(errors).toMatchObject(
    SAMPLE_CALLS.map(([operation, kind]) => ({
      code: 'CALL_TIMEOUT',
      operation,
      retryable: kind === 'read',
    })),
  );
});
