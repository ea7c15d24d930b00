/** Shards change hands between living processes: nothing waits, and nothing that is under way comes twice. */
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { shardIdFor } from '../../src';
import { type Deliver, PostgresMembership, type TimerEngine } from '../../src/engine';
import { ownerOf } from '../../src/engine/rendezvous';
import { ToldMembership } from '../support/told-membership';
import { Engines } from './engines';

const A = 'host-a:7000';
const B = 'host-b:7000';
const NAMESPACE = 'hand-over';
/** Of four, one that is to be B's as soon as there is B. */
const SHARD = [0, 1, 2, 3].find((shardId) => ownerOf(shardId, [A, B]) === B) as number;

let engines: Engines;
beforeEach(async () => {
  engines = await Engines.open();
});
afterEach(async () => {
  await engines.close();
});

/** Deliveries of one process, each of which ends when the test says so. */
class Deliveries {
  readonly begun: { id: string; attempt: number; payload: unknown; atMs: number; signal: AbortSignal }[] = [];
  readonly #ends: { resolve: () => void; reject: (error: Error) => void }[] = [];
  readonly deliver: Deliver = ({ id, payload }, { attempt, signal }) => {
    this.begun.push({ id, attempt, payload, atMs: performance.now(), signal });
    return new Promise<void>((resolve, reject) => this.#ends.push({ resolve, reject }));
  };
  async until(count: number): Promise<void> {
    while (this.begun.length < count) await sleep(5);
  }
  end(index: number, error?: Error): void {
    const end = this.#ends[index];
    if (error === undefined) end?.resolve();
    else end?.reject(error);
  }
}

/** Ids of timers of the shard that changes hands, each another one. */
const ids = (function* () {
  for (let number = 0; ; number++) {
    if (shardIdFor(`timer-${number}`, 4) === SHARD) yield `timer-${number}`;
  }
})();

async function schedule(
  engine: TimerEngine,
  payload: string,
  id = ids.next().value as string,
): Promise<string> {
  await engine.schedule({ id, namespace: NAMESPACE, executeAt: new Date(), payload });
  return id;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(5);
}

async function executeAtOf(id: string): Promise<number> {
  return (await engines.fixture.store.getTimer(SHARD, NAMESPACE, id))?.executeAt.getTime() ?? Number.NaN;
}

/** A has a delivery under way of a shard that B has by then. */
async function handOver() {
  const ofA = new Deliveries();
  const ofB = new Deliveries();
  const told = new ToldMembership([A]);
  const a = await engines.start(ofA.deliver, { address: A, membership: told });
  const id = await schedule(a, 'slow');
  await ofA.until(1);
  const b = await engines.start(ofB.deliver, { address: B, membership: new ToldMembership([A, B]) });
  told.tell(A, B);
  await until(() => b.status.shards.some(({ shardId }) => shardId === SHARD));
  return { a, b, ofA, ofB, id };
}

// The row has to be kept a second time.
test('what is under way at a join goes on with its former owner, and the rest of the shard does not wait', async () => {
  const { a, ofA, ofB, id } = await handOver();
  const first = await executeAtOf(id);
  const scheduledAt = performance.now();
  await schedule(a, 'other');
  await ofB.until(1);
  expect(ofB.begun).toMatchObject([{ payload: 'other' }]);
  expect((ofB.begun[0]?.atMs as number) - scheduledAt).toBeLessThan(5000);
  ofB.end(0);
  await until(async () => (await executeAtOf(id)) > first);
  ofA.end(0);
  await until(async () => (await engines.left()) === 0);
  expect(ofA.begun).toMatchObject([{ payload: 'slow' }]);
  expect(ofB.begun).toHaveLength(1);
  expect(a.status).toMatchObject({ settled: 1, loaded: 0 });
});

test('what ends just when its shard is handed over is settled before, and does not come twice', async () => {
  const ofA = new Deliveries();
  const ofB = new Deliveries();
  const told = new ToldMembership([A]);
  const a = await engines.start(ofA.deliver, { address: A, membership: told });
  await schedule(a, 'slow');
  await schedule(a, 'slower');
  await ofA.until(2);
  await engines.start(ofB.deliver, { address: B, membership: new ToldMembership([A, B]) });
  ofA.end(0);
  told.tell(A, B);
  await until(async () => ofB.begun.length > 0 || (await engines.left()) === 1);
  ofA.end(1);
  await until(async () => ofB.begun.length > 0 || (await engines.left()) === 0);
  expect(ofB.begun.map(({ payload }) => payload)).toEqual([]);
  expect(ofA.begun.map(({ signal }) => signal.aborted)).toEqual([false, false]);
});

test('what fails after the hand-over is tried again by the next owner, as another attempt', async () => {
  const { ofA, ofB } = await handOver();
  ofA.end(0, new Error('no'));
  await ofB.until(1);
  expect(ofB.begun).toMatchObject([{ payload: 'slow', attempt: 2 }]);
  ofB.end(0);
  await until(async () => (await engines.left()) === 0);
});

test('what is replaced while it is under way after the hand-over fires by its new content', async () => {
  const { a, ofA, ofB, id } = await handOver();
  await schedule(a, 'new', id);
  await ofB.until(1);
  ofA.end(0);
  await until(() => a.status.underWay === 0 && a.status.loaded === 0);
  expect(await engines.left()).toBe(1);
  expect(ofB.begun).toMatchObject([{ payload: 'new' }]);
  ofB.end(0);
  await until(async () => (await engines.left()) === 0);
});

test('what is under way is settled by its former owner whoever has the shard by then', async () => {
  const { ofA, ofB, b } = await handOver();
  await engines.fixture.store.claimShardOwnership(SHARD, 'x');
  await engines.fixture.store.claimShardOwnership(SHARD, B);
  ofA.end(0);
  await until(async () => (await engines.left()) === 0);
  expect(ofB.begun).toEqual([]);
  await b.stop();
});

test('what was under way at a hand-over is due within seconds if its former owner dies', async () => {
  const { id } = await handOver();
  const { rows } = await engines.fixture.direct.query('SELECT clock_timestamp() AS now');
  const inMs = (await executeAtOf(id)) - rows[0].now.getTime();
  expect(inMs).toBeGreaterThan(5000);
  expect(inMs).toBeLessThan(11_000);
});

test('a shard that is claimed by force while it is handed over is lost, and what is under way aborted', async () => {
  const ofA = new Deliveries();
  const told = new ToldMembership([A]);
  const a = await engines.start(ofA.deliver, { address: A, membership: told, longestPauseMs: 60_000 });
  await schedule(a, 'slow');
  await ofA.until(1);
  expect(ofA.begun[0]?.signal.aborted).toBe(false);
  await engines.fixture.store.claimShardOwnership(SHARD, 'x');
  told.tell(A, B);
  await until(() => ofA.begun[0]?.signal.aborted === true);
  ofA.end(0);
  await until(() => a.status.loaded === 0);
  expect(await engines.left()).toBe(1);
});

describe('a process that stops', () => {
  /** Two by a membership that both have in the database; of the first, one delivery is under way. */
  async function startBoth() {
    const ofA = new Deliveries();
    const ofB = new Deliveries();
    // One that does not leave counts as dead after 5 seconds.
    const membership = () => new PostgresMembership(engines.fixture.store, { beatMs: 250, missedBeats: 20 });
    const a = await engines.start(ofA.deliver, { address: A, membership: membership() });
    const b = await engines.start(ofB.deliver, { address: B, membership: membership() });
    await until(() => a.status.shards.length + b.status.shards.length === 4 && b.status.shards.length > 0);
    // Of a shard that is A's.
    const { shardId } = a.status.shards[0] as { shardId: number };
    let number = 0;
    while (shardIdFor(`own-${number}`, 4) !== shardId) number++;
    await a.schedule({ id: `own-${number}`, namespace: NAMESPACE, executeAt: new Date(), payload: 'slow' });
    await ofA.until(1);
    return { a, b, ofA, ofB };
  }

  test('hands all its shards over at once, and settles what is under way when that has ended', async () => {
    const { a, b, ofA, ofB } = await startBoth();
    const stopping = a.stop();
    const beganAt = performance.now();
    await until(() => b.status.shards.length === 4);
    expect(performance.now() - beganAt).toBeLessThan(2500);
    expect(ofA.begun).toHaveLength(1);
    ofA.end(0);
    await stopping;
    expect(await engines.left()).toBe(0);
    expect(ofB.begun).toEqual([]);
  });

  test('gives back what has not ended in its time, and the others deliver it at once, as the same attempt', async () => {
    const { a, ofB } = await startBoth();
    const stopping = a.stop({ timeoutMs: 500 });
    await stopping;
    const stoppedAt = performance.now();
    await ofB.until(1);
    expect(performance.now() - stoppedAt).toBeLessThan(2500);
    expect(ofB.begun).toMatchObject([{ payload: 'slow', attempt: 1 }]);
    ofB.end(0);
    await until(async () => (await engines.left()) === 0);
  });
});

// Two seconds is how long the others are counted on.
test('the first who is back after all were lost claims its own, and the rest if the others do not come back', async () => {
  const told = new ToldMembership([A, B]);
  const a = await engines.start(async () => {}, { address: A, membership: told });
  const owned = () => a.status.shards.map(({ shardId }) => shardId).sort();
  const own = [0, 1, 2, 3].filter((shardId) => ownerOf(shardId, [A, B]) === A);
  expect(owned()).toEqual(own);
  told.lose();
  expect(owned()).toEqual([]);
  told.tell(A);
  await until(() => owned().length === own.length);
  await sleep(500);
  expect(owned()).toEqual(own);
  await until(() => owned().length === 4);
});

test('a shard that was lost while it was handed over, and is back, stays', async () => {
  const { store } = engines.fixture;
  const ofA = new Deliveries();
  const told = new ToldMembership([A]);
  const a = await engines.start(ofA.deliver, { address: A, membership: told });
  const claim = store.claimShardOwnership.bind(store);
  const waiting: (() => void)[] = [];
  const claims = jest.spyOn(store, 'claimShardOwnership').mockImplementation(async (shardId, address) => {
    const claimed = await claim(shardId, address);
    if (address !== A) {
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    return claimed;
  });
  const leaving = [0, 1, 2, 3].filter((shardId) => ownerOf(shardId, [A, B]) === B);
  told.tell(A, B);
  await until(() => waiting.length === leaving.length);
  told.lose();
  told.tell(A);
  await until(() => a.status.shards.length === 4);
  const { shards } = a.status;
  for (const goOn of waiting) goOn();
  await Promise.all(claims.mock.results.map(({ value }) => value));
  await turn();
  expect(a.status.shards).toEqual(shards);
});

describe('what ended while its shard was lost', () => {
  async function loseWhileUnderWay() {
    const ofA = new Deliveries();
    const told = new ToldMembership([A]);
    const a = await engines.start(ofA.deliver, { address: A, membership: told });
    const id = await schedule(a, 'slow');
    await ofA.until(1);
    told.lose();
    return { a, ofA, told, id };
  }

  test('is settled once the shard comes back, and is not delivered again', async () => {
    const { ofA, told } = await loseWhileUnderWay();
    ofA.end(0);
    await turn();
    told.tell(A);
    await until(async () => ofA.begun.length > 1 || (await engines.left()) === 0);
    expect(ofA.begun).toHaveLength(1);
  });

  test('is settled, and not delivered again, though its settlement is still under way when the shard is back', async () => {
    const { store, direct } = engines.fixture;
    const ofA = new Deliveries();
    const told = new ToldMembership([A]);
    const a = await engines.start(ofA.deliver, { address: A, membership: told });
    const settle = jest.spyOn(store, 'settleTimers');
    await schedule(a, 'slow');
    await ofA.until(1);
    await direct.query('BEGIN');
    await direct.query('SELECT FROM timers WHERE shard_id = $1 AND row_type = 2 FOR UPDATE', [SHARD]);
    ofA.end(0);
    await until(() => settle.mock.results.length > 0);
    expect(await settle.mock.results[0]?.value).toEqual(['locked']);
    told.lose();
    told.tell(A);
    await until(() => settle.mock.results.length > 1 || ofA.begun.length > 1);
    await direct.query('COMMIT');
    await until(async () => ofA.begun.length > 1 || (await engines.left()) === 0);
    expect(ofA.begun).toHaveLength(1);
    await until(() => a.status.loaded === 0);
  });

  test('is delivered again if it failed: its signal had fired', async () => {
    const { ofA, told } = await loseWhileUnderWay();
    ofA.end(0, new Error('aborted'));
    await turn();
    told.tell(A);
    await ofA.until(2);
    expect(ofA.begun[1]).toMatchObject({ attempt: 1 });
  });

  test('settles nothing of what replaced it', async () => {
    const { a, ofA, told, id } = await loseWhileUnderWay();
    await schedule(a, 'new', id);
    ofA.end(0);
    await turn();
    told.tell(A);
    await ofA.until(2);
    expect(ofA.begun[1]).toMatchObject({ id, payload: 'new' });
  });
});

test.each([
  ['joined with it already', {}],
  ['never came to join', { shardCount: 8 }],
])('an engine that cannot start takes out of the members nobody else: it %s', async (_, wrong) => {
  const membership = new PostgresMembership(engines.fixture.store);
  await engines.start(async () => {}, { address: A, membership });
  const second = engines.start(async () => {}, { address: B, membership, ...wrong });
  await expect(second).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  const { rows } = await engines.fixture.direct.query('SELECT member_address AS address FROM timer_members');
  expect(rows).toEqual([{ address: A }]);
});
