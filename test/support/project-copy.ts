import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const ROOT = path.join(__dirname, '../..');
const COPIED = ['sql', 'db', 'src', 'pgtyped.config.json', '.env'];

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

  /** Replaces the first occurrence, of those after a place if there is one. */
  edit(file: string, from: string, to: string, after = ''): void {
    const content = this.read(file);
    const place = content.indexOf(after);
    const index = place < 0 ? -1 : content.indexOf(from, place);
    if (index < 0)
      throw new Error(`${file} no longer contains ${JSON.stringify(from)} after ${JSON.stringify(after)}`);
    this.write(file, content.slice(0, index) + to + content.slice(index + from.length));
  }

  rename(file: string, to: string): void {
    fs.renameSync(path.join(this.root, file), path.join(this.root, to));
  }

  remove(file: string): void {
    fs.rmSync(path.join(this.root, file));
  }

  /** Contents by file name. */
  readAll(directory: string): Record<string, string> {
    const files = fs.readdirSync(path.join(this.root, directory)).sort();
    return Object.fromEntries(files.map((file) => [file, this.read(`${directory}/${file}`)]));
  }

  delete(): void {
    fs.rmSync(this.root, { recursive: true, force: true });
  }
}
