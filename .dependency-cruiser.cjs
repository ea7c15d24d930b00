/**
 * Which room of src/ may import which: each only from those above it, so that there is no cycle, and each can be read
 * without those below. What a room is for stands in docs/development.md.
 */
const ROOMS = {
  contract: [],
  telemetry: ['contract'],
  generated: [],
  validation: ['contract'],
  driver: ['contract', 'telemetry', 'validation'],
  connection: ['contract', 'validation', 'driver'],
  diagnostics: ['contract', 'generated', 'driver', 'connection'],
  postgres: ['contract', 'telemetry', 'generated', 'validation', 'driver', 'connection', 'diagnostics'],
  sharding: ['contract', 'generated', 'validation', 'driver', 'diagnostics', 'postgres'],
  membership: ['contract', 'generated', 'validation', 'postgres'],
  engine: ['contract', 'telemetry'],
  recurring: ['contract', 'validation', 'engine'],
  testing: ['contract', 'telemetry', 'validation', 'engine'],
  opentelemetry: ['contract', 'telemetry', 'postgres', 'engine'],
  cli: [
    'contract',
    'telemetry',
    'generated',
    'validation',
    'connection',
    'diagnostics',
    'postgres',
    'membership',
    'engine',
    'iterate-timers.ts',
  ],
};

/** @param {string} each a room, or a file beside them */
const pathOf = (each) => (each.endsWith('.ts') ? `^src/${each}$` : `^src/${each}/`);

/** Where those who use the package come in; and the program that watches a test's server. */
const ENTRIES = '^src/(index|engine|recurring|cli|telemetry|testing|testing/watch-server)\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-file-that-nothing-imports',
      severity: 'error',
      from: { orphan: true, path: '^src/' },
      to: {},
    },
    {
      name: 'no-file-that-the-package-does-not-reach',
      comment: 'A file that only tests import is dead, too.',
      severity: 'error',
      from: { path: ENTRIES },
      to: { path: '^src/', pathNot: ENTRIES, reachable: false },
    },
    ...Object.entries(ROOMS).map(([room, allowed]) => ({
      name: `${room}-imports-only-what-is-above-it`,
      severity: /** @type {const} */ ('error'),
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: [room, ...allowed].map(pathOf) },
    })),
    {
      name: 'no-file-without-a-room',
      comment: 'At the top of src/ stand the entry points and what is made of the public contract alone.',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        path: '^src/[^/]+/',
        pathNot: Object.keys(ROOMS).map((room) => `^src/${room}/`),
      },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    includeOnly: '^src/',
  },
};
