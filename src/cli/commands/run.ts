import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { httpDelivery } from '../../engine/http-delivery';
import { TimerEngine } from '../../engine/timer-engine';
import { PostgresMembership } from '../../membership/postgres-membership';
import type { EngineEvent } from '../../telemetry/engine-channel';
import { type ConnectionOptions, connectConfig, withStore } from '../connect';
import { timeText } from '../format';
import { printable } from '../printable';
import { requireWrites } from '../require-writes';
import { readShardCount, type ShardsOption } from '../shard-count';
import type { Terminal } from '../terminal';

export interface RunOptions extends ConnectionOptions, ShardsOption {
  readonly address?: string;
  readonly maxDeliveries?: number;
  readonly maxPerOrigin?: number;
  readonly internetOnly?: boolean;
  readonly json?: boolean;
}

/** Not an option, which every user of the machine could read. */
const SECRETS_VARIABLE = 'PG_TIMER_STORE_SECRETS';

/** An engine that posts timers to their callback URLs, until SIGINT or SIGTERM: then it finishes what is under way. */
export async function run(terminal: Terminal, options: RunOptions): Promise<void> {
  const { signal } = terminal;
  const {
    address = `${hostname()}:${process.pid}`,
    maxDeliveries,
    maxPerOrigin,
    internetOnly,
    json,
  } = options;
  const secrets = process.env[SECRETS_VARIABLE]?.split(/\s+/).filter(Boolean);
  const deliver = httpDelivery({ secrets, maxPerOrigin, allowPrivateAddresses: !internetOnly });
  const log = (event: unknown) => terminal.log(lineOf(event as EngineEvent, json === true));
  await withStore(terminal, connectConfig(options), async (store) => {
    const shardCount = await readShardCount(store, options, signal);
    await requireWrites(store, signal);
    subscribe('pg-timer-store:engine', log);
    try {
      const starting = TimerEngine.start({
        store,
        shardCount,
        address,
        membership: new PostgresMembership(store),
        deliver,
        maxDeliveries,
      });
      const engine = await startedOrEnded(terminal, starting);
      terminal.say(`fires the timers of ${shardCount} shards as ${address}`);
      try {
        if (!signal.aborted) {
          await once(signal, 'abort');
        }
        terminal.say('finishes what is under way; once more: at once');
      } finally {
        await engine.stop();
      }
    } finally {
      unsubscribe('pg-timer-store:engine', log);
      await deliver.close();
    }
  });
  if (!terminal.isStopped) {
    throw signal.reason;
  }
}

/** Told to end, nobody waits for an engine that the server keeps waiting. */
async function startedOrEnded(terminal: Terminal, starting: Promise<TimerEngine>): Promise<TimerEngine> {
  try {
    return await terminal.orEnd(starting);
  } catch (error) {
    // The store is closed under it, or it stops before it has done much.
    void starting.then((engine) => engine.stop()).catch(() => {});
    throw error;
  }
}

/** Time, kind and what belongs to it, as `key=value` for people. */
function lineOf(event: EngineEvent, json: boolean): string {
  const { type, ...rest } = event;
  const fields = Object.entries(rest).map(([name, value]): [string, unknown] => [
    name,
    value instanceof Error ? `${value.name}: ${value.message}` : value,
  ]);
  const time = new Date();
  if (json) {
    return JSON.stringify({ time, type, ...Object.fromEntries(fields) });
  }
  const texts = fields.map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return printable([timeText(time), type, ...texts].join(' '));
}
