import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { run } from './command-line';

/** What is offered for the last of the words. */
async function offered(words: readonly string[], cwd?: string): Promise<string[]> {
  const { exitCode, stdout } = await run(
    ['complete', '--', ...words],
    {},
    '',
    cwd === undefined ? {} : { cwd },
  );
  expect(exitCode).toBe(0);
  const lines = stdout.trim().split('\n');
  expect(lines.pop()).toMatch(/^:\d+$/);
  return lines.map((line) => line.split('\t')[0] as string);
}

test('commands, options and choices are offered', async () => {
  expect(await offered([''])).toEqual(expect.arrayContaining(['doctor', 'shards', 'timers', 'completion']));
  expect(await offered(['timers', 'li'])).toEqual(['list']);
  expect(await offered(['timers', 'list', '--na'])).toEqual(['--namespace']);
  expect(await offered(['completion', 'b'])).toEqual(['bash']);
  expect(await offered(['dead', 'revive', '--y'])).toEqual(['--yes']);
});

test('files are offered where a file is asked for', async () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'completion-'));
  try {
    fs.writeFileSync(path.join(directory, 'timers.jsonl'), '');
    fs.mkdirSync(path.join(directory, 'folder'));
    fs.writeFileSync(path.join(directory, 'folder/more.jsonl'), '');
    expect(await offered(['load', ''], directory)).toEqual(['folder/', 'timers.jsonl']);
    expect(await offered(['load', 'folder/m'], directory)).toEqual(['folder/more.jsonl']);
    expect(await offered(['dump', '--output', 'ti'], directory)).toEqual(['timers.jsonl']);
    expect(await offered(['load', 'nowhere/'], directory)).toEqual([]);
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
});

test.each(['bash', 'zsh', 'fish', 'powershell'])('the script for %s asks the program', async (shell) => {
  const { exitCode, stdout, stderr } = await run(['completion', shell]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toContain('pg-timer-store complete');
});

test('bash takes its script', async () => {
  const { stdout } = await run(['completion', 'bash']);
  const bash = spawnSync('bash', ['-c', `${stdout}\ncomplete -p pg-timer-store`], { encoding: 'utf8' });
  expect({ status: bash.status, stderr: bash.stderr }).toEqual({ status: 0, stderr: '' });
  expect(bash.stdout).toContain('pg-timer-store');
});

test('another shell is refused', async () => {
  const { exitCode, stderr } = await run(['completion', 'tcsh']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Allowed choices are bash, zsh, fish, powershell');
});
