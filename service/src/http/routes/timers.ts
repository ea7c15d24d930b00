import { Type } from '@sinclair/typebox';
import { shardIdFor } from 'pg-timer-store';
import { ScheduleFailedError } from 'pg-timer-store/engine';
import { ApiError, invalidArgument } from '../../api-error';
import type { ApiErrorCode } from '../../api-error-codes';
import { parseGoDuration } from '../../config/go-duration';
import type { Settings } from '../../config/settings';
import type { ServiceContext } from '../../context';
import { toApiError } from '../../to-api-error';
import { checkNamespace } from '../access';
import { type App, BASE_PATH } from '../app';
import { callSignal } from '../call-signal';
import { callSchema, errorAnswers } from '../open-api';
import { BatchAnswer, BatchCreate, CreateTimer, ReviveTimer, Timer, TimerKey, UpdateTimer } from '../schemas';
import {
  type Creation,
  createdAnswer,
  dueAt,
  newTimer,
  type TimerDefaults,
  timerAnswer,
  timerChanges,
  type Update,
} from '../timer-json';

/** JSON text in UTF-8 takes at most so many times as many bytes when it is written anew: `9e20` has 21 digits. */
const GROWTH = 6;

export function addTimerRoutes(app: App, context: ServiceContext): void {
  const { settings, engineOf, store, changes } = context;
  const timeoutMs = parseGoDuration(settings.databaseApiTimeout) as number;
  const limitsOf = (namespace: string) => limitsIn(settings, namespace);
  const shardOf = (timerId: string) => shardIdFor(timerId, settings.shardCount);

  app.post(
    `${BASE_PATH}/timers/create`,
    {
      config: { right: 'write' },
      schema: callSchema({
        operationId: 'createTimer',
        tag: 'timers',
        summary: 'Create a timer, or replace the one with its id',
        body: CreateTimer,
        answer: Timer,
        errors: ['NAMESPACE_NOT_FOUND'],
      }),
    },
    async (request, reply) => {
      const limits = limitsOf(request.body.namespace);
      checkLimits('', request.body, limits, bodyLength(request.headers));
      const timer = newTimer(request.body, limits);
      await engineOf().schedule(timer, { signal: callSignal(reply), timeoutMs });
      changes.publish({ type: 'created', namespace: timer.namespace, id: timer.id });
      return createdAnswer(timer);
    },
  );

  app.post(
    `${BASE_PATH}/timers/get`,
    {
      config: { right: 'read' },
      schema: callSchema({
        operationId: 'getTimer',
        tag: 'timers',
        summary: 'Get a timer; a dead one, if none of its id lives',
        body: TimerKey,
        answer: Timer,
        errors: ['TIMER_NOT_FOUND', 'NAMESPACE_NOT_FOUND'],
      }),
    },
    async ({ body: { namespace, timerId } }, reply) => {
      const options = { signal: callSignal(reply), timeoutMs };
      const timer =
        (await engineOf().get(namespace, timerId, options)) ??
        (await store.getDeadTimer(shardOf(timerId), namespace, timerId, options));
      if (timer === null) {
        throw new ApiError('TIMER_NOT_FOUND', 'There is no such timer');
      }
      return timerAnswer(timer);
    },
  );

  app.post(
    `${BASE_PATH}/timers/update`,
    {
      config: { right: 'write' },
      schema: callSchema({
        operationId: 'updateTimer',
        tag: 'timers',
        summary: 'Change a timer that is pending',
        body: UpdateTimer,
        answer: Timer,
        errors: ['TIMER_NOT_FOUND', 'NAMESPACE_NOT_FOUND'],
      }),
    },
    async (request, reply) => {
      const { namespace, timerId } = request.body;
      const limits = limitsOf(namespace);
      checkLimits('', request.body, limits, bodyLength(request.headers));
      const options = { signal: callSignal(reply), timeoutMs };
      const timer = await engineOf().update(namespace, timerId, timerChanges(request.body, limits), options);
      changes.publish({ type: 'updated', namespace, id: timerId });
      return timerAnswer(timer);
    },
  );

  const gone = (operationId: string, summary: string) => {
    const schema = callSchema({ operationId, tag: 'timers', summary, body: TimerKey, answer: Timer });
    const missing = errorAnswers(['TIMER_NOT_FOUND', 'NAMESPACE_NOT_FOUND']);
    const { 200: _, ...errors } = schema.response;
    return {
      ...schema,
      response: { 204: Type.Null({ description: 'It is deleted.' }), ...errors, ...missing },
    };
  };
  app.post(
    `${BASE_PATH}/timers/delete`,
    {
      config: { right: 'write' },
      schema: gone('deleteTimer', 'Delete a timer that is pending'),
    },
    async ({ body: { namespace, timerId } }, reply) => {
      await engineOf().cancel(namespace, timerId, { signal: callSignal(reply), timeoutMs });
      changes.publish({ type: 'deleted', namespace, id: timerId });
      return reply.code(204).send(null);
    },
  );
  app.post(
    `${BASE_PATH}/timers/delete-dead`,
    {
      config: { right: 'write' },
      schema: gone('deleteDeadTimer', 'Delete a dead timer'),
    },
    async ({ body: { namespace, timerId } }, reply) => {
      const options = { signal: callSignal(reply), timeoutMs };
      await store.deleteDeadTimer(shardOf(timerId), namespace, timerId, options);
      changes.publish({ type: 'deleted', namespace, id: timerId });
      return reply.code(204).send(null);
    },
  );

  app.post(
    `${BASE_PATH}/timers/revive`,
    {
      config: { right: 'write' },
      schema: callSchema({
        operationId: 'reviveTimer',
        tag: 'timers',
        summary: 'Let a dead timer live again, with no attempts',
        body: ReviveTimer,
        answer: Timer,
        errors: ['TIMER_NOT_FOUND', 'NAMESPACE_NOT_FOUND'],
      }),
    },
    async ({ body: { namespace, timerId, executeAt } }, reply) => {
      const options = { signal: callSignal(reply), timeoutMs };
      const at = executeAt === undefined ? new Date() : dueAt(executeAt, limitsOf(namespace));
      const timer = await store.reviveTimer(shardOf(timerId), namespace, timerId, at, options);
      // Its owner need not wait for the next look. If that cannot be said, the look finds it.
      store.announceDueTimers([shardOf(timerId)], { timeoutMs }).catch(() => {});
      changes.publish({ type: 'revived', namespace, id: timerId });
      return timerAnswer(timer);
    },
  );

  app.post(
    `${BASE_PATH}/timers/batch-create`,
    {
      config: { right: 'write' },
      bodyLimit: settings.maxBatchSizeInBytes,
      schema: callSchema({
        operationId: 'batchCreateTimers',
        tag: 'timers',
        summary: 'Create or replace up to 10,000 timers: all or none of each shard',
        body: BatchCreate,
        answer: BatchAnswer,
        errors: ['NAMESPACE_NOT_FOUND'],
      }),
    },
    async (request, reply) => {
      const { timers: creations } = request.body;
      const length = bodyLength(request.headers);
      const limitsByName = new Map<string, Limits>();
      const timers = creations.map((creation, place) => {
        const { namespace } = creation;
        let limits = limitsByName.get(namespace);
        if (limits === undefined) {
          checkNamespace(settings.namespaces, request.caller, namespace);
          limits = limitsOf(namespace);
          limitsByName.set(namespace, limits);
        }
        checkLimits(`timers[${place}].`, creation, limits, length);
        return newTimer(creation, limits);
      });
      const shards = new Map<number, { count: number; error: BatchError | null }>();
      for (const { id } of timers) {
        const shardId = shardOf(id);
        shards.set(shardId, { count: (shards.get(shardId)?.count ?? 0) + 1, error: null });
      }
      let failed = 0;
      try {
        await engineOf().scheduleMany(timers, { signal: callSignal(reply), timeoutMs });
      } catch (error) {
        if (!(error instanceof ScheduleFailedError) || error.failures.length === shards.size) {
          throw error instanceof ScheduleFailedError ? error.failures[0]?.error : error;
        }
        for (const failure of error.failures) {
          const shardId = shardOf(timers[failure.places[0] ?? 0]?.id ?? '');
          failed += failure.places.length;
          shards.set(shardId, { count: failure.places.length, error: batchError(failure) });
        }
      }
      for (const { namespace, id } of timers.slice(0, MAX_CHANGES)) {
        changes.publish({ type: 'created', namespace, id });
      }
      return {
        created: timers.length - failed,
        failed,
        shards: [...shards].map(([shardId, shard]) => ({ shardId, ...shard })),
      };
    },
  );
}

