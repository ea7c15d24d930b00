import {
  type DueTimers,
  type MoveProgress,
  moveShard,
  type NewTimer,
  PostgresTimerStore,
  ShardConditionFailedError,
  ShardMovedError,
  type TimerStoreError,
} from '../../src';
import { untilBlocked } from '../support/blocked-statements';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { openTransaction } from '../support/open-transaction';
import { fillForCalls, SAMPLE_CALLS } from '../support/sample-calls';
import { ALL } from '../support/store-fixture';
import {
  DUE,
  type MovingServers,
  moveUpTo,
  OFFSET,
  openMovingServers,
  rawShard,
  rawTimers,
} from './moving-servers';

let servers: MovingServers;
beforeAll(async () => {
  servers = await openMovingServers();
});
afterAll(async () => await servers.close());

/** More than two pages. */
const MANY = 2500;

function manyTimers(count = MANY): NewTimer[] {
  return Array.from({ length: count }, (_, index) =>
    newTimer({ id: `timer-${index}`, executeAt: new Date(DUE.getTime() + (index >> 1)), payload: { index } }),
  );
}

describe('a moved shard', () => {
  test('has its timers, owner and metadata on the target, one version further on, and no timer on the source', async () => {
    const { a, b } = servers;
    const { shardId, shardVersion } = await servers.claimedShard();
    await a.store.createTimers(shardId, shardVersion, manyTimers());
    const before = await a.store.getShard(shardId);
    const timers = await rawTimers(a, shardId);
    const progress: MoveProgress[] = [];
    await moveShard(shardId, a.store, b.store, { onProgress: (each) => progress.push(each) });
    expect(await b.store.getShard(shardId)).toEqual({ ...before, shardVersion: shardVersion + 1 });
    expect(timers).toHaveLength(MANY);
    expect(await rawTimers(b, shardId)).toEqual(timers);
    expect(await rawTimers(a, shardId)).toEqual([]);
    const ofPage = (phase: string) => [0, 1000, 2000, MANY].map((count) => ({ phase, timers: count }));
    expect(progress).toEqual([
      ...ofPage('copy'),
      { phase: 'seal', timers: 0 },
      ...ofPage('merge'),
      ...ofPage('compare'),
      { phase: 'activate', timers: 0 },
      ...ofPage('delete'),
    ]);
  });

  test('is claimed on the target, by whoever has it next', async () => {
    const { a, b } = servers;
    const { shardId, shardVersion } = await servers.claimedShard();
    await moveShard(shardId, a.store, b.store);
    const { previous, current } = await b.store.claimShardOwnership(shardId, 'owner-2');
    expect(previous).toMatchObject({ ownerAddr: 'owner-1', shardVersion: shardVersion + 1 });
    expect(current).toMatchObject({
      ownerAddr: 'owner-2',
      shardVersion: shardVersion + 2,
      metadata: { committedOffset: OFFSET },
    });
    await b.store.createTimer(shardId, current.shardVersion, newTimer());
    // Its former owner, who learns of the target before it claims.
    const late = b.store.createTimer(shardId, shardVersion, newTimer({ id: 'late' }));
    await expect(late).rejects.toBeInstanceOf(ShardConditionFailedError);
  });

  test('that was never claimed is claimed first, and moved', async () => {
    const { a, b } = servers;
    await a.store.createTimerNoLock(-1, newTimer());
    await moveShard(-1, a.store, b.store);
    expect(await b.store.getShard(-1)).toMatchObject({
      ownerAddr: 'moveShard',
      shardVersion: 2,
      metadata: {},
    });
    expect(await b.store.getTimer(-1, 'reminders', 'timer-1')).not.toBeNull();
  });

  test('can be moved back and away again, with what happened meanwhile', async () => {
    const { a, b } = servers;
    const { shardId, shardVersion } = await servers.claimedShard();
    await a.store.createTimers(shardId, shardVersion, [
      newTimer({ id: 'kept' }),
      newTimer({ id: 'deleted' }),
    ]);
    await moveShard(shardId, a.store, b.store);
    await b.store.deleteTimerNoLock(shardId, 'reminders', 'deleted');
    await b.store.createTimerNoLock(shardId, newTimer({ id: 'added' }));
    await moveShard(shardId, b.store, a.store);
    expect(await a.store.getShard(shardId)).toMatchObject({ shardVersion: shardVersion + 2 });
    const timers = await a.store.rangeGetTimers(shardId, ALL, 10);
    expect(timers.map(({ id }) => id).sort()).toEqual(['added', 'kept']);
    const { current } = await a.store.claimShardOwnership(shardId, 'owner-3');
    await a.store.updateShardMetadata(shardId, current.shardVersion, {});
    await moveShard(shardId, a.store, b.store);
    expect(await b.store.getShard(shardId)).toMatchObject({ shardVersion: shardVersion + 4, metadata: {} });
    expect(await b.store.rangeGetTimers(shardId, ALL, 10)).toEqual(timers);
    expect(await rawTimers(a, shardId)).toEqual([]);
  });

  test('leaves the other shards of both servers alone', async () => {
    const { a, b } = servers;
    const { shardId } = await servers.claimedShard();
    const other = await servers.claimedShard();
    await a.store.createTimer(other.shardId, other.shardVersion, newTimer());
    await b.store.createTimerNoLock(other.shardId, newTimer({ id: 'other' }));
    const [onA, onB] = [await rawTimers(a, other.shardId), await rawTimers(b, other.shardId)];
    await moveShard(shardId, a.store, b.store);
    expect(await rawTimers(a, other.shardId)).toEqual(onA);
    expect(await rawTimers(b, other.shardId)).toEqual(onB);
    expect(await a.store.getShard(other.shardId)).toMatchObject({ shardVersion: other.shardVersion });
  });
});

