import type { Layout } from '../../scripts/layouts.mjs' with { 'resolution-mode': 'import' };
import { type ChosenServer, chooseServer } from '../../src/testing/choose-server';

const IMAGES = {
  plain: 'postgres:18.1-alpine',
  partitioned: 'postgres:18.1-alpine',
  citus: 'citusdata/citus:13.2',
};

export type TestServer = ChosenServer;

/** `TEST_DATABASE_URL`, else a container where a Docker daemon answers, else the embedded server. */
export async function chooseTestServer(layout: Layout): Promise<TestServer> {
  const options = {
    url: process.env['TEST_DATABASE_URL'] || undefined,
    image: IMAGES[layout],
    // None in which a time that was written as local would go unnoticed.
    settings: { timezone: 'Asia/Kolkata' },
  };
  if (layout !== 'citus') {
    return await chooseServer(options);
  }
  const settings = { ...options.settings, shared_preload_libraries: 'citus' };
  try {
    return await chooseServer({ ...options, settings });
  } catch (cause) {
    const needs = 'TEST_LAYOUT=citus needs Docker, or a server with Citus as TEST_DATABASE_URL';
    throw new Error(needs, { cause });
  }
}
