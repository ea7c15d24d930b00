import { Readable } from 'node:stream';
import type { Static } from '@sinclair/typebox';
import type { ListFilter, ListPosition, NamespaceCount } from 'pg-timer-store';
import { invalidArgument } from '../../api-error';
import { parseGoDuration } from '../../config/go-duration';
import type { ServiceContext } from '../../context';
import { type App, BASE_PATH } from '../app';
import { callSignal } from '../call-signal';
import { csvHeader, csvLine } from '../csv';
import { callSchema } from '../open-api';
import { pageToken, positionOf } from '../page-token';
import { ExportTimers, ListAnswer, ListNamespaces, ListTimers, NamespacesAnswer } from '../schemas';
import { instant, timerAnswer } from '../timer-json';

/** Timers of a namespace are counted so far in each shard. */
const COUNTED_PER_SHARD = 1000;
const EXPORT_PAGE = 1000;

export function addListRoutes(app: App, context: ServiceContext): void {
  const { settings, store } = context;
  const { shardCount } = settings;
  const timeoutMs = parseGoDuration(settings.databaseApiTimeout) as number;

  app.post(
    `${BASE_PATH}/timers/list`,
    {
      config: { right: 'read' },
      schema: callSchema({
        operationId: 'listTimers',
        tag: 'lists',
        summary: 'List timers by pages: in the order of time if a time is given, and else of their ids',
        body: ListTimers,
        answer: ListAnswer,
        errors: ['NAMESPACE_NOT_FOUND'],
      }),
    },
    async ({ body }, reply) => {
      const after = positionOf(body.pageToken, isByTime(body));
      const options = { signal: callSignal(reply), timeoutMs };
      const page = await store.listTimers(shardCount, filterOf(body), body.limit ?? 100, after, options);
      return {
        timers: page.timers.map((timer) => timerAnswer(timer, body.state)),
        nextPageToken: pageToken(page.next),
      };
    },
  );

  const exportSchema = callSchema({
    operationId: 'exportTimers',
    tag: 'lists',
    summary: 'All timers of a list, as JSON Lines or CSV, as they are read',
    body: ExportTimers,
    answer: ListAnswer,
    errors: ['NAMESPACE_NOT_FOUND'],
  });
  const { 200: _, ...exportErrors } = exportSchema.response;
  app.post(
    `${BASE_PATH}/timers/export`,
    {
      config: { right: 'read' },
      schema: {
        ...exportSchema,
        response: {
          200: {
            description: 'A timer a line. A body that is cut off is not whole.',
            content: {
              'application/jsonl': { schema: { type: 'string' } },
              'text/csv': { schema: { type: 'string' } },
            },
          },
          ...exportErrors,
        },
      },
    },
    async ({ body }, reply) => {
      const isCsv = body.format === 'csv';
      const lines = exportLines(context, filterOf(body), isCsv, { signal: callSignal(reply), timeoutMs });
      // What is wrong with the first page is answered as an error, and not by a body that is cut off.
      const first = await lines.next();
      return reply
        .type(isCsv ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8')
        .header('content-disposition', `attachment; filename="timers.${isCsv ? 'csv' : 'jsonl'}"`)
        .send(Readable.from(startingWith(first, lines)));
    },
  );

  app.post(
    `${BASE_PATH}/namespaces/list`,
    {
      config: { right: 'read' },
      schema: callSchema({
        operationId: 'listNamespaces',
        tag: 'lists',
        summary: 'List the namespaces that the key is for, with counts of their timers',
        body: ListNamespaces,
        answer: NamespacesAnswer,
      }),
    },
    async ({ body: { limit = 100, pageToken: token }, caller }, reply) => {
      const options = { signal: callSignal(reply), timeoutMs };
      const after = token === undefined ? '' : namespaceOf(token);
      const known = caller?.namespaces ?? configured(settings.namespaces);
      const page =
        known === undefined
          ? await store.listNamespaces(shardCount, COUNTED_PER_SHARD, limit, after, options)
          : await countEach(
              context,
              [...known]
                .filter((each) => byBytes(each, after) > 0)
                .sort(byBytes)
                .slice(0, limit),
              options,
            );
      const last = page.length === limit ? page.at(-1)?.namespace : undefined;
      return {
        namespaces: page,
        nextPageToken: last === undefined ? null : Buffer.from(last).toString('base64url'),
      };
    },
  );
}

type Filter = Pick<
  Static<typeof ListTimers>,
  'namespace' | 'state' | 'idPrefix' | 'executeAfter' | 'executeBefore'
>;

function isByTime({ executeAfter, executeBefore }: Filter): boolean {
  return executeAfter !== undefined || executeBefore !== undefined;
}

function filterOf({ namespace, state, idPrefix, executeAfter, executeBefore }: Filter): ListFilter {
  return {
    namespace,
    state: state ?? 'pending',
    ...(idPrefix !== undefined && { idPrefix }),
    ...(executeAfter !== undefined && { after: instant(executeAfter) }),
    ...(executeBefore !== undefined && { before: instant(executeBefore) }),
  };
}

interface ReadOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** A page at a time, when the one before has been taken: a client that reads slowly takes no memory here. */
async function* exportLines(
  { store, settings }: ServiceContext,
  filter: ListFilter,
  isCsv: boolean,
  options: ReadOptions,
): AsyncGenerator<string, void, undefined> {
  let after: ListPosition | null = null;
  let head = isCsv ? csvHeader() : '';
  do {
    const page: Awaited<ReturnType<typeof store.listTimers>> = await store.listTimers(
      settings.shardCount,
      filter,
      EXPORT_PAGE,
      after,
      options,
    );
    const lines = page.timers.map((timer) => {
      const answer = timerAnswer(timer, filter.state);
      return isCsv ? csvLine(answer) : `${JSON.stringify(answer)}\n`;
    });
    yield head + lines.join('');
    head = '';
    after = page.next;
  } while (after !== null);
}

async function* startingWith(
  first: IteratorResult<string, void>,
  rest: AsyncGenerator<string, void, undefined>,
): AsyncGenerator<string, void, undefined> {
  if (!first.done) {
    yield first.value;
  }
  yield* rest;
}

function configured(namespaces: object): ReadonlySet<string> | undefined {
  const names = Object.keys(namespaces);
  return names.length > 0 ? new Set(names) : undefined;
}

async function countEach(
  { store, settings }: ServiceContext,
  namespaces: readonly string[],
  options: ReadOptions,
): Promise<NamespaceCount[]> {
  const counts: NamespaceCount[] = [];
  for (const namespace of namespaces) {
    counts.push(await store.countNamespace(settings.shardCount, namespace, COUNTED_PER_SHARD, options));
  }
  return counts;
}

function namespaceOf(token: string): string {
  const namespace = Buffer.from(token, 'base64url').toString();
  if (namespace === '' || namespace.includes('\0') || namespace.includes('\ufffd')) {
    throw invalidArgument('pageToken', 'must be the nextPageToken of the page before');
  }
  return namespace;
}

function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
