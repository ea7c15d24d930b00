import http from 'node:http';
import type { Layout } from '../../scripts/layouts.mjs' with { 'resolution-mode': 'import' };
import { startEmbeddedServer } from '../../src/testing';

const IMAGES = {
  plain: 'postgres:18.1-alpine',
  partitioned: 'postgres:18.1-alpine',
  citus: 'citusdata/citus:13.2',
};

export interface TestServer {
  readonly description: string;
  /** Of a superuser, to the database `postgres`. */
  readonly url: string;
  stop(): Promise<unknown>;
}

/** `TEST_DATABASE_URL`, else a container where a Docker daemon answers, else the embedded server. */
export async function chooseTestServer(layout: Layout): Promise<TestServer> {
  const url = process.env['TEST_DATABASE_URL'];
  if (url) {
    return { description: 'the server of TEST_DATABASE_URL', url, stop: async () => {} };
  }
  if (await dockerAnswers()) {
    try {
      return await startContainer(layout);
    } catch (error) {
      console.warn(`No container could be started, so the embedded server is used: ${error}`);
    }
  }
  if (layout === 'citus') {
    throw new Error('TEST_LAYOUT=citus needs Docker, or a server with Citus as TEST_DATABASE_URL');
  }
  const server = await startEmbeddedServer({ settings: { timezone: 'Asia/Kolkata' } });
  return { description: `embedded PostgreSQL on port ${server.port}`, url: server.url(), stop: server.stop };
}

async function startContainer(layout: Layout): Promise<TestServer> {
  // Loaded only here: it is large, and most machines do not need it.
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const container = await new PostgreSqlContainer(IMAGES[layout])
    .withDatabase('postgres')
    .withCommand(
      ['postgres', '-c', 'fsync=off', '-c', 'timezone=Asia/Kolkata', '-c', 'max_connections=200'].concat(
        layout === 'citus' ? ['-c', 'shared_preload_libraries=citus'] : [],
      ),
    )
    .start();
  return {
    description: `a container of ${IMAGES[layout]}`,
    url: container.getConnectionUri(),
    stop: () => container.stop(),
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
