// Before anything loads `pg`; the workers take the environment over.
require('./scripts/own-environment.cjs');

/** What does not depend on the layout of the table, or has servers of its own and no pooler before them. */
const INDEPENDENT = [
  'chaos/',
  'codegen/',
  'connection/access/',
  'connection/parse-connect-config',
  'contract/',
  'db/collation',
  'db/docker-roles',
  'db/schema',
  'docs/',
  'driver/encode-array',
  'engine/fixed-membership',
  'engine/http-',
  'engine/rendezvous',
  'examples/',
  'membership/lost-server',
  'membership/processes',
  'testing/',
];
/** What looks past the pooler: at sessions, settings and plans of the server, or at what breaks on the way to it. */
const WITHOUT_POOLER = [
  'connection/plan-settings',
  'db/partitions',
  'db/storage-parameters',
  'diagnostics/',
  'driver/retry',
  'driver/unavailable',
  'faults/',
  'sharding/',
];

/** Citus plans on its workers, and moves shards by itself. */
const WITHOUT_CITUS = ['connection/plan-settings', 'diagnostics/plans', 'sharding/'];

/** What has databases or sessions of its own, without the schema of the others, or names the schema public. */
const WITHOUT_SCHEMA = [
  'connection/plan-settings',
  'connection/schema',
  'db/collation',
  'db/partitions',
  'db/storage-parameters',
  'diagnostics/check-server',
  'driver/unavailable',
];

const { TEST_LAYOUT, TEST_POOLER, TEST_SCHEMA } = process.env;
const left = [
  ...(TEST_POOLER || (TEST_LAYOUT && TEST_LAYOUT !== 'plain') ? INDEPENDENT : []),
  ...(TEST_POOLER ? WITHOUT_POOLER : []),
  ...(TEST_SCHEMA ? [...INDEPENDENT, ...WITHOUT_SCHEMA] : []),
  ...(TEST_LAYOUT === 'citus' ? WITHOUT_CITUS : []),
];

/** Here, since jest takes what it compiled before for as long as its own configuration is the same. */
const COMPILED = {
  loader: 'ts',
  format: 'cjs',
  target: 'es2022',
  sourcemap: 'both',
  tsconfigRaw: { compilerOptions: { strict: true } },
};

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  transform: { '\\.ts$': ['<rootDir>/test/support/compile.cjs', COMPILED] },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...left.map((name) => `<rootDir>/test/${name}`)],
  globalSetup: './test/support/start-test-server.ts',
  globalTeardown: './test/support/stop-test-server.ts',
  // Two cores are common on build machines, and the server wants some of them.
  maxWorkers: 2,
  testTimeout: 30_000,
};
