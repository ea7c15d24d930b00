/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  transform: { '\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/test/tsconfig.json' }] },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  globalSetup: './test/support/start-test-server.mjs',
  globalTeardown: './test/support/stop-test-server.mjs',
  // Two cores are common on build machines, and the server wants some of them.
  maxWorkers: 2,
  testTimeout: 30_000,
};
