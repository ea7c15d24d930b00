import { type NewTimer, type Timer, TimerNotFoundError } from '../../src';
import { untilBlocked } from '../support/blocked-statements';
import { newTimer } from '../support/new-timer';
import { ALL, openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { storedTimer } from '../support/stored-timer';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await openStoreFixture();
});
afterAll(async () => await fixture.close());

const FULL: Required<NewTimer> = {
  id: 'water-the-plants',
  namespace: 'home',
  executeAt: new Date('2030-06-01T12:34:56.789Z'),
  callbackUrl: 'https://example.com/plants?room=kitchen#top',
  payload: { litres: 1.5 },
  retryPolicy: {
    maxAttempts: 5,
    maxAttemptsDurationSeconds: 3600,
    initialIntervalSeconds: 0.5,
    backoffMultiplier: 2,
    maxIntervalSeconds: 60,
  },
  callbackTimeoutSeconds: 7,
  uuid: '6f9619ff-8b86-4011-b42d-00c04fc964ff',
  createdAt: new Date('2026-02-03T04:05:06.007Z'),
  attempts: 2,
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};

describe.each(['createTimer', 'createTimers', 'createTimerNoLock', 'createTimersNoLock'] as const)(
  '%s',
  (method) => {
    async function create(shardId: number, shardVersion: number, timer: NewTimer): Promise<void> {
      const { store } = fixture;
      switch (method) {
        case 'createTimer':
          return await store.createTimer(shardId, shardVersion, timer);
        case 'createTimers':
          return await store.createTimers(shardId, shardVersion, [timer]);
        case 'createTimerNoLock':
          return await store.createTimerNoLock(shardId, timer);
        case 'createTimersNoLock':
          return await store.createTimersNoLock(shardId, [timer]);
        default:
          return method satisfies never;
      }
    }

    test('keeps every field exactly', async () => {
      const { shardId, shardVersion } = await fixture.claimedShard();
      await create(shardId, shardVersion, FULL);
      expect(await fixture.store.getTimer(shardId, 'home', 'water-the-plants')).toEqual(storedTimer(FULL));
    });

    test('fills in the defaults', async () => {
      const { shardId, shardVersion } = await fixture.claimedShard();
      const before = Date.now();
      await create(shardId, shardVersion, newTimer());
      const timer = await fixture.store.getTimer(shardId, 'reminders', 'timer-1');
      expect(timer).toEqual(storedTimer(newTimer()));
      expect(timer?.createdAt.getTime()).toBeGreaterThanOrEqual(before);
      expect(timer?.createdAt.getTime()).toBeLessThanOrEqual(Date.now());
    });

    test('replaces every field of a timer with the same namespace and id, and leaves one row', async () => {
      const { shardId, shardVersion } = await fixture.claimedShard();
      await create(shardId, shardVersion, FULL);
      const replacement = newTimer({ id: FULL.id, namespace: FULL.namespace, createdAt: new Date(0) });
      await create(shardId, shardVersion, replacement);
      expect(await fixture.store.rangeGetTimers(shardId, ALL, 10)).toEqual([storedTimer(replacement)]);
    });

    test('tells apart ids of different namespaces, and namespaces that run together with ids', async () => {
      const { shardId, shardVersion } = await fixture.claimedShard();
      await create(shardId, shardVersion, newTimer({ namespace: 'a:b', id: 'c' }));
      await create(shardId, shardVersion, newTimer({ namespace: 'a', id: 'b:c' }));
      expect(await fixture.store.getTimer(shardId, 'a:b', 'c')).toMatchObject({ namespace: 'a:b', id: 'c' });
      expect(await fixture.store.getTimer(shardId, 'a', 'b:c')).toMatchObject({ namespace: 'a', id: 'b:c' });
      expect(await fixture.store.rangeGetTimers(shardId, ALL, 10)).toHaveLength(2);
    });

    test('refuses the uuid of another timer that is due at the same time, naming it', async () => {
      const { shardId, shardVersion } = await fixture.claimedShard();
      await create(shardId, shardVersion, FULL);
      await expect(create(shardId, shardVersion, { ...FULL, id: 'another' })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        argument: 'uuid',
      });
      expect(await fixture.store.rangeGetTimers(shardId, ALL, 10)).toEqual([storedTimer(FULL)]);
    });

    test('the same timer 30 times at once ends in one row, and every call succeeds', async () => {
      const { shardId, shardVersion } = await fixture.claimedShard();
      for (let round = 0; round < 5; round++) {
        const timer = newTimer({ id: `round-${round}` });
        await Promise.all(Array.from({ length: 30 }, () => create(shardId, shardVersion, timer)));
      }
      expect(await fixture.store.rangeGetTimers(shardId, ALL, 100)).toHaveLength(5);
    });
  },
);

