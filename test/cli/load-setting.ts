import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openStoreFixture, type StoreFixture } from '../support/store-fixture';
import { SHARD_COUNT } from './data';
import { ManyCommands } from './many-commands';

export const SHARDS = ['--shards', String(SHARD_COUNT)];

/** For each test a database, and a folder with files to load into it. */
export class LoadSetting {
  #fixture: StoreFixture | undefined;
  readonly #commands = new ManyCommands();
  #folder = '';

  constructor() {
    beforeEach(async () => {
      this.#fixture = await openStoreFixture();
      this.#folder = fs.mkdtempSync(path.join(os.tmpdir(), 'load-'));
    });
    afterEach(async () => {
      fs.rmSync(this.#folder, { recursive: true });
      await this.fixture.close();
    });
    afterAll(async () => await this.#commands.end());
  }

  get fixture(): StoreFixture {
    return this.#fixture as StoreFixture;
  }

  get folder(): string {
    return this.#folder;
  }

  get env(): { DATABASE_URL: string } {
    return { DATABASE_URL: this.fixture.database.storeUrl };
  }

  load(file: string, ...args: string[]) {
    return this.#commands.run(['load', file, ...SHARDS, ...args], this.env);
  }

  place(name: string): string {
    return path.join(this.#folder, name);
  }

  fileOf(content: string | Buffer, name = 'timers.jsonl'): string {
    const file = this.place(name);
    fs.writeFileSync(file, content);
    return file;
  }

  async storedIds(): Promise<string[]> {
    const { rows } = await this.fixture.direct.query(
      'SELECT timer_id AS id FROM timers WHERE row_type = 2 ORDER BY 1',
    );
    return rows.map(({ id }) => id);
  }
}

export function line(id: string, fields: object = {}): string {
  return JSON.stringify({ id, namespace: 'reminders', executeAt: '2030-01-01T00:00:00Z', ...fields });
}
