import type { Client } from 'pg';

/** Makes a database look as if it had the extension: all that the store sees of it. */
export async function pretendCitus(superuser: Client): Promise<void> {
  await superuser.query('SET allow_system_table_mods = on');
  await superuser.query(
    `INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
     VALUES (16001, 'citus', 10, 'pg_catalog'::regnamespace, false, '13.2')`,
  );
  // No nodes, and no distributed table.
  await superuser.query(
    `CREATE TABLE pg_catalog.pg_dist_node (nodeid int, nodename text, nodeport int);
     CREATE TABLE pg_catalog.pg_dist_partition (logicalrelid regclass, partkey text);
     CREATE TABLE pg_catalog.pg_dist_shard (logicalrelid regclass, shardid int, shardminvalue text);
     CREATE TABLE pg_catalog.pg_dist_placement (shardid int, groupid int);
     GRANT SELECT ON pg_catalog.pg_dist_node, pg_catalog.pg_dist_partition, pg_catalog.pg_dist_shard,
       pg_catalog.pg_dist_placement TO PUBLIC;
     CREATE FUNCTION pg_catalog.run_command_on_all_nodes(text)
       RETURNS TABLE (nodeid int, success boolean, result text) LANGUAGE sql AS 'SELECT 0, false, $1 WHERE false';
     CREATE FUNCTION pg_catalog.column_to_column_name(regclass, text) RETURNS text LANGUAGE sql AS 'SELECT $2'`,
  );
}
