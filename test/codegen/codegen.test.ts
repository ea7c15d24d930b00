import { limitConcurrency } from '../support/limit-concurrency';
import { ProjectCopy } from '../support/project-copy';

const TIMEOUT_MS = 120_000;
const twoAtATime = limitConcurrency(2);

interface Fault {
  readonly fault: string;
  readonly seed: (copy: ProjectCopy) => void;
  /** All of it has to be in the output. */
  readonly reported: readonly string[];
  readonly onlyByCheck?: boolean;
}

const READ = 'sql/range-select.sql';
const OUTPUT = 'src/generated/range-select.queries.ts';

const FAULTS: readonly Fault[] = [
  {
    fault: 'a misspelt column',
    seed: (copy) => copy.edit(READ, 'timer_attempts AS "attempts!"', 'timer_atempts AS "attempts!"'),
    reported: [READ, 'rangeGetTimers', 'column "timer_atempts" does not exist'],
  },
  {
    fault: 'a misspelt column in each of two files',
    seed: (copy) => {
      copy.edit(READ, 'timer_attempts AS "attempts!"', 'timer_atempts AS "attempts!"');
      copy.edit('sql/claim.sql', '  shard_owner_addr AS "ownerAddr!"', '  shard_owner AS "ownerAddr!"');
    },
    reported: [
      'rangeGetTimers: column "timer_atempts" does not exist',
      'claimNewShard: column "shard_owner" does not exist',
    ],
  },
  {
    fault: 'a comparison of two types that cannot be compared',
    seed: (copy) => copy.edit(READ, 'row_type = 2', 'timer_uuid = 2'),
    reported: [READ, 'rangeGetTimers', 'operator does not exist: uuid = integer'],
  },
  {
    fault: 'a type that pgtyped does not know',
    seed: (copy) => copy.edit(READ, 'timer_uuid AS "uuid!"', '\'0/0\'::pg_lsn AS "uuid!"'),
    reported: [READ, 'rangeGetTimers', "Postgres type 'pg_lsn' is not supported by mapping"],
  },
  {
    fault: 'an unnamed expression',
    seed: (copy) => copy.edit(READ, 'timer_attempts AS "attempts!"', 'timer_attempts + 1'),
    reported: [READ, 'rangeGetTimers', 'a result column has no name'],
  },
  {
    fault: 'a duplicate name in one file',
    seed: (copy) => copy.edit(READ, '@name getTimer', '@name rangeGetTimers'),
    reported: [READ, 'rangeGetTimers', 'duplicate name'],
  },
  {
    fault: 'a duplicate name across files',
    seed: (copy) => copy.edit(READ, '@name getTimer', '@name getShard'),
    reported: [READ, 'getShard', 'duplicate name', 'sql/claim.sql'],
  },
  {
    fault: 'a syntax error',
    seed: (copy) => copy.edit(READ, 'LIMIT', 'LIMITS'),
    reported: [READ, 'rangeGetTimers', 'syntax error at or near "LIMITS"'],
  },
  {
    fault: 'a line comment between two queries',
    seed: (copy) => copy.edit(READ, '/* @name getTimer */', '-- One timer.\n/* @name getTimer */'),
    reported: [READ, 'Parse error', '-- One timer.'],
  },
  {
    fault: 'a comment after the last query',
    seed: (copy) => copy.write('sql/claim.sql', `${copy.read('sql/claim.sql')}\n/* The end. */\n`),
    reported: ['sql/claim.sql', 'Parse error'],
  },
  {
    fault: 'a column renamed by a migration',
    seed: (copy) =>
      copy.write(
        'db/migrations/20990101000000_rename.sql',
        '-- migrate:up\nALTER TABLE timers RENAME timer_callback_url TO url;\n-- migrate:down\n',
      ),
    reported: [
      'sql/insert.sql',
      'createTimer: column "timer_callback_url"',
      'sql/range-select.sql',
      'rangeGetTimers: column "timer_callback_url" does not exist',
      'sql/update.sql',
      'updateTimer: column "timer_callback_url"',
    ],
  },
  {
    fault: 'a migration that fails',
    seed: (copy) =>
      copy.write(
        'db/migrations/20990101000000_no.sql',
        '-- migrate:up\nDROP TABLE no_such_table;\n-- migrate:down\n',
      ),
    reported: ['dbmate up failed', 'no_such_table'],
  },
  {
    fault: 'a query without generated code',
    seed: (copy) => copy.edit(READ, 'LIMIT', '/* @name rangeGetUuids */ LIMIT'),
    reported: [READ, 'rangeGetUuids', 'no code was generated'],
  },
  {
    fault: 'a query whose comment does not begin with its name',
    seed: (copy) => copy.edit(READ, '/* @name getTimer */', '/* By its id: @name getTimer */'),
    reported: [READ, 'Parse error'],
  },
  {
    fault: 'a file without a query',
    seed: (copy) => copy.write('sql/empty.sql', '/* To be written. */\n'),
    reported: ['sql/empty.sql', 'has no query'],
  },
  {
    fault: 'a parameter that is declared and never used',
    seed: (copy) => copy.edit(READ, '/* @name getTimer */', '/* @name getTimer @param uuids -> (...) */'),
    reported: [READ, 'uuids', 'never used'],
  },
  {
    fault: 'a read of every shard',
    seed: (copy) => copy.edit(READ, 'WHERE shard_id = :shardId!\n  AND row_type', 'WHERE row_type'),
    reported: [READ, 'rangeGetTimers', 'not bound to one shard'],
  },
  {
    fault: 'a shard that is named in a comment only',
    seed: (copy) =>
      copy.edit(
        READ,
        'WHERE shard_id = :shardId!\n  AND row_type',
        'WHERE /* shard_id = :shardId! AND */ row_type',
      ),
    reported: [READ, 'rangeGetTimers', 'not bound to one shard'],
  },
  {
    fault: 'a delete inside of a statement that reaches every shard',
    seed: (copy) =>
      copy.edit(
        'sql/delete.sql',
        'DELETE FROM timers\n    WHERE shard_id = :shardId!\n      AND',
        'DELETE FROM timers\n    WHERE',
      ),
    reported: ['sql/delete.sql', 'not bound to one shard'],
  },
  {
    fault: 'hand-edited output',
    seed: (copy) => copy.edit(OUTPUT, 'attempts: number;', 'attempts: string;'),
    reported: [OUTPUT, 'is not what sql/ and db/migrations give'],
    onlyByCheck: true,
  },
  {
    fault: 'deleted output',
    seed: (copy) => copy.remove(OUTPUT),
    reported: [OUTPUT, 'is missing'],
    onlyByCheck: true,
  },
  {
    fault: 'output of a query file that is gone',
    seed: (copy) => copy.write('src/generated/gone.queries.ts', ''),
    reported: ['src/generated/gone.queries.ts', 'comes from no file in sql/'],
    onlyByCheck: true,
  },
];