/** Whoever watches does not want to hear of each of ten thousand. */
const MAX_CHANGES = 100;

interface BatchError {
  readonly error: ApiErrorCode;
  readonly message: string;
  readonly places: number[];
}

function batchError({ places, error }: ScheduleFailedError['failures'][number]): BatchError {
  const known = toApiError(error);
  const { code, message } =
    known instanceof ApiError ? known : new ApiError('INTERNAL', 'The log of the service says why');
  return { error: code, message, places: [...places] };
}

interface Limits extends TimerDefaults {
  readonly maxPayloadBytes: number;
  readonly maxTimeoutSeconds: number;
}

function limitsIn(settings: Settings, namespace: string): Limits {
  const own = settings.namespaces[namespace];
  const maxTimeoutSeconds = own?.maxCallbackTimeoutSeconds ?? settings.maxCallbackTimeoutSeconds;
  return {
    maxPayloadBytes: own?.maxTimerPayloadSizeInBytes ?? settings.maxTimerPayloadSizeInBytes,
    maxTimeoutSeconds,
    callbackTimeoutSeconds: maxTimeoutSeconds,
    minTimerDurationMs: parseGoDuration(settings.minTimerDuration) as number,
  };
}

/** @param length of the body, if it was said. */
function checkLimits(
  prefix: string,
  { payload, callbackTimeoutSeconds = 1 }: Creation | Update,
  { maxPayloadBytes, maxTimeoutSeconds }: Limits,
  length: number,
): void {
  if (callbackTimeoutSeconds > maxTimeoutSeconds) {
    throw invalidArgument(
      `${prefix}callbackTimeoutSeconds`,
      `must be at most ${maxTimeoutSeconds}, not ${callbackTimeoutSeconds}`,
    );
  }
  if (payload !== undefined && length * GROWTH > maxPayloadBytes) {
    const bytes = Buffer.byteLength(JSON.stringify(payload));
    if (bytes > maxPayloadBytes) {
      throw new ApiError(
        'PAYLOAD_TOO_LARGE',
        `${prefix}payload takes ${bytes} bytes as JSON, and may take ${maxPayloadBytes}`,
        { details: { argument: `${prefix}payload` } },
      );
    }
  }
}

function bodyLength(headers: { readonly 'content-length'?: string | undefined }): number {
  return Number(headers['content-length'] ?? Number.POSITIVE_INFINITY);
}
