import { SqlState, sqlStateOf } from './sqlstate';

/**
 * That libpq had no session, after the words that Citus puts before it: nobody listens, the server takes no sessions, or
 * Citus has waited for one for its node_connection_timeout.
 */
const NO_SESSION =
  /^connection to the remote node \S+ failed with the following error: (connection to server .* failed: )?(FATAL: {2}(?!terminating )|could not translate host name |.*\n\tIs the server running )|^could not establish any connections to the node /;

/**
 * What an error that left the session alive says of a server behind it, as a coordinator of Citus has them.
 * `unreached`: no session could be had there, so nothing was sent. `lost`: the session there has ended, whatever it had
 * done by then. Both have one code, so they are told apart by libpq's words: in another language than English a server
 * that was not reached counts as lost.
 */
export function workerFailureOf(error: unknown): 'unreached' | 'lost' | undefined {
  switch (sqlStateOf(error)) {
    case SqlState.CONNECTION_FAILURE:
      return NO_SESSION.test((error as Error).message) ? 'unreached' : 'lost';
    case SqlState.ADMIN_SHUTDOWN:
    case SqlState.CRASH_SHUTDOWN:
      return 'lost';
    default:
      return undefined;
  }
}

/** Whether a coordinator gave up on a statement by itself: the worker may have committed it. */
export function isCancelledBeforeWorker(error: unknown): boolean {
  return (
    sqlStateOf(error) === SqlState.QUERY_CANCELED &&
    // Of what it hands on from a worker, whose statement was undone.
    (error as { routine?: string }).routine !== 'ReportResultError'
  );
}
