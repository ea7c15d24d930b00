import { Client } from 'pg';

/** The database of one scheduler, and what is done there behind its back. */
export class PeerDatabase {
  readonly url: string;
  readonly #client: Client;

  private constructor(url: string, client: Client) {
    this.url = url;
    this.#client = client;
  }

  static async connect(url: string): Promise<PeerDatabase> {
    const client = new Client({ connectionString: url });
    // Its database is dropped under it when the run is interrupted. What it was doing fails by itself.
    client.on('error', () => {});
    await client.connect();
    return new PeerDatabase(url, client);
  }

  async query(text: string): Promise<void> {
    await this.#client.query(text);
  }

  /** @param query of one number. */
  async count(query: string): Promise<number> {
    const { rows } = await this.#client.query({ text: query, rowMode: 'array' });
    return Number(rows[0]?.[0]);
  }

  /** What a fill has left to do is no part of what comes next. */
  async settleDown(): Promise<void> {
    await this.#client.query('VACUUM (ANALYZE)');
    await this.#client.query('CHECKPOINT');
  }

  async close(): Promise<void> {
    await this.#client.end();
  }
}
