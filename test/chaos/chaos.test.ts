/**
 * Engines that are processes of their own, under load, while they are killed and stopped, their connections break, and
 * their server restarts and is replaced by its standby. It takes most of a minute: a process counts as dead after three
 * seconds without a beat, and each fault waits for that.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ChaosWorld } from './chaos-world';
import { FAULTS, HARMLESS } from './faults';
import { reportRound } from './run-soak';

test('whatever happens, what was acknowledged is delivered, and once but for what was under way', async () => {
  const seed = Date.now() % 1e9;
  const world = await ChaosWorld.open(seed, 5);
  try {
    const end = new AbortController();
    const loading = world.run(end.signal);
    for (const inflict of Object.values(HARMLESS)) {
      await sleep(300);
      await inflict(world, 0);
    }
    for (const [index, inflict] of Object.values(FAULTS).entries()) {
      await sleep(500);
      await inflict(world, index % world.processes.length);
    }
    end.abort();
    await loading;
    const left = await world.drain();
    expect(reportRound(seed, world.recorder.history, left)).toBe(true);
  } finally {
    await world.close();
  }
}, 180_000);
