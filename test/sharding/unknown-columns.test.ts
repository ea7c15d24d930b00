import { moveShard } from '../../src';
import { errorOf } from '../support/error-of';
import { newTimer } from '../support/new-timer';
import { moveUpTo, openMovingServers, rawTimers } from './moving-servers';

/** Of a later version. */
const NEW_COLUMNS =
  'ALTER TABLE timers ADD COLUMN timer_priority smallint NOT NULL DEFAULT 0, ADD COLUMN timer_tags text[]';

describe('a shard whose timers would lose columns is not moved', () => {
  test.each(['copy', 'merge'] as const)('when these come before the %s', async (phase) => {
    const servers = await openMovingServers();
    const { a, b } = servers;
    const { shardId, shardVersion } = await servers.claimedShard();
    await a.store.createTimer(shardId, shardVersion, newTimer());
    await moveUpTo(shardId, a, b, phase);
    await a.direct.query(NEW_COLUMNS);
    expect(await errorOf(moveShard(shardId, a.store, b.store))).toMatchObject({
      code: 'SHARD_MOVE_FAILED',
      message: expect.stringContaining('does not move: timer_priority, timer_tags'),
    });
    expect(await rawTimers(a, shardId)).toHaveLength(1);
    // To where they have a default, a shard comes from a server that lacks them yet.
    await b.direct.query(NEW_COLUMNS);
    await a.direct.query('ALTER TABLE timers DROP COLUMN timer_priority, DROP COLUMN timer_tags');
    await moveShard(shardId, a.store, b.store);
    expect(await b.store.getTimer(shardId, 'reminders', 'timer-1')).toMatchObject(newTimer());
    await servers.close();
  });
});
