import { Client, Pool } from 'pg';
import { CallAbortedError, InvalidArgumentError, PostgresTimerStore } from '../../src';
import { MIGRATE_COMMAND } from '../../src/contract/migrate-command';
import {
  AddressTakenError,
  MembershipLostError,
  PostgresMembership,
  type PostgresMembershipOptions,
} from '../../src/engine';
import { untilBlocked } from '../support/blocked-statements';
import { errorOf } from '../support/error-of';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { STORE_OPTIONS } from '../support/store-options';
import { ObservedMember } from './observed-member';

/** Of a member that beats by itself while a test waits. It is lost after 500 ms. */
/** It takes itself for lost after 1.1 s, and counts as dead after 1.2 s. */
const QUICK = { beatMs: 200, missedBeats: 6 };
/** Of a member that does not beat by itself while a test goes on. */
const STILL = { beatMs: 60_000 };

let fixture: StoreFixture;
const members: ObservedMember[] = [];
beforeAll(async () => {
  fixture = await openStoreFixture();
});
afterEach(async () => {
  await Promise.all(members.splice(0).map(({ membership }) => membership.leave()));
  await fixture.direct.query('DELETE FROM timer_members');
});
afterAll(async () => {
  await fixture.close();
});

function newMember(options?: PostgresMembershipOptions, store = fixture.store): ObservedMember {
  const member = new ObservedMember(store, options);
  members.push(member);
  return member;
}

async function join(address: string, options?: PostgresMembershipOptions): Promise<ObservedMember> {
  const member = newMember(options);
  await member.membership.join(address, member);
  return member;
}

async function rows(): Promise<string[]> {
  const result = await fixture.direct.query(
    'SELECT member_address AS address FROM timer_members ORDER BY member_address',
  );
  return result.rows.map(({ address }) => address);
}

/** Another connection past the store, in an open transaction. */
async function begin(statement: string): Promise<Client> {
  const client = new Client({ connectionString: fixture.database.url });
  await client.connect();
  await client.query(`BEGIN; ${statement}`);
  return client;
}

describe('who lives', () => {
  test('is told to one that joins before join resolves, and to the others at their next beats', async () => {
    const a = await join('host-a:7000', QUICK);
    expect(a.events).toEqual([['host-a:7000']]);
    const b = await join('host-b:7000', STILL);
    expect(b.events).toEqual([['host-a:7000', 'host-b:7000']]);
    await a.next();
    expect(await a.next()).toEqual(['host-a:7000', 'host-b:7000']);
    await b.membership.leave();
    expect(await a.next()).toEqual(['host-a:7000']);
    expect(await rows()).toEqual(['host-a:7000']);
  });

  test('is told by refresh before it resolves, and not again where nothing has changed', async () => {
    const a = await join('host-a:7000', STILL);
    await join('host-b:7000', STILL);
    expect(a.events).toHaveLength(1);
    await a.membership.refresh();
    await a.membership.refresh();
    expect(a.events).toEqual([['host-a:7000'], ['host-a:7000', 'host-b:7000']]);
  });

  test('comes in the order of bytes, the same to each', async () => {
    await join('host-b', STILL);
    await join('host-é', STILL);
    await join('Host-c', STILL);
    const last = await join('host-a', STILL);
    expect(last.events).toEqual([['Host-c', 'host-a', 'host-b', 'host-é']]);
  });

  test('depends on what each has said of itself, so that members of unlike pace can stand side by side', async () => {
    const slow = await join('slow', { beatMs: 30_000, missedBeats: 2 });
    await fixture.direct.query(
      `INSERT INTO timer_members VALUES
         ('quick', 1, now(), now() - interval '2 seconds', 1000),
         ('slower', 1, now(), now() - interval '2 seconds', 3000)`,
    );
    await slow.membership.refresh();
    expect(slow.events.at(-1)).toEqual(['slow', 'slower']);
  });

  // A second of the server's clock has to pass.
  test('changes at the moment of a death, long before the next beat', async () => {
    const watcher = await join('watcher', STILL);
    await fixture.direct.query(`INSERT INTO timer_members VALUES ('dying', 1, now(), now(), 1000)`);
    await watcher.membership.refresh();
    await watcher.next();
    expect(await watcher.next()).toEqual(['dying', 'watcher']);
    expect(await watcher.next()).toEqual(['watcher']);
    const { rows: late } = await fixture.direct.query(
      `SELECT date_part('epoch', clock_timestamp() - member_beat_at) * 1000 - 1000 AS ms
       FROM timer_members WHERE member_address = 'dying'`,
    );
    expect(late[0].ms).toBeGreaterThanOrEqual(0);
    expect(late[0].ms).toBeLessThan(5000);
  });

  test("does not change by rows from after the server's clock was set back, but for those that beat again", async () => {
    const [a, b] = [await join('host-a:7000', STILL), await join('host-b:7000', STILL)];
    await fixture.direct.query(`INSERT INTO timer_members VALUES ('dead', 1, now(), now(), 1000)`);
    await fixture.direct.query(
      `UPDATE timer_members SET member_beat_at = member_beat_at + interval '1 hour'`,
    );
    await a.membership.refresh();
    expect(a.events.slice(-2)).toEqual([expect.any(MembershipLostError), ['host-a:7000']]);
    await b.membership.refresh();
    expect(b.events.slice(-2)).toEqual([expect.any(MembershipLostError), ['host-a:7000', 'host-b:7000']]);
  });
});

