import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { Timer } from '../../src';
import { type DeliveryContext, type HttpDelivery, httpDelivery } from '../../src/engine';
import { errorOf } from '../support/error-of';
import { call, storedTimer } from './http-call';
import { closeReceivers, openReceiver, type Received } from './http-receiver';

afterEach(closeReceivers);

const newSecret = (bytes = 32) => `whsec_${randomBytes(bytes).toString('base64')}`;

/** What a receiver gets of a delivery. */
async function receive(
  deliver: HttpDelivery,
  fields: Partial<Timer> = {},
  context: Partial<DeliveryContext> = {},
): Promise<Received> {
  const { origin, received } = await openReceiver((response) => response.end());
  await call(deliver, storedTimer(origin, fields), context);
  return received[0] as Received;
}

async function idOf(fields: Partial<Timer>, context: Partial<DeliveryContext> = {}): Promise<string> {
  return (await receive(httpDelivery(), fields, context)).headers['webhook-id'] ?? '';
}

describe('the signature', () => {
  test.each([24, 32, 64])(
    'by a secret of %i bytes is one that the official library verifies',
    async (bytes) => {
      const secret = newSecret(bytes);
      const deliver = httpDelivery({ secrets: [secret] });
      const { headers, body } = await receive(deliver, { payload: { text: 'ä "quoted" 😀 \u2028' } });
      expect(new Webhook(secret).verify(body, headers)).toMatchObject({
        id: 'order-42',
        payload: { text: 'ä "quoted" 😀 \u2028' },
      });
      expect(() => new Webhook(newSecret()).verify(body, headers)).toThrow('No matching signature found');
      expect(() => new Webhook(secret).verify(body.replace('order-42', 'order-43'), headers)).toThrow(
        'No matching signature found',
      );
    },
  );

  test('is one for each secret, so that a receiver may know the old or the new one', async () => {
    const secrets = [newSecret(), newSecret()];
    const { headers, body } = await receive(httpDelivery({ secrets }));
    expect(headers['webhook-signature']).toMatch(/^v1,[\w+/]{43}= v1,[\w+/]{43}=$/);
    for (const secret of secrets) {
      expect(new Webhook(secret).verify(body, headers)).toMatchObject({ id: 'order-42' });
    }
  });

  test('is left out without a secret; id and time are there', async () => {
    const { headers } = await receive(httpDelivery());
    expect(headers).not.toHaveProperty('webhook-signature');
    expect(headers['webhook-id']).toMatch(/^msg_[\w-]{43}$/);
    expect(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(10);
  });

  test('is made with a secret that no error shows', async () => {
    const secret = newSecret();
    const deliver = httpDelivery({ secrets: [secret] });
    const { origin } = await openReceiver((response, { headers }) =>
      response.writeHead(500).end(JSON.stringify(headers)),
    );
    const error = (await errorOf(call(deliver, storedTimer(origin)))) as Error;
    expect(error.message).toBe('answered 500');
    expect(error.cause).toBeUndefined();
  });
});

describe('the id', () => {
  const dueAt = new Date('2030-01-01T00:00:00.000Z');

  test('is the same for all attempts of one due time, whatever else has changed', async () => {
    const ids = await Promise.all([
      idOf({}, { dueAt, attempt: 1 }),
      idOf({ executeAt: new Date('2030-02-01T00:00:00.000Z'), attempts: 1 }, { dueAt, attempt: 2 }),
      idOf({ createdAt: new Date(), revision: '2', retryPolicy: { maxAttempts: 3 } }, { dueAt, attempt: 3 }),
    ]);
    expect(new Set(ids).size).toBe(1);
  });

  test('is another for another due time, payload or timer', async () => {
    const fields: Partial<Timer>[] = [
      {},
      { payload: 'other' },
      { id: 'other' },
      { namespace: 'other' },
      { uuid: '3f974e52-e022-5655-a4b3-e71f267c946c' },
      // Without quotes around them, these would run into each other.
      { id: 'b', namespace: 'a:' },
      { id: ':b', namespace: 'a' },
    ];
    const ids = await Promise.all([
      idOf({}, { dueAt: new Date(dueAt.getTime() + 1) }),
      ...fields.map((each) => idOf(each, { dueAt })),
    ]);
    expect(new Set(ids).size).toBe(fields.length + 1);
  });

  test('is the same in every release', async () => {
    expect(await idOf({}, { dueAt })).toBe('msg_FMS9wPqcHXAGV5SvDxIyMdZNQa2f38yPEX7yWpk9bT4');
  });
});
