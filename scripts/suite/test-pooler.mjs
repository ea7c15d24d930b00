import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { poolerVersion } from '../../test/support/start-pooler.mjs';

const HELP = `Usage: npm run test:pooler [-- JEST OPTIONS]

Runs the tests of the store through PgBouncer, in each mode that it has:
  session           prepared statements as they are
  transaction       preparedStatements: false
  transaction:200   max_prepared_statements = 200, for PgBouncer 1.21 or later

PgBouncer has to be installed: Debian's and Ubuntu's package pgbouncer, or brew install pgbouncer.`;

/** The first that tracks prepared statements. */
const TRACKING_SINCE = { major: 1, minor: 21 };

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { values } = parseArgs({
  options: { help: { type: 'boolean' } },
  strict: false,
  allowPositionals: true,
});
const version = poolerVersion();

if (values['help']) {
  console.log(HELP);
} else if (version === undefined) {
  console.error(HELP.slice(HELP.lastIndexOf('\n') + 1));
  process.exitCode = 1;
} else {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const tracks =
    major > TRACKING_SINCE.major || (major === TRACKING_SINCE.major && minor >= TRACKING_SINCE.minor);
  const modes = ['session', 'transaction', ...(tracks ? ['transaction:200'] : [])];
  const failed = modes.filter((mode) => {
    const { status } = spawnSync('node_modules/.bin/jest', process.argv.slice(2), {
      cwd: ROOT,
      env: { ...process.env, TEST_POOLER: mode },
      stdio: 'inherit',
    });
    return status !== 0;
  });
  console.log(
    `\nPgBouncer ${version}: ${modes.map((mode) => `${mode} ${failed.includes(mode) ? 'FAILED' : 'passed'}`).join(', ')}`,
  );
  if (!tracks)
    console.log(
      `Not tried: transaction:200, which needs PgBouncer ${TRACKING_SINCE.major}.${TRACKING_SINCE.minor}.`,
    );
  process.exitCode = failed.length === 0 ? 0 : 1;
}
