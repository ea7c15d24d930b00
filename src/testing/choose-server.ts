import http from 'node:http';
import { startEmbeddedServer } from './embedded-server';

/** Which server tests are run on. */
export interface ServerOptions {
  /** Of a superuser of a server that is there. */
  readonly url?: string | undefined;
  /** Of the container, where a Docker daemon answers. (Default: `postgres:18-alpine`) */
  readonly image?: string;
  /** Settings of a server that is started here, as in postgresql.conf. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

export interface ChosenServer {
  /** Such as `a container of postgres:18-alpine`. */
  readonly description: string;
  /** Of a superuser, to the database `postgres`, or the one that was given. */
  readonly url: string;
  /** Stops it, if it was started here. */
  stop(): Promise<void>;
}

const IMAGE = 'postgres:18-alpine';

/**
 * The server that is given, else a container where a Docker daemon answers and `@testcontainers/postgresql` is
 * installed, else an embedded one.
 *
 * @throws Error none of them can be had, with what to do.
 */
export async function chooseServer({
  url,
  image = IMAGE,
  settings = {},
}: ServerOptions): Promise<ChosenServer> {
  if (url !== undefined) {
    return { description: 'the server that was given', url, stop: async () => {} };
  }
  const containers = (await dockerAnswers()) ? loadContainers() : undefined;
  if (containers !== undefined) {
    try {
      return await startContainer(containers, image, settings);
    } catch (error) {
      process.emitWarning(`No container of ${image} could be started, so an embedded server is: ${error}`);
    }
  }
  const server = await startEmbeddedServer({ settings });
  return {
    description: `embedded PostgreSQL on port ${server.port}`,
    url: server.url(),
    stop: () => server.stop(),
  };
}

type Containers = typeof import('@testcontainers/postgresql');

/** Only when it is needed: it is large, and most machines do without. Not by import(), of which jest knows nothing by default. */
function loadContainers(): Containers | undefined {
  try {
    return require('@testcontainers/postgresql') as Containers;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') {
      return undefined;
    }
    throw error;
  }
}

async function startContainer(
  { PostgreSqlContainer }: Containers,
  image: string,
  settings: Readonly<Record<string, string | number>>,
): Promise<ChosenServer> {
  const options = Object.entries({ fsync: 'off', max_connections: 200, ...settings }).flatMap(
    ([name, value]) => ['-c', `${name}=${value}`],
  );
  const container = await new PostgreSqlContainer(image)
    .withDatabase('postgres')
    .withCommand(['postgres', ...options])
    .start();
  return {
    description: `a container of ${image}`,
    url: container.getConnectionUri(),
    stop: async () => {
      await container.stop();
    },
  };
}

/** Asks the daemon itself: the look-up of testcontainers can wait for ever. */
function dockerAnswers(): Promise<boolean> {
  const host = new URL(process.env['DOCKER_HOST'] || 'unix:///var/run/docker.sock');
  const address =
    host.protocol === 'unix:' ? { socketPath: host.pathname } : { host: host.hostname, port: host.port };
  return new Promise((resolve) => {
    const request = http.get({ ...address, path: '/_ping', timeout: 500 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}
