import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { ProcessMessage, ProcessTask } from './engine-process';

/** Resolves once its engine has started. */
export async function startProcess(
  task: ProcessTask,
  onDelivered: (id: string) => void = () => {},
): Promise<ChildProcess> {
  const child = fork(path.join(__dirname, 'engine-process.ts'), { execArgv: ['--import', 'tsx'] });
  child.on('message', (message: ProcessMessage) => {
    if (typeof message === 'object') {
      onDelivered(message.delivered);
    }
  });
  child.send(task);
  await heard(child, 'ready');
  return child;
}

/** @throws Error it ended before it said so. */
export async function heard(child: ChildProcess, word: 'ready' | 'stopped'): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The other process ended with ${code}`)));
    child.on('message', (message: ProcessMessage) => {
      if (message === word) {
        resolve();
      }
    });
  });
}

export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}
