/**
 * Checks the links of all pages: that what they lead to in this project is there, and that a heading has the name they give, as
 * GitHub makes it. What leads to other sites is not looked at.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import GithubSlugger from 'github-slugger';
import markdownIt from 'markdown-it';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const parser = markdownIt();

/** @typedef {{ links: string[], anchors: Set<string> }} Page */
/** @type {Map<string, Page>} */
const pages = new Map();

// Those that are not committed yet, too.
const listed = ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'];
const files = execFileSync('git', listed, { cwd: ROOT, encoding: 'utf8' }).split('\n').filter(Boolean);
const lost = files.flatMap((file) =>
  pageOf(file)
    .links.filter((link) => !/^[a-z]+:/.test(link) && !leadsSomewhere(file, link))
    .map((link) => `${file}: ${link}`),
);
if (lost.length > 0) {
  console.error(`These links lead nowhere:\n${lost.join('\n')}`);
  process.exitCode = 1;
}

/**
 * @param {string} from
 * @param {string} link
 */
function leadsSomewhere(from, link) {
  const [file = '', anchor] = link.split('#').map(decodeURIComponent);
  const target = file === '' ? from : path.join(path.dirname(from), file);
  if (!fs.existsSync(path.join(ROOT, target))) return false;
  return anchor === undefined || (target.endsWith('.md') && pageOf(target).anchors.has(anchor));
}

/**
 * @param {string} file
 * @returns {Page}
 */
function pageOf(file) {
  const known = pages.get(file);
  if (known !== undefined) return known;
  const tokens = parser.parse(fs.readFileSync(path.join(ROOT, file), 'utf8'), {});
  const slugger = new GithubSlugger();
  const inline = tokens.flatMap(({ children }) => children ?? []);
  const page = {
    links: inline.flatMap((token) => token.attrGet('href') ?? token.attrGet('src') ?? []),
    anchors: new Set(
      tokens.flatMap((token, index) =>
        token.type === 'heading_open' ? slugger.slug(textOf(tokens[index + 1])) : [],
      ),
    ),
  };
  pages.set(file, page);
  return page;
}

/**
 * What a heading shows, without marks.
 *
 * @param {import('markdown-it').Token | undefined} heading
 */
function textOf(heading) {
  return (heading?.children ?? []).map(({ content }) => content).join('');
}
