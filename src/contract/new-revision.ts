import { randomFillSync } from 'node:crypto';

const REVISION_BYTES = 8;
const pool = Buffer.allocUnsafe(512 * REVISION_BYTES);
let used = pool.length;

/**
 * Draws the mark that a statement gives to the rows which it writes: 64 random bits, as the text of a bigint. One for
 * all rows of a statement is enough, since a mark is compared with earlier and later ones of its own row alone. Marks
 * are drawn 512 at a time, which takes a tenth of the time of one by one.
 */
export function newRevision(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const revision = pool.readBigInt64BE(used);
  used += REVISION_BYTES;
  return revision.toString();
}
