// Before anything loads `pg`; the workers take the environment over.
require('./scripts/own-environment.cjs');

/** What has no table, or one on a server or in a database that is made as it wants: it is the same in every run. */
const ELSEWHERE = [
  'chaos/',
  'cli/',
  'codegen/',
  'connection/access/',
  'contract/',
  'db/collation',
  'db/docker-roles',
  'db/schema',
  'docs/',
  'driver/encode-array',
  'engine/fixed-membership',
  'engine/http-',
  'engine/rendezvous',
  'membership/lost-server',
  'testing/',
];

/** What looks past the pooler: at sessions, settings and plans of the server, or at what breaks on the way to it. */
const WITHOUT_POOLER = [
  'connection/parse-connect-config',
  'connection/plan-settings',
  'db/',
  'diagnostics/',
  'driver/retry',
  'driver/unavailable',
  'examples/',
  'faults/',
  'membership/processes',
  'opentelemetry/metrics',
  'postgres/citus',
  'sharding/',
];

/** What listens, or has a session of its own, which a pooler in transaction mode gives to nobody. */
const WITHOUT_SESSIONS = [
  'driver/shared-pool',
  'engine/half-open',
  'engine/statements',
  'postgres/conformance',
  'postgres/due-timers',
];

/** What starts a server of its own, which has no Citus: `test/citus` tries the faults of a cluster. */
const ON_OWN_SERVERS = [
  'driver/multixacts',
  'faults/exhausted-server',
  'faults/failover',
  'faults/killed-server',
  'faults/restarted-server',
  'faults/silent-server',
  'faults/stop-engine',
  'faults/synchronous-replication',
];

/** Each with the reason. */
const WITHOUT_CITUS = {
  'connection/plan-settings': 'Citus plans on its workers, whatever the session has set',
  'db/': 'it is of the plain table, and of its way to partitions',
  'diagnostics/': 'it is of the settings, policies and plans of one server',
  'opentelemetry/metrics': 'it counts statements of many shards, and backlogs, which Citus refuses',
  'postgres/backlogs': 'it is of statements of many shards, which Citus refuses',
  'postgres/citus': 'its server only seems to have Citus',
  'postgres/creates-of-shards': 'it counts statements of many shards, or only seems to have Citus',
  'postgres/gathered-writes': 'updates and deletes share no statements there',
  'postgres/lists': 'it is of statements of many shards, which Citus refuses',
  'sharding/': 'Citus moves shards by itself',
};

/**
 * What says by itself where the table is, as Prisma's adapter does, or that start-up options may be left out, among which
 * the schema is.
 */
const WITHOUT_SCHEMA = [
  'connection/parse-connect-config',
  'connection/plan-settings',
  'connection/schema',
  'examples/transactions',
];

const { TEST_LAYOUT, TEST_POOLER, TEST_SCHEMA } = process.env;
const left = [
  ...(TEST_POOLER || TEST_SCHEMA || (TEST_LAYOUT && TEST_LAYOUT !== 'plain') ? ELSEWHERE : []),
  ...(TEST_POOLER ? WITHOUT_POOLER : []),
  ...(TEST_POOLER?.startsWith('transaction') ? WITHOUT_SESSIONS : []),
  ...(TEST_SCHEMA ? WITHOUT_SCHEMA : []),
  ...(TEST_LAYOUT === 'citus' ? [...ON_OWN_SERVERS, ...Object.keys(WITHOUT_CITUS)] : []),
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
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/service/test/**/*.test.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    // It takes a minute: `npm run test:chaos`.
    '<rootDir>/test/chaos/chaos.test',
    // It wants a Chromium: `npm run test:browser`.
    '<rootDir>/service/test/browser/',
    ...left.map((name) => `<rootDir>/test/${name}`),
    // The service knows nothing of the table.
    ...(left.length > 0 ? ['<rootDir>/service/'] : []),
  ],
  globalSetup: './test/support/start-test-server.ts',
  globalTeardown: './test/support/stop-test-server.ts',
  maxWorkers: 2,
  // More than any takes, also on a machine that does much besides.
  testTimeout: 60_000,
};
