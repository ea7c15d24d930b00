import type { CustomTypesConfig } from 'pg';
import { parseJsonb } from './parse-jsonb';

/** OIDs of the types that the queries return. Source: PostgreSQL, src/include/catalog/pg_type.dat. */
const BOOL = 16;
const INT8 = 20;
const INT2 = 21;
const INT4 = 23;
const JSON_TEXT = 114;
const JSONB = 3802;

/**
 * How the columns of this library's queries become JavaScript values. Given to each query, so that the
 * parsers which the host program has set for itself neither change these results nor are changed.
 */
export const columnParsers: CustomTypesConfig = {
  // biome-ignore lint/suspicious/noExplicitAny: the type of the interface, which pg declares so.
  getTypeParser: (oid: number): any => {
    switch (oid) {
      case INT2:
      case INT4:
      case INT8:
        return Number;
      case BOOL:
        return parseBoolean;
      case JSON_TEXT:
        return JSON.parse;
      case JSONB:
        return parseJsonb;
      default:
        return keepText;
    }
  },
};

function keepText(text: string): string {
  return text;
}

function parseBoolean(text: string): boolean {
  return text === 't';
}
