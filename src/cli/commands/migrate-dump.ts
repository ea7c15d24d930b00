import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CommandError, ExitCode } from '../exit-code';
import { GRANTS, readMigrations } from '../migrations';
import type { Terminal } from '../terminal';

/** For people with their own tool: a file for each way of each migration, and the grants. What is there is kept. */
export async function migrateDump(terminal: Terminal, directory: string): Promise<void> {
  const files = [
    ...readMigrations().flatMap(({ name, up, down }) => [
      { name: `${name}.up.sql`, text: `${up}\n` },
      { name: `${name}.down.sql`, text: `${down}\n` },
    ]),
    { name: 'grants.sql', text: readFileSync(GRANTS, 'utf8') },
  ].map((file) => ({ ...file, place: path.join(directory, file.name) }));
  let others: typeof files;
  try {
    makeFolder(directory);
    const there = new Set(readdirSync(directory));
    others = files.filter(({ name, place, text }) => there.has(name) && !isFileOf(text, place));
  } catch (error) {
    throw new CommandError(ExitCode.USAGE, `cannot write to ${directory}`, { cause: error });
  }
  if (others.length > 0) {
    const names = others.map(({ place }) => place).join(', ');
    throw new CommandError(
      ExitCode.FAILED,
      `nothing was written, as these are there with other content: ${names}`,
    );
  }
  for (const { place, text } of files) {
    writeFileSync(place, text);
  }
  const names = files.map(({ place }) => `${place}\n`).join('');
  await terminal.writeDone(names, `wrote ${files.length} files to ${directory}`);
}

/** Node's own for a folder in one that is not there never comes to an end where the system makes none, as in /proc. */
function makeFolder(directory: string): void {
  if (!existsSync(directory)) {
    makeFolder(path.dirname(path.resolve(directory)));
    mkdirSync(directory);
  }
}

/** What is no file may have no end, and is not read. */
function isFileOf(text: string, place: string): boolean {
  return statSync(place).isFile() && readFileSync(place, 'utf8') === text;
}
