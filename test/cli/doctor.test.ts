import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { run } from './command-line';

let fixture: StoreFixture;
beforeEach(async () => {
  fixture = await openStoreFixture();
});
afterEach(async () => await fixture.close());

const env = () => ({ DATABASE_URL: fixture.database.storeUrl });

test('a server without a fault ends by exit code 0, and each finding is a line', async () => {
  const { exitCode, stdout, stderr } = await run(['doctor'], env());
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/^status +check +found$/m);
  expect(stdout).toMatch(/^ok +schema +complete$/m);
});

test('--json is the report of checkServer', async () => {
  const { stdout } = await run(['doctor', '--json'], env());
  const { ok, checks } = JSON.parse(stdout);
  expect(ok).toBe(true);
  expect(checks[0]).toEqual({
    name: 'version',
    status: 'ok',
    found: expect.stringMatching(/^PostgreSQL \d/),
  });
});

test('a database that is not migrated is reported, with advice and exit code 5', async () => {
  await fixture.direct.query('DROP TABLE timers');
  const { exitCode, stdout, stderr } = await run(['doctor'], env());
  expect(exitCode).toBe(5);
  expect(stdout).toMatch(/^fault +schema +there is no table timers in schema \w+\n +→ Migrate it: /m);
  expect(stderr).toMatch(/^pg-timer-store: 2 faults and \d+ warnings?\n$/);
});

test('one fault is counted as one', async () => {
  await fixture.direct.query('DROP INDEX idx_timer_lookup');
  const { stderr } = await run(['doctor'], env());
  expect(stderr).toMatch(/^pg-timer-store: 1 fault and \d+ warnings?\n$/);
});
