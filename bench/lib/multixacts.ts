import type { Client } from 'pg';

/** What a server has given out for rows that several transactions lock at once. */
export interface MultixactCount {
  readonly made: number;
  readonly members: number;
}

/** Exact, but for what other databases of the server do. Needs the right to a CHECKPOINT. */
export async function countMultixacts(client: Client): Promise<MultixactCount> {
  await client.query('CHECKPOINT');
  const { rows } = await client.query(
    `SELECT next_multixact_id::text::bigint::float8 AS made, next_multi_offset::text::bigint::float8 AS members
     FROM pg_control_checkpoint()`,
  );
  return rows[0];
}
