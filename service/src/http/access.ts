import type { FastifyRequest } from 'fastify';
import type { Caller } from '../access/api-keys';
import { ApiError } from '../api-error';
import { isLoopback } from '../config/load-settings';
import type { Right } from '../config/settings';
import type { ServiceContext } from '../context';
import type { App } from './app';
import { dropUnreadBody } from './unread-body';
import { WrongKeys } from './wrong-keys';

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null;
  }
  interface FastifyContextConfig {
    /** What a caller needs for it. Absent: nothing. */
    readonly right?: Right;
  }
}

/** Who calls, whether they may, and how often: before a body is read. Then, of what the body names. */
export function addAccess(app: App, { settings, keys }: ServiceContext): void {
  app.decorateRequest('caller', null);
  const wrongKeys = new WrongKeys();
  const ofKey = app.createRateLimit({
    timeWindow: 1000,
    keyGenerator: ({ caller }) => `key ${caller?.name}`,
    max: ({ caller }) => caller?.callsPerSecond ?? Number.MAX_SAFE_INTEGER,
  });
  const ofNamespace = app.createRateLimit({
    timeWindow: 1000,
    keyGenerator: (request) => `namespace ${namespaceOf(request)}`,
    max: (request) =>
      settings.namespaces[namespaceOf(request) ?? '']?.callsPerSecond ?? Number.MAX_SAFE_INTEGER,
  });

  app.addHook('onRequest', async (request, reply) => {
    const { right } = request.routeOptions.config;
    if (right === undefined) {
      return;
    }
    if (keys.isEmpty && !isLoopback(request.hostname.replace(/^\[(.*)\]$/, '$1'))) {
      // A page of another site can make a browser call this machine, by a name of its own that resolves to it.
      throw new ApiError(
        'FORBIDDEN',
        'Where there are no apiKeys, the host of a call must be a loopback address',
      );
    }
    const caller = keys.find(request.headers.authorization);
    if (caller === undefined) {
      // Not only when it is answered: meanwhile nothing else bounds it.
      dropUnreadBody(reply);
      await wrongKeys.turnOf(reply);
      throw new ApiError('UNAUTHENTICATED', 'The call needs a key that is good: Authorization: Bearer KEY');
    }
    request.caller = caller;
    if (!caller.rights.has(right)) {
      throw new ApiError('FORBIDDEN', `The key does not have the right to ${right}`);
    }
    if (caller.callsPerSecond !== undefined) {
      await limit(ofKey, request, 'by this key');
    }
  });
  app.addHook('preHandler', async (request) => {
    const namespace = namespaceOf(request);
    if (namespace === undefined || request.caller === null) {
      return;
    }
    checkNamespace(settings.namespaces, request.caller, namespace);
    if (settings.namespaces[namespace]?.callsPerSecond !== undefined) {
      await limit(ofNamespace, request, 'in this namespace');
    }
  });
}

/** @throws ApiError the caller has no business there, or there is no such namespace. */
export function checkNamespace(
  allowed: ServiceContext['settings']['namespaces'],
  caller: Caller | null,
  namespace: string,
): void {
  if (caller?.namespaces?.has(namespace) === false) {
    throw new ApiError('FORBIDDEN', 'The key is not for this namespace');
  }
  if (Object.keys(allowed).length > 0 && !Object.hasOwn(allowed, namespace)) {
    throw new ApiError('NAMESPACE_NOT_FOUND', 'There is no such namespace');
  }
}

function namespaceOf({ body }: FastifyRequest): string | undefined {
  const { namespace } = (body ?? {}) as { namespace?: unknown };
  return typeof namespace === 'string' ? namespace : undefined;
}

async function limit(
  check: ReturnType<App['createRateLimit']>,
  request: FastifyRequest,
  where: string,
): Promise<void> {
  const found = await check(request);
  if (!found.isAllowed && found.isExceeded) {
    throw new ApiError('RATE_LIMITED', `As many calls as may be a second were made ${where}`, {
      retryAfterSeconds: Math.max(1, found.ttlInSeconds),
    });
  }
}
