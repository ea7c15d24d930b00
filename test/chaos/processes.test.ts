/** Engines that are processes of their own, which are killed and blocked: what the others do, and how often it is delivered. */
import { setTimeout as sleep } from 'node:timers/promises';
import { shardIdFor } from '../../src';
import { TimerEngine } from '../../src/engine';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { type DeliveryKey, type DeliveryMessage, EngineProcess, type Witness } from './engine-process';

const SHARDS = 8;
const NAMESPACE = 'processes';

/** What happened, in order. */
class Log implements Witness {
  readonly entries: { readonly what: string; readonly by: string }[] = [];
  /** By content: whether its delivery is answered. The others stay under way. */
  answers: (content: number) => Promise<void> = async () => {};

  async receive({ id, content }: DeliveryMessage, { address }: DeliveryKey): Promise<boolean> {
    this.entries.push({ what: id, by: address });
    await this.answers(content);
    return false;
  }

  heard(event: string, address: string): void {
    this.entries.push({ what: event, by: address });
  }

  deliveriesOf(id: string): string[] {
    return this.entries.filter(({ what }) => what === id).map(({ by }) => by);
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await sleep(10);
  }
}

let fixture: StoreFixture;
let client: TimerEngine;
let log: Log;
const processes: EngineProcess[] = [];
beforeEach(async () => {
  fixture = await openStoreFixture();
  log = new Log();
  client = await TimerEngine.start({
    store: fixture.store,
    shardCount: SHARDS,
    address: 'client',
    // A member of nothing: it owns nothing.
    membership: { join: async () => {}, refresh: async () => {}, leave: async () => {} },
    deliver: async () => {},
  });
});
afterEach(async () => {
  await Promise.all(processes.splice(0).map((each) => each.kill()));
  await client.stop({ timeoutMs: 0 });
  await fixture.close();
});

async function start(address: string): Promise<EngineProcess> {
  const url = fixture.database.storeUrl;
  const engine = await EngineProcess.start({ url, shardCount: SHARDS, address }, log);
  processes.push(engine);
  return engine;
}

let contents = 0;
async function schedule(id: string, payload: object = {}): Promise<void> {
  await client.schedule({
    id,
    namespace: NAMESPACE,
    executeAt: new Date(),
    payload: { content: ++contents, ...payload },
  });
}

async function rows(): Promise<unknown[]> {
  const { rows: all } = await fixture.direct.query(
    'SELECT * FROM timers WHERE row_type IN (2, 3) ORDER BY timer_id',
  );
  return all;
}

async function shardsOf(address: string): Promise<number[]> {
  const { rows: all } = await fixture.direct.query(
    'SELECT shard_id AS id FROM timers WHERE row_type = 1 AND shard_owner_addr = $1',
    [address],
  );
  return all.map(({ id }) => id);
}

test('what a process has under way has no state of its own, and is due at once when that is killed', async () => {
  log.answers = () => new Promise(() => {});
  const ids = Array.from({ length: 20 }, (_, index) => `timer-${index}`);
  for (const id of ids) await schedule(id);
  const before = await rows();
  const former = await start('engine');
  await log.until(() => ids.every((id) => log.deliveriesOf(id).length === 1));
  expect(await rows()).toEqual(before);
  await former.kill();
  const killedAt = performance.now();
  log.answers = async () => {};
  // Started anew, as by whatever watches over processes, it has the shards of its former self at once.
  await start('engine');
  await log.until(() => ids.every((id) => log.deliveriesOf(id).length === 2));
  expect(performance.now() - killedAt).toBeLessThan(10_000);
  while ((await rows()).length > 0) await sleep(10);
  expect(ids.map((id) => log.deliveriesOf(id).length)).toEqual(ids.map(() => 2));
}, 60_000);

// Others take the shards after three seconds without a beat.
test('one whose delivery computes for seconds learns that it lost its shards before it does anything more', async () => {
  await start('blocked');
  await start('other');
  while ((await shardsOf('other')).length + (await shardsOf('blocked')).length < SHARDS) await sleep(10);
  while ((await shardsOf('other')).length === 0) await sleep(10);
  const blocked = await shardsOf('blocked');
  expect(blocked).not.toEqual([]);
  let numbers = 0;
  const idOfBlocked = () => {
    for (;;) {
      const id = `timer-${++numbers}`;
      if (blocked.includes(shardIdFor(id, SHARDS))) return id;
    }
  };

  // Under way when it begins to compute, and answered while it does.
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  log.answers = () => answered;
  const underWay = [idOfBlocked(), idOfBlocked(), idOfBlocked()];
  for (const id of underWay) await schedule(id);
  await log.until(() => underWay.every((id) => log.deliveriesOf(id).length === 1));
  const computing = idOfBlocked();
  await schedule(computing, { computing: { by: 'blocked', ms: 4500 } });
  await log.until(() => log.deliveriesOf(computing).length === 1);
  const begunAt = log.entries.length;
  answer();
  const meanwhile = [idOfBlocked(), idOfBlocked(), idOfBlocked()];
  for (const id of meanwhile) await schedule(id);

  const losses = ['membership-lost', 'shard-lost'];
  await log.until(() =>
    log.entries.slice(begunAt).some(({ what, by }) => by === 'blocked' && losses.includes(what)),
  );
  const [first] = log.entries.slice(begunAt).filter(({ by }) => by === 'blocked');
  expect(losses).toContain(first?.what);
  while ((await rows()).length > 0) await sleep(10);
  expect([...underWay, computing].map((id) => log.deliveriesOf(id))).toEqual(
    [...underWay, computing].map(() => ['blocked', 'other']),
  );
  expect(meanwhile.map((id) => log.deliveriesOf(id))).toEqual(meanwhile.map(() => ['other']));
}, 60_000);
