import { InvalidArgumentError } from '../contract/errors';
import {
  checkInteger,
  checkShardId,
  checkShardVersion,
  checkText,
  checkUuid,
  MAX_INT4,
  parseDate,
  show,
  unreadable,
} from '../contract/scalars';
import type { AgainSettlement, DeadSettlement, Settlement } from '../contract/settlement';
import type { Timer } from '../contract/types';
import { jsonText } from './json-text';
import { checkObject, parseElements, parseFields } from './objects';

/** What the column keeps. */
const MAX_ERROR_LENGTH = 1000;

/** A settlement as it is sent: nothing of the caller's, which may change. */
export interface SettlementValues {
  readonly shardId: number;
  readonly shardVersion: number;
  /** In lower case. */
  readonly uuid: string;
  readonly executeAt: Date;
  readonly revision: string;
  /** Undefined: it is done. */
  readonly rest: UnfinishedValues | undefined;
}

/** What is kept of a timer that is not done. */
export interface UnfinishedValues {
  readonly outcome: 'again' | 'dead';
  readonly nextExecuteAt: Date;
  readonly dueAt: Date | null;
  readonly firstAttemptAt: Date | null;
  readonly attempts: number;
  readonly lastError: string | null;
  /** JSON text; undefined: the payload stays. */
  readonly payload: string | null | undefined;
  /** Undefined: the store draws one. */
  readonly newRevision: string | undefined;
}

/** @throws InvalidArgumentError */
export function parseSettlements(settlements: unknown, maxPayloadBytes: number): SettlementValues[] {
  return parseElements('settlements', settlements).map((settlement, index) => {
    try {
      return parseSettlement(settlement, maxPayloadBytes);
    } catch (error) {
      // To put its name together takes longer than the check: that is done for what is refused alone.
      const refusal = error instanceof InvalidArgumentError ? error : unreadable('', error);
      throw inElement(`settlements[${index}]`, refusal);
    }
  });
}

/** @param error of the element itself, or of a field by its name, or by its path from there. */
function inElement(element: string, { argument, reason, cause }: InvalidArgumentError): InvalidArgumentError {
  const path = /^$|^\./.test(argument) ? argument : `.${argument}`;
  return new InvalidArgumentError(`${element}${path}`, reason, { cause });
}

function parseSettlement(settlement: unknown, maxPayloadBytes: number): SettlementValues {
  checkObject('', settlement);
  const { shardId, shardVersion, timer, outcome } = settlement as unknown as Settlement;
  checkShardId(shardId);
  checkShardVersion(shardVersion);
  const { uuid, executeAt, revision } = parseDelivered(timer);
  switch (outcome) {
    case 'done':
      return { shardId, shardVersion, uuid, executeAt, revision, rest: undefined };
    case 'again':
    case 'dead': {
      const rest = parseUnfinished(settlement, outcome, executeAt, maxPayloadBytes);
      return { shardId, shardVersion, uuid, executeAt, revision, rest };
    }
    default:
      throw new InvalidArgumentError(
        'outcome',
        `must be done, again or dead, not ${show(outcome satisfies never)}`,
      );
  }
}

/** @param timer a whole one, most likely, of which only these fields count. */
function parseDelivered(timer: unknown): Pick<SettlementValues, 'uuid' | 'executeAt' | 'revision'> {
  checkObject('timer', timer);
  const { namespace, id, uuid, executeAt, revision } = readDelivered(timer);
  checkText('timer.namespace', namespace);
  checkText('timer.id', id);
  checkUuid('timer.uuid', uuid);
  checkRevision('timer.revision', revision);
  return { uuid: uuid.toLowerCase(), executeAt: parseDate('timer.executeAt', executeAt), revision };
}

function readDelivered(timer: Record<string, unknown>): Record<string, unknown> {
  try {
    const { namespace, id, uuid, executeAt, revision } = timer as Record<keyof Timer, unknown>;
    return { namespace, id, uuid, executeAt, revision };
  } catch (error) {
    throw unreadable('timer', error);
  }
}

/** A bigint as the server writes it, so that each revision has one text. */
const REVISION = /^(?:0|-?[1-9]\d{0,18})$/;

/** Texts of as many digits are in the order of their numbers, and all shorter ones are within these. */
const LEAST_REVISION = String(-(2n ** 63n));
const GREATEST_REVISION = String(2n ** 63n - 1n);

function checkRevision(argument: string, revision: unknown): asserts revision is string {
  if (typeof revision !== 'string' || !REVISION.test(revision) || isBeyondBigint(revision)) {
    const reason = `must be a whole number of 64 bits as a text, as timers that are read have it, not ${show(revision)}`;
    throw new InvalidArgumentError(argument, reason);
  }
}

function isBeyondBigint(revision: string): boolean {
  const limit = revision.startsWith('-') ? LEAST_REVISION : GREATEST_REVISION;
  return revision.length === limit.length && revision > limit;
}

const DEAD_FIELDS = [
  'shardId',
  'shardVersion',
  'timer',
  'outcome',
  'firstAttemptAt',
  'attempts',
  'lastError',
] as const satisfies readonly (keyof DeadSettlement)[];

const AGAIN_FIELDS = [
  ...DEAD_FIELDS,
  'executeAt',
  'dueAt',
  'payload',
  'revision',
] as const satisfies readonly (keyof AgainSettlement)[];

function parseUnfinished(
  settlement: unknown,
  outcome: 'again' | 'dead',
  executeAt: Date,
  maxPayloadBytes: number,
): UnfinishedValues {
  const fields = parseFields('', settlement, outcome === 'dead' ? DEAD_FIELDS : AGAIN_FIELDS);
  const { attempts, lastError = null, payload, revision } = fields;
  if (revision !== undefined) {
    checkRevision('revision', revision);
  }
  const parseOptionalDate = (field: string) =>
    fields[field] === undefined || fields[field] === null ? null : parseDate(field, fields[field]);
  checkInteger('attempts', attempts, 0, MAX_INT4);
  if (lastError !== null || outcome === 'dead') {
    checkText('lastError', lastError, MAX_ERROR_LENGTH);
  }
  return {
    outcome,
    nextExecuteAt: outcome === 'dead' ? executeAt : parseDate('executeAt', fields['executeAt']),
    dueAt: parseOptionalDate('dueAt'),
    firstAttemptAt: parseOptionalDate('firstAttemptAt'),
    attempts,
    lastError: lastError as string | null,
    payload:
      payload === undefined || payload === null ? payload : jsonText('payload', payload, maxPayloadBytes),
    newRevision: revision,
  };
}
