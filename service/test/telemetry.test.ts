import { instrumentTimers } from 'pg-timer-store/telemetry';
import { closeReceivers, openReceiver } from '../../test/engine/http-receiver';
import { TelemetrySdk } from '../../test/opentelemetry/telemetry-sdk';
import { Services } from './services';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';

let sdk: TelemetrySdk;
let services: Services;
beforeAll(async () => {
  sdk = new TelemetrySdk();
  services = await Services.open();
});
afterAll(async () => {
  await services.close();
  instrumentTimers().stop();
  await closeReceivers();
  await sdk.close();
});

test('a call belongs to the trace of its caller, and the delivery links to it and is part of no other', async () => {
  const service = await services.start({ address: 'traced' });
  let arrived = () => {};
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const receiver = await openReceiver((response) => {
    response.end();
    arrived();
  });
  const creation = {
    namespace: 'traced',
    id: 'tea',
    executeAt: new Date().toISOString(),
    callbackUrl: receiver.origin,
  };
  await service.post('timers/create', creation, { traceparent: `00-${TRACE_ID}-${SPAN_ID}-01` });
  await arrival;
  while (sdk.spans('deliver').length === 0) await new Promise(setImmediate);

  const [schedule] = sdk.spans('schedule');
  expect(schedule?.spanContext().traceId).toBe(TRACE_ID);
  expect(schedule?.parentSpanContext?.spanId).toBe(SPAN_ID);
  const [deliver] = sdk.spans('deliver');
  expect(deliver?.links.map(({ context }) => context.spanId)).toEqual([schedule?.spanContext().spanId]);
  // The receiver goes on with the trace of the delivery.
  expect(receiver.received[0]?.headers['traceparent']).toContain(deliver?.spanContext().traceId);

  expect(await sdk.values('pg_timer_store.engine.shards')).toEqual([{ attributes: {}, value: 8 }]);
});
