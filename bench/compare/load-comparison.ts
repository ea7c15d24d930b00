import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { benchTimers } from '../lib/bench-timers';
import type { Comparison } from '../lib/compare';
import type { Workload } from './store-workloads';

/** So many that the start of the program, a third of a second, does not count for much. */
const TIMERS = 300_000;
const PROGRAM = path.join(__dirname, '../../dist/cli.js');

/** The program `load`, its start included, against the calls that it makes. */
export function loadComparison(url: string, createBatches: Workload): Comparison {
  const file = path.join(os.tmpdir(), `pg-timer-store-bench-${process.pid}.jsonl`);
  const badLines = `${file}.bad`;
  process.on('exit', () => {
    for (const each of [file, badLines]) fs.rmSync(each, { force: true });
  });
  return {
    name: 'load of a file, with --bad-lines',
    unit: 'timers',
    yardstick: createBatches.name,
    goal: 0.8,
    async prepare() {
      await createBatches.prepare();
      fs.rmSync(badLines, { force: true });
      if (!fs.existsSync(file)) {
        const lines = benchTimers(TIMERS).map((timer) => `${JSON.stringify(timer)}\n`);
        fs.writeFileSync(file, lines.join(''));
      }
    },
    async ours() {
      const args = [PROGRAM, 'load', file, '--shards', '1', '--bad-lines', badLines, '--json'];
      const { stdout } = await promisify(execFile)(process.execPath, args, {
        env: { ...process.env, DATABASE_URL: url },
      });
      return JSON.parse(stdout).loaded;
    },
    theirs: createBatches.run,
  };
}
