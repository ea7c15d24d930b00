import { setTimeout as sleep } from 'node:timers/promises';
import type { TcpProxy } from '../support/tcp-proxy';
import type { ChaosWorld } from './chaos-world';

/** Longer than the others wait for beats: three seconds. */
const BEYOND_HEARTBEAT_MS = 4500;

/** What happens to engines, their connections and their server. Each ends with all of them alive. */
export const FAULTS: Readonly<Record<string, (world: ChaosWorld, index: number) => Promise<void>>> = {
  async 'kill -9'(world, index) {
    await world.inflict('kill -9', [index], () => world.processes[index]?.kill());
    await sleep(BEYOND_HEARTBEAT_MS);
    await world.startProcess(index);
  },

  /** A zombie: it believes that it owns what others have taken over. */
  async 'SIGSTOP and SIGCONT'(world, index) {
    const process = world.processes[index];
    await world.inflict('SIGSTOP and SIGCONT', [index], () => process?.signal('SIGSTOP'));
    await sleep(BEYOND_HEARTBEAT_MS);
    process?.signal('SIGCONT');
    await sleep(500);
  },

  async 'connections cut'(world, index) {
    await world.inflict('connections cut', [index], () => world.proxies[index]?.cut());
    await sleep(500);
  },

  async 'connections half open'(world, index) {
    const proxy = world.proxies[index] as TcpProxy;
    await world.inflict(
      'connections half open',
      [index],
      async () => {
        proxy.forgetConnections();
        await sleep(BEYOND_HEARTBEAT_MS);
      },
      () => sleep(1000),
    );
  },

  async 'server restarts'(world) {
    await world.inflict('server restarts', [...world.processes.keys()], async () => {
      await world.server.stop('fast');
      await world.server.restart();
    });
    await sleep(1000);
  },
};
