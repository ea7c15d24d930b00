import { createRequire } from 'node:module';
import path from 'node:path';

const requireHere = createRequire(path.join(__dirname, 'package.json'));

/** The peers are not installed with this project: see bench/peers/package.json. */
export async function requirePeer(name: string): Promise<unknown> {
  return await import(requireHere.resolve(name));
}
