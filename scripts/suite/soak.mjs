import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const HELP = `Usage: npm run test:soak [-- --minutes N]

Runs the properties of test/model with new calls again and again, and says how far it has come.

  --minutes N  For so long in all. (Default: 10)
  --help       Show this.`;

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, help: { type: 'boolean' } },
});
const minutes = Number(values.minutes);

if (values.help) {
  console.log(HELP);
} else if (!(minutes > 0)) {
  console.error(`--minutes must be a number above 0, not ${values.minutes}`);
  process.exitCode = 1;
} else {
  const jest = spawn('node_modules/.bin/jest', ['test/model', '--runInBand'], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...process.env, SOAK_MINUTES: String(minutes) },
    stdio: 'inherit',
  });
  process.exitCode = await new Promise((resolve) => jest.once('close', (code) => resolve(code ?? 1)));
}