test('a database without the table is refused with what migrates it', async () => {
  await fixture.direct.query('ALTER TABLE timer_members RENAME TO elsewhere');
  const refused = await errorOf(
    newMember(STILL).membership.join('host-a:7000', new ObservedMember(fixture.store)),
  );
  await fixture.direct.query('ALTER TABLE elsewhere RENAME TO timer_members');
  expect(refused).toMatchObject({
    code: 'SCHEMA_MISMATCH',
    faults: [expect.stringContaining('timer_members')],
  });
  expect(String(refused)).toContain(MIGRATE_COMMAND);
});

describe('the table', () => {
  test('keeps no row for more than an hour after its last beat, and it is a beat that removes it', async () => {
    await fixture.direct.query(
      `INSERT INTO timer_members VALUES
         ('long dead', 1, now(), now() - interval '61 minutes', 1000),
         ('dead', 1, now(), now() - interval '59 minutes', 1000)`,
    );
    const a = await join('host-a:7000', STILL);
    expect(await rows()).toEqual(['dead', 'host-a:7000']);
    expect(a.events).toEqual([['host-a:7000']]);
  });

  test('gets one statement a beat, and no beat waits for a row that another session holds', async () => {
    const pool = new Pool({ connectionString: fixture.database.storeUrl });
    const acquired = jest.fn();
    pool.on('acquire', acquired);
    const store = PostgresTimerStore.fromPool(pool, STORE_OPTIONS);
    await fixture.direct.query(
      `INSERT INTO timer_members VALUES ('long dead', 1, now(), now() - interval '2 hours', 1000)`,
    );
    const holder = await begin(`SELECT FROM timer_members WHERE member_address = 'long dead' FOR UPDATE`);
    const member = new ObservedMember(store, STILL);
    await member.membership.join('host-a:7000', member);
    await member.membership.refresh();
    await member.membership.refresh();
    expect(acquired).toHaveBeenCalledTimes(3);
    await holder.end();
    await member.membership.leave();
    await pool.end();
  });

  test('keeps when a member joined, and writes when it last beat', async () => {
    const a = await join('host-a:7000', STILL);
    const read = async () => (await fixture.direct.query('SELECT * FROM timer_members')).rows[0];
    const before = await read();
    await a.membership.refresh();
    const after = await read();
    expect(after.member_joined_at).toEqual(before.member_joined_at);
    expect(after.member_incarnation).toBe(before.member_incarnation);
    expect(after.member_beat_at > before.member_beat_at).toBe(true);
    expect(after.member_allowance_ms).toBe(180_000);
  });
});

