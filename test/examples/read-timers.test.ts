import { PostgresTimerStore } from 'pg-timer-store';
import { readTimers } from '../../examples/read-timers';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

const START = new Date('2030-01-01T00:00:00.000Z');

let database: TestDatabase;
let store: PostgresTimerStore;
beforeAll(async () => {
  database = await createTestDatabase();
  store = await PostgresTimerStore.connect(database.storeUrl);
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

function line(fields: object = {}): string {
  return JSON.stringify({
    id: 'x',
    namespace: 'test',
    executeAt: '+0.1s',
    callbackUrl: 'http://host/',
    ...fields,
  });
}

test('a time counts from the start or is an instant, and a path goes to the receiver', async () => {
  const lines = [
    line({ executeAt: '+2.5s', callbackUrl: '/coffee' }),
    '',
    line({ id: 'y', executeAt: '2030-02-03T04:05:06.789+02:00' }),
  ];
  expect(await readTimers(lines.join('\n'), START, store)).toEqual([
    {
      id: 'x',
      namespace: 'test',
      executeAt: new Date('2030-01-01T00:00:02.500Z'),
      callbackUrl: 'http://receiver.invalid/coffee',
    },
    {
      id: 'y',
      namespace: 'test',
      executeAt: new Date('2030-02-03T02:05:06.789Z'),
      callbackUrl: 'http://host/',
    },
  ]);
});

test.each([
  ['not JSON', '{"id": ', 'line 2: not JSON'],
  ['an array', '[]', 'line 2: not a JSON object'],
  ['a missing time', line({ executeAt: undefined }), 'line 2: executeAt'],
  ['a time finer than a millisecond', line({ executeAt: '2030-01-01T00:00:00.0001Z' }), 'line 2: executeAt'],
  ['a day that does not exist', line({ executeAt: '2030-02-30T00:00:00Z' }), 'line 2: executeAt'],
  ['a time without a zone', line({ executeAt: '2030-01-01T00:00:00' }), 'line 2: executeAt'],
  ['a URL of another kind', line({ callbackUrl: 'ftp://host/' }), 'line 2: callbackUrl must be'],
  ['a field that is not known', line({ callback: 1 }), 'line 2: callback is not one of'],
  ['the id of an earlier line', line({ id: 'good' }), 'as line 1'],
])('a line with %s is refused with its number', async (_, bad, message) => {
  await expect(readTimers(`${line({ id: 'good' })}\n${bad}`, START, store)).rejects.toThrow(message);
});
