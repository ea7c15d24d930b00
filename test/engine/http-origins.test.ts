import { execFile } from 'node:child_process';
import { once } from 'node:events';
import type http from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';
import { type DeliveryPostponedError, type HttpDelivery, httpDelivery } from '../../src/engine';
import { errorOf } from '../support/error-of';
import { call, storedTimer } from './http-call';
import { closeReceivers, openReceiver } from './http-receiver';

let deliver: HttpDelivery;

afterEach(async () => {
  await deliver.close();
  await closeReceivers();
});

/** A receiver that answers when the test says so. */
async function openHeldReceiver() {
  const held: http.ServerResponse[] = [];
  const arrivals: (() => void)[] = [];
  const receiver = await openReceiver((response) => {
    held.push(response);
    for (const arrived of arrivals.splice(0)) {
      arrived();
    }
  });
  return {
    ...receiver,
    held,
    async arrived(count: number) {
      while (held.length < count) {
        await new Promise<void>((resolve) => arrivals.push(resolve));
      }
    },
    answer(index: number, status = 200) {
      held[index]?.writeHead(status).end();
    },
  };
}

const POSTPONED = { code: 'DELIVERY_POSTPONED', name: 'DeliveryPostponedError' };

describe('an origin', () => {
  test('gets as many deliveries at a time as may be; the others wait, and go in turn', async () => {
    deliver = httpDelivery({ maxPerOrigin: 2 });
    const { origin, held, arrived, answer, received } = await openHeldReceiver();
    const calls = ['a', 'b', 'c', 'd'].map((id) => call(deliver, storedTimer(origin, { id })));
    await arrived(2);
    answer(0);
    await calls[0];
    await arrived(3);
    // Nothing more can come: both places are taken.
    await new Promise(setImmediate);
    expect(held).toHaveLength(3);
    answer(1);
    await arrived(4);
    answer(2);
    answer(3);
    await Promise.all(calls);
    expect(received.map(({ body }) => JSON.parse(body).id)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('that is full takes nothing from another one', async () => {
    deliver = httpDelivery({ maxPerOrigin: 1 });
    const slow = await openHeldReceiver();
    const other = await openReceiver((response) => response.end());
    const calls = [1, 2, 3].map(() => errorOf(call(deliver, storedTimer(slow.origin))));
    await slow.arrived(1);
    for (let index = 0; index < 20; index++) {
      await call(deliver, storedTimer(other.origin));
    }
    await deliver.close();
    await Promise.all(calls);
  });

  test('with too long a line postpones what comes, which is no attempt', async () => {
    deliver = httpDelivery({ maxPerOrigin: 1 });
    const { origin, arrived } = await openHeldReceiver();
    const controller = new AbortController();
    const context = { signal: controller.signal };
    const waiting = [0, 1, 2, 3, 4].map(() => errorOf(call(deliver, storedTimer(origin), context)));
    await arrived(1);
    const error = await errorOf(call(deliver, storedTimer(origin)));
    expect(error).toMatchObject({ ...POSTPONED, retryAfterMs: 100 });
    controller.abort();
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => controller.signal.reason));
  });

  test('loses no place to what cannot be sent', async () => {
    deliver = httpDelivery({ maxPerOrigin: 1 });
    const { origin } = await openReceiver((response) => response.end());
    // What a schema may have made of it.
    for (const payload of [1n, undefined, () => {}]) {
      const unsendable = storedTimer(origin, { payload: payload as never });
      expect(await errorOf(call(deliver, unsendable))).toBeInstanceOf(TypeError);
    }
    expect(await call(deliver, storedTimer(origin))).toBeUndefined();
  });

  test('postpones what has waited for its time-out', async () => {
    deliver = httpDelivery({ maxPerOrigin: 1 });
    const { origin, arrived, answer, received } = await openHeldReceiver();
    const first = call(deliver, storedTimer(origin));
    await arrived(1);
    const waiting = call(deliver, storedTimer(origin, { callbackTimeoutSeconds: 0.05 }));
    expect(await errorOf(waiting)).toMatchObject(POSTPONED);
    answer(0);
    await first;
    expect(received).toHaveLength(1);
  });

  test('gives the place of one that was aborted while it waited to the next one', async () => {
    deliver = httpDelivery({ maxPerOrigin: 1 });
    const { origin, arrived, answer, received } = await openHeldReceiver();
    const controller = new AbortController();
    const first = call(deliver, storedTimer(origin, { id: 'first' }));
    const aborted = errorOf(
      call(deliver, storedTimer(origin, { id: 'aborted' }), { signal: controller.signal }),
    );
    const next = call(deliver, storedTimer(origin, { id: 'next' }));
    await arrived(1);
    controller.abort();
    expect(await aborted).toBe(controller.signal.reason);
    answer(0);
    await first;
    await arrived(2);
    answer(1);
    await next;
    expect(received.map(({ body }) => JSON.parse(body).id)).toEqual(['first', 'next']);
  });

  test('that does not answer soon has one place only, and those that come are spread over as long as it was silent', async () => {
    deliver = httpDelivery({ maxPerOrigin: 8 });
    const { origin, answer, arrived, received } = await openHeldReceiver();
    const timer = storedTimer(origin, { callbackTimeoutSeconds: 0.3 });
    const startMs = performance.now();
    const dead = await Promise.all(Array.from({ length: 8 }, () => errorOf(call(deliver, timer))));
    expect(dead).toMatchObject(dead.map(() => ({ message: 'no answer within 0.3 s' })));

    const again = Array.from({ length: 60 }, () => errorOf(call(deliver, timer)));
    await arrived(9);
    const errors = (await Promise.all(again)) as DeliveryPostponedError[];
    const silentMs = performance.now() - startMs;
    expect(received).toHaveLength(9);
    const delays = errors
      .filter(({ code }) => code === 'DELIVERY_POSTPONED')
      .map((each) => each.retryAfterMs);
    expect(delays).toHaveLength(59);
    expect(Math.max(...delays)).toBeLessThanOrEqual(silentMs);
    expect(Math.max(...delays) / Math.min(...delays)).toBeGreaterThan(1.3);

    // It comes back: each answer brings a place.
    const revived = call(deliver, storedTimer(origin));
    await arrived(10);
    answer(9);
    await revived;
    const two = [call(deliver, storedTimer(origin)), call(deliver, storedTimer(origin))];
    await arrived(12);
    answer(10);
    answer(11);
    await Promise.all(two);
  });
});

test('many dead origins leave the others alone', async () => {
  deliver = httpDelivery({ maxPerOrigin: 4 });
  const dead = await Promise.all(Array.from({ length: 30 }, () => openHeldReceiver()));
  const hanging = dead.flatMap(({ origin }) =>
    Array.from({ length: 6 }, () => errorOf(call(deliver, storedTimer(origin)))),
  );
  await Promise.all(dead.map(({ arrived }) => arrived(4)));
  const { origin } = await openReceiver((response) => response.end());
  await Promise.all(Array.from({ length: 8 }, () => call(deliver, storedTimer(origin))));
  await deliver.close();
  await Promise.all(hanging);
});

test('of more than a thousand origins, idle ones are forgotten, with their connections', async () => {
  let forgotten: Promise<unknown> | undefined;
  deliver = httpDelivery({
    lookup: (_hostname, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
  });
  const { port, counts } = await openReceiver((response, { url }) => {
    if (url === '/first') {
      forgotten = once(response.socket as NonNullable<typeof response.socket>, 'close');
    }
    response.writeHead(200, { 'keep-alive': 'timeout=600' }).end();
  });
  await call(deliver, storedTimer(`http://first.example:${port}/first`));
  for (let count = 0; count < 1000; count += 100) {
    await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        call(deliver, storedTimer(`http://host-${count + index}.example:${port}/`)),
      ),
    );
  }
  await forgotten;
  expect(counts.connections).toBe(1001);
  await call(deliver, storedTimer(`http://first.example:${port}/`));
  expect(counts.connections).toBe(1002);
});