describe('a loss', () => {
  test('is told before others may take the member for dead, with what failed; and a beat ends it', async () => {
    const a = await join('host-a:7000', { beatMs: 500, missedBeats: 4 });
    await a.next();
    const holder = await begin('LOCK TABLE timer_members IN ACCESS EXCLUSIVE MODE');
    try {
      const loss = await a.next();
      const { rows: beats } = await holder.query(
        `SELECT date_part('epoch', clock_timestamp() - member_beat_at) * 1000 AS ms FROM timer_members`,
      );
      expect(loss).toMatchObject({ code: 'MEMBERSHIP_LOST', address: 'host-a:7000' });
      expect((loss as Error).cause).toMatchObject({ code: 'CALL_TIMEOUT' });
      expect(beats[0].ms).toBeLessThan(2000);
    } finally {
      await holder.query('ROLLBACK');
      await holder.end();
    }
    expect(await a.next()).toEqual(['host-a:7000']);
  });

  test('is the first that a process notices whose loop was blocked', async () => {
    const a = await join('host-a:7000', QUICK);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1300);
    const refreshing = a.membership.refresh();
    // By then, nothing else has run.
    expect(a.events).toEqual([['host-a:7000'], expect.any(MembershipLostError)]);
    await refreshing;
    expect(a.events.slice(2)).toEqual([['host-a:7000']]);
  });

  test('is noticed after a block by itself, too', async () => {
    const a = await join('host-a:7000', QUICK);
    await a.next();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1300);
    expect(await a.next()).toBeInstanceOf(MembershipLostError);
    expect(await a.next()).toEqual(['host-a:7000']);
  });

  test('is told of a row that somebody removed', async () => {
    const a = await join('host-a:7000', STILL);
    await fixture.direct.query('DELETE FROM timer_members');
    await a.membership.refresh();
    expect(a.events).toEqual([['host-a:7000'], expect.any(MembershipLostError), ['host-a:7000']]);
    expect(await rows()).toEqual(['host-a:7000']);
  });
});

describe('of two processes with one address', () => {
  test('the later has it, and the earlier is told, and does not fight back', async () => {
    const earlier = await join('host-a:7000', STILL);
    const later = await join('host-a:7000', STILL);
    expect(later.events).toEqual([['host-a:7000']]);
    expect(await errorOf(earlier.membership.refresh())).toBeInstanceOf(AddressTakenError);
    expect(earlier.events[1]).toMatchObject({
      code: 'ADDRESS_TAKEN',
      message: expect.stringContaining('host-a:7000'),
    });
    expect(await errorOf(earlier.membership.refresh())).toBeInstanceOf(AddressTakenError);
    await earlier.membership.leave();
    await later.membership.refresh();
    expect(earlier.events).toHaveLength(2);
    expect(later.events).toHaveLength(1);
    expect(await rows()).toEqual(['host-a:7000']);
  });

  test('the earlier finds out by its next beat', async () => {
    const earlier = await join('host-a:7000', QUICK);
    await earlier.next();
    await join('host-a:7000', STILL);
    expect(await earlier.next()).toBeInstanceOf(AddressTakenError);
  });

  test('the earlier may join again when it is told to', async () => {
    const earlier = await join('host-a:7000', STILL);
    const later = await join('host-a:7000', STILL);
    await errorOf(earlier.membership.refresh());
    await earlier.membership.join('host-a:7000', earlier);
    expect(await errorOf(later.membership.refresh())).toBeInstanceOf(AddressTakenError);
  });
});

