import type { Pool, PoolClient } from 'pg';
import { checkClientFormat } from './check-results-format';

/**
 * Takes a connection from a pool. Until it is given back, losing it raises no event that could end the process: the
 * statement that runs on it reports it.
 *
 * @throws the driver's error if there is no connection, or none that is still good.
 */
export async function checkOut(pool: Pool): Promise<PoolClient> {
  let loss: Error | undefined;
  const note = (error: Error) => {
    loss = error;
  };
  const client = await new Promise<PoolClient>((resolve, reject) => {
    let isTaken = false;
    const take = (connected: PoolClient | undefined) => {
      if (connected === undefined || isTaken) {
        return;
      }
      isTaken = true;
      try {
        connected.on('error', ignore);
        connected.once('error', note);
        resolve(connected);
      } catch (error) {
        // A pool of another make has given something else, and nobody would catch it.
        reject(error);
      }
    };
    // By callback, not by promise: one packet of the server can say that the session is ready and that it has ended, and
    // the listener for the end must be there in between.
    const promised: unknown = pool.connect((error, connected) =>
      connected === undefined ? reject(error) : take(connected),
    );
    // A pool of another make may know promises only.
    if (promised instanceof Object && 'then' in promised) {
      (promised as Promise<PoolClient | undefined>).then(take, reject);
    }
  });
  client.off('error', note);
  if (loss !== undefined) {
    giveBack(client, true);
    throw loss;
  }
  try {
    checkClientFormat('pool', client);
  } catch (error) {
    giveBack(client, false);
    throw error;
  }
  return client;
}

/** @param isSpoilt whether the connection is not to be used again. */
export function giveBack(client: PoolClient, isSpoilt: boolean): void {
  client.off('error', ignore);
  client.release(isSpoilt);
}

function ignore(): void {}
