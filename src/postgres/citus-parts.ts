import type { ClientBase } from 'pg';

/** The catalogue is of Citus, so what compiles `sql/` does not know it. */
const PARTS = `
  SELECT DISTINCT ON (shardminvalue::int) shardminvalue::int AS "from", groupid AS "worker"
  FROM pg_dist_shard
  JOIN pg_dist_placement USING (shardid)
  WHERE logicalrelid = to_regclass('timers')
  ORDER BY shardminvalue::int, groupid`;

/** One shard of Citus. */
interface Part {
  /** The least hash of what is in it. */
  readonly from: number;
  /** The group of nodes that has it: a worker, and its standbys. */
  readonly worker: number;
}

/**
 * Which shards of timers are in one part of a table: in one shard of Citus, which is on one worker, so that a statement
 * may be of all of them. Citus refuses one that is not, as after a part was split.
 */
export class CitusParts {
  readonly #parts: readonly Part[];

  /** @param parts in the order of their hashes. */
  constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  static async read(client: ClientBase): Promise<CitusParts> {
    const { rows } = await client.query<Part>(PARTS);
    return new CitusParts(rows);
  }

  /** Undefined: the table is in no parts. */
  partOf(shardId: number): number | undefined {
    const hash = hashInt4(shardId);
    const next = this.#parts.findIndex(({ from }) => from > hash);
    const part = next === -1 ? this.#parts.length - 1 : next - 1;
    return part < 0 ? undefined : part;
  }

  /** Undefined: the table is in no parts. */
  workerOf(shardId: number): number | undefined {
    return this.#parts[this.partOf(shardId) ?? -1]?.worker;
  }
}

/**
 * Hashes a number as `hashint4` of PostgreSQL does, by which Citus places a row.
 *
 * Source: hash_bytes_uint32 in src/common/hashfn.c of PostgreSQL, the `final` of Bob Jenkins' lookup3.
 */
export function hashInt4(value: number): number {
  const start = (0x9e3779b9 + 4 + 3923095) | 0;
  let [a, b, c] = [(start + value) | 0, start, start];
  const mix = (to: number, from: number, bits: number) => ((to ^ from) - rotate(from, bits)) | 0;
  c = mix(c, b, 14);
  a = mix(a, c, 11);
  b = mix(b, a, 25);
  c = mix(c, b, 16);
  a = mix(a, c, 4);
  b = mix(b, a, 14);
  return mix(c, b, 24);
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