describe('creating many timers', () => {
  test('is all or nothing', async () => {
    const { shardId, shardVersion } = await fixture.claimedShard();
    const uuid = FULL.uuid;
    const clashing = [newTimer({ id: 'a' }), newTimer({ id: 'b', uuid }), newTimer({ id: 'c', uuid })];
    await expect(fixture.store.createTimers(shardId, shardVersion, clashing)).rejects.toMatchObject({
      argument: 'uuid',
    });
    expect(await fixture.store.rangeGetTimers(shardId, ALL, 10)).toEqual([]);
  });

  test('of an empty list does nothing', async () => {
    const { shardId, shardVersion } = await fixture.claimedShard();
    await fixture.store.createTimers(shardId, shardVersion, []);
    await fixture.store.createTimersNoLock(shardId, []);
    expect(await fixture.store.rangeGetTimers(shardId, ALL, 10)).toEqual([]);
  });

  test('mixes new and existing ones, 5,000 in one statement', async () => {
    const { shardId, shardVersion } = await fixture.claimedShard();
    await fixture.store.createTimer(shardId, shardVersion, newTimer({ id: 'timer-7', attempts: 9 }));
    const timers = Array.from({ length: 5000 }, (_, index) =>
      newTimer({ id: `timer-${index}`, attempts: index }),
    );
    await fixture.store.createTimers(shardId, shardVersion, timers);
    const stored = await fixture.store.rangeGetTimers(shardId, ALL, 10_000);
    expect(new Map(stored.map((timer) => [timer.id, timer.attempts]))).toEqual(
      new Map(timers.map((timer) => [timer.id, timer.attempts])),
    );
  });

  test('in opposite orders at once does not deadlock', async () => {
    const { shardId, shardVersion } = await fixture.claimedShard();
    const timers = Array.from({ length: 200 }, (_, index) => newTimer({ id: `timer-${index}` }));
    const reversed = timers.toReversed();
    await fixture.store.createTimers(shardId, shardVersion, timers);
    for (let round = 0; round < 10; round++) {
      await Promise.all([
        fixture.store.createTimers(shardId, shardVersion, timers),
        fixture.store.createTimers(shardId, shardVersion, reversed),
        fixture.store.createTimersNoLock(shardId, timers),
        fixture.store.createTimersNoLock(shardId, reversed),
      ]);
    }
    expect(await fixture.store.rangeGetTimers(shardId, ALL, 1000)).toHaveLength(200);
  });
});

describe.each(['updateTimer', 'updateTimerNoLock'] as const)('%s', (method) => {
  async function update(
    { shardId, shardVersion }: { shardId: number; shardVersion: number },
    changes: Parameters<typeof fixture.store.updateTimer>[4],
    id = FULL.id,
  ): Promise<Timer> {
    return method === 'updateTimer'
      ? await fixture.store.updateTimer(shardId, shardVersion, FULL.namespace, id, changes)
      : await fixture.store.updateTimerNoLock(shardId, FULL.namespace, id, changes);
  }

  async function shardWithFull() {
    const shard = await fixture.claimedShard();
    await fixture.store.createTimer(shard.shardId, shard.shardVersion, FULL);
    return shard;
  }

  test.each([
    ['executeAt', { executeAt: new Date('2029-12-31T23:59:59.999Z') }],
    ['callbackUrl', { callbackUrl: 'http://localhost:8080/other' }],
    ['payload', { payload: ['other'] }],
    ['retryPolicy', { retryPolicy: { maxAttempts: 1 } }],
    ['callbackTimeoutSeconds', { callbackTimeoutSeconds: 1 }],
    ['attempts', { attempts: 3 }],
    ['payload, to nothing', { payload: null }],
    ['retryPolicy, to nothing', { retryPolicy: null }],
    ['nothing', {}],
  ])('changes %s alone, and returns the timer as it is then', async (_, changes) => {
    const shard = await shardWithFull();
    const updated = await update(shard, changes);
    expect(updated).toEqual(storedTimer(FULL, changes));
    expect(await fixture.store.rangeGetTimers(shard.shardId, ALL, 10)).toEqual([updated]);
  });

  test('of a timer that is not there says so and creates none', async () => {
    const shard = await shardWithFull();
    const error = await update(shard, { attempts: 1 }, 'missing').catch((reason) => reason);
    expect(error).toBeInstanceOf(TimerNotFoundError);
    expect(error).toMatchObject({
      shardId: shard.shardId,
      namespace: 'home',
      timerId: 'missing',
      retryable: false,
    });
    expect(await fixture.store.rangeGetTimers(shard.shardId, ALL, 10)).toEqual([storedTimer(FULL)]);
  });

  test('does not resurrect a timer that is deleted while the update waits', async () => {
    const shard = await shardWithFull();
    await fixture.direct.query('BEGIN');
    await fixture.direct.query('DELETE FROM timers WHERE shard_id = $1 AND row_type = 2', [shard.shardId]);
    const updating = update(shard, { executeAt: new Date('2031-01-01T00:00:00.000Z') });
    updating.catch(() => {});
    await untilBlocked(fixture.database.url);
    await fixture.direct.query('COMMIT');
    await expect(updating).rejects.toBeInstanceOf(TimerNotFoundError);
    expect(await fixture.store.rangeGetTimers(shard.shardId, ALL, 10)).toEqual([]);
  });

  test('waits for another update of the same timer, and both changes stay', async () => {
    const shard = await shardWithFull();
    await fixture.direct.query('BEGIN');
    await fixture.direct.query(
      "UPDATE timers SET timer_attempts = 9, timer_execute_at = '2031-01-01Z' WHERE shard_id = $1 AND row_type = 2",
      [shard.shardId],
    );
    const updating = update(shard, { payload: 'second' });
    await untilBlocked(fixture.database.url);
    await fixture.direct.query('COMMIT');
    const expected = storedTimer(FULL, {
      attempts: 9,
      executeAt: new Date('2031-01-01T00:00:00.000Z'),
      payload: 'second',
    });
    expect(await updating).toEqual(expected);
    expect(await fixture.store.rangeGetTimers(shard.shardId, ALL, 10)).toEqual([expected]);
  });

  test('20 reschedules at once all succeed and end in one row', async () => {
    const shard = await shardWithFull();
    const times = Array.from({ length: 20 }, (_, index) => new Date(Date.UTC(2030, 0, 1 + index)));
    await Promise.all(times.map((executeAt) => update(shard, { executeAt })));
    const stored = await fixture.store.rangeGetTimers(shard.shardId, ALL, 100);
    expect(stored).toHaveLength(1);
    expect(times).toContainEqual(stored[0]?.executeAt);
  });

  test('onto the time and uuid of another timer is refused by name and changes nothing', async () => {
    const shard = await shardWithFull();
    const other = { ...FULL, id: 'other', executeAt: new Date('2030-07-01T00:00:00.000Z') };
    await fixture.store.createTimer(shard.shardId, shard.shardVersion, other);
    await expect(update(shard, { executeAt: other.executeAt })).rejects.toMatchObject({ argument: 'uuid' });
    expect(await fixture.store.rangeGetTimers(shard.shardId, ALL, 10)).toEqual([
      storedTimer(FULL),
      storedTimer(other),
    ]);
  });
});

