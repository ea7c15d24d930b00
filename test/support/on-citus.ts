/** Whether the tests run on a cluster of Citus, where some outcomes are less certain: docs/scaling.md. */
export const ON_CITUS = process.env['TEST_LAYOUT'] === 'citus';
