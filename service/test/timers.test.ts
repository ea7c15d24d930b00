import { Services, type TestedService } from './services';

const IN_2030 = '2030-01-31T12:00:00.000Z';
const URL = 'https://receiver.example/callback';

let services: Services;
let service: TestedService;

beforeAll(async () => {
  services = await Services.open();
  service = await services.start({ maxTimerPayloadSizeInBytes: 1000 });
});
afterAll(() => services.close());

const creation = (id: string, fields: object = {}) => ({
  namespace: 'orders',
  id,
  executeAt: IN_2030,
  callbackUrl: URL,
  ...fields,
});

describe('the four calls', () => {
  test('a timer is created, got, changed and deleted', async () => {
    const created = await service.post('timers/create', creation('four', { payload: { a: [1, null, 'ä'] } }));
    expect(created.status).toBe(200);
    expect(created.body).toEqual({
      id: 'four',
      namespace: 'orders',
      executeAt: IN_2030,
      callbackUrl: URL,
      payload: { a: [1, null, 'ä'] },
      retryPolicy: null,
      callbackTimeoutSeconds: 10,
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      updatedAt: created.body.createdAt,
      attempts: 0,
      state: 'pending',
      lastError: null,
    });
    const key = { namespace: 'orders', timerId: 'four' };
    expect((await service.post('timers/get', key)).body).toEqual(created.body);
    const updated = await service.post('timers/update', { ...key, payload: null, callbackTimeoutSeconds: 5 });
    expect(updated.body).toMatchObject({ payload: null, callbackTimeoutSeconds: 5, executeAt: IN_2030 });
    const deleted = await service.post('timers/delete', key);
    expect([deleted.status, deleted.body]).toEqual([204, '']);
    for (const call of [
      'timers/get',
      'timers/update',
      'timers/delete',
      'timers/revive',
      'timers/delete-dead',
    ]) {
      expect(await service.post(call, key)).toMatchObject({
        status: 404,
        body: { error: 'TIMER_NOT_FOUND' },
      });
    }
  });

  test('an id that exists is replaced', async () => {
    await service.post('timers/create', creation('twice', { payload: 1, retryPolicy: { maxAttempts: 2 } }));
    const second = await service.post('timers/create', creation('twice', { payload: 2 }));
    const got = await service.post('timers/get', { namespace: 'orders', timerId: 'twice' });
    expect(got.body).toEqual(second.body);
    expect(got.body).toMatchObject({ payload: 2, retryPolicy: null });
  });

  test('durations are read and written as Go writes them', async () => {
    const retryPolicy = {
      maxAttempts: 3,
      maxAttemptsDuration: '1h30m',
      initialInterval: '250ms',
      backoffMultiplier: 2.5,
      maxInterval: '5m',
    };
    await service.post('timers/create', creation('go', { retryPolicy }));
    const got = await service.post('timers/get', { namespace: 'orders', timerId: 'go' });
    expect(got.body.retryPolicy).toEqual(retryPolicy);
    const changed = await service.post('timers/update', {
      namespace: 'orders',
      timerId: 'go',
      retryPolicy: { maxInterval: '1.5s', initialInterval: '90s' },
    });
    expect(changed.body.retryPolicy).toEqual({ maxInterval: '1.5s', initialInterval: '1m30s' });
  });

  test('a time of nanoseconds is rounded up, and one of another zone is the same instant', async () => {
    const nanos = await service.post(
      'timers/create',
      creation('nanos', { executeAt: '2030-01-31T13:00:00.123456789+01:00' }),
    );
    expect(nanos.body.executeAt).toBe('2030-01-31T12:00:00.124Z');
  });
});