describe('timers', () => {
  const KEYS = 'shard_id, row_type, timer_execute_at, timer_uuid, timer_id, timer_namespace';
  /** What no store would write, and some of it reads. Of `$1`, the shard. */
  const STRANGE_ROWS = [
    `INSERT INTO timers (${KEYS}) VALUES ($1, 2, '-infinity', '00000000-0000-0000-0000-000000000000', NULL, NULL)`,
    `INSERT INTO timers (${KEYS}) VALUES ($1, 2, '-infinity', '00000000-0000-0000-0000-000000000001', NULL, NULL)`,
    `INSERT INTO timers (${KEYS}) VALUES ($1, 2, 'infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff', 'id', 'late')`,
    `INSERT INTO timers (${KEYS}) VALUES ($1, 2, '0044-03-15 12:00:00.001 BC', gen_random_uuid(), 'id', 'BC')`,
    `INSERT INTO timers (${KEYS}) VALUES ($1, 2, '294276-12-31 23:59:59.999', gen_random_uuid(), 'id', 'last')`,
    `INSERT INTO timers (${KEYS}) VALUES ($1, 2, '12026-01-02 03:04:05.678', gen_random_uuid(), 'id', 'five digits')`,
    `INSERT INTO timers (${KEYS}, timer_payload) VALUES ($1, 2, '2030-01-02', gen_random_uuid(), 'id', 'number',
       '{"n": [1.00, 123456789012345678901234567890.5, 1e300]}')`,
    `INSERT INTO timers (${KEYS}, timer_payload) VALUES ($1, 2, '2030-01-02', gen_random_uuid(), 'id', 'null', 'null')`,
    `INSERT INTO timers (${KEYS}, timer_payload) VALUES ($1, 2, '2030-01-02', gen_random_uuid(), 'id', 'none', NULL)`,
    `INSERT INTO timers (${KEYS}, timer_callback_timeout_seconds) VALUES ($1, 2, '2030-01-02', gen_random_uuid(),
       E'\\\\ "{},\\n\\u00e4\\U0001F600', 'text', NULL)`,
    `INSERT INTO timers (${KEYS}, timer_retry_policy, timer_attempts, timer_created_at) VALUES
       ($1, 2, '2030-07-01 00:00:00.001', gen_random_uuid(), 'id', 'policy', '[null]', -2147483648, '-infinity')`,
    `INSERT INTO timers (${KEYS}, shard_version, shard_owner_addr, shard_claimed_at, shard_metadata) VALUES
       ($1, 2, '2030-01-02', gen_random_uuid(), 'id', 'of a shard', 9223372036854775807, '', '1000-01-01 BC', 'null')`,
  ];

  test('arrive as they are, whatever is in them, under any setting of the connections', async () => {
    const { a, b } = servers;
    const { shardId } = await servers.claimedShard();
    for (const insert of STRANGE_ROWS) {
      await a.direct.query(insert, [shardId]);
    }
    const withSettings = (url: string, settings: string) => {
      const connectionString = new URL(url);
      // Those of the tests' schema, if there are any, come first.
      const given = connectionString.searchParams.get('options') ?? '';
      connectionString.searchParams.set('options', `${given} ${settings}`.trim());
      return PostgresTimerStore.connect(connectionString.href);
    };
    const from = await withSettings(
      a.database.storeUrl,
      '-c TimeZone=Asia/Kathmandu -c DateStyle=German -c IntervalStyle=sql_standard -c extra_float_digits=-15',
    );
    const to = await withSettings(
      b.database.storeUrl,
      '-c TimeZone=America/Caracas -c DateStyle=SQL,DMY -c bytea_output=escape',
    );
    const timers = await rawTimers(a, shardId);
    await moveShard(shardId, from, to);
    expect(timers).toHaveLength(STRANGE_ROWS.length);
    expect(await rawTimers(b, shardId)).toEqual(timers);
    expect(await rawTimers(a, shardId)).toEqual([]);
    await Promise.all([from.close(), to.close()]);
  });

  test('of many megabytes arrive', async () => {
    const { a, b } = servers;
    const { shardId } = await servers.claimedShard();
    await a.direct.query(
      `INSERT INTO timers (${KEYS}, timer_payload)
       SELECT $1, 2, '2030-01-02', gen_random_uuid(), n::text, 'large', to_jsonb(repeat(n::text, 3000000))
       FROM generate_series(1, 5) AS n`,
      [shardId],
    );
    const timers = await rawTimers(a, shardId);
    await moveShard(shardId, a.store, b.store);
    expect(await rawTimers(b, shardId)).toEqual(timers);
  });

  test('that an interrupted copy left behind, and that the source has otherwise or no longer, are put right', async () => {
    const { a, b } = servers;
    const { shardId, shardVersion } = await servers.claimedShard();
    const moved = newTimer({ id: 'moved', executeAt: DUE });
    const replaced = newTimer({ id: 'replaced', uuid: '00000000-0000-0000-0000-00000000abcd' });
    await a.store.createTimers(shardId, shardVersion, [moved, replaced, ...manyTimers()]);
    await moveUpTo(shardId, a, b, 'seal');
    expect(await rawTimers(b, shardId)).toEqual(await rawTimers(a, shardId));
    await a.store.updateTimer(shardId, shardVersion, 'reminders', 'moved', {
      executeAt: new Date(DUE.getTime() + 86_400_000),
    });
    // Another timer at the very key of one that is gone.
    await a.store.deleteTimer(shardId, shardVersion, 'reminders', 'replaced');
    await a.store.createTimer(shardId, shardVersion, { ...replaced, id: 'replacing' });
    // More in one range of the target than two pages, of which the source has nothing.
    await a.direct.query(`DELETE FROM timers WHERE shard_id = $1 AND timer_id LIKE 'timer-%'`, [shardId]);
    await b.direct.query(
      `INSERT INTO timers (${KEYS}) SELECT $1, 2, '2031-01-01', gen_random_uuid(), n::text, 'stray'
       FROM generate_series(1, 2100) AS n`,
      [shardId],
    );
    const timers = await rawTimers(a, shardId);
    await moveShard(shardId, a.store, b.store);
    expect(timers).toHaveLength(2);
    expect(await rawTimers(b, shardId)).toEqual(timers);
  });
});

