import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.join(__dirname, '../..');

test('the example of a test of one’s own code passes', async () => {
  const file = path.join(ROOT, 'examples/testing/reminders.test.mts');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', require.resolve('tsx'), '--test', '--test-reporter=tap', file],
    { cwd: ROOT, env: { PATH: process.env['PATH'] } },
  );
  expect(stdout).toMatch(/^# pass 4$/m);
  expect(stdout).toMatch(/^# fail 0$/m);
});
