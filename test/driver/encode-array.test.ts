import { encodeArray } from '../../src/driver/encode-array';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await openStoreFixture();
  await fixture.direct.query(`SET timezone = 'UTC'; SET datestyle = 'ISO'`);
});
afterAll(async () => await fixture.close());

/** What the server reads, each element as its text. */
async function asRead(elementType: string, values: readonly unknown[]): Promise<(string | null)[]> {
  const { rows } = await fixture.direct.query(`SELECT $1::${elementType}[]::text[] AS elements`, [
    await encodeArray(elementType, values),
  ]);
  return rows[0].elements;
}

test.each([
  ['int', [0, -1, 2 ** 31 - 1, -(2 ** 31)]],
  ['text', ['', 'plain', 'é', '日本', '😀', '{"a",NULL}', '\\', '\n', 'x'.repeat(100_000)]],
  ['uuid', ['00000000-0000-0000-0000-000000000000', '0190a5c8-0000-7000-8fff-ffffffffffff']],
  ['jsonb', ['null', '1', '"text"', '[1, "é", null]', '{"a": {"b": "😀"}}']],
])('%s: every element is read as it was given, NULL and the empty array included', async (type, values) => {
  const texts = values.map(String);
  expect(await asRead(type, values)).toEqual(texts);
  expect(await asRead(type, [null, ...values, null])).toEqual([null, ...texts, null]);
  expect(await asRead(type, [null])).toEqual([null]);
  expect(await asRead(type, [])).toEqual([]);
});

test('timestamptz: to the millisecond, on both sides of every carry', async () => {
  const instants = [
    '0001-01-01T00:00:00.000Z',
    '1999-12-31T23:59:59.999Z',
    '2000-01-01T00:00:00.000Z',
    '2000-01-01T00:00:00.001Z',
    // Where the microseconds since 2000, and the milliseconds, pass a multiple of 2^32.
    ...[1, 2, 3, 1000, 1001].flatMap((times) =>
      [-1, 0, 1].flatMap((difference) =>
        [2 ** 32, Math.floor(2 ** 32 / 1000)].map((step) =>
          new Date(Date.UTC(2000, 0, 1) + step * times + difference).toISOString(),
        ),
      ),
    ),
    '9999-12-31T23:59:59.999Z',
  ];
  const read = await asRead('timestamptz', [
    ...instants.map((instant) => new Date(instant)),
    ...instants,
    null,
  ]);
  const expected = instants.map((instant) => new Date(instant).toISOString());
  expect(
    read.map((text) => text && new Date(text.replace(' ', 'T').replace('+00', 'Z')).toISOString()),
  ).toEqual([...expected, ...expected, null]);
});

test('a type that has no encoding is refused', async () => {
  await expect(encodeArray('money', ['1'])).rejects.toThrow('Arrays of money have no encoding here');
});
