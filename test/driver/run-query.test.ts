import fs from 'node:fs';
import path from 'node:path';
import { statementOf } from '../../src/driver/run-query';

const GENERATED = path.join(__dirname, '../../src/generated');

/** A move locks the row of a shard that is, or is about to be, sealed: it names no version of an owner's. */
const MOVES_UNDER_LOCK = ['sealSource', 'replaceMovingTimers', 'deleteMovedTimers'];

const WRITE = /\b(INSERT INTO|UPDATE|DELETE FROM) timers\b/;

const queries = fs
  .readdirSync(GENERATED)
  .flatMap((file) =>
    Object.entries<Parameters<typeof statementOf>[0]>(require(path.join(GENERATED, file))).map(
      ([name, query]) => ({ ...statementOf(query), name }),
    ),
  );

test('the queries are those of every file', () => {
  expect(queries.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['createTimer', 'updateTimer', 'deleteTimer', 'updateShardMetadata', 'getTimer']),
  );
});

test.each(queries)('$name is fenced if it writes under a version of the shard, and only then', (query) => {
  const { name, text, parameters, isFenced } = query;
  const namesVersion = parameters.some((each) =>
    ['shardVersion', 'shardVersions', 'timerShardVersions'].includes(each.name),
  );
  expect(isFenced).toBe((namesVersion && WRITE.test(text)) || MOVES_UNDER_LOCK.includes(name));
});
