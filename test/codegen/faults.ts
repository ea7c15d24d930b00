import fs from 'node:fs';
import path from 'node:path';
import type { ProjectCopy } from '../support/project-copy';

/** One fault that is put into a copy of the project. Those of one copy are checked at once. */
export interface Fault {
  readonly fault: string;
  readonly seed: (copy: ProjectCopy) => void;
  /** One problem has to name both, and be one of those that stop a check: file and query, and what is wrong there. */
  readonly where: string;
  readonly what: string;
}

export type FaultyCopy = readonly Fault[];

const CREATE_TABLE = 'db/migrations/20261123000000_create_timers.sql';
const SET_STORAGE = 'db/migrations/20261124000000_set_storage_parameters.sql';
const SWITCH = 'db/layouts/partitioned/20261124000200_switch_to_partitions.sql';
const LAST = 'db/migrations/20990101000000_last.sql';

const [CLAIM, DELETE, INSERT, MOVE] = ['sql/claim.sql', 'sql/delete.sql', 'sql/insert.sql', 'sql/move.sql'];
const [SELECT, SERVER, UPDATE] = ['sql/range-select.sql', 'sql/server-check.sql', 'sql/update.sql'];

/** The line of the first occurrence, of those after a place if there is one. */
function lineOf(file: string, text: string, after = ''): number {
  const content = fs.readFileSync(path.join(__dirname, '../..', file), 'utf8');
  return content.slice(0, content.indexOf(text, content.indexOf(after))).split('\n').length;
}

function migration(up: string, down = ''): string {
  return `-- migrate:up\n${up}\n-- migrate:down\n${down}\n`;
}

