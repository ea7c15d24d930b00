import { Pool } from 'pg';
import { PostgresTimerStore, type TimerStore } from '../../src';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { STORE_OPTIONS } from '../support/store-options';

/** Several processes' stores on one database, and the pool of another program. */
export interface RacingProcesses {
  readonly fixture: StoreFixture;
  readonly stores: readonly TimerStore[];
  readonly others: Pool;
  close(): Promise<void>;
}

export const PROCESSES = 3;

export async function openRacingProcesses(isolation = 'read committed'): Promise<RacingProcesses> {
  const fixture = await openStoreFixture();
  // The server looks for deadlocks after a second, which is longer than all else that a run does.
  await fixture.direct.query(`ALTER DATABASE ${fixture.database.name} SET deadlock_timeout = '20ms'`);
  await fixture.direct.query(
    `ALTER DATABASE ${fixture.database.name} SET default_transaction_isolation = '${isolation}'`,
  );
  const { url, storeUrl } = fixture.database;
  const stores = await Promise.all(
    Array.from({ length: PROCESSES }, () =>
      PostgresTimerStore.connect({ connectionString: storeUrl, ...STORE_OPTIONS }),
    ),
  );
  const others = new Pool({ connectionString: url });
  return {
    fixture,
    stores,
    others,
    async close() {
      await Promise.all([...stores.map((store) => store.close()), others.end()]);
      await fixture.close();
    },
  };
}
