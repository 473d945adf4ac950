import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
  .toString('utf8')
  .split('\0')
  .filter((file) => existsSync(join(root, file)));

const pages = tracked.filter((file) => file.endsWith('.md'));
const sources = tracked.filter((file) => /\.(ts|mts|mjs|cjs|yaml)$/.test(file) && !file.startsWith('test/'));

/** Files and folders that a Markdown page links to, from the root. */
function linksOf(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/\]\((?!\w+:|#)([^)#\s]+)(?:#[^)\s]*)?\)/g)].map(([, link]) => join(dirname(page), link!));
}

/** Pages of `docs/` that a source file names. */
function namedIn(source: string): string[] {
  return [...readFileSync(join(root, source), 'utf8').matchAll(/(?<![\w./-])docs\/[\w/-]+\.(?:md|ts|json)\b/g)].map(
    ([path]) => path,
  );
}

/** Source files that a page names in code, other than history does; from the root, or from the page. */
function codeIn(page: string): string[] {
  if (page === 'CHANGELOG.md') return [];
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/`((?:lib|stacks|lab|test|scripts|packages|bench|examples)\/[\w/.-]+)`/g)].map(
    ([, path = '']) => {
      const beside = join(dirname(page), path);
      return existsSync(join(root, beside)) ? beside : path;
    },
  );
}

/** Headings of other pages that a page links to, as forges name them: `tour.md#review-and-approve`. */
function headingsIn(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/\]\((?!\w+:)([^)#\s]*)#([^)\s]+)\)/g)].map(
    ([, link = '', heading = '']) => `${link === '' ? page : join(dirname(page), link)}#${heading}`,
  );
}

function hasHeading(link: string): boolean {
  const [file = '', heading] = link.split('#');
  if (!file.endsWith('.md')) return true;
  const headings = readFileSync(join(root, file), 'utf8').matchAll(/^#+ (.+)$/gm);
  return [...headings].some(
    ([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^\p{Letter}\p{Number}_ -]/gu, '')
        .replaceAll(' ', '-') === heading,
  );
}

/** Scripts of npm that a page names. */
function scriptsIn(page: string): string[] {
  if (page === 'CHANGELOG.md') return [];
  return [...readFileSync(join(root, page), 'utf8').matchAll(/npm run (?!NAME)(\w+(?::\w+)*)/g)].map(
    ([, name = '']) => name,
  );
}

const missing = (files: readonly string[], links: (file: string) => string[]): string[] =>
  files.flatMap((file) =>
    links(file)
      .filter((link) => !existsSync(join(root, link)))
      .map((link) => `${file} -> ${link}`),
  );

describe('links', () => {
  it('of pages lead to files that exist', () => {
    expect(missing(pages, linksOf)).toEqual([]);
  });

  it('to code in pages name files that exist', () => {
    expect(missing(pages, codeIn)).toEqual([]);
  });

  it('of pages lead to headings that are there', () => {
    const links = pages.flatMap((page) => headingsIn(page));
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((link) => !hasHeading(link))).toEqual([]);
  });

  it('to scripts of npm name those of the package', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
    expect(
      pages.flatMap((page) =>
        scriptsIn(page)
          .filter((name) => !(name in scripts))
          .map((name) => `${page}: ${name}`),
      ),
    ).toEqual([]);
  });

  it('of code and configuration lead to pages that exist', () => {
    expect(missing(sources, namedIn)).toEqual([]);
  });
});