/** What is wrong with one query. */
const IN_QUERIES: FaultyCopy = [
  {
    fault: 'a misspelt column',
    seed: (copy) => copy.edit(SELECT, 'timer_attempts AS', 'timer_atempts AS', '@name rangeGetTimers'),
    where: `${SELECT}:${lineOf(SELECT, 'timer_attempts AS')}, rangeGetTimers`,
    what: 'column "timer_atempts" does not exist',
  },
  {
    fault: 'a comparison of two types that cannot be compared',
    seed: (copy) => copy.edit(SELECT, 'row_type = 2', 'timer_uuid = 2', '@name getTimer'),
    where: `${SELECT}:${lineOf(SELECT, 'row_type = 2', '@name getTimer')}, getTimer`,
    what: 'operator does not exist: uuid = integer',
  },
  {
    fault: 'a type that pgtyped does not know',
    seed: (copy) => copy.edit(CLAIM, 'shard_owner_addr AS', "'0/0'::pg_lsn AS", '@name getShard'),
    where: `${CLAIM}:${lineOf(CLAIM, 'shard_owner_addr AS', '@name getShard')}, getShard`,
    what: "Postgres type 'pg_lsn' is not supported by mapping",
  },
  {
    fault: 'an unnamed expression',
    seed: (copy) =>
      copy.edit(CLAIM, 'shard_metadata AS "metadata!"', "shard_metadata || '{}'", '@name claimNewShard'),
    where: 'claimNewShard',
    what: 'a result column has no name',
  },
  {
    fault: 'a parameter that is declared and never used',
    seed: (copy) => copy.edit(UPDATE, '@name updateTimer', '@name updateTimer @param uuids -> (...)'),
    where: UPDATE,
    what: '"uuids" is defined but never used',
  },
  {
    fault: 'a read of every shard',
    seed: (copy) =>
      copy.edit(MOVE, 'shard_id = :shardId!\n  AND row_type', 'row_type', '@name readMovingShard'),
    where: 'readMovingShard',
    what: 'not bound to one shard',
  },
  {
    fault: 'a shard that is named in a comment only',
    seed: (copy) =>
      copy.edit(MOVE, 'WHERE timer.shard_id = :shardId!;', 'WHERE true /* timer.shard_id = :shardId! */;'),
    where: 'readMovingTimers',
    what: 'not bound to one shard: the WHERE of its result',
  },
  {
    fault: 'a delete inside of a statement that reaches every shard',
    seed: (copy) => copy.edit(DELETE, 'WHERE shard_id = :shardId!\n      AND', 'WHERE', 'DELETE FROM timers'),
    where: 'deleteTimer',
    what: 'not bound to one shard: the WHERE for timers',
  },
  {
    fault: '`!` on a column of a LEFT JOIN',
    seed: (copy) => copy.edit(UPDATE, '"id?"', '"id!"'),
    where: 'updateTimer',
    what: '"id!" can be NULL: where the outer join finds no updated_timer',
  },
  {
    fault: '`!` on a column that the table allows NULL in',
    seed: (copy) =>
      copy.edit(SELECT, 'timer_payload AS "payload"', 'timer_payload AS "payload!"', '@name getTimer'),
    where: 'getTimer',
    what: '"payload!" can be NULL: the table allows it for timer_payload',
  },
  {
    fault: '`!` on a CASE without ELSE',
    seed: (copy) => copy.edit(CLAIM, '"claimedAtMs"', '"claimedAtMs!"', '@name claimShardOwnership'),
    where: 'claimShardOwnership',
    what: '"claimedAtMs!" can be NULL: its CASE has no ELSE',
  },
  {
    fault: 'a fenced query without the version',
    seed: (copy) =>
      copy.edit(DELETE, '      AND shard_version = :shardVersion!\n', '', '@name rangeDeleteWithLimit '),
    where: 'rangeDeleteWithLimit',
    what: 'writes without a fence',
  },
  {
    fault: 'a fence that does not lock the shard row',
    seed: (copy) => copy.edit(INSERT, 'FOR SHARE OF shard\n', '', '@name createTimer '),
    where: 'createTimer',
    what: 'the fence does not lock the shard row',
  },
  {
    fault: 'a write that does not depend on the fence',
    seed: (copy) =>
      copy.edit(
        DELETE,
        '\n      AND EXISTS (SELECT FROM held_shard)',
        '',
        '@name rangeDeleteWithBatchInsertTxn',
      ),
    where: 'rangeDeleteWithBatchInsertTxn',
    what: 'the DELETE does not depend on the fence',
  },
  {
    fault: 'a write without a fence that does not look for the seal',
    seed: (copy) => copy.edit(DELETE, 'AND NOT EXISTS (', 'AND EXISTS (', '@name deleteTimerNoLock'),
    where: 'deleteTimerNoLock',
    what: 'the DELETE does not look whether the shard is sealed',
  },
  {
    fault: 'a parameter inside a string',
    seed: (copy) => copy.edit(MOVE, "'{move,id}'", "'{:move!,id}'", '@name finishMove'),
    where: 'finishMove',
    what: ':move! stands in a string',
  },
  {
    fault: 'a parameter inside a quoted name',
    seed: (copy) => copy.edit(MOVE, 'AS "size!"', 'AS "size:limit!"', '@name listMovingTimers'),
    where: 'listMovingTimers',
    what: ':limit! stands in a quoted name',
  },
  {
    fault: 'a SET of shard_id',
    seed: (copy) =>
      copy.edit(UPDATE, 'SET timer', 'SET shard_id = shard_id, timer', '@name updateTimerNoLock'),
    where: `${UPDATE}:`,
    what: 'sets shard_id',
  },
  {
    fault: 'a query that parses but cannot be planned',
    seed: (copy) =>
      copy.edit(
        SERVER,
        'AS "nowMs!"',
        'AS "nowMs!" FROM pg_class AS a FULL JOIN pg_class AS b ON a.oid < b.oid',
      ),
    where: 'readServerClock',
    what: 'cannot be planned on the plain table: FULL JOIN is only supported',
  },
  {
    fault: 'a timestamptz that is typed as a Date and arrives as text',
    seed: (copy) => copy.edit(SERVER, 'AS "pid!"', 'AS "pid!", now() AS "now!"', '@name readBackend'),
    where: 'readBackend',
    what: '"now!" is Date to TypeScript, and arrives as a string',
  },
  {
    fault: 'an array that arrives as text',
    seed: (copy) =>
      copy.edit(MOVE, 'shard_metadata::text AS', 'ARRAY[shard_metadata::text] AS', '@name readMovingShard'),
    where: 'readMovingShard',
    what: '"metadata" is an array to TypeScript, and arrives as a string',
  },
  {
    fault: 'a float8 that is typed as a number and arrives as text',
    seed: (copy) => copy.edit(DELETE, '::int AS "deletedCount!"', '::float8 AS "deletedCount!"'),
    where: 'deleteTimer',
    what: '"deletedCount!" is number to TypeScript, and arrives as a string',
  },
  {
    fault: 'an array parameter of which the driver cannot tell the type',
    seed: (copy) => copy.edit(MOVE, ':uuids!::uuid[]', 'CAST(:uuids! AS uuid[])', '@name readMovingTimers'),
    where: 'readMovingTimers',
    what: ':uuids! is an array, and the driver cannot tell of what',
  },
  {
    fault: 'a shard row that is looked for by another key',
    seed: (copy) => copy.edit(CLAIM, "01-01 00:00:01+00'", "01-01 00:00:00+00'", 'UPDATE timers AS shard'),
    where: 'claimShardOwnership',
    what: 'the key of the shard row is not what it is elsewhere',
  },
  {
    fault: 'a time that is computed in another way',
    seed: (copy) => copy.edit(CLAIM, '+ 946684800000)', '+ 946684800001)', '@name claimNewShard'),
    where: 'claimNewShard',
    what: 'a time in milliseconds is not what it is elsewhere',
  },
  {
    fault: 'an upsert that keeps what it should replace',
    seed: (copy) =>
      copy.edit(INSERT, '= excluded.timer_payload', '= timers.timer_payload', '@name createTimers '),
    where: 'createTimers',
    what: 'the SET of an upsert is not what it is elsewhere',
  },
  {
    fault: 'a list that lacks a column',
    seed: (copy) => {
      const last = ',\n    timer_last_error = excluded.timer_last_error';
      copy.edit(INSERT, last, '', '@name createTimersNoLock');
    },
    where: 'createTimersNoLock',
    what: 'the SET of an upsert of a timer lacks timer_last_error',
  },
  {
    fault: 'a digest of a move that lacks a column',
    seed: (copy) => copy.edit(MOVE, ' timer.shard_owner_addr,', '', 'json_build_array'),
    where: 'listMovingTimers',
    what: 'the digest of a moved timer lacks shard_owner_addr',
  },
  {
    fault: 'a RETURNING that Citus may compute by another time zone on each worker',
    seed: (copy) =>
      copy.edit(UPDATE, 'timer_revision::text', 'timer_created_at::text', '@name updateTimerNoLock'),
    where: 'updateTimerNoLock',
    what: 'returns what Citus may compute otherwise on each worker: functions in index expression',
  },
  {
    fault: 'an upsert that computes',
    seed: (copy) =>
      copy.edit(
        INSERT,
        'excluded.timer_attempts,',
        'excluded.timer_attempts + 1,',
        '@name createTimerNoLock',
      ),
    where: 'createTimerNoLock',
    what: 'overwrites timer_attempts with something that is computed',
  },
  {
    fault: 'a volatile function',
    seed: (copy) => copy.edit(CLAIM, 'now()', 'clock_timestamp()', '@name claimNewShard'),
    where: 'claimNewShard',
    what: 'calls clock_timestamp, which is volatile',
  },
  {
    fault: 'an INSERT that does not take its shard from the row',
    seed: (copy) => copy.edit(INSERT, 'first_row.shard_id, 2', ':shardId!, 2', '@name createTimerNoLock'),
    where: 'createTimerNoLock',
    what: 'an INSERT that Citus runs in several commands',
  },
  {
    fault: 'parameters that a call may widen',
    seed: (copy) => copy.edit('src/driver/run-query.ts', 'NoInfer<TParams>', 'TParams'),
    where: 'src/driver/run-query.ts:',
    what: 'lets a call widen the parameters of the query',
  },
];

