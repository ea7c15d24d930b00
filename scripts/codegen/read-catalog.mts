import type { Client } from 'pg';
import type { TableColumn } from './rules/timers-table.mjs';

const IS_OURS = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND c.relname NOT LIKE 'pg_timer_store_migrations%'`;

const CATALOG = `
  SELECT format('%s %s.%s, kind %s, %s, parameters %s, %s', 'relation', n.nspname, c.relname, c.relkind,
                COALESCE(pg_get_partkeydef(c.oid), 'not partitioned'),
                COALESCE(array_to_string(c.reloptions, ', '), 'none'), obj_description(c.oid, 'pg_class')) AS line
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE ${IS_OURS}
  UNION ALL
  SELECT format('column %s.%s.%s, %s: %s%s, default %s, %s', n.nspname, c.relname,
                row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum), a.attname,
                format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
                || CASE WHEN a.attcollation <> 0 THEN ' collate ' || a.attcollation::regcollation ELSE '' END,
                COALESCE(pg_get_expr(d.adbin, d.adrelid), 'none'), col_description(c.oid, a.attnum))
  FROM pg_attribute AS a
  JOIN pg_class AS c ON c.oid = a.attrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
  WHERE ${IS_OURS} AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT format('constraint %s of %s.%s: %s', o.conname, n.nspname, c.relname, pg_get_constraintdef(o.oid))
  FROM pg_constraint AS o JOIN pg_class AS c ON c.oid = o.conrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE ${IS_OURS}
  UNION ALL
  SELECT format('index: %s, valid %s', pg_get_indexdef(i.indexrelid), i.indisvalid)
  FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE ${IS_OURS}
  UNION ALL
  SELECT format('trigger of %s.%s: %s', n.nspname, c.relname, pg_get_triggerdef(t.oid))
  FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE ${IS_OURS} AND NOT t.tgisinternal
  UNION ALL
  SELECT format('function %s, source %s', p.oid::regprocedure, md5(p.prosrc))
  FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  UNION ALL
  SELECT format('type %s.%s', n.nspname, t.typname)
  FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND t.typtype IN ('d', 'e', 'r')
  ORDER BY 1`;

const COLUMNS = `
  SELECT attname AS name, NOT attnotnull AS "isNullable"
  FROM pg_attribute
  WHERE attrelid = to_regclass('timers') AND attnum > 0 AND NOT attisdropped
  ORDER BY attnum`;

/** What a database contains beside what every database does and dbmate's own table: one line for each thing. */
export async function readCatalog(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(CATALOG);
  return rows.map(({ line }) => line);
}

/** The columns of the table. */
export async function readColumns(client: Client): Promise<TableColumn[]> {
  const { rows } = await client.query<TableColumn>(COLUMNS);
  return rows;
}
