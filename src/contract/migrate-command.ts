/** What migrates a database from where this package is installed: the one of DATABASE_URL, by dbmate, which has to be installed, too. */
export const MIGRATE_COMMAND = 'npx pg-timer-store migrate';