/** What is wrong with a file of queries. */
const IN_QUERY_FILES: FaultyCopy = [
  {
    fault: 'a syntax error',
    seed: (copy) => copy.edit(SERVER, 'SELECT pg_backend_pid', 'SELECT FROM FROM pg_backend_pid'),
    where: 'readBackend',
    what: 'syntax error at or near "FROM"',
  },
  {
    fault: 'a duplicate name in one file',
    seed: (copy) => copy.edit(MOVE, '@name finishMove', '@name sealSource'),
    where: `${MOVE}:`,
    what: `duplicate name, already used at ${MOVE}:`,
  },
  {
    fault: 'a duplicate name across files',
    seed: (copy) => copy.edit('sql/writers.sql', '@name readWriters', '@name readServerClock'),
    where: 'sql/writers.sql:',
    what: `duplicate name, already used at ${SERVER}:`,
  },
  {
    fault: 'a byte order mark',
    seed: (copy) => copy.write(CLAIM, `\ufeff${copy.read(CLAIM)}`),
    where: `${CLAIM}:1`,
    what: 'begins with a byte order mark',
  },
  {
    fault: 'a line comment between two queries',
    seed: (copy) => copy.edit(SELECT, '/* @name getTimer */', '-- One timer.\n/* @name getTimer */'),
    where: `${SELECT}:${lineOf(SELECT, '/* @name getTimer')}`,
    what: 'Parse error',
  },
  {
    fault: 'a comment after the last query',
    seed: (copy) => copy.write(DELETE, `${copy.read(DELETE)}\n/* The end. */\n`),
    where: DELETE,
    what: 'Parse error',
  },
  {
    fault: 'a query whose comment does not begin with its name',
    seed: (copy) => copy.edit(INSERT, '/* @name createTimers */', '/* Of many: @name createTimers */'),
    where: INSERT,
    what: 'Parse error',
  },
  {
    fault: 'a name that no code is generated for',
    seed: (copy) => copy.edit(UPDATE, 'RETURNING *', '/* @name readUpdated */ RETURNING *'),
    where: `${UPDATE}:`,
    what: 'no code is generated for this query',
  },
  {
    fault: 'a file without a query',
    seed: (copy) => copy.write('sql/empty.sql', '/* To be written. */\n'),
    where: 'sql/empty.sql',
    what: 'has no query',
  },
];

