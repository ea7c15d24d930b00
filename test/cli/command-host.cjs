/**
 * Runs the command line as it was built many times in one process: starting one for each takes most of the time of a
 * test. What a parent asks for by IPC comes one after the other.
 */
const path = require('node:path');

const { main } = require(path.join(__dirname, '../../dist/code-cli.js'));

/** @typedef {{ args: string[], env: NodeJS.ProcessEnv }} Asked */

/** @param {Asked} asked */
async function runOne({ args, env }) {
  const texts = { stdout: '', stderr: '' };
  const writes = { stdout: process.stdout.write, stderr: process.stderr.write };
  process.env = { PATH: process.env['PATH'], ...env };
  for (const name of /** @type {const} */ (['stdout', 'stderr'])) {
    process[name].write = (/** @type {string} */ text) => {
      texts[name] += text;
      return true;
    };
  }
  try {
    await main(['node', 'pg-timer-store', ...args]);
  } finally {
    Object.assign(process.stdout, { write: writes.stdout });
    Object.assign(process.stderr, { write: writes.stderr });
    // Of a terminal that nobody uses any more.
    process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
    process.stdout.removeAllListeners('error');
    process.stderr.removeAllListeners('error');
  }
  const { exitCode } = process;
  process.exitCode = 0;
  return { exitCode, ...texts };
}

let before = Promise.resolve();
process.on('message', (/** @type {Asked} */ asked) => {
  before = before.then(async () => {
    process.send?.(await runOne(asked));
  });
});
// Whatever is under way: nobody reads its answer any more.
process.on('disconnect', () => process.exit());