const UNFENCED = ['claimShardOwnership', 'getShard', 'reviveTimer'];

describe('what callers meet', () => {
  /** Of those that fail, by their kind: a call with a version, and one without. */
  const errorsOfSealed = SAMPLE_CALLS.map(([name, kind, call]) => {
    const isAnswered = name === 'settleTimers' || (kind === 'read' && name !== 'getShard');
    const isUnfenced = name.endsWith('NoLock') || name.endsWith('DeadTimer') || UNFENCED.includes(name);
    const code = isUnfenced ? 'SHARD_MOVED' : 'SHARD_CONDITION_FAILED';
    return [name, call, isAnswered ? undefined : code] as const;
  });

  describe.each(['a', 'b'] as const)('on server %s, while the shard moves from a to b', (place) => {
    let shard: { shardId: number; shardVersion: number };
    let rows: string[];
    beforeAll(async () => {
      shard = await servers.claimedShard();
      await fillForCalls(servers.a.store, shard);
      await moveUpTo(shard.shardId, servers.a, servers.b, 'compare');
      rows = await rawTimers(servers[place], shard.shardId);
    });

    test.each(errorsOfSealed)('%s', async (_, call, code) => {
      const { shardId, shardVersion } = shard;
      const calling = call(servers[place].store, shardId, shardVersion);
      if (code === undefined) {
        await expect(calling).resolves.toBeTruthy();
      } else {
        expect(await errorOf(calling)).toMatchObject({ code, shardId, retryable: false });
      }
      expect(rows).toHaveLength(2);
      expect(await rawTimers(servers[place], shardId)).toEqual(rows);
    });
  });

  test.each(errorsOfSealed)('on the server that it has left: %s', async (name, call, code) => {
    const { a, b } = servers;
    const { shardId, shardVersion } = await servers.claimedShard();
    await moveShard(shardId, a.store, b.store);
    const calling = call(a.store, shardId, shardVersion);
    if (code === undefined) {
      const result = await calling;
      const found = name === 'readDueTimers' ? (result as DueTimers).shards[0]?.timers : result;
      expect([null, [], ['lost']]).toContainEqual(found);
    } else {
      expect(await errorOf(calling)).toMatchObject({ code, shardId, retryable: false });
    }
    expect(await rawTimers(a, shardId)).toEqual([]);
  });

  test('a create without a fence that shares a statement with others fails as they do', async () => {
    const { a, b } = servers;
    const { shardId } = await servers.claimedShard();
    await moveShard(shardId, a.store, b.store);
    const creates = Array.from({ length: 20 }, (_, index) =>
      errorOf(a.store.createTimerNoLock(shardId, newTimer({ id: `timer-${index}` }))),
    );
    for (const error of await Promise.all(creates)) {
      expect(error).toBeInstanceOf(ShardMovedError);
    }
  });

  test('a timer that is not there is not found, on a shard that was never claimed and on one that is claimed', async () => {
    const { a } = servers;
    const { shardId } = await servers.claimedShard();
    for (const shard of [shardId, -7]) {
      const update = a.store.updateTimerNoLock(shard, 'reminders', 'nobody', { attempts: 1 });
      expect(await errorOf(update)).toMatchObject({ code: 'TIMER_NOT_FOUND' });
      const deletion = a.store.deleteTimerNoLock(shard, 'reminders', 'nobody');
      expect(await errorOf(deletion)).toMatchObject({ code: 'TIMER_NOT_FOUND' });
      expect(await a.store.rangeDeleteWithLimitNoLock(shard, ALL, 10)).toEqual({ deletedCount: 0 });
    }
  });
});

