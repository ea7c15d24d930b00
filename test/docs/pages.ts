import fs from 'node:fs';
import path from 'node:path';

export const ROOT = path.join(__dirname, '../..');

/** README.md and each page in docs/. */
export const PAGES = [
  'README.md',
  ...fs
    .readdirSync(path.join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** A ts code block of a page, or an example of a docstring. */
export interface CodeBlock {
  /** Such as `docs/engine.md:12`, the line that it begins at. */
  readonly place: string;
  readonly code: string;
}

export function readCodeBlocks(): CodeBlock[] {
  return PAGES.flatMap((page) => {
    const text = readPage(page);
    return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(({ index, 1: code = '' }) => ({
      place: `${page}:${text.slice(0, index).split('\n').length + 1}`,
      code,
    }));
  });
}

/** What docstrings show. They name what the package exports without importing it. */
export function readExamples(): CodeBlock[] {
  const files = fs.readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const place = `src/${file}`;
      const text = readPage(place);
      return [...text.matchAll(/^ *\* @example\n((?: *\* (?!@).*\n)+)/gm)].map(({ index, 1: code = '' }) => ({
        place: `${place}:${text.slice(0, index).split('\n').length + 1}`,
        code: code.replace(/^ *\* /gm, ''),
      }));
    });
}

export function readPage(page: string): string {
  return fs.readFileSync(path.join(ROOT, page), 'utf8');
}
