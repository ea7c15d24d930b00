import { Client, escapeIdentifier } from 'pg';

/** Undefined: the table is in `public`. */
const TEST_SCHEMA = process.env['TEST_SCHEMA'] || undefined;

/** Where the table of the tests is, so that each name can be tried. */
export const SCHEMA = TEST_SCHEMA ?? 'public';

/** As `quote_ident` has it, for SQL and in messages. */
export const QUOTED_SCHEMA = /^[a-z_]\w*$/.test(SCHEMA) ? SCHEMA : escapeIdentifier(SCHEMA);

/** Somebody else's, beside ours. */
const THEIR_TABLE = `CREATE TABLE public.timers (id integer PRIMARY KEY, due date, shard_id text);
  INSERT INTO public.timers VALUES (1, '2030-01-01', 'theirs')`;

/** As libpq has it, so that pools and clients of the driver take it as stores do. */
export function inTestSchema(url: URL): URL {
  if (TEST_SCHEMA !== undefined) {
    const name = QUOTED_SCHEMA.replace(/[\\\s]/g, '\\$&');
    url.searchParams.set('options', `-c search_path=${name}`);
  }
  return url;
}

/** Options of libpq beside those that the URL has. */
export function withOptions(url: string, options: string): string {
  const each = new URL(url);
  each.searchParams.set('options', `${each.searchParams.get('options') ?? ''} ${options}`.trim());
  return each.href;
}

/** Makes the schema, and what is not to be touched. */
export async function createTestSchema(admin: Client): Promise<void> {
  if (TEST_SCHEMA !== undefined) {
    await admin.query(`CREATE SCHEMA ${QUOTED_SCHEMA}; ${THEIR_TABLE}`);
  }
}

/** @throws if somebody else's table is not as it was. */
export async function checkTheirTable(databaseUrl: string): Promise<void> {
  if (TEST_SCHEMA === undefined) {
    return;
  }
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query('SELECT json_agg(timers) AS timers FROM public.timers');
    const expected = [{ id: 1, due: '2030-01-01', shard_id: 'theirs' }];
    if (JSON.stringify(rows[0].timers) !== JSON.stringify(expected)) {
      throw new Error(`Somebody else's table public.timers was touched: ${JSON.stringify(rows[0].timers)}`);
    }
  } finally {
    await client.end();
  }
}