describe('close', () => {
  test('ends connections that are idle, and those in use; what comes later is postponed', async () => {
    deliver = httpDelivery();
    const { origin, held, arrived } = await openHeldReceiver();
    const call1 = errorOf(call(deliver, storedTimer(origin)));
    await arrived(1);
    const socket = held[0]?.socket as NonNullable<http.ServerResponse['socket']>;
    const closed = once(socket, 'close');
    await deliver.close();
    await closed;
    expect(await call1).toMatchObject({ message: 'no answer: UND_ERR_DESTROYED' });
    expect(await errorOf(call(deliver, storedTimer(origin)))).toMatchObject(POSTPONED);
    await deliver.close();
  });

  test('need not be called: a process with idle connections ends by itself', async () => {
    deliver = httpDelivery();
    const { origin, received } = await openReceiver((response) =>
      response.writeHead(200, { 'keep-alive': 'timeout=600' }).end(),
    );
    const program = `
      const { httpDelivery } = require('pg-timer-store/engine');
      const timer = ${JSON.stringify(storedTimer(origin))};
      httpDelivery()(timer, { signal: new AbortController().signal, attempt: 1, dueAt: new Date() })
        .then((result) => console.log('delivered', result));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], {
      cwd: path.join(__dirname, '../..'),
      timeout: 10_000,
    });
    expect(stdout).toBe('delivered undefined\n');
    expect(received).toHaveLength(1);
  });
});
