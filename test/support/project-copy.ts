import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const ROOT = path.join(__dirname, '../..');
const TSX = path.join(ROOT, 'node_modules/tsx/dist/cli.mjs');
const COPIED = ['sql', 'db', 'src/generated', 'pgtyped.config.json', '.env'];

export interface ScriptResult {
  readonly exitCode: number;
  readonly output: string;
}

/** A copy of what the scripts work on, to put faults into. */
export class ProjectCopy {
  readonly root = fs.mkdtempSync(path.join(os.tmpdir(), 'project-copy-'));

  constructor() {
    for (const each of COPIED) {
      fs.cpSync(path.join(ROOT, each), path.join(this.root, each), { recursive: true });
    }
  }

  read(file: string): string {
    return fs.readFileSync(path.join(this.root, file), 'utf8');
  }

  write(file: string, content: string): void {
    fs.mkdirSync(path.dirname(path.join(this.root, file)), { recursive: true });
    fs.writeFileSync(path.join(this.root, file), content);
  }

  /** Replaces the first occurrence. */
  edit(file: string, from: string, to: string): void {
    const content = this.read(file);
    if (!content.includes(from)) throw new Error(`${file} no longer contains ${JSON.stringify(from)}`);
    this.write(
      file,
      content.replace(from, () => to),
    );
  }

  remove(file: string): void {
    fs.rmSync(path.join(this.root, file));
  }

  /** Contents by file name. */
  readAll(directory: string): Record<string, string> {
    const files = fs.readdirSync(path.join(this.root, directory)).sort();
    return Object.fromEntries(files.map((file) => [file, this.read(`${directory}/${file}`)]));
  }

  async runScript(script: string, ...args: string[]): Promise<ScriptResult> {
    // As little of the environment as there is in a fresh shell, and the test server, which is there already.
    const env = { PATH: process.env['PATH'], CODEGEN_DATABASE_URL: process.env['TEST_SERVER_URL'] };
    const file = path.join(ROOT, 'scripts', script);
    return await new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        [TSX, file, '--root', this.root, ...args],
        { env },
        (_error, stdout, stderr) => {
          resolve({ exitCode: child.exitCode ?? -1, output: stdout + stderr });
        },
      );
    });
  }

  delete(): void {
    fs.rmSync(this.root, { recursive: true, force: true });
  }
}
