import { SqlState, sqlStateOf } from './sqlstate';

/** The classes of errors whose `detail` and `where` can quote rows and values. */
const CLASSES_THAT_QUOTE = [SqlState.DATA_EXCEPTION_CLASS, SqlState.CONSTRAINT_VIOLATION_CLASS];

/**
 * The line with `$1 = '…'` and what follows, which a server adds where log_parameter_max_length_on_error tells it to.
 */
const PARAMETERS = /^.*\$\d+ = /m;

/** A value in a message about it, in the quotes of whatever language, and what follows. */
const QUOTED_VALUE = /["'«»„“”‚‘’「『].*$/s;

/**
 * Takes payloads and callback URLs out of an error of the server, which callers find as the `cause` of theirs, and log.
 * SQLSTATE, hint, the names of table, column and constraint, and the message stay; but of one that is about a value, as an
 * index or a trigger of the operator's may raise, only what stands before the value.
 */
export function hideData(error: unknown): void {
  const state = sqlStateOf(error);
  if (state === undefined) {
    return;
  }
  const fields = error as Error & { detail?: string | undefined; where?: string | undefined };
  if (state.startsWith(SqlState.DATA_EXCEPTION_CLASS)) {
    const { message } = fields;
    fields.message = message.replace(QUOTED_VALUE, '…');
    if (fields.stack !== undefined) {
      fields.stack = fields.stack.replace(message, () => fields.message);
    }
  }
  if (CLASSES_THAT_QUOTE.some((each) => state.startsWith(each))) {
    fields.detail = undefined;
    fields.where = undefined;
  } else {
    fields.where = fields.where?.split(PARAMETERS)[0]?.trimEnd() || undefined;
  }
}
