import type { Client } from 'pg';

/** Makes a database look as if it had the extension: all that the store sees of it. */
export async function pretendCitus(superuser: Client): Promise<void> {
  await superuser.query('SET allow_system_table_mods = on');
  await superuser.query(
    `INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
     VALUES (16001, 'citus', 10, 'pg_catalog'::regnamespace, false, '13.2')`,
  );
}
