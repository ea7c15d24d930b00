import type { ListPosition } from 'pg-timer-store';
import { invalidArgument } from '../api-error';

/** Opaque to callers. It says nothing that they have not been shown. */
export function pageToken(position: ListPosition | null): string | null {
  if (position === null) {
    return null;
  }
  const text = 'id' in position ? `i${position.id}` : `t${position.executeAt.getTime()} ${position.uuid}`;
  return Buffer.from(text).toString('base64url');
}

/** @throws ApiError it is none of ours, or of a list in another order. */
export function positionOf(token: string | undefined, isByTime: boolean): ListPosition | null {
  if (token === undefined) {
    return null;
  }
  const text = Buffer.from(token, 'base64url').toString();
  const [, ms, uuid] = /^t(-?\d{1,15}) ([0-9a-f-]{36})$/.exec(text) ?? [];
  if (isByTime && ms !== undefined && uuid !== undefined) {
    const executeAt = new Date(Number(ms));
    return { executeAt, uuid };
  }
  if (!isByTime && text.startsWith('i') && text.length > 1) {
    return { id: text.slice(1) };
  }
  throw invalidArgument(
    'pageToken',
    'must be the nextPageToken of the page before, of a list by the same filters',
  );
}