describe('a bad argument is refused by its name', () => {
  const policy = (retryPolicy: object) => creation('bad', { retryPolicy });
  test.each<[argument: string, body: unknown]>([
    ['id', { ...creation(''), id: '' }],
    ['id', creation('x'.repeat(256))],
    ['id', creation('nul\0')],
    [
      'id',
      '{"namespace":"orders","id":"\\ud800","executeAt":"2030-01-31T12:00:00Z","callbackUrl":"https://a.example/"}',
    ],
    ['id', { ...creation('x'), id: 7 }],
    ['namespace', { ...creation('x'), namespace: undefined }],
    ['executeAt', creation('x', { executeAt: '2030-01-31T12:00:00' })],
    ['executeAt', creation('x', { executeAt: '2030-02-30T12:00:00Z' })],
    ['executeAt', creation('x', { executeAt: '2030-06-30T23:59:60Z' })],
    ['executeAt', creation('x', { executeAt: '+10000-01-01T00:00:00Z' })],
    ['executeAt', creation('x', { executeAt: 1_900_000_000_000 })],
    ['callbackUrl', creation('x', { callbackUrl: 'ftp://receiver.example/' })],
    ['callbackUrl', creation('x', { callbackUrl: 'https://receiver.example/\n' })],
    ['callbackUrl', creation('x', { callbackUrl: `https://a.example/${'x'.repeat(2031)}` })],
    ['callbackUrl', creation('x', { callbackUrl: null })],
    ['callbackTimeoutSeconds', creation('x', { callbackTimeoutSeconds: 11 })],
    ['callbackTimeoutSeconds', creation('x', { callbackTimeoutSeconds: 0 })],
    ['callbackTimeoutSeconds', creation('x', { callbackTimeoutSeconds: '5' })],
    ['retryPolicy.maxAttempts', policy({ maxAttempts: -1 })],
    ['retryPolicy.maxAttempts', policy({ maxAttempts: 1.5 })],
    ['retryPolicy.initialInterval', policy({ initialInterval: '30' })],
    ['retryPolicy.initialInterval', policy({ initialInterval: '-1s' })],
    ['retryPolicy.surprise', policy({ surprise: 1 })],
    ['surprise', creation('x', { surprise: 1 })],
    ['body', '{"namespace":"orders","id":"a","id":"b"}'],
    ['body', '{"namespace":"orders","id":"x","payload":{"__proto__":{"a":1}}}'],
    ['body', '{"namespace":"orders","id":"x","payload":12345678901234567890}'],
    ['body', '{"namespace":"orders","id":"x","payload":1e999}'],
    ['body', '{"namespace":"orders","id":"x","payload":NaN}'],
    ['body', `{"payload":${'['.repeat(2000)}${']'.repeat(2000)}}`],
    ['body', ''],
    ['body', '[]'],
    ['body', 'null'],
  ])('%s (%#)', async (argument, body) => {
    const { status, body: answer } = await service.post('timers/create', body);
    expect({ status, answer }).toEqual({
      status: 400,
      answer: {
        error: 'INVALID_ARGUMENT',
        message: expect.stringContaining(argument),
        details: { argument },
        timestamp: expect.stringMatching(/Z$/),
      },
    });
  });

  test.each(['2030-06-30T23:59:60Z', '2030-01-31 12:00:00Z', '0000-01-31T12:00:00Z'])(
    'the time %s, wherever it stands',
    async (at) => {
      const patient = await services.start({ address: `patient-${at}`, minTimerDuration: '1s' });
      const key = { namespace: 'orders', timerId: 'none' };
      const calls = [
        ['create', creation('none', { executeAt: at })],
        ['update', { ...key, executeAt: at }],
        ['revive', { ...key, executeAt: at }],
        ['list', { namespace: 'orders', executeAfter: at }],
        ['export', { namespace: 'orders', executeBefore: at }],
        ['batch-create', { timers: [creation('none', { executeAt: at })] }],
      ] as const;
      for (const [call, body] of calls) {
        const answer = await patient.post(`timers/${call}`, body);
        expect({ call, answer }).toMatchObject({
          call,
          answer: { status: 400, body: { message: expect.stringContaining('must be a time of RFC 3339') } },
        });
      }
      await patient.service.stop();
    },
  );

  test('fields of the original documents: which one is meant is said', async () => {
    const { body } = await service.post('timers/create', policy({ maxRetries: 3 }));
    expect(body.message).toContain('maxAttempts is meant');
    const other = await service.post('timers/create', policy({ maxRetryAttemptsDuration: '1h' }));
    expect(other.body.message).toContain('maxAttemptsDuration is meant');
  });

  test('the limits themselves are allowed', async () => {
    const widest = creation('x'.repeat(255), {
      namespace: '😀'.repeat(255),
      callbackUrl: `https://a.example/${'x'.repeat(2030)}`,
      payload: 'x'.repeat(998),
      executeAt: '9999-12-31T23:59:59.999Z',
      callbackTimeoutSeconds: 10,
    });
    expect((await service.post('timers/create', widest)).status).toBe(200);
    const tooMuch = await service.post('timers/create', { ...widest, payload: 'x'.repeat(999) });
    expect(tooMuch).toMatchObject({ status: 413, body: { error: 'PAYLOAD_TOO_LARGE' } });
    const muchTooMuch = await service.post('timers/create', { ...widest, payload: 'x'.repeat(100_000) });
    expect(muchTooMuch).toMatchObject({ status: 413, body: { error: 'PAYLOAD_TOO_LARGE' } });
  });

  test('another type of body, path or method', async () => {
    const form = await service.post('timers/create', 'a=b', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(form).toMatchObject({ status: 400, body: { details: { argument: 'content-type' } } });
    expect(await service.post('timers/nothing', {})).toMatchObject({
      status: 404,
      body: { error: 'NOT_FOUND' },
    });
    expect(await service.get('/api/v1/timers/create')).toMatchObject({
      status: 404,
      body: { error: 'NOT_FOUND' },
    });
  });
});

describe('many at once', () => {
  test('are created, and answered for each shard', async () => {
    const timers = Array.from({ length: 500 }, (_, index) =>
      creation(`many-${index}`, { namespace: 'many' }),
    );
    const { status, body } = await service.post('timers/batch-create', { timers });
    expect(status).toBe(200);
    expect(body).toMatchObject({ created: 500, failed: 0 });
    expect(body.shards.map(({ error }: { error: unknown }) => error)).toEqual(Array(8).fill(null));
    const counted = body.shards.reduce((sum: number, { count }: { count: number }) => sum + count, 0);
    expect(counted).toBe(500);
    const namespaces = await service.post('namespaces/list', {});
    expect(namespaces.body.namespaces).toContainEqual({
      namespace: 'many',
      pending: 500,
      dead: 0,
      hasMore: false,
    });
  });

  test('one that is wrong is refused by its place, and nothing is created', async () => {
    const timers = [
      creation('first', { namespace: 'none' }),
      creation('x', { namespace: 'none', executeAt: 'soon' }),
    ];
    expect((await service.post('timers/batch-create', { timers })).body.details).toEqual({
      argument: 'timers[1].executeAt',
    });
    const twice = [creation('same', { namespace: 'none' }), creation('same', { namespace: 'none' })];
    const { status, body } = await service.post('timers/batch-create', { timers: twice });
    expect([status, body.error]).toEqual([400, 'INVALID_ARGUMENT']);
    expect((await service.post('timers/list', { namespace: 'none' })).body.timers).toEqual([]);
  });

  test('are listed by pages, once each, and exported', async () => {
    const found: string[] = [];
    let pageToken: string | undefined;
    do {
      const { body } = await service.post('timers/list', { namespace: 'many', limit: 99, pageToken });
      found.push(...body.timers.map(({ id }: { id: string }) => id));
      pageToken = body.nextPageToken ?? undefined;
    } while (pageToken !== undefined);
    expect(found).toHaveLength(500);
    expect(new Set(found).size).toBe(500);
    const lines = await service.post('timers/export', { namespace: 'many' });
    expect(
      lines.body
        .trim()
        .split('\n')
        .map((line: string) => JSON.parse(line).id),
    ).toEqual(found);
    const csv = await service.post('timers/export', { namespace: 'many', idPrefix: 'many-1', format: 'csv' });
    const rows = csv.body.trim().split('\r\n');
    expect(rows).toHaveLength(1 + 111);
    expect(rows[1]).toMatch(/^"many-1","many","pending","2030-01-31T12:00:00.000Z",/);
  });

  test('a page token of another list is refused', async () => {
    const byId = await service.post('timers/list', { namespace: 'many', limit: 1 });
    const byTime = { namespace: 'many', executeAfter: IN_2030, pageToken: byId.body.nextPageToken };
    const none = { namespace: 'many', executeAfter: IN_2030, executeBefore: IN_2030 };
    expect((await service.post('timers/list', none)).body.details).toEqual({ argument: 'executeBefore' });
    for (const body of [byTime, { namespace: 'many', pageToken: 'nonsense' }]) {
      expect((await service.post('timers/list', body)).body.details).toEqual({ argument: 'pageToken' });
    }
  });

  test('a formula in an export does nothing', async () => {
    await service.post(
      'timers/create',
      creation('=1+1', { namespace: 'formulas', payload: '"quoted", and, more' }),
    );
    const csv = await service.post('timers/export', { namespace: 'formulas', format: 'csv' });
    expect(csv.body).toContain(`"'=1+1","formulas"`);
    expect(csv.body).toContain(`"""\\""quoted\\"", and, more"""`);
  });
});
