import fs from 'node:fs';
import path from 'node:path';
import { PAGES, ROOT, readPage } from './pages';

/** As GitHub names the anchors of headings. */
function anchorsOf(page: string): string[] {
  return [...readPage(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('every link between pages leads to a file and a heading', () => {
  const lost = PAGES.flatMap((page) =>
    [...readPage(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)]
      .filter(([, file = '', anchor]) => {
        const target = file === '' ? page : path.join(path.dirname(page), file);
        return (
          !fs.existsSync(path.join(ROOT, target)) ||
          (anchor !== undefined && !anchorsOf(target).includes(anchor))
        );
      })
      .map(([link]) => `${page}: ${link}`),
  );
  expect(lost).toEqual([]);
});

test('every file of the tests and of the source that a page names is there', () => {
  const lost = PAGES.flatMap((page) =>
    [...readPage(page).matchAll(/`((?:test|src|examples|sql|bench)\/[\w./-]+)`/g)]
      .filter(([, file = '']) => !fs.existsSync(path.join(ROOT, file)))
      .map(([, file]) => `${page}: ${file}`),
  );
  expect(lost).toEqual([]);
});
