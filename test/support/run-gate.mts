/**
 * The checks of `npm run codegen` as a program that takes one project after the other, for jest, which does not import
 * ES modules. Reads a folder from each line of its standard input, and answers with a line of JSON.
 */
import '../../scripts/own-environment.cjs';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { checkProject } from '../../scripts/codegen/check-project.mjs';
import { checkSchema, type Schema } from '../../scripts/codegen/check-schema.mjs';
import { withScratchDatabases } from '../../scripts/codegen/scratch-databases.mjs';

/** By what is in `db/`: most faults are in the queries. */
const schemas = new Map<string, Promise<Schema>>();

function contentOf(folder: string): string {
  const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return files
    .filter((file) => fs.statSync(path.join(folder, file)).isFile())
    .map((file) => `${file}\n${fs.readFileSync(path.join(folder, file), 'utf8')}`)
    .join();
}

await withScratchDatabases(async (create) => {
  for await (const root of createInterface({ input: process.stdin })) {
    try {
      const key = contentOf(path.join(root, 'db'));
      const schema = schemas.get(key) ?? checkSchema(root, create);
      schemas.set(key, schema);
      const { problems, stale } = await checkProject(root, create, schema);
      console.log(JSON.stringify({ problems, stale }));
    } catch (error) {
      console.log(JSON.stringify({ error: String(error) }));
    }
  }
});
