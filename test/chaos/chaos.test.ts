/**
 * Engines that are processes of their own, under load, while they are killed and stopped, their connections break, and
 * their server restarts. It takes half a minute: a process counts as dead after three seconds without a beat.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ChaosWorld } from './chaos-world';
import { ALLOWANCE, checkHistory } from './check-history';
import { describeHistory } from './describe-history';
import { FAULTS } from './faults';

test('whatever happens, what was acknowledged is delivered, and once but for what was under way', async () => {
  const seed = Date.now() % 1e9;
  const world = await ChaosWorld.open(seed);
  try {
    const end = new AbortController();
    const loading = world.load(end.signal);
    // Without a fault, for what is late.
    await sleep(6000);
    for (const [index, inflict] of Object.values(FAULTS).entries()) {
      await sleep(500);
      await inflict(world, index % world.processes.length);
    }
    end.abort();
    await loading;
    const left = await world.drain();
    const { history } = world.recorder;
    console.log(`seed ${seed}\n${describeHistory(history)}`);
    expect({ left, broken: checkHistory(history, ALLOWANCE) }).toEqual({ left: 0, broken: [] });
  } finally {
    await world.close();
  }
}, 180_000);
