import { type PostgresTimerStore, shardIdFor, type TimerPage } from '../../src';
import type { ListFilter, ListPosition } from '../../src/contract/lists';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';

const SHARDS = 8;
const UUID = '00000000-0000-0000-0000-000000000001';
const NOON = Date.parse('2030-01-31T12:00:00Z');

let fixture: StoreFixture;
let store: PostgresTimerStore;

beforeAll(async () => {
  fixture = await openStoreFixture();
  store = fixture.store;
});
afterAll(() => fixture.close());

async function create(namespace: string, ids: readonly string[], executeAt = new Date(NOON)): Promise<void> {
  for (const id of ids) {
    await store.createTimerNoLock(shardIdFor(id, SHARDS), { id, namespace, executeAt });
  }
}

/** Each page's ids. */
async function pages(filter: ListFilter, limit: number, between: (page: TimerPage) => unknown = () => {}) {
  const found: string[][] = [];
  let after: ListPosition | null = null;
  do {
    const page: TimerPage = await store.listTimers(SHARDS, filter, limit, after);
    found.push(page.timers.map(({ id }) => id));
    await between(page);
    after = page.next;
  } while (after !== null);
  return found;
}

const numbered = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(3, '0')}`);

describe('a list', () => {
  test('is in the order of ids, over all shards, by pages that are full but for the last', async () => {
    const ids = numbered('by-id', 57);
    await create('by-id', [...ids].reverse());
    const found = await pages({ namespace: 'by-id' }, 10);
    expect(found.flat()).toEqual(ids);
    expect(found.map(({ length }) => length)).toEqual([10, 10, 10, 10, 10, 7]);
  });

  test('has no page behind a last one that is full', async () => {
    await create('full', numbered('full', 20));
    expect(await pages({ namespace: 'full' }, 20)).toHaveLength(1);
    expect(await pages({ namespace: 'full' }, 10)).toHaveLength(2);
  });

  test('takes ids by their bytes, and only those that begin so', async () => {
    await create('prefix', ['a', 'a%', 'a_1', 'aä', 'a😀', 'b', 'A', 'a\u0001', 'ab']);
    expect((await pages({ namespace: 'prefix', idPrefix: 'a' }, 2)).flat()).toEqual([
      'a',
      'a\u0001',
      'a%',
      'a_1',
      'ab',
      'aä',
      'a😀',
    ]);
    expect(await pages({ namespace: 'prefix', idPrefix: 'a_' }, 5)).toEqual([['a_1']]);
    expect(await pages({ namespace: 'nothing' }, 5)).toEqual([[]]);
  });

  test('is in the order of time where times are given, both ends left out', async () => {
    const ids = numbered('by-time', 40);
    for (const [index, id] of ids.entries()) {
      await create('by-time', [id], new Date(NOON + index));
    }
    const filter = { namespace: 'by-time', after: new Date(NOON + 3), before: new Date(NOON + 30) };
    expect((await pages(filter, 4)).flat()).toEqual(ids.slice(4, 30));
    expect((await pages({ namespace: 'by-time', before: new Date(NOON + 1) }, 4)).flat()).toEqual([
      'by-time-000',
    ]);
  });

  test('finds the timers of a namespace among those of another, at one time and at many', async () => {
    await create('crowd', numbered('crowd', 200), new Date(NOON - 1000));
    await create('rare', numbered('rare', 5), new Date(NOON - 1000));
    const found = await pages({ namespace: 'rare', after: new Date(0) }, 3);
    expect(found.flat().sort()).toEqual(numbered('rare', 5));
  });

  test('has each timer once that is there all the time, while others come and go', async () => {
    const ids = numbered('stable', 60);
    await create('stable', ids);
    let round = 0;
    const found = await pages({ namespace: 'stable' }, 7, async () => {
      round++;
      await create('stable', [`stable-0${round}x`, `a-${round}`]);
      await store.deleteTimerNoLock(shardIdFor(`a-${round}`, SHARDS), 'stable', `a-${round}`);
    });
    expect(found.flat().filter((id) => ids.includes(id))).toEqual(ids);
  });

  test('has dead timers by themselves', async () => {
    await create('mixed', ['lives', 'died']);
    await fixture.direct.query(
      "UPDATE timers SET row_type = 3, timer_last_error = 'no answer' WHERE timer_id = 'died'",
    );
    expect(await pages({ namespace: 'mixed' }, 5)).toEqual([['lives']]);
    expect(await pages({ namespace: 'mixed', state: 'dead' }, 5)).toEqual([['died']]);
    expect(await pages({ namespace: 'mixed', state: 'dead', after: new Date(0) }, 5)).toEqual([['died']]);
    expect(await store.getDeadTimer(shardIdFor('died', SHARDS), 'mixed', 'died')).toMatchObject({
      id: 'died',
      lastError: 'no answer',
    });
    expect(await store.getDeadTimer(shardIdFor('lives', SHARDS), 'mixed', 'lives')).toBeNull();
  });
});

test('namespaces come in order, by pages, counted up to a limit', async () => {
  const found = await store.listNamespaces(SHARDS, 1000, 100);
  expect(found.map(({ namespace }) => namespace)).toEqual([
    'by-id',
    'by-time',
    'crowd',
    'full',
    'mixed',
    'prefix',
    'rare',
    'stable',
  ]);
  expect(found.find(({ namespace }) => namespace === 'mixed')).toEqual({
    namespace: 'mixed',
    pending: 1,
    dead: 1,
    hasMore: false,
  });
  expect(await store.countNamespace(SHARDS, 'crowd', 2)).toEqual({
    namespace: 'crowd',
    pending: 2 * SHARDS,
    dead: 0,
    hasMore: true,
  });
  expect((await store.listNamespaces(SHARDS, 1, 2, 'crowd')).map(({ namespace }) => namespace)).toEqual([
    'full',
    'mixed',
  ]);
});

test('wrong arguments are refused by name', async () => {
  await expect(store.listTimers(0, { namespace: 'n' }, 1)).rejects.toMatchObject({ argument: 'shardCount' });
  await expect(store.listTimers(1, { namespace: '' }, 1)).rejects.toMatchObject({
    argument: 'filter.namespace',
  });
  await expect(store.listTimers(1, { namespace: 'n' }, 0)).rejects.toMatchObject({ argument: 'limit' });
  await expect(store.listTimers(1, { namespace: 'n', state: 'x' as 'dead' }, 1)).rejects.toMatchObject({
    argument: 'filter.state',
  });
  const none = { namespace: 'n', after: new Date(NOON), before: new Date(NOON) };
  await expect(store.listTimers(1, none, 1)).rejects.toMatchObject({ argument: 'filter.before' });
  await expect(store.listNamespaces(1, 1, 1, 7 as never)).rejects.toMatchObject({ argument: 'after' });
});

test.each<[name: string, filter: Partial<ListFilter>, after: unknown, argument: string]>([
  ['a text', {}, 'timer-1', 'after'],
  ['an id that is none', {}, { id: 7 }, 'after.id'],
  ['a time where a list is by id', {}, { executeAt: new Date(NOON), uuid: UUID }, 'after.executeAt'],
  ['an id where a list is by time', { after: new Date(0) }, { id: 'a' }, 'after.id'],
  ['a time without a uuid', { after: new Date(0) }, { executeAt: new Date(NOON) }, 'after.uuid'],
])('a list goes on behind no %s', async (_, filter, after, argument) => {
  const listing = store.listTimers(1, { namespace: 'n', ...filter }, 1, after as ListPosition);
  await expect(listing).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', argument });
});

test('a list that goes on behind its end has nothing more', async () => {
  const filter = { namespace: 'by-time', before: new Date(NOON + 10) };
  const behind = { executeAt: new Date(NOON + 20), uuid: UUID };
  expect(await store.listTimers(SHARDS, filter, 5, behind)).toEqual({ timers: [], next: null });
});
