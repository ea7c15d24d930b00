/** What a shard remembers while reads, deliveries and settlements of it overtake each other. */
import { ZERO_CURSOR } from '../../src/contract/cursor';
import type { DueShard } from '../../src/contract/due-timers';
import type { Timer } from '../../src/contract/types';
import { type LoadedTimer, OwnedShard } from '../../src/engine/owned-shard';

const START_MS = Date.parse('2030-01-01T00:00:00.000Z');
const ROOM = 100;

function timer(id: string, revision = '1', executeAtMs = START_MS): Timer {
  const executeAt = new Date(executeAtMs);
  return {
    id,
    namespace: 'reminders',
    uuid: '00000000-0000-0000-0000-00000000000a',
    executeAt,
    dueAt: executeAt,
    createdAt: executeAt,
    updatedAt: executeAt,
    firstAttemptAt: null,
    callbackUrl: null,
    payload: null,
    retryPolicy: null,
    callbackTimeoutSeconds: 30,
    attempts: 0,
    revision,
    lastError: null,
    traceparent: null,
  };
}

function found(timers: Timer[], fields: Partial<DueShard> = {}): DueShard {
  const last = timers.at(-1) ?? null;
  return {
    shardId: 1,
    shardVersion: 1,
    ownerAddr: 'host-a:7000',
    timers,
    last: last && { executeAt: last.executeAt, uuid: last.uuid },
    isCut: false,
    nextExecuteAt: null,
    ...fields,
  };
}

function load(shard: OwnedShard, timers: Timer[], fields?: Partial<DueShard>): LoadedTimer[] {
  shard.beginRead();
  return shard.endRead(found(timers, fields), ROOM);
}

function read(shard: OwnedShard, timers: Timer[], fields?: Partial<DueShard>): string[] {
  return load(shard, timers, fields).map(({ timer: { id, revision } }) => `${id} ${revision}`);
}

test('what is settled while a read is under way is not loaded again by that read', () => {
  const shard = new OwnedShard(1, 1);
  const one = timer('one');
  const [loaded] = load(shard, [one]);
  shard.beginDelivery();
  shard.expectAnywhere();
  shard.beginRead();
  shard.endDelivery(loaded as LoadedTimer);
  expect(shard.endRead(found([one]), ROOM)).toEqual([]);
  // Created anew, it is another one.
  shard.expectAnywhere();
  expect(read(shard, [timer('one', '2')])).toEqual(['one 2']);
});

test.each<[name: string, loadedBefore: Timer[]]>([
  ['from the beginning', []],
  ['from where the last has ended', [timer('before')]],
])('what is expected while a read %s is under way is found, though it stands before its end', (_, before) => {
  const shard = new OwnedShard(1, 1);
  if (before.length > 0) read(shard, before);
  shard.expectAt(START_MS + 100);
  shard.beginRead();
  shard.expectAt(START_MS + 50);
  shard.endRead(found([timer('after', '1', START_MS + 100)]), ROOM);
  expect(shard.nextAt).toBeLessThanOrEqual(START_MS + 50);
  expect(shard.place().after).toBe(ZERO_CURSOR);
});

test('what is expected while a read without room is under way is found', () => {
  const shard = new OwnedShard(1, 1);
  shard.beginRead();
  shard.expectAt(START_MS);
  expect(
    shard.endRead(found([timer('a', '1', START_MS + 10), timer('b', '1', START_MS + 20)]), 1),
  ).toHaveLength(1);
  expect(shard.place().after).toBe(ZERO_CURSOR);
});

test('what was read anew replaces what is queued', () => {
  const shard = new OwnedShard(1, 1);
  const [old] = load(shard, [timer('one')]);
  shard.expectAnywhere();
  const [replacement] = load(shard, [timer('one', '2')]);
  expect(replacement?.timer.revision).toBe('2');
  expect([old?.isNewest, replacement?.isNewest]).toEqual([false, true]);
  shard.forget(old as LoadedTimer);
  shard.expectAnywhere();
  expect(read(shard, [timer('one', '2')])).toEqual([]);
});

test('what is gone when everything is read is no longer the newest', () => {
  const shard = new OwnedShard(1, 1);
  const [kept, cancelled] = load(shard, [timer('kept'), timer('cancelled')]);
  shard.expectAnywhere();
  expect(read(shard, [timer('kept')])).toEqual([]);
  expect([kept?.isNewest, cancelled?.isNewest]).toEqual([true, false]);
});

test('what is under way, and no longer due since the clock of the server was set back, is not loaded again', () => {
  const shard = new OwnedShard(1, 1);
  const one = timer('one');
  const [loaded] = load(shard, [one]);
  shard.beginDelivery();
  shard.expectAnywhere();
  expect(read(shard, [], { nextExecuteAt: one.executeAt })).toEqual([]);
  expect(loaded?.isNewest).toBe(true);
  shard.expectAnywhere();
  expect(read(shard, [one])).toEqual([]);
});

test('whoever waits for a shard waits no longer once it is lost', async () => {
  const shard = new OwnedShard(1, 1);
  shard.beginDelivery();
  const idle = shard.whenIdle();
  shard.lose();
  await idle;
  await shard.whenIdle();
});

test('what a read that is cut, or did not begin at the beginning, did not meet stays', () => {
  const shard = new OwnedShard(1, 1);
  const [one] = load(shard, [timer('one')]);
  shard.expectAt(START_MS + 100);
  read(shard, [timer('two', '1', START_MS + 100)]);
  shard.expectAnywhere();
  read(shard, [timer('zero', '1', START_MS - 100)], { isCut: true });
  expect(one?.isNewest).toBe(true);
});

test('timers of one uuid, which callers may choose, are apart', () => {
  const shard = new OwnedShard(1, 1);
  const both = [timer('one'), timer('two')];
  expect(read(shard, both)).toEqual(['one 1', 'two 1']);
  shard.expectAnywhere();
  expect(read(shard, both)).toEqual([]);
});

test('knows how much of what is in memory the next reads meet again', () => {
  const shard = new OwnedShard(1, 1);
  const [one, two, three] = [timer('one'), timer('two'), timer('three')];
  expect(shard.metAgain).toBe(0);
  read(shard, [one, two], { isCut: true });
  // The next read goes on after them.
  expect(shard.metAgain).toBe(0);
  shard.expectAnywhere();
  expect(shard.metAgain).toBe(2);
  expect(read(shard, [one], { isCut: true })).toEqual([]);
  expect(shard.metAgain).toBe(1);
  expect(read(shard, [two, three])).toEqual(['three 1']);
  expect(shard.metAgain).toBe(0);
});
