/**
 * A process that is a member, for tests to stop and kill: writes each thing that it is told as a line of JSON.
 * Arguments: the database's URL, the address, and the options as JSON.
 */
const { Pool } = require('pg');
const { PostgresTimerStore } = require('../../dist/index.js');
const { PostgresMembership } = require('../../dist/engine.js');

const [, , connectionString, address = '', options = '{}'] = process.argv;
// So that connections keep no process alive: whatever else does is the membership's.
const pool = new Pool({ connectionString, allowExitOnIdle: true });
const membership = new PostgresMembership(PostgresTimerStore.fromPool(pool), JSON.parse(options));

/** @param {unknown} event */
function write(event) {
  require('node:fs').writeSync(1, `${JSON.stringify(event)}\n`);
}

void membership.join(address, {
  onMembers: (members) => write(members),
  onLost: (error) => write(error.name),
});

// The test's end of the pipe ends it.
if (process.argv.includes('--stay')) process.stdin.resume();
