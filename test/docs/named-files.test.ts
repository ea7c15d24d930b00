import fs from 'node:fs';
import path from 'node:path';
import { PAGES, ROOT, readPage } from './pages';

test('every file of the tests and of the source that a page names is there', () => {
  const lost = PAGES.flatMap((page) =>
    [...readPage(page).matchAll(/`((?:test|src|examples|sql|bench)\/[\w./-]+)`/g)]
      .filter(([, file = '']) => !fs.existsSync(path.join(ROOT, file)))
      .map(([, file]) => `${page}: ${file}`),
  );
  expect(lost).toEqual([]);
});
