import fc from 'fast-check';
import type { JsonValue } from '../../src';
import { newTimer } from '../support/new-timer';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await openStoreFixture({ maxPayloadBytes: 4 * 1024 ** 2 });
});
afterAll(async () => await fixture.close());

const SCALARS: [name: string, value: JsonValue][] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['zero', 0],
  ['an integer at the edge of exactness', Number.MAX_SAFE_INTEGER],
  ['a negative number', -1.5],
  ['the largest number', Number.MAX_VALUE],
  ['the smallest number', Number.MIN_VALUE],
  ['a number without an exact decimal form', 0.1 + 0.2],
  ['the empty string', ''],
  ['a string that looks like JSON', '{"a":1}'],
  ['a string that looks like an array literal', '{a,b}'],
  ['quotes, backslashes and control characters', '"\\\b\f\n\r\t\u0001\u007f\u2028'],
  ['characters of every plane', 'é 漢 🎉 𐍈 \u{10ffff}'],
  ['combining marks as they are written', 'e\u0301 vs \u00e9'],
];

const COMPOUND: [name: string, value: JsonValue][] = [
  ['an empty object', {}],
  ['an empty array', []],
  ['an array of arrays', [[], [[]], [[[1]]]]],
  ['an array of every kind', [null, true, 1, 'x', [], {}]],
  ['an object of every kind', { n: null, b: false, i: 1, s: 'x', a: [], o: {} }],
  ['keys that are odd', { '': 1, ' ': 2, 'a.b': 3, '"': 4, é: 5, '0': 6 }],
  ['a key named __proto__', JSON.parse('{"__proto__": {"polluted": true}}')],
];

describe('a payload', () => {
  test.each([...SCALARS, ...COMPOUND])('that is %s is read back equal', async (_, payload) => {
    await expectKept(payload);
  });

  test.each(SCALARS)('with %s in the depths of arrays and objects is read back equal', async (_, value) => {
    await expectKept({ list: [{ deep: [value, { deeper: value }] }] });
  });

  test('of several MB is read back equal', async () => {
    await expectKept(Array.from({ length: 50_000 }, (_, index) => ({ index, text: `line ${index} ✓` })));
  });

  test('of any numbers that JavaScript has is read back equal', async () => {
    const number = fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((value) => (value === 0 ? 0 : value));
    const power = fc.integer({ min: -1074, max: 1023 }).map((exponent) => 2 ** exponent);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(number, power), { minLength: 50, maxLength: 200 }), expectKept),
      { numRuns: 30 },
    );
  });

  test('without a prototype is read back equal', async () => {
    const { shardId, shardVersion } = await fixture.claimedShard();
    const payload = Object.assign(Object.create(null), { a: 1 });
    await fixture.store.createTimer(shardId, shardVersion, newTimer({ payload }));
    expect((await fixture.store.getTimer(shardId, 'reminders', 'timer-1'))?.payload).toEqual({ a: 1 });
  });
});

/** Through each of the statements that write payloads. */
async function expectKept(payload: JsonValue): Promise<void> {
  const { store } = fixture;
  const { shardId, shardVersion } = await fixture.claimedShard();
  await store.createTimer(shardId, shardVersion, newTimer({ id: 'created', payload }));
  await store.createTimer(shardId, shardVersion, newTimer({ id: 'updated', payload: 'before' }));
  const updated = await store.updateTimer(shardId, shardVersion, 'reminders', 'updated', { payload });
  expect(updated.payload).toStrictEqual(payload);
  for (const id of ['created', 'updated']) {
    expect((await store.getTimer(shardId, 'reminders', id))?.payload).toStrictEqual(payload);
  }
}
