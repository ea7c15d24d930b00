import fs from 'node:fs';
import path from 'node:path';
import type { Client } from 'pg';

const COPY = fs.readFileSync(path.join(__dirname, '../../db/layouts/partitioned/copy.sql'), 'utf8');

/** As psql runs the file: one statement after the other, each by itself. */
export async function copyToPartitions(
  client: Client,
  onNotice: (message: string) => void = () => {},
): Promise<void> {
  client.on('notice', ({ message }) => onNotice(message ?? ''));
  for (const statement of COPY.split(/(?<=^END \$\$;\n)/m)) {
    await client.query(statement);
  }
}
