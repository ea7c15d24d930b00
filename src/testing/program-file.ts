import path from 'node:path';

const SUFFIX = process.platform === 'win32' ? '.exe' : '';

/** The file of one of the server's programs. */
export function programFile(nativeDir: string, name: 'initdb' | 'pg_ctl' | 'postgres'): string {
  return path.join(nativeDir, 'bin', `${name}${SUFFIX}`);
}
