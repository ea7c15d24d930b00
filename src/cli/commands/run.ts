import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { httpDelivery } from '../../engine/http-delivery';
import { TimerEngine } from '../../engine/timer-engine';
import { PostgresMembership } from '../../membership/postgres-membership';
import type { EngineEvent } from '../../telemetry/engine-channel';
import { type ConnectionOptions, connectConfig, withStore } from '../connect';
import { timeText } from '../format';
import { namedAs } from '../named-as';
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

/** So long, in milliseconds, an engine has to start once it is told to end. */
const MAX_START_MS = 1000;

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
  const deliver = namedAs(SECRETS_VARIABLE, 'options.secrets', () =>
    httpDelivery({ secrets, maxPerOrigin, allowPrivateAddresses: !internetOnly }),
  );
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

/**
 * An engine fires from its first shard on, and is to finish that. But told to end, nobody waits for long for one that the server keeps
 * waiting.
 */
async function startedOrEnded({ signal }: Terminal, starting: Promise<TimerEngine>): Promise<TimerEngine> {
  const ended = async (): Promise<never> => {
    if (!signal.aborted) {
      await once(signal, 'abort');
    }
    await sleep(MAX_START_MS, undefined, { ref: false });
    throw signal.reason;
  };
  const hasEnded = ended();
  hasEnded.catch(() => {});
  try {
    return await Promise.race([starting, hasEnded]);
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
