import type { Comparison } from '../lib/compare';
import { countMultixacts } from '../lib/multixacts';
import type { Comparisons } from './comparisons';
import { openStoreWorkloads, type WorkloadName } from './store-workloads';

/** Every workload of the store on one layout of the table, measured against the same on the plain table. */
export async function openLayoutComparisons(plainUrl: string, layoutUrl: string): Promise<Comparisons> {
  const plain = await openStoreWorkloads(plainUrl);
  const layout = await openStoreWorkloads(layoutUrl);
  const all = (Object.keys(plain.work) as WorkloadName[]).map((name): Comparison => {
    const [ours, theirs] = [layout.work[name], plain.work[name]];
    return {
      name: ours.name,
      unit: ours.unit,
      yardstick: 'the plain table',
      goal: 0.9,
      prepare: async () => {
        await ours.prepare();
        await theirs.prepare();
      },
      ours: ours.run,
      theirs: theirs.run,
    };
  });
  return {
    all,
    count: () => countMultixacts(plain.client),
    async close() {
      await plain.close();
      await layout.close();
    },
  };
}
