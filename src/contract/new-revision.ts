import { randomFillSync } from 'node:crypto';

const REVISION_BYTES = 8;
const pool = Buffer.allocUnsafe(512 * REVISION_BYTES);
let used = pool.length;

/**
 * What a statement marks the rows with that it writes: 64 random bits, as the text of a bigint. One for all rows of a
 * statement is enough, since it is only ever compared with what the same row had before or has after. Drawn 512 at a
 * time, which takes a tenth of the time of one by one.
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
