import fc from 'fast-check';
import { InvalidArgumentError } from '../../src';
import { ownerOf } from '../../src/engine/rendezvous';

const SHARDS = Array.from({ length: 256 }, (_, shardId) => shardId);
/** For properties, which try a hundred lists of members. */
const FEW_SHARDS = SHARDS.slice(0, 64);

const addresses = fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), {
  minLength: 1,
  maxLength: 16,
});

test('a join takes shards for the one that joins, and a leave gives away only those of the one that leaves', () => {
  fc.assert(
    fc.property(addresses, fc.nat(), (members, place) => {
      const one = members[place % members.length] as string;
      const rest = members.filter((member) => member !== one);
      fc.pre(rest.length > 0);
      const moved = FEW_SHARDS.filter((shardId) => ownerOf(shardId, members) !== ownerOf(shardId, rest));
      expect(moved).toEqual(FEW_SHARDS.filter((shardId) => ownerOf(shardId, members) === one));
      expect(FEW_SHARDS.map((shardId) => ownerOf(shardId, rest))).not.toContain(one);
    }),
  );
});

test('the order of the members does not matter, nor that one is there twice', () => {
  fc.assert(
    fc.property(
      addresses.chain((members) =>
        fc.tuple(
          fc.constant(members),
          fc.shuffledSubarray([...members, ...members], { minLength: 2 * members.length }),
        ),
      ),
      ([members, shuffled]) => {
        const owners = (of: readonly string[]) => FEW_SHARDS.map((shardId) => ownerOf(shardId, of));
        expect(owners(shuffled)).toEqual(owners(members));
      },
    ),
  );
});

// The standard deviation of a member's shards is below the square root of their mean.
test.each(Array.from({ length: 15 }, (_, index) => index + 2))(
  '%i members share 256 shards evenly',
  (count) => {
    const members = Array.from({ length: count }, (_, index) => `pg-timers-${index}.timers.default.svc:7000`);
    const owned = new Map(members.map((member) => [member, 0]));
    for (const shardId of SHARDS) {
      const owner = ownerOf(shardId, members);
      owned.set(owner, (owned.get(owner) ?? 0) + 1);
    }
    const mean = SHARDS.length / count;
    for (const shards of owned.values()) {
      expect(Math.abs(shards - mean)).toBeLessThan(3.5 * Math.sqrt(mean));
    }
  },
);

/** As the reference has it, byte by byte. */
function murmurHash3(bytes: Buffer, seed: number): number {
  const scramble = (block: bigint) => {
    const mixed = (block * 0xcc9e2d51n) & 0xffffffffn;
    return ((((mixed << 15n) | (mixed >> 17n)) & 0xffffffffn) * 0x1b873593n) & 0xffffffffn;
  };
  let state = BigInt(seed >>> 0);
  const end = bytes.length - (bytes.length % 4);
  for (let index = 0; index < end; index += 4) {
    state ^= scramble(BigInt(bytes.readUInt32LE(index)));
    state = ((state << 13n) | (state >> 19n)) & 0xffffffffn;
    state = (state * 5n + 0xe6546b64n) & 0xffffffffn;
  }
  const tail = bytes.subarray(end);
  if (tail.length > 0) state ^= scramble(BigInt(tail.readUIntLE(0, tail.length)));
  state ^= BigInt(bytes.length);
  state = ((state ^ (state >> 16n)) * 0x85ebca6bn) & 0xffffffffn;
  state = ((state ^ (state >> 13n)) * 0xc2b2ae35n) & 0xffffffffn;
  return Number(state ^ (state >> 16n));
}

test('the weights are those of MurmurHash3, so that every version and platform finds the same owner', () => {
  // Published test vectors.
  expect(murmurHash3(Buffer.from(''), 1)).toBe(0x514e28b7);
  expect(murmurHash3(Buffer.from('test'), 0x9747b28c)).toBe(0x704b81dc);
  expect(murmurHash3(Buffer.from('aaa'), 0x9747b28c)).toBe(0x283e0130);
  expect(murmurHash3(Buffer.from('Hello, world!'), 0x9747b28c)).toBe(0x24884cba);
  fc.assert(
    fc.property(addresses, fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), (members, shardId) => {
      const weights = members.map((member) => murmurHash3(Buffer.from(member, 'utf16le'), shardId));
      const owner = members.indexOf(ownerOf(shardId, members));
      expect(weights[owner]).toBe(Math.max(...weights));
    }),
  );
  const members = ['host-a:7000', 'host-b:7000', 'host-c:7000'];
  expect(SHARDS.slice(0, 12).map((shardId) => members.indexOf(ownerOf(shardId, members)))).toEqual([
    2, 2, 2, 0, 2, 2, 2, 2, 0, 2, 2, 2,
  ]);
});

test('no members have no shard', () => {
  expect(() => ownerOf(1, [])).toThrow(InvalidArgumentError);
});
