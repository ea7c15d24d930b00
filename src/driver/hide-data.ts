import { SqlState, sqlStateOf } from './sqlstate';

/** The classes of errors whose `detail` and `where` can quote rows and values. */
const CLASSES_THAT_QUOTE = [SqlState.DATA_EXCEPTION_CLASS, SqlState.CONSTRAINT_VIOLATION_CLASS];

/**
 * The line with `$1 = '…'` and what follows, which a server adds where log_parameter_max_length_on_error tells it to.
 */
const PARAMETERS = /^.*\$\d+ = /m;

/**
 * Takes payloads and callback URLs out of an error of the server, which callers find as the `cause` of theirs, and log.
 * Message, SQLSTATE, hint and the names of table, column and constraint stay.
 */
export function hideData(error: unknown): void {
  const state = sqlStateOf(error);
  if (state === undefined) {
    return;
  }
  const fields = error as { detail?: string | undefined; where?: string | undefined };
  if (CLASSES_THAT_QUOTE.some((each) => state.startsWith(each))) {
    fields.detail = undefined;
    fields.where = undefined;
  } else {
    fields.where = fields.where?.split(PARAMETERS)[0]?.trimEnd() || undefined;
  }
}
