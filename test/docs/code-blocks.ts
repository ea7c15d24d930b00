import fs from 'node:fs';
import path from 'node:path';

export const ROOT = path.join(__dirname, '../..');

/** A ts code block of a page. */
export interface CodeBlock {
  /** Such as `docs/engine.md:12`, the line that it begins at. */
  readonly place: string;
  readonly code: string;
}

/** Those of README.md and of each page in docs/. */
export function readCodeBlocks(): CodeBlock[] {
  const pages = fs.readdirSync(path.join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', ...pages.map((name) => `docs/${name}`)].flatMap((page) => {
    const text = fs.readFileSync(path.join(ROOT, page), 'utf8');
    return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(({ index, 1: code = '' }) => ({
      place: `${page}:${text.slice(0, index).split('\n').length + 1}`,
      code,
    }));
  });
}