/** A migration like any other that changes what queries rely on. */
const IN_A_NEW_MIGRATION: FaultyCopy = [
  {
    fault: 'a column that was renamed',
    seed: (copy) =>
      copy.write(
        LAST,
        migration(
          "ALTER TABLE timers RENAME timer_callback_url TO url;\nCREATE TYPE mood AS ENUM ('it''s');",
          'ALTER TABLE timers RENAME url TO timer_callback_url;\nDROP TYPE mood;',
        ),
      ),
    where: 'updateTimer',
    what: 'column "timer_callback_url"',
  },
  {
    fault: 'a lock without a time-out',
    seed: () => {},
    where: `${LAST}:2`,
    what: 'Missing `set lock_timeout`',
  },
  {
    fault: 'a label of an enum with a quote',
    seed: (copy) => copy.edit('sql/writers.sql', 'pid AS "pid"', "'it''s'::mood AS \"pid\""),
    where: 'readWriters',
    what: 'pgtyped cannot write the label "it\'s" of the enum mood',
  },
];

const WITHOUT_UNIQUE_INDEX: FaultyCopy = [
  {
    fault: 'the unique index dropped',
    seed: (copy) => {
      const index = 'CREATE UNIQUE INDEX idx_timer_lookup ON timers';
      copy.edit(CREATE_TABLE, index, index.replace('UNIQUE ', ''));
    },
    where: 'createTimer',
    what: 'there is no unique or exclusion constraint matching the ON CONFLICT specification',
  },
  {
    fault: 'a table that a store would refuse',
    seed: () => {},
    where: 'readRequirements',
    what: 'on the plain table, the unique index on (shard_id, row_type, timer_namespace, timer_id) is missing',
  },
];

/** Nothing that a server would notice. */
const IN_MIGRATION_FILES: FaultyCopy = [
  {
    fault: 'a migration without a number',
    seed: (copy) => copy.write('db/migrations/add_index.sql', migration('SELECT 1;')),
    where: 'db/migrations/add_index.sql',
    what: 'has no number',
  },
  {
    fault: 'a migration with the number of another',
    seed: (copy) =>
      copy.write(SET_STORAGE.replace('_set_', '_and_set_'), migration('SELECT 1;', 'SELECT 1;')),
    where: 'db/migrations/20261124000000_',
    what: 'has the number of',
  },
  {
    fault: 'a migration that was renamed after it was recorded',
    seed: (copy) => copy.rename(SET_STORAGE, SET_STORAGE.replace('_set_', '_change_')),
    where: SET_STORAGE,
    what: 'was renamed to db/migrations/20261124000000_change_storage_parameters.sql after it was recorded',
  },
  {
    fault: 'a migration that was edited after it was recorded',
    seed: (copy) => copy.edit(CREATE_TABLE, 'DROP TABLE timers;', 'DROP TABLE timers CASCADE;'),
    where: CREATE_TABLE,
    what: 'was edited after it was recorded',
  },
  {
    fault: 'grants that are too few for a query',
    seed: (copy) => copy.edit('db/grants.sql', 'INSERT, UPDATE, DELETE', 'INSERT, UPDATE'),
    where: 'deleteTimerNoLock',
    what: 'cannot be planned on the plain table: permission denied for table timers',
  },
];

