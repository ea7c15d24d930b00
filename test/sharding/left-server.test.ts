/** An engine on two servers that has shards of one of them no more. */
import { ShardedTimerStore, shardIdFor } from '../../src';
import { ownerOf } from '../../src/engine/rendezvous';
import { Engines } from '../engine/engines';
import { Receiver } from '../engine/receiver';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { ToldMembership } from '../support/told-membership';

const NAMESPACE = 'left server';
const HERE = 'host-a:7000';
/** Has the shards of the second server, once it is there, and none of the first. */
const ANOTHER = Array.from({ length: 1000 }, (_, number) => `another-${number}:7000`).find((address) =>
  [0, 1, 2, 3].every((shardId) => (ownerOf(shardId, [HERE, address]) === HERE) === shardId < 2),
) as string;

let engines: Engines;
let left: StoreFixture;
let store: ShardedTimerStore;
beforeEach(async () => {
  engines = await Engines.open();
  left = await openStoreFixture();
  store = new ShardedTimerStore([
    { from: 0, to: 1, store: engines.fixture.store },
    { from: 2, to: 3, store: left.store },
  ]);
});
afterEach(async () => {
  await engines.close();
  await left.close();
});

test('by the time of a server that it has left, nothing is late', async () => {
  const read = left.store.readDueTimers.bind(left.store);
  jest.spyOn(left.store, 'readDueTimers').mockImplementation(async (...args) => {
    const due = await read(...args);
    return { ...due, nowMs: due.nowMs - 3_600_000 };
  });
  const receiver = new Receiver();
  const membership = new ToldMembership([HERE]);
  const engine = await engines.start(receiver.deliver, { store, address: HERE, membership });
  let number = 0;
  while (shardIdFor(`timer-${number}`, 4) >= 2) number++;
  await engine.schedule({ id: `timer-${number}`, namespace: NAMESPACE, executeAt: new Date() });
  while (engine.status.loaded < 1) await new Promise(setImmediate);
  membership.tell(HERE, ANOTHER);
  await receiver.until(1);
});