describe('a move', () => {
  test('waits for a write without a fence that began before the seal, and takes it along', async () => {
    const { a, b } = servers;
    const { shardId } = await servers.claimedShard();
    const open = await openTransaction(a.database.storeUrl, a.store);
    await open.store.createTimerNoLock(shardId, newTimer({ id: 'open' }));
    let compared = false;
    let onSealed = () => {};
    const sealed = new Promise<void>((resolve) => {
      onSealed = resolve;
    });
    const moving = moveShard(shardId, a.store, b.store, {
      onProgress({ phase }) {
        compared ||= phase === 'compare';
        if (phase === 'merge') {
          onSealed();
        }
      },
    });
    await sealed;
    // A write that begins after the seal does not wait with the move, and is refused.
    const error = await errorOf(a.store.createTimerNoLock(shardId, newTimer({ id: 'late' })));
    expect(error).toBeInstanceOf(ShardMovedError);
    expect(compared).toBe(false);
    await open.end('COMMIT');
    await moving;
    expect(await b.store.getTimer(shardId, 'reminders', 'open')).not.toBeNull();
    expect(await b.store.getTimer(shardId, 'reminders', 'late')).toBeNull();
  });

  test('waits with the seal for a fenced write that is under way, and takes it along', async () => {
    const { a, b } = servers;
    const { shardId, shardVersion } = await servers.claimedShard();
    const open = await openTransaction(a.database.storeUrl, a.store);
    await open.store.createTimer(shardId, shardVersion, newTimer({ id: 'open' }));
    const moving = moveShard(shardId, a.store, b.store);
    await untilBlocked(a.database.url);
    expect(await rawShard(a, shardId)).toMatchObject({ version: String(shardVersion) });
    await open.end('COMMIT');
    await moving;
    expect(await b.store.getTimer(shardId, 'reminders', 'open')).not.toBeNull();
  });

  test('follows the claims that are made while it copies', async () => {
    const { a, b } = servers;
    const { shardId, shardVersion } = await servers.claimedShard();
    await moveUpTo(shardId, a, b, 'seal');
    const { current } = await a.store.claimShardOwnership(shardId, 'owner-2');
    await a.store.updateShardMetadata(shardId, current.shardVersion, {});
    await moveShard(shardId, a.store, b.store);
    expect(await b.store.getShard(shardId)).toMatchObject({
      ownerAddr: 'owner-2',
      shardVersion: shardVersion + 2,
      metadata: {},
    });
  });

  test('whose claim waits for the seal fails, and nobody owns the shard twice', async () => {
    const { a, b } = servers;
    const { shardId, shardVersion } = await servers.claimedShard();
    await a.direct.query('BEGIN');
    await a.direct.query('SELECT FROM timers WHERE shard_id = $1 AND row_type = 1 FOR UPDATE', [shardId]);
    const moving = moveShard(shardId, a.store, b.store);
    await untilBlocked(a.database.url);
    const claiming = a.store.claimShardOwnership(shardId, 'owner-2').then(
      ({ current }) => current.shardVersion,
      (error: TimerStoreError) => error.code,
    );
    await untilBlocked(a.database.url, 2);
    await a.direct.query('COMMIT');
    // Whichever the server wakes first.
    const claimed = await claiming;
    expect([shardVersion + 1, 'SHARD_CONDITION_FAILED']).toContain(claimed);
    await moving;
    const finalVersion = claimed === shardVersion + 1 ? shardVersion + 2 : shardVersion + 1;
    expect(await b.store.getShard(shardId)).toMatchObject({ shardVersion: finalVersion });
  });

  test('stops at its signal, and is gone on with', async () => {
    const { a, b } = servers;
    const { shardId, shardVersion } = await servers.claimedShard();
    await a.store.createTimers(shardId, shardVersion, manyTimers());
    const timers = await rawTimers(a, shardId);
    const controller = new AbortController();
    const moving = moveShard(shardId, a.store, b.store, {
      signal: controller.signal,
      onProgress: ({ phase, timers: count }) => phase === 'merge' && count === 1000 && controller.abort(),
    });
    expect(await errorOf(moving)).toMatchObject({ code: 'CALL_ABORTED', operation: 'moveShard' });
    await moveShard(shardId, a.store, b.store);
    expect(await rawTimers(b, shardId)).toEqual(timers);
  });

  test('does nothing once it is done', async () => {
    const { a, b } = servers;
    const { shardId, shardVersion } = await servers.claimedShard();
    await moveShard(shardId, a.store, b.store);
    const { current } = await b.store.claimShardOwnership(shardId, 'owner-2');
    await b.store.updateShardMetadata(shardId, current.shardVersion, {});
    await b.store.createTimer(shardId, current.shardVersion, newTimer());
    const progress: MoveProgress[] = [];
    await moveShard(shardId, a.store, b.store, { onProgress: (each) => progress.push(each) });
    expect(progress).toEqual([]);
    expect(await b.store.getShard(shardId)).toMatchObject({ shardVersion: shardVersion + 2, metadata: {} });
    expect(await rawTimers(b, shardId)).toHaveLength(1);
  });
});