const IN_LAYOUTS: FaultyCopy = [
  {
    fault: 'a layout that does not run',
    seed: (copy) =>
      copy.edit(
        SWITCH,
        '\n-- migrate:down',
        '\nALTER INDEX no_such_index RENAME TO other;\n\n-- migrate:down',
      ),
    where: `${SWITCH}:`,
    what: 'relation "no_such_index" does not exist',
  },
  {
    fault: 'a layout that cannot be parsed',
    seed: (copy) => {
      const file = 'db/layouts/citus/20261124000100_distribute_timers.sql';
      copy.edit(file, 'SELECT create_distributed_table', 'SELEC create_distributed_table');
    },
    where: 'db/layouts/citus/20261124000100_distribute_timers.sql',
    what: 'syntax error at or near "SELEC"',
  },
  {
    fault: 'grants that do not run',
    seed: (copy) => copy.edit('db/grants.sql', 'UPDATE, DELETE ON', 'UPDATE, DELETEE ON'),
    where: 'db/grants.sql:',
    what: 'unrecognized privilege type "deletee"',
  },
];

const IN_COPY_SCRIPT: FaultyCopy = [
  {
    fault: 'a script of a layout that does not run',
    seed: (copy) =>
      copy.edit('db/layouts/partitioned/copy.sql', 'FROM timers_partitioned', 'FROM timers_parted'),
    where: 'db/layouts/partitioned/copy.sql:',
    what: 'relation "timers_parted" does not exist',
  },
];

const WITHOUT_UNDOING: FaultyCopy = [
  {
    fault: 'one down of several that does not undo',
    seed: (copy) => copy.edit(SET_STORAGE, 'RESET (autovacuum_vacuum_scale_factor)', 'RESET (fillfactor)'),
    where: `${SET_STORAGE}:`,
    what: 'down does not undo up:\n- relation public.timers',
  },
];

const IN_A_MIGRATION_THAT_FAILS: FaultyCopy = [
  {
    fault: 'a migration that fails',
    seed: (copy) => copy.write(LAST, migration('SELECT 1;\n\nDROP TABLE no_such_table;')),
    where: LAST,
    what: 'table "no_such_table" does not exist',
  },
];

export const FAULTY_COPIES: readonly FaultyCopy[] = [
  IN_QUERIES,
  IN_QUERY_FILES,
  IN_A_NEW_MIGRATION,
  WITHOUT_UNIQUE_INDEX,
  IN_MIGRATION_FILES,
  IN_LAYOUTS,
  IN_COPY_SCRIPT,
  WITHOUT_UNDOING,
  IN_A_MIGRATION_THAT_FAILS,
];

/** What is committed and not what would be written. */
export const STALE: FaultyCopy = [
  {
    fault: 'hand-edited output',
    seed: (copy) =>
      copy.edit('src/generated/range-select.queries.ts', 'attempts: number;', 'attempts: string;'),
    where: 'src/generated/range-select.queries.ts:',
    what: 'is not what sql/ and db/migrations give',
  },
  {
    fault: 'deleted output',
    seed: (copy) => copy.remove('src/generated/claim.queries.ts'),
    where: 'src/generated/claim.queries.ts',
    what: 'is missing',
  },
  {
    fault: 'output of a query file that is gone',
    seed: (copy) => copy.write('src/generated/gone.queries.ts', ''),
    where: 'src/generated/gone.queries.ts',
    what: 'comes from no file in sql/',
  },
  {
    fault: 'an edited db/schema.sql',
    seed: (copy) => copy.edit('db/schema.sql', 'row_type smallint', 'row_type integer'),
    where: 'db/schema.sql',
    what: '- column public.timers.2, row_type: integer not null',
  },
  {
    fault: 'a migration that is not recorded',
    seed: (copy) => {
      const lines = copy.read('db/migrations.sha256').split('\n');
      copy.write('db/migrations.sha256', lines.filter((line) => !line.endsWith(SET_STORAGE)).join('\n'));
    },
    where: SET_STORAGE,
    what: 'is not recorded',
  },
];
