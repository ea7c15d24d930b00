import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { RestartableServer, StopMode } from '../support/restartable-server';
import type { TcpProxy } from '../support/tcp-proxy';

/** What a fault is done to. */
export interface FaultTarget {
  readonly server: RestartableServer;
  /** One for each store, between it and the server. */
  readonly proxies: readonly TcpProxy[];
  /** As `Math.random`. */
  readonly random: () => number;
}

export interface ServerFault {
  readonly name: string;
  /** Resolves once the server is as it was. */
  inflict(target: FaultTarget): Promise<void>;
}

/** One that was inflicted. */
export interface InflictedFault {
  readonly name: string;
  /** When it began, in milliseconds since the start of the soak. */
  readonly elapsedMs: number;
}

/** The `application_name` of the stores. */
export const SOAK = 'pg-timer-store soak';

const HOLD_MS = 1500;

export const SERVER_FAULTS: readonly ServerFault[] = [
  ...(['killed', 'immediate', 'fast'] as const).map((mode) => ({
    name: mode === 'killed' ? 'server killed' : `${mode} shutdown`,
    inflict: ({ server }: FaultTarget) => restart(server, mode),
  })),
  {
    name: 'connections cut',
    async inflict({ proxies, random }) {
      proxies[Math.floor(random() * proxies.length)]?.cut();
    },
  },
  {
    name: 'answers lost',
    async inflict({ proxies, random }) {
      const proxy = proxies[Math.floor(random() * proxies.length)];
      void proxy?.loseAnswers();
      await sleep(HOLD_MS);
      proxy?.cut();
      proxy?.heal();
    },
  },
  {
    name: 'sessions terminated',
    inflict: ({ server }) =>
      administer(server, async (admin) => {
        await admin.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
        );
      }),
  },
  {
    name: 'statements cancelled',
    inflict: ({ server }) =>
      administer(server, async (admin) => {
        await admin.query(
          `SELECT pg_cancel_backend(pid) FROM pg_stat_activity
           WHERE backend_type = 'client backend' AND state = 'active' AND pid <> pg_backend_pid()`,
        );
      }),
  },
  {
    name: 'table locked',
    inflict: ({ server }) =>
      administer(server, async (admin) => {
        await admin.query('BEGIN');
        await admin.query('LOCK TABLE timers IN ACCESS EXCLUSIVE MODE');
        await sleep(HOLD_MS);
        await admin.query('COMMIT');
      }),
  },
  {
    name: 'server read-only',
    inflict: ({ server }) =>
      administer(server, async (admin) => {
        await admin.query('ALTER SYSTEM SET default_transaction_read_only = on');
        await admin.query('SELECT pg_reload_conf()');
        await sleep(HOLD_MS);
        await admin.query('ALTER SYSTEM RESET default_transaction_read_only');
        await admin.query('SELECT pg_reload_conf()');
      }),
  },
  {
    name: 'no connections left',
    async inflict({ server }) {
      const hoarded: Client[] = [];
      try {
        for (;;) {
          const client = new Client({ connectionString: server.url });
          client.on('error', () => {});
          await client.connect();
          hoarded.push(client);
        }
      } catch (error) {
        if ((error as { code?: string }).code !== '53300') throw error;
        // So that the stores need new ones.
        await hoarded[0]?.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '${SOAK}'`,
        );
        await sleep(HOLD_MS);
      } finally {
        await Promise.all(hoarded.map((client) => client.end()));
      }
    },
  },
];

async function restart(server: RestartableServer, mode: StopMode): Promise<void> {
  await server.stop(mode);
  await server.restart();
}

async function administer(server: RestartableServer, work: (admin: Client) => Promise<void>): Promise<void> {
  const admin = new Client({ connectionString: server.url });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}
