import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { cursorAtEndOf, InvalidArgumentError, shardIdFor, timerUuid, ZERO_CURSOR } from '../../src';

/** What can be no id, with the reason. */
const BAD_IDS: [value: unknown, reason: string][] = [
  [undefined, 'must be a string, not undefined'],
  [null, 'must be a string, not null'],
  [7, 'must be a string, not 7'],
  [['a'], 'must be a string, not [Array]'],
  [new String('a'), 'must be a string, not [object String]'],
  ['', 'must not be empty'],
  ['a\0', 'must not contain the character NUL'],
  ['\ud800', 'must not contain a lone surrogate'],
  ['x'.repeat(256), 'must have at most 255 characters, not 256'],
  ['😀'.repeat(256), 'must have at most 255 characters, not 256'],
];

function argumentError(argument: string, reason: string) {
  return expect.objectContaining({ code: 'INVALID_ARGUMENT', retryable: false, argument, reason });
}

describe('timerUuid', () => {
  test('is a version 5 UUID, the same in every process and release', () => {
    expect(timerUuid('reminders', 'timer-1')).toBe('3f974e52-e022-5655-a4b3-e71f267c946b');
    expect(timerUuid('näme', '😀')).toBe('1d31fdd0-ac77-5552-9052-0c66e9e131ac');
    expect(timerUuid('x'.repeat(255), '😀'.repeat(255))).toBe('3d3ce161-0d08-5de5-a2da-01d405635b82');
  });

  test('has the bits of its version and variant, whatever it is made of', () => {
    for (let index = 0; index < 1000; index++) {
      expect(timerUuid('reminders', `timer-${index}`)).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }
  });

  test('is the SHA-1 of its namespace and the JSON text of the pair, as RFC 9562 has it', () => {
    const space = Buffer.from('5b0b3b1c6f3e4a559d0c2f7f4a3f6d21', 'hex');
    const hash = createHash('sha1').update(space).update('["näme","a\\"b😀"]').digest();
    hash[6] = 0x50 | ((hash[6] as number) & 0x0f);
    hash[8] = 0x80 | ((hash[8] as number) & 0x3f);
    expect(timerUuid('näme', 'a"b😀').replaceAll('-', '')).toBe(hash.toString('hex', 0, 16));
  });

  test('differs for every one of many pairs', () => {
    const parts = [
      'a',
      'b',
      'A',
      ' a',
      'a ',
      ':',
      'a:',
      ':a',
      '"',
      '\\',
      ',',
      '","',
      '[',
      ']',
      'é',
      'e\u0301',
      '😀',
      '\n',
    ];
    const uuids = parts.flatMap((namespace) => parts.map((id) => timerUuid(namespace, id)));
    expect(new Set(uuids).size).toBe(parts.length ** 2);
  });

  test.each(BAD_IDS)('refuses %j in either place', (value, reason) => {
    expect(() => timerUuid(value as string, 'id')).toThrow(argumentError('namespace', reason));
    expect(() => timerUuid('namespace', value as string)).toThrow(argumentError('id', reason));
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
      ['a', 'b'],
      ['b', 'a'],
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

  test.each([
    ['a', 0xe8b7be43],
    ['abc', 0x352441c2],
    ['The quick brown fox jumps over the lazy dog', 0x414fa339],
    ['näme', 0xb7220a58],
    ['😀', 0x054db544],
  ])('of %p is the CRC-32 that others compute, modulo the number of shards', (id, crc) => {
    for (const numShards of [1, 2, 16, 1000, 2 ** 31 - 1]) {
      expect(shardIdFor(id, numShards)).toBe(crc % numShards);
    }
  });

  test('is a whole number from 0 to one below the number of shards, never -0', () => {
    for (const numShards of [1, 2, 3, 7, 16, 1023, 2 ** 31 - 1]) {
      for (let index = 0; index < 500; index++) {
        const shardId = shardIdFor(`timer-${index}`, numShards);
        expect(Number.isInteger(shardId) && shardId >= 0 && shardId < numShards).toBe(true);
        expect(Object.is(shardId, -0)).toBe(false);
      }
    }
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

  test.each([0, -0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '4', 4n, null, undefined, [4]])(
    'refuses %p shards',
    (numShards) => {
      expect(() => shardIdFor('id', numShards as number)).toThrow(InvalidArgumentError);
      expect(() => shardIdFor('id', numShards as number)).toThrow(
        expect.objectContaining({
          argument: 'numShards',
          reason: expect.stringContaining('must be a whole number from 1 to 2147483647, not '),
        }),
      );
    },
  );

  test.each(BAD_IDS)('refuses %j as an id', (value, reason) => {
    expect(() => shardIdFor(value as string, 16)).toThrow(argumentError('timerId', reason));
  });
});

test('uuid and shard are the same in another process, of another time zone and locale', () => {
  const script = `
    const { timerUuid, shardIdFor } = require(${JSON.stringify(path.join(__dirname, '../../src'))});
    console.log(timerUuid('reminders', 'timer-1'), shardIdFor('timer-1', 16));`;
  const output = execFileSync(process.execPath, [require.resolve('tsx/cli'), '-e', script], {
    env: { ...process.env, TZ: 'Pacific/Apia', LANG: 'tr_TR.UTF-8' },
    encoding: 'utf8',
  });
  expect(output.trim()).toBe(`${timerUuid('reminders', 'timer-1')} ${shardIdFor('timer-1', 16)}`);
});

describe('cursors', () => {
  test('the zero cursor is before every instant and every UUID', () => {
    expect({ ...ZERO_CURSOR }).toEqual({
      executeAt: new Date('0001-01-01T00:00:00.000Z'),
      uuid: '00000000-0000-0000-0000-000000000000',
    });
  });

  test('the zero cursor cannot be changed, not even its time', () => {
    const before = ZERO_CURSOR.executeAt.getTime();
    ZERO_CURSOR.executeAt.setFullYear(2030);
    expect(ZERO_CURSOR.executeAt.getTime()).toBe(before);
    const writable = ZERO_CURSOR as { executeAt: Date; uuid: string };
    expect(() => {
      writable.executeAt = new Date();
    }).toThrow(TypeError);
    expect(() => {
      writable.uuid = '';
    }).toThrow(TypeError);
    expect(() => Object.assign(writable, { other: 1 })).toThrow(TypeError);
  });

  test('the zero cursor survives JSON and a structured clone', () => {
    expect(JSON.parse(JSON.stringify(ZERO_CURSOR))).toEqual({
      executeAt: '0001-01-01T00:00:00.000Z',
      uuid: '00000000-0000-0000-0000-000000000000',
    });
    expect(structuredClone(ZERO_CURSOR)).toEqual({ ...ZERO_CURSOR });
  });

  test('the end of an instant is the last UUID of that instant', () => {
    const executeAt = new Date('2030-01-01T00:00:00.000Z');
    expect(cursorAtEndOf(executeAt)).toEqual({ executeAt, uuid: 'ffffffff-ffff-ffff-ffff-ffffffffffff' });
    expect(executeAt.toISOString()).toBe('2030-01-01T00:00:00.000Z');
  });
});
