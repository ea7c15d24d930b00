import { sortInSlices } from '../../src/postgres/sort-in-slices';

const byNumber = (a: { value: number }, b: { value: number }) => a.value - b.value;

test.each([0, 1, 4096, 4097, 8192, 50_001])(
  '%i values are sorted, equal ones in their order',
  async (count) => {
    const values = Array.from({ length: count }, (_, place) => ({ value: (place * 7919) % 997, place }));
    const before = [...values];
    expect(await sortInSlices(values, byNumber)).toEqual([...values].sort(byNumber));
    expect(values).toEqual(before);
  },
);
