import { setTimeout as sleep } from 'node:timers/promises';
import { shardIdFor } from '../../src';
import { type ChaosWorld, SHARDS } from './chaos-world';

/** Longer than the others wait for beats: three seconds. */
const BEYOND_HEARTBEAT_MS = 4500;

export type InflictFault = (world: ChaosWorld, index: number) => Promise<void>;

/** What is done to no process: nothing comes twice, and nothing is late but what it concerns. */
export const HARMLESS: Readonly<Record<string, InflictFault>> = {
  'receiver dead': async (world) => await world.receiveBadly('dead', 1500),
  'receiver slow': async (world) => await world.receiveBadly('slow', 2000),
  'receiver talks nonsense': async (world) => await world.receiveBadly('nonsense', 1500),

  /** The others wait for a moment, too. */
  async '10,000 in one millisecond'(world) {
    await world.hinder('10,000 in one millisecond', '', async () => {
      await world.load.burst(`burst-${Date.now()}-`, 10_000, 500);
      await sleep(1000);
    });
  },
};

/** What happens to engines and their connections. Each ends with all processes alive. */
export const PROCESS_FAULTS: Readonly<Record<string, InflictFault>> = {
  async 'kill -9'(world, index) {
    await world.inflict('kill -9', [index], () => world.processes[index]?.kill());
    await sleep(BEYOND_HEARTBEAT_MS);
    // It gets shards of the others: what is changed while it is delivered may be late then.
    await world.hinder('process starts', '', () => world.startProcess(index));
  },

  /** A zombie: it believes that it owns what others have taken over. */
  async 'SIGSTOP and SIGCONT'(world, index) {
    const process = world.processes[index];
    await world.inflict('SIGSTOP and SIGCONT', [index], () => process?.signal('SIGSTOP'));
    await sleep(BEYOND_HEARTBEAT_MS);
    process?.signal('SIGCONT');
    await sleep(500);
  },

  /** It believes so too, until it has computed. */
  async 'a delivery computes'(world, index) {
    const by = world.processes[index]?.address as string;
    const { rows } = await (await world.direct()).query(
      'SELECT shard_id FROM timers WHERE row_type = 1 AND shard_owner_addr = $1 LIMIT 1',
      [by],
    );
    if (rows.length === 0) return;
    let id = `computing-${Date.now()}`;
    while (shardIdFor(id, SHARDS) !== rows[0].shard_id) id += '-';
    await world.inflict('a delivery computes', [index], async () => {
      const payload = { computing: { by, ms: BEYOND_HEARTBEAT_MS } };
      await world.recorder.untilDelivered(await world.load.schedule(id, 100, { payload }));
    });
    await sleep(BEYOND_HEARTBEAT_MS + 500);
  },

  async 'connections cut'(world, index) {
    await world.inflict('connections cut', [index], () => world.proxy(index).cut());
    await sleep(500);
  },

  async 'connections half open'(world, index) {
    await world.inflict(
      'connections half open',
      [index],
      async () => {
        world.proxy(index).forgetConnections();
        await sleep(BEYOND_HEARTBEAT_MS);
      },
      () => sleep(1000),
    );
  },
};

/** Those, and what happens to their server. */
export const FAULTS: Readonly<Record<string, InflictFault>> = {
  ...PROCESS_FAULTS,

  async 'server restarts'(world) {
    await world.inflict('server restarts', [...world.processes.keys()], () => world.restartServer());
    await sleep(1000);
  },

  /** Once: there is no second one. */
  async 'replica promoted'(world) {
    if (!world.hasStandby) return;
    await world.inflict('replica promoted', [...world.processes.keys()], () => world.failOver());
    await sleep(1000);
  },
};
