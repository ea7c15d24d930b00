/** The number of shards that the data was made with is kept, and counts for each process that starts. */
import type { TimerEngine } from '../../src/engine';
import { Engines } from './engines';

let engines: Engines;
beforeEach(async () => {
  engines = await Engines.open();
});
afterEach(async () => {
  await engines.close();
});

const deliver = async () => {};

test('another number of shards than the data was made with is refused, before anything is claimed', async () => {
  const engine = await engines.start(deliver);
  await engine.stop();
  await expect(engines.start(deliver, { address: 'host-b:7000', shardCount: 5 })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    argument: 'options.shardCount',
  });
  const { rows } = await engines.fixture.direct.query(
    'SELECT DISTINCT shard_owner_addr AS owner FROM timers',
  );
  expect(rows).toEqual([{ owner: 'host-a:7000' }]);
});

test('of processes that start at once, only those with one number do', async () => {
  for (let round = 0; round < 10; round++) {
    await engines.fixture.direct.query('TRUNCATE timers');
    const starting = Array.from({ length: 6 }, (_, index) => {
      const member = `host-${index}:7000`;
      // A member that never sees itself: it claims nothing, so the count is not kept by whoever has shard 0.
      const membership = { join: async () => {}, refresh: async () => {}, leave: async () => {} };
      return engines.start(deliver, {
        address: member,
        shardCount: 2 + (index % 3),
        membership,
        wakeUp: false,
      });
    });
    const results = await Promise.allSettled(starting);
    const started = results.filter(
      (each): each is PromiseFulfilledResult<TimerEngine> => each.status === 'fulfilled',
    );
    const { metadata, shardVersion } = (await engines.fixture.store.getShard(0)) ?? {};
    const expected = results.map((_, index) =>
      metadata?.shardCount === 2 + (index % 3) ? 'fulfilled' : 'rejected',
    );
    expect(results.map(({ status }) => status)).toEqual(expected);
    expect(started).toHaveLength(2);
    // They claim it by turns; without a pause between, they came between each other thousands of times.
    expect(shardVersion).toBeLessThan(60);
    for (const each of results) {
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ argument: 'options.shardCount' });
    }
    await Promise.all(started.map(({ value }) => value.stop()));
  }
});
