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
} from '../contract/scalars';
import type { Settlement } from '../contract/settlement';
import { jsonText } from './json-text';
import { checkObject, parseFields } from './objects';

/** What the column keeps. */
const MAX_ERROR_LENGTH = 1000;

/** A settlement as it is sent: nothing of the caller's, which may change. */
export interface SettlementValues {
  readonly shardId: number;
  readonly shardVersion: number;
  readonly namespace: string;
  readonly id: string;
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

const REVISION = /^-?\d{1,19}$/;

/** @throws InvalidArgumentError */
export function parseSettlements(settlements: unknown, maxPayloadBytes: number): SettlementValues[] {
  if (!Array.isArray(settlements)) {
    throw new InvalidArgumentError('settlements', `must be an array, not ${show(settlements)}`);
  }
  return settlements.map((settlement: Settlement, index) => {
    try {
      checkObject('', settlement);
      return parseSettlement(settlement, maxPayloadBytes);
    } catch (error) {
      // To put its name together takes longer than the check: that is done for what is refused alone.
      throw error instanceof InvalidArgumentError ? inElement(`settlements[${index}]`, error) : error;
    }
  });
}

/** @param error of the element itself, or of a field by its name, or by its path from there. */
function inElement(element: string, { argument, reason, cause }: InvalidArgumentError): InvalidArgumentError {
  const path = /^$|^\./.test(argument) ? argument : `.${argument}`;
  return new InvalidArgumentError(`${element}${path}`, reason, { cause });
}

function parseSettlement(settlement: Settlement, maxPayloadBytes: number): SettlementValues {
  const { shardId, shardVersion, timer, outcome } = settlement;
  checkObject('timer', timer);
  const { namespace, id, uuid, revision } = timer;
  checkShardId(shardId);
  checkShardVersion(shardVersion);
  checkText('timer.namespace', namespace);
  checkText('timer.id', id);
  checkUuid('timer.uuid', uuid);
  checkRevision('timer.revision', revision);
  const executeAt = parseDate('timer.executeAt', timer.executeAt);
  switch (outcome) {
    case 'done':
      return { shardId, shardVersion, namespace, id, uuid, executeAt, revision, rest: undefined };
    case 'again':
    case 'dead': {
      const rest = parseUnfinished(settlement, executeAt, maxPayloadBytes);
      return { shardId, shardVersion, namespace, id, uuid, executeAt, revision, rest };
    }
    default:
      throw new InvalidArgumentError(
        'outcome',
        `must be done, again or dead, not ${show(outcome satisfies never)}`,
      );
  }
}

function checkRevision(argument: string, revision: unknown): asserts revision is string {
  if (typeof revision !== 'string' || !REVISION.test(revision)) {
    const reason = `must be a whole number of 64 bits as a text, as timers that are read have it, not ${show(revision)}`;
    throw new InvalidArgumentError(argument, reason);
  }
}

const UNFINISHED_FIELDS = [
  'shardId',
  'shardVersion',
  'timer',
  'outcome',
  'executeAt',
  'dueAt',
  'firstAttemptAt',
  'attempts',
  'lastError',
  'payload',
  'revision',
];

function parseUnfinished(
  settlement: Exclude<Settlement, { outcome: 'done' }>,
  executeAt: Date,
  maxPayloadBytes: number,
): UnfinishedValues {
  const fields = parseFields('', settlement, UNFINISHED_FIELDS);
  const { attempts, lastError = null, payload, revision } = fields;
  if (revision !== undefined) {
    checkRevision('revision', revision);
  }
  const parseOptionalDate = (field: string) =>
    fields[field] === undefined || fields[field] === null ? null : parseDate(field, fields[field]);
  checkInteger('attempts', attempts, 0, MAX_INT4);
  if (lastError !== null || settlement.outcome === 'dead') {
    checkText('lastError', lastError, MAX_ERROR_LENGTH);
  }
  return {
    outcome: settlement.outcome,
    nextExecuteAt: settlement.outcome === 'dead' ? executeAt : parseDate('executeAt', fields['executeAt']),
    dueAt: parseOptionalDate('dueAt'),
    firstAttemptAt: parseOptionalDate('firstAttemptAt'),
    attempts,
    lastError: lastError as string | null,
    payload:
      payload === undefined || payload === null ? payload : jsonText('payload', payload, maxPayloadBytes),
    newRevision: revision,
  };
}