describe('join and leave', () => {
  test('join twice is refused, until leave', async () => {
    const a = await join('host-a:7000', STILL);
    expect(await errorOf(a.membership.join('host-b:7000', a))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      argument: 'address',
    });
    expect(await rows()).toEqual(['host-a:7000']);
    await a.membership.leave();
    await a.membership.join('host-b:7000', a);
    expect(a.events).toEqual([['host-a:7000'], ['host-b:7000']]);
  });

  test('a second join while the first is under way is refused', async () => {
    const a = newMember(STILL);
    const first = a.membership.join('host-a:7000', a);
    expect(await errorOf(a.membership.join('host-a:7000', a))).toBeInstanceOf(InvalidArgumentError);
    await first;
    expect(a.events).toEqual([['host-a:7000']]);
  });

  test('leave and refresh before join, and after leave, do nothing', async () => {
    const a = newMember(STILL);
    await a.membership.leave();
    await a.membership.refresh();
    await a.membership.join('host-a:7000', a);
    await Promise.all([a.membership.leave(), a.membership.leave()]);
    await a.membership.leave();
    await a.membership.refresh();
    expect(await rows()).toEqual([]);
    expect(a.events).toEqual([['host-a:7000']]);
  });

  test('leave ends a join that is under way, and no row stays', async () => {
    const holder = await begin('LOCK TABLE timer_members IN EXCLUSIVE MODE');
    const a = newMember(STILL);
    const joining = errorOf(a.membership.join('host-a:7000', a));
    await untilBlocked(fixture.database.url);
    const leaving = a.membership.leave();
    expect(await joining).toBeInstanceOf(CallAbortedError);
    await holder.end();
    await leaving;
    expect(await rows()).toEqual([]);
    expect(a.events).toEqual([]);
  });

  test('leave ends a beat that is under way, and no row stays', async () => {
    const a = await join('host-a:7000', STILL);
    const holder = await begin('SELECT FROM timer_members FOR UPDATE');
    const refreshing = a.membership.refresh();
    await untilBlocked(fixture.database.url);
    const leaving = a.membership.leave();
    await refreshing;
    await holder.end();
    await leaving;
    expect(await rows()).toEqual([]);
    expect(a.events).toEqual([['host-a:7000']]);
  });

  test('leave that fails can be called again', async () => {
    const a = await join('host-a:7000', { beatMs: 100, missedBeats: 2 });
    const holder = await begin('SELECT FROM timer_members FOR UPDATE');
    expect(await errorOf(a.membership.leave())).toMatchObject({ code: 'CALL_TIMEOUT' });
    await holder.end();
    expect(await rows()).toEqual(['host-a:7000']);
    await a.membership.leave();
    expect(await rows()).toEqual([]);
  });

  test('a join that fails leaves nothing behind, and can be made again', async () => {
    const a = newMember(STILL);
    await fixture.direct.query('ALTER TABLE timer_members RENAME TO hidden');
    expect(await errorOf(a.membership.join('host-a:7000', a))).toMatchObject({ code: 'SCHEMA_MISMATCH' });
    await fixture.direct.query('ALTER TABLE hidden RENAME TO timer_members');
    await a.membership.join('host-a:7000', a);
    expect(a.events).toEqual([['host-a:7000']]);
  });
});

describe('is refused by name', () => {
  test.each<[string, unknown, string]>([
    ['a beat of 0 ms', { beatMs: 0 }, 'options.beatMs'],
    ['a beat of an hour', { beatMs: 3_600_000 }, 'options.beatMs'],
    ['a beat as text', { beatMs: '1000' }, 'options.beatMs'],
    ['a beat of a fraction', { beatMs: 100.5 }, 'options.beatMs'],
    ['one missed beat', { missedBeats: 1 }, 'options.missedBeats'],
    ['an unknown option', { beat: 1000 }, 'options.beat'],
    ['no object', 1000, 'options'],
  ])('%s', (_, options, argument) => {
    expect(() => new PostgresMembership(fixture.store, options as PostgresMembershipOptions)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', argument }),
    );
  });

  test('what is no PostgresTimerStore', () => {
    expect(() => new PostgresMembership({} as PostgresTimerStore)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', argument: 'store' }),
    );
  });

  test.each<[string, unknown, unknown, string]>([
    ['an empty address', '', { onMembers() {}, onLost() {} }, 'address'],
    ['an address of 256 characters', 'a'.repeat(256), { onMembers() {}, onLost() {} }, 'address'],
    ['events without onMembers', 'host-a:7000', { onLost() {} }, 'events'],
    ['events without onLost', 'host-a:7000', { onMembers() {} }, 'events'],
  ])('%s', async (_, address, events, argument) => {
    const joining = newMember(STILL).membership.join(address as string, events as ObservedMember);
    expect(await errorOf(joining)).toMatchObject({ code: 'INVALID_ARGUMENT', argument });
    expect(await rows()).toEqual([]);
  });
});
