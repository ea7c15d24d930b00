import { randomBytes } from 'node:crypto';

const LENGTH = 6000;
/** Nothing that the server could compress. */
const TEXT = randomBytes(48 * 1024).toString('base64');

/** A payload that does not fit into the row: the server keeps it in the TOAST table. */
export function largePayload(index: number): { order: number; attachment: string } {
  const start = (index * 7919) % (TEXT.length - LENGTH);
  return { order: index, attachment: TEXT.slice(start, start + LENGTH) };
}
