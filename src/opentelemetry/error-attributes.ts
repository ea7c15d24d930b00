import type { Attributes } from '@opentelemetry/api';
import { ATTRIBUTE } from './names';

/** What became of a call or delivery that failed: the code of the error, else its class, of which there are few. */
export function errorType(error: unknown): string {
  if (!(error instanceof Error)) {
    return '_OTHER';
  }
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : error.name;
}

/** @returns the SQLSTATE too, if the server has said no. */
export function errorAttributes(error: unknown): Attributes {
  const { code } = ((error as Error | undefined)?.cause ?? {}) as { readonly code?: unknown };
  const isSqlState = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);
  return { [ATTRIBUTE.errorType]: errorType(error), ...(isSqlState && { [ATTRIBUTE.sqlState]: code }) };
}
