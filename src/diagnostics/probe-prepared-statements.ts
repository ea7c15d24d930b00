import { randomBytes } from 'node:crypto';
import type { ClientBase, PoolClient } from 'pg';
import { columnParsers } from '../driver/column-parsers';
import { processIdOf } from '../driver/pg-internals';
import { runQuery, statementOf } from '../driver/run-query';
import { SqlState, sqlStateOf } from '../driver/sqlstate';
import { readBackend } from '../generated/server-check.queries';
import { fault, ok, type ServerCheck, warning } from './server-report';

/** What became of a prepared statement whose connection to the server could be given to another client. */
export type PreparedStatementFate =
  /** This client has the server's connection to itself. */
  | 'kept'
  /** There is a pooler, but it did not give this client another connection to the server. */
  | 'keptByPooler'
  /** A pooler gave this client another connection to the server, and prepared the statement there. */
  | 'tracked'
  /** A pooler gave this client another connection to the server, which does not know the statement. */
  | 'lost'
  /** There is a pooler, and no second connection to tell what it does. */
  | 'unknown';

/**
 * Prepares a statement, takes the server's connection away as far as a pooler allows that, and runs the statement
 * again. A pooler in transaction mode gives the connection that was used last to the next client that begins a
 * transaction. One that deals them in turn (server_round_robin of PgBouncer) can pass for one that keeps them.
 *
 * @param other undefined: the pool had no second connection to spare.
 */
export async function probePreparedStatements(
  client: PoolClient,
  other: PoolClient | undefined,
): Promise<PreparedStatementFate> {
  // The same name on two clients would be found where the other one left it.
  const name = `pg_timer_store_probe_${randomBytes(8).toString('hex')}`;
  const preparedOn = await runProbe(client, name);
  // A pooler makes up the number that it tells its clients.
  const hasPooler = processIdOf(client) !== preparedOn;
  if (other === undefined) {
    await forget(client, name);
    return hasPooler ? 'unknown' : 'kept';
  }
  await other.query('BEGIN READ ONLY');
  try {
    const { rows } = await runQuery(other, readBackend, undefined, false);
    try {
      const ranOn = await runProbe(client, name);
      await forget(client, name);
      if (ranOn !== preparedOn) {
        return 'tracked';
      }
      return hasPooler ? 'keptByPooler' : 'kept';
    } catch (error) {
      if (!isUnknownStatement(error)) {
        throw error;
      }
      if (rows[0]?.pid === preparedOn) {
        await forget(other, name);
      }
      return 'lost';
    }
  } finally {
    await other.query('ROLLBACK');
  }
}

/** The driver prepares the statement the first time, and only names it afterwards, as with every query here. */
async function runProbe(client: ClientBase, name: string): Promise<number> {
  const { text } = statementOf(readBackend);
  const { rows } = await client.query({ name, text, rowMode: 'array', types: columnParsers });
  return rows[0]?.[0];
}

/** So that it does not stay on the server's connection. A pooler may have no such name there. */
async function forget(client: ClientBase, name: string): Promise<void> {
  try {
    await client.query(`DEALLOCATE ${name}`);
  } catch (error) {
    if (!isUnknownStatement(error)) {
      throw error;
    }
  }
}

function isUnknownStatement(error: unknown): boolean {
  return sqlStateOf(error) === SqlState.INVALID_SQL_STATEMENT_NAME;
}

export function judgePreparedStatements(fate: PreparedStatementFate): ServerCheck {
  switch (fate) {
    case 'kept':
      return ok('preparedStatements', 'kept between statements');
    case 'keptByPooler':
      return ok('preparedStatements', 'kept by the pooler between here and the server, when tried');
    case 'tracked':
      return ok('preparedStatements', 'tracked by the pooler between here and the server');
    case 'lost':
      return fault(
        'preparedStatements',
        'lost between transactions by the pooler between here and the server',
        'Set preparedStatements to false, or let the pooler track them (max_prepared_statements of PgBouncer 1.21).',
      );
    case 'unknown':
      return warning(
        'preparedStatements',
        'not checked: there is a pooler, and the pool had no second connection to spare',
        'Check again with a pool of two connections or more, or set preparedStatements to false.',
      );
    default:
      return fate satisfies never;
  }
}
