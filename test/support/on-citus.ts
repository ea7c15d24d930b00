import type { Client } from 'pg';

/** Whether the tests run on a cluster of Citus, where some outcomes are less certain: docs/scaling.md. */
export const ON_CITUS = process.env['TEST_LAYOUT'] === 'citus';

/** Lets this session create triggers on `timers`, which Citus takes when it is told that they are of one shard. */
export async function allowTriggers(client: Client): Promise<void> {
  if (ON_CITUS) {
    await client.query('SET citus.enable_unsafe_triggers = on');
  }
}
