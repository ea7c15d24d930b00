import { type Document, fuzzDocument } from './fuzz-document';
import { Services } from './services';

/** A slice of what `npx tsx service/scripts/fuzz.ts` runs. */
test('calls by the document, and nearly so, are answered as it says', async () => {
  const services = await Services.open();
  try {
    const service = await services.start();
    const { body } = await service.get('/api/v1/openapi.json');
    const statuses = await fuzzDocument(service.url, body as Document, { numRuns: 300 });
    // One call in a hundred is answered with 204: too few for a slice.
    expect(Object.keys(statuses)).toEqual(expect.arrayContaining(['200', '400', '404']));
    expect((await service.get('/health/ready')).status).toBe(200);
  } finally {
    await services.close();
  }
});
