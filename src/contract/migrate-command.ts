/** What migrates a database from where this package is installed. It reads DATABASE_URL. */
export const MIGRATE_COMMAND =
  'npx dbmate --migrations-dir node_modules/pg-timer-store/db/migrations ' +
  '--migrations-table pg_timer_store_migrations --no-dump-schema up';
