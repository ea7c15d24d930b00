/**
 * Does what docs/guide.md says, in an empty folder: saves its files under the names that it gives them, runs its commands in one
 * shell, and waits for the output that it shows. All is as it is written there, but that the package is the one that was
 * built, and not the registry's.
 */
import '../own-environment.cjs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import markdownIt from 'markdown-it';
import { pack } from '../pack.mjs';

const GUIDE = fileURLToPath(new URL('../../docs/guide.md', import.meta.url));
/** What a stranger is promised, in milliseconds. Reading is not counted. */
const GOAL_MS = 60_000;
/** So long at most for a step, on a machine that does much besides. */
const STEP_MS = 120_000;
/** What the shell says when it has come that far. */
const DONE = '-- done --';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'stranger-'));
const home = path.join(folder, 'reminders');
fs.mkdirSync(home);
const tarball = pack(folder);
const start = performance.now();
const { DATABASE_URL, ...env } = process.env;
// What it starts must not read the commands as its stdin.
const READ_COMMANDS = 'exec 3<&0 </dev/null; while read -r -d "" -u 3 commands; do eval "$commands"; done';
const shell = spawn('bash', ['-e', '-c', READ_COMMANDS], { cwd: home, env, detached: true });
let output = '';
let seen = 0;
let tellMore = () => {};
shell.once('exit', () => tellMore());
for (const stream of [shell.stdout, shell.stderr]) {
  stream.setEncoding('utf8').on('data', (text) => {
    output += text;
    tellMore();
    process.stdout.write(text);
  });
}

try {
  await follow();
  console.log(`\nAll of the guide in ${seconds()} s.`);
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  // What it started in the background, too.
  process.kill(-(shell.pid ?? 0), 'SIGTERM');
  await once(shell, 'close');
  fs.rmSync(folder, { recursive: true, force: true });
}

async function follow() {
  let isFirst = true;
  const tokens = markdownIt().parse(fs.readFileSync(GUIDE, 'utf8'), {});
  for (const [index, { type, info, content }] of tokens.entries()) {
    if (type !== 'fence') continue;
    if (info === 'ts') {
      fs.writeFileSync(path.join(home, nameOf(tokens, index)), content);
    } else if (info === 'sh') {
      seen = output.length;
      shell.stdin.write(
        `${content.replace('install pg-timer-store', `install ${tarball}`)}\necho '${DONE}'\0`,
      );
      await until([DONE]);
    } else if (info === 'text') {
      await until(content.trim().split('\n'));
      if (isFirst) {
        console.log(`-- the first timer has fired after ${seconds()} s --`);
        if (performance.now() - start > GOAL_MS) throw new Error('That is more than a minute.');
        isFirst = false;
      }
    } else {
      throw new Error(`The guide has a block of another kind: ${info}`);
    }
  }
}

/**
 * The name that the text before a block gives its file.
 *
 * @param {import('markdown-it').Token[]} tokens
 * @param {number} index
 */
function nameOf(tokens, index) {
  const text = tokens[index - 2]?.content ?? '';
  const [, name] = /Save this as `([^`]+)`:$/.exec(text) ?? [];
  if (name === undefined) throw new Error(`The guide gives no name to the file after: ${text}`);
  return name;
}

/** @param {readonly string[]} lines that the shell and its programs are to write, from the last commands on */
async function until(lines) {
  const deadline = performance.now() + STEP_MS;
  for (;;) {
    const written = output.slice(seen).split('\n');
    const missing = lines.find((line) => !written.includes(line));
    if (missing === undefined) return;
    if (shell.exitCode !== null) throw new Error(`The shell ended by ${shell.exitCode}, before: ${missing}`);
    if (performance.now() > deadline) throw new Error(`It did not say: ${missing}`);
    await /** @type {Promise<void>} */ (
      new Promise((resolve) => {
        tellMore = resolve;
        setTimeout(resolve, 1000);
      })
    );
  }
}

function seconds() {
  return ((performance.now() - start) / 1000).toFixed(1);
}
