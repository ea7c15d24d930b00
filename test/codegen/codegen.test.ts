import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Checked, Gate, type Problem } from '../support/gate';
import { ProjectCopy } from '../support/project-copy';
import { FAULTY_COPIES, type FaultyCopy, STALE } from './faults';

const ROOT = path.join(__dirname, '../..');
const TIMEOUT_MS = 120_000;

let gate: Gate;
const copies: ProjectCopy[] = [];
beforeAll(() => {
  gate = new Gate();
});
afterAll(async () => {
  await gate.close();
  for (const copy of copies) copy.delete();
});

function copyProject(): ProjectCopy {
  const copy = new ProjectCopy();
  copies.push(copy);
  return copy;
}

function checkCopy(faults: FaultyCopy): Promise<Checked> {
  const copy = copyProject();
  for (const { seed } of faults) seed(copy);
  return gate.check(copy.root);
}

function expectReport(problems: readonly Problem[], where: string, what: string): void {
  const found = problems.filter((problem) => problem.where.includes(where) && problem.what.includes(what));
  if (found.length > 0) return;
  const all = problems.map((problem) => `${problem.where}: ${problem.what}`).join('\n');
  throw new Error(`Nothing about ${where} says: ${what}\n${all}`);
}

describe.each(FAULTY_COPIES)('codegen', (...faults) => {
  let checked: Promise<Checked> | undefined;

  test.each(faults)(
    'reports $fault by file and query',
    async ({ where, what }) => {
      checked ??= checkCopy(faults);
      expectReport((await checked).problems, where, what);
    },
    TIMEOUT_MS,
  );
});

test('each kind of fault that used to pass has a seed, and at least 23 kinds are seeded', () => {
  expect(FAULTY_COPIES.flat().length).toBeGreaterThanOrEqual(23);
});

describe('codegen --check', () => {
  let checked: Promise<Checked> | undefined;

  test.each(STALE)(
    'reports $fault',
    async ({ where, what }) => {
      checked ??= checkCopy(STALE);
      const { problems, stale } = await checked;
      expect(problems).toEqual([]);
      expectReport(stale, where, what);
    },
    TIMEOUT_MS,
  );

  test(
    'is content with what is committed',
    async () => {
      const { problems, stale } = await checkCopy([]);
      expect([...problems, ...stale]).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

test(
  'a new column of the table is missed wherever it is not named, and its down and an index CONCURRENTLY pass',
  async () => {
    const copy = copyProject();
    copy.write(
      'db/migrations/20990101000000_add_revision.sql',
      `-- migrate:up
SET LOCAL lock_timeout = '5s';
ALTER TABLE timers ADD COLUMN timer_flavour bigint;
-- migrate:down
SET LOCAL lock_timeout = '5s';
ALTER TABLE timers DROP COLUMN timer_flavour;
`,
    );
    const [build, drop] = [
      'CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_attempts ON timers (timer_attempts);',
      'DROP INDEX CONCURRENTLY IF EXISTS idx_attempts;',
    ];
    for (const [name, up, down] of [
      ['20261124000001_add_index', build, drop],
      ['20261124000002_drop_index', drop, build],
    ]) {
      const sql = `-- migrate:up transaction:false\n${up}\n-- migrate:down transaction:false\n${down}\n`;
      copy.write(`db/migrations/${name}.sql`, sql);
    }
    const { problems } = await gate.check(copy.root);
    const named = problems.filter(({ what }) => what.includes('timer_flavour'));
    expect(problems).toEqual(named);
    expect(named.map(({ where }) => where.replace(/^.*, /, ''))).toEqual(
      expect.arrayContaining([
        'createTimer',
        'createTimersNoLock',
        'getTimer',
        'listMovingTimers',
        'rangeDeleteWithBatchInsertTxn',
        'readMovingTimers',
        'readRequirements',
        'replaceMovingTimers',
        'updateTimer',
      ]),
    );
  },
  TIMEOUT_MS,
);

test(
  'npm run codegen writes what is committed, whatever was there before, and whatever the shell says to clients',
  async () => {
    const copy = copyProject();
    const [generated, schema] = [copy.readAll('src/generated'), copy.read('db/schema.sql')];
    copy.write('src/generated/claim.queries.ts', '');
    copy.write('src/generated/gone.queries.ts', '');
    copy.write('db/schema.sql', '');
    const env = {
      PATH: process.env['PATH'],
      CODEGEN_DATABASE_URL: process.env['TEST_SERVER_URL'],
      PGSSLMODE: 'verify-full',
      PGOPTIONS: '-c search_path=nowhere -c default_transaction_read_only=on',
      PGHOST: 'nowhere.invalid',
      PGPORT: '1',
      PGUSER: 'nobody',
      PGPASSWORD: 'wrong',
      PGDATABASE: 'nowhere',
      PGSERVICE: 'nowhere',
      PGTZ: 'nowhere',
      PGURI: 'postgres://nowhere.invalid',
      DATABASE_URL: 'postgres://nowhere.invalid',
      NODE_PG_FORCE_NATIVE: '1',
    };
    const script = path.join(ROOT, 'scripts/codegen/codegen.mts');
    await promisify(execFile)(process.execPath, ['--import', 'tsx', script, '--root', copy.root], {
      cwd: ROOT,
      env,
    });
    expect(copy.readAll('src/generated')).toEqual(generated);
    expect(copy.read('db/schema.sql')).toBe(schema);
  },
  TIMEOUT_MS,
);
