/**
 * What `pg` keeps to itself, and this library needs. No other file touches it, and test/driver/pg-internals.test.ts
 * fails when `pg` changes it.
 */
import { type Client, type ClientBase, type ClientConfig, Connection, defaults, type Pool } from 'pg';

interface ClientInternals {
  readonly host: string;
  readonly port: number;
  readonly ssl: boolean | object;
  /** `pg` has it from 8.22 on. */
  readonly sslNegotiation?: 'postgres' | 'direct';
  readonly processID: number;
  readonly secretKey: number;
  readonly readyForQuery: boolean;
  /** False once the connection is lost. */
  readonly _queryable: boolean;
  /** True once the client has said goodbye. */
  readonly _ending: boolean;
  /** The pool counts here how often it got the client back. */
  readonly _poolUseCount?: number;
  readonly connection: ClientConnection;
  readonly getTransactionStatus?: () => TransactionStatus | null;
}

interface ClientConnection extends Connection {
  /** The text of each statement that was prepared, by its name. */
  readonly parsedStatements: Record<string, string>;
  close(target: { type: 'S'; name: string }): void;
}

/** A connection that asks for something else than a session. */
export interface BareConnection extends Connection {
  connect(port: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processId: number, secretKey: number): void;
}

/** `I`: idle. `T`: in a transaction. `E`: in a transaction that has failed. */
export type TransactionStatus = 'I' | 'T' | 'E';

/** Tells of each value that a setting gets from now on, if it is one that the server reports. */
export function onSetting(client: ClientBase, setting: string, listener: (value: string) => void): void {
  internals(client).connection.on(
    'parameterStatus',
    ({ parameterName, parameterValue }: { parameterName: string; parameterValue: string }) => {
      if (parameterName === setting) {
        listener(parameterValue);
      }
    },
  );
}

/** Whom a client talks to, and how. */
export interface Session {
  readonly host: string;
  readonly port: number;
  /** The address of the very server, where the host's name stands for several. Undefined on a Unix socket. */
  readonly peer: { readonly address: string; readonly port: number } | undefined;
  readonly ssl: boolean | object;
  readonly sslNegotiation: 'postgres' | 'direct';
  readonly processId: number;
  readonly secretKey: number;
}

function internals(client: ClientBase): ClientInternals {
  return client as unknown as ClientInternals;
}

/** The process of the server, as it, or a pooler before it, has told. */
export function processIdOf(client: ClientBase): number {
  return internals(client).processID;
}

export function sessionOf(client: ClientBase): Session {
  const {
    host,
    port,
    ssl,
    sslNegotiation = 'postgres',
    processID,
    secretKey,
    connection,
  } = internals(client);
  const { remoteAddress, remotePort } = connection.stream as { remoteAddress?: string; remotePort?: number };
  const peer =
    remoteAddress === undefined || remotePort === undefined
      ? undefined
      : { address: remoteAddress, port: remotePort };
  return { host, port, peer, ssl, sslNegotiation, processId: processID, secretKey };
}

export function bareConnection(
  options: Pick<Session, 'ssl' | 'sslNegotiation'> & { readonly stream: ClientConfig['stream'] | undefined },
): BareConnection {
  return new Connection(options as object) as BareConnection;
}

/** Ends a connection without a word: a goodbye would wait for a server that does not answer. */
export function cutConnection(client: ClientBase): void {
  internals(client).connection.stream.destroy();
}

/** Whether the session is over, whoever ended it. */
export function hasEnded(client: ClientBase): boolean {
  const { _queryable, _ending } = internals(client);
  return !_queryable || _ending;
}

/** Whether the server has something to do. */
export function isBusy(client: ClientBase): boolean {
  return !internals(client).readyForQuery;
}

/**
 * Waits until the server is ready again or the session has ended. After an error this tells a statement that failed
 * from a session that did: severity FATAL and PANIC are told in the server's language, and `pg` leaves out the field
 * that is not.
 */
export function untilSettled(client: ClientBase): Promise<void> {
  const { connection } = internals(client);
  if (!isBusy(client) || hasEnded(client)) {
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    const settle = () => {
      connection.off('readyForQuery', settle);
      connection.off('end', settle);
      resolve();
    };
    connection.on('readyForQuery', settle);
    connection.on('end', settle);
  });
}

/** Whether the driver gave up on an answer by `query_timeout`; the statement may run on. */
export function isReadTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout';
}

/** Whether the driver ended the exchange of passwords: it has none, or the server's proof is wrong. */
export function isPasswordFailure(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('SASL: ');
}

/** Whether anybody had a client of a pool before. */
export function wasUsed(client: ClientBase): boolean {
  return (internals(client)._poolUseCount ?? 0) > 0;
}

const statuses = new WeakMap<ClientBase, TransactionStatus | undefined>();

/** Undefined: it is not known before the next answer of the server. So it is at first with a `pg` before 8.21. */
export function transactionStatusOf(client: ClientBase): TransactionStatus | undefined {
  const { getTransactionStatus, connection } = internals(client);
  if (getTransactionStatus !== undefined) {
    return getTransactionStatus.call(client) ?? undefined;
  }
  if (!statuses.has(client)) {
    statuses.set(client, undefined);
    connection.on('readyForQuery', ({ status }: { status: TransactionStatus }) =>
      statuses.set(client, status),
    );
  }
  return statuses.get(client);
}

/** Lets a statement be prepared anew. Where the server does not have it, nothing happens. */
export function forgetStatement(client: ClientBase, name: string): void {
  const { connection } = internals(client);
  delete connection.parsedStatements[name];
  connection.close({ type: 'S', name });
}

/** All clients of a pool, those included that are still connecting. */
export function clientsOf(pool: Pool): readonly ClientBase[] {
  return [...(pool as unknown as { readonly _clients: readonly ClientBase[] })._clients];
}

/** What this library does not read: results in binary, and what the client of pg.native makes of them. */
export type OtherFormat = 'binary' | 'native';

/** Of the connections that a pool is going to open. Undefined: text. */
export function otherFormatOfPool(pool: unknown): OtherFormat | undefined {
  const { options, Client: Driver } = pool as {
    readonly options?: { readonly binary?: boolean };
    readonly Client?: { readonly prototype?: object };
  };
  if (options?.binary || (defaults as { binary?: boolean }).binary) {
    return 'binary';
  }
  // Only the client of pg.native has this method, by which the pool tells the two apart as well.
  const isNative = Driver?.prototype !== undefined && 'isConnected' in Driver.prototype;
  return isNative ? 'native' : undefined;
}

/** Undefined: text. */
export function otherFormatOfClient(client: Pick<Client, 'query'>): OtherFormat | undefined {
  if ((client as { binary?: boolean }).binary) {
    return 'binary';
  }
  return 'native' in client ? 'native' : undefined;
}