describe.each(['deleteTimer', 'deleteTimerNoLock'] as const)('%s', (method) => {
  async function remove(shardId: number, shardVersion: number, id: string): Promise<void> {
    return method === 'deleteTimer'
      ? await fixture.store.deleteTimer(shardId, shardVersion, 'reminders', id)
      : await fixture.store.deleteTimerNoLock(shardId, 'reminders', id);
  }

  test('deletes that timer and no other', async () => {
    const { shardId, shardVersion } = await fixture.claimedShard();
    await fixture.store.createTimers(shardId, shardVersion, [newTimer({ id: 'a' }), newTimer({ id: 'b' })]);
    await fixture.store.createTimer(shardId, shardVersion, newTimer({ namespace: 'other', id: 'a' }));
    await remove(shardId, shardVersion, 'a');
    expect(await fixture.store.getTimer(shardId, 'reminders', 'a')).toBeNull();
    expect(await fixture.store.rangeGetTimers(shardId, ALL, 10)).toHaveLength(2);
  });

  test('of a timer that is not there says so, the second time too', async () => {
    const { shardId, shardVersion } = await fixture.claimedShard();
    await fixture.store.createTimer(shardId, shardVersion, newTimer({ id: 'a' }));
    await remove(shardId, shardVersion, 'a');
    await expect(remove(shardId, shardVersion, 'a')).rejects.toMatchObject({
      code: 'TIMER_NOT_FOUND',
      shardId,
      namespace: 'reminders',
      timerId: 'a',
    });
  });

  test('of a timer in another shard finds none', async () => {
    const first = await fixture.claimedShard();
    const second = await fixture.claimedShard();
    await fixture.store.createTimer(first.shardId, first.shardVersion, newTimer({ id: 'a' }));
    await expect(remove(second.shardId, second.shardVersion, 'a')).rejects.toBeInstanceOf(TimerNotFoundError);
    expect(await fixture.store.getTimer(first.shardId, 'reminders', 'a')).not.toBeNull();
  });

  test('waits for an update of the timer, and deletes what it became', async () => {
    const { shardId, shardVersion } = await fixture.claimedShard();
    await fixture.store.createTimer(shardId, shardVersion, newTimer({ id: 'a' }));
    await fixture.direct.query('BEGIN');
    await fixture.direct.query(
      "UPDATE timers SET timer_execute_at = '2031-01-01Z' WHERE shard_id = $1 AND row_type = 2",
      [shardId],
    );
    const deleting = remove(shardId, shardVersion, 'a');
    await untilBlocked(fixture.database.url);
    await fixture.direct.query('COMMIT');
    await deleting;
    expect(await fixture.store.rangeGetTimers(shardId, ALL, 10)).toEqual([]);
  });
});

test('a timer that is not there is null', async () => {
  const { shardId } = await fixture.claimedShard();
  expect(await fixture.store.getTimer(shardId, 'reminders', 'missing')).toBeNull();
});
