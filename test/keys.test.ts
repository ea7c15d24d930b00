import { cursorAtEndOf, InvalidArgumentError, shardIdFor, timerUuid, ZERO_CURSOR } from '../src';

describe('timerUuid', () => {
  test('is a version 5 UUID, the same in every process and release', () => {
    expect(timerUuid('reminders', 'timer-1')).toBe('3f974e52-e022-5655-a4b3-e71f267c946b');
    expect(timerUuid('näme', '😀')).toBe('1d31fdd0-ac77-5552-9052-0c66e9e131ac');
    expect(timerUuid('a', 'b')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  test.each([
    [
      ['a:b', 'c'],
      ['a', 'b:c'],
    ],
    [
      ['a"', 'b'],
      ['a', '"b'],
    ],
    [
      ['a","b', 'c'],
      ['a', 'b","c'],
    ],
    [
      ['', 'ab'],
      ['ab', ''],
    ],
    [
      ['a\\', 'b'],
      ['a', '\\b'],
    ],
  ] as const)('differs between %j and %j', ([namespace, id], [otherNamespace, otherId]) => {
    expect(timerUuid(namespace, id)).not.toBe(timerUuid(otherNamespace, otherId));
  });
});

describe('shardIdFor', () => {
  test('is the CRC-32 of the UTF-8 id, modulo the number of shards', () => {
    // Source of the check value: the catalogue of CRC algorithms, CRC-32/ISO-HDLC.
    expect(shardIdFor('123456789', 2 ** 31 - 1)).toBe(0xcbf43926 % (2 ** 31 - 1));
    expect(shardIdFor('123456789', 16)).toBe(0xcbf43926 % 16);
    expect(shardIdFor('anything', 1)).toBe(0);
    // Of the bytes e2 82 ac; of the UTF-16 units it would be another.
    expect(shardIdFor('€', 2 ** 31 - 1)).toBe(2213726422 % (2 ** 31 - 1));
  });

  test('spreads ids evenly', () => {
    const counts = new Array<number>(16).fill(0);
    for (let index = 0; index < 16_000; index++) {
      const shardId = shardIdFor(`timer-${index}`, 16);
      counts[shardId] = (counts[shardId] ?? 0) + 1;
    }
    expect(counts).toHaveLength(16);
    expect(Math.min(...counts)).toBeGreaterThan(850);
    expect(Math.max(...counts)).toBeLessThan(1150);
  });

  test.each([0, -1, 1.5, Number.NaN, 2 ** 31, '4'])('refuses %p shards', (numShards) => {
    expect(() => shardIdFor('id', numShards as number)).toThrow(InvalidArgumentError);
  });
});

describe('cursors', () => {
  test('the zero cursor cannot be changed, not even its time', () => {
    const before = ZERO_CURSOR.executeAt.getTime();
    ZERO_CURSOR.executeAt.setFullYear(2030);
    expect(ZERO_CURSOR.executeAt.getTime()).toBe(before);
    expect(Object.isFrozen(ZERO_CURSOR)).toBe(true);
  });

  test('the end of an instant is after every timer of that instant', () => {
    const executeAt = new Date('2030-01-01T00:00:00.000Z');
    expect(cursorAtEndOf(executeAt)).toEqual({ executeAt, uuid: 'ffffffff-ffff-ffff-ffff-ffffffffffff' });
  });
});