async function withCopy(work: (copy: ProjectCopy) => Promise<void>): Promise<void> {
  await twoAtATime(async () => {
    const copy = new ProjectCopy();
    try {
      await work(copy);
    } finally {
      copy.delete();
    }
  });
}

describe('codegen', () => {
  test.concurrent.each(FAULTS)(
    'reports $fault by name and writes nothing',
    async ({ seed, reported, onlyByCheck = false }) =>
      await withCopy(async (copy) => {
        seed(copy);
        const before = copy.readAll('src/generated');
        const { exitCode, output } = await copy.runScript('codegen.mjs', ...(onlyByCheck ? ['--check'] : []));
        for (const each of reported) expect(output).toContain(each);
        expect(exitCode).toBe(1);
        expect(copy.readAll('src/generated')).toEqual(before);
      }),
    TIMEOUT_MS,
  );

  test.concurrent(
    'writes what is committed, whatever was there before',
    async () =>
      await withCopy(async (copy) => {
        const committed = copy.readAll('src/generated');
        copy.write(OUTPUT, '');
        copy.write('src/generated/gone.queries.ts', '');
        expect(await copy.runScript('codegen.mjs')).toMatchObject({ exitCode: 0 });
        expect(copy.readAll('src/generated')).toEqual(committed);
      }),
    TIMEOUT_MS,
  );

  test.concurrent(
    'is content with what is committed',
    async () =>
      await withCopy(async (copy) => {
        expect(await copy.runScript('codegen.mjs', '--check')).toMatchObject({ exitCode: 0 });
      }),
    TIMEOUT_MS,
  );
});
