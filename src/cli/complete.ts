import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';

/** Arguments and options that name files, which the library below does not complete by itself. */
const FILES = {
  load: { argument: 'file', options: ['bad-lines', 'resume'] },
  dump: { options: ['output'] },
} as const;

/** Prints a script for a shell, or what such a script asks for, as the arguments say. */
export async function complete(program: Command, argv: readonly string[]): Promise<void> {
  const { default: addCompletion } = await import('@bomb.sh/tab/commander');
  const root = addCompletion(program, { completionCommandName: 'completion' });
  const begun = argv.at(-1) ?? '';
  const completeFile = (add: (value: string, description: string) => void) => {
    for (const file of filesLike(begun)) {
      add(file, '');
    }
  };
  for (const [name, files] of Object.entries(FILES)) {
    const command = root.commands.get(name);
    if ('argument' in files) {
      command?.argument(files.argument, completeFile);
    }
    for (const option of files.options) {
      command?.option(option, command.options.get(option)?.description ?? '', completeFile);
    }
  }
  await program.parseAsync(argv);
}

/** Those whose paths begin so; folders end in a slash. */
function filesLike(begun: string): string[] {
  const directory = begun.slice(0, begun.lastIndexOf('/') + 1);
  try {
    return readdirSync(path.resolve(directory), { withFileTypes: true }).map(
      (entry) => `${directory}${entry.name}${entry.isDirectory() ? '/' : ''}`,
    );
  } catch {
    return [];
  }
}
