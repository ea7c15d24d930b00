/** What `startEmbeddedServer` asks of the process that watches the server, as JSON in its first argument. */
export interface ServerTask {
  /** The folder with the server's `bin`, `lib` and `share`. */
  readonly nativeDir: string;
  /** Of these binaries; another one for each version and platform. */
  readonly version: string;
  /** null: a throw-away directory. */
  readonly dataDir: string | null;
  readonly durable: boolean;
  readonly settings: Readonly<Record<string, string | number>>;
}

/** What the watching process answers once connections are taken, as one line of JSON. */
export interface StartedServer {
  /** Of a superuser, without a database. It contains the password. */
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  readonly pid: number;
}

/** What it answers if the server does not start. */
export interface StartFailure {
  readonly error: string;
}
