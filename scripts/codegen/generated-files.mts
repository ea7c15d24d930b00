import fs from 'node:fs';
import path from 'node:path';
import type { Problem } from './problem.mjs';

const DIRECTORY = 'src/generated';

/** Contents by file name. */
type Files = ReadonlyMap<string, string>;

function readGenerated(root: string): Map<string, string> {
  const directory = path.join(root, DIRECTORY);
  if (!fs.existsSync(directory)) return new Map();
  const files = fs
    .readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => fs.statSync(path.join(directory, file)).isFile())
    .sort();
  return new Map(files.map((file) => [file, fs.readFileSync(path.join(directory, file), 'utf8')]));
}

export function writeGenerated(root: string, output: Files): void {
  const directory = path.join(root, DIRECTORY);
  fs.mkdirSync(directory, { recursive: true });
  for (const [file, content] of output) fs.writeFileSync(path.join(directory, file), content);
  for (const file of readGenerated(root).keys()) {
    if (!output.has(file)) fs.rmSync(path.join(directory, file));
  }
}

/** That what is committed is what would be written. */
export function compareGenerated(root: string, output: Files): Problem[] {
  const committed = readGenerated(root);
  const remedy = 'Run `npm run codegen`; change sql/ or db/migrations, never this file.';
  return [...new Set([...output.keys(), ...committed.keys()])].sort().flatMap((file) => {
    const [fresh, found] = [output.get(file), committed.get(file)];
    if (fresh === found) return [];
    const where = `${DIRECTORY}/${file}`;
    if (found === undefined) return [{ where, what: 'is missing', remedy }];
    if (fresh === undefined) return [{ where, what: 'comes from no file in sql/', remedy }];
    return [
      {
        where: `${where}:${firstDifference(fresh, found)}`,
        what: 'is not what sql/ and db/migrations give',
        remedy,
      },
    ];
  });
}

function firstDifference(a: string, b: string): number {
  const lines = b.split('\n');
  const index = a.split('\n').findIndex((line, at) => line !== lines[at]);
  return (index < 0 ? lines.length - 1 : index) + 1;
}
