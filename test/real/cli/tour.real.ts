import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyEdit, patternOf, sectionsOf } from '../../docs/tour.ts';
import { tandemInProcess } from '../../lib/cli/in-process.ts';
import { copyData } from '../../stacks/copy-project.ts';

const pages = ['README.md', 'docs/tour.md'];
const read = (page: string): string => readFileSync(join(import.meta.dirname, '../../..', page), 'utf8');
const sections = pages.flatMap((page) => sectionsOf(read(page), 'here').map((section) => ({ page, ...section })));

let root: string;

const git = (...args: string[]): void => {
  const author = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...author, ...args], { cwd: root, stdio: 'ignore' });
};

const day = (fromNow: number): string => new Date(Date.now() + fromNow * 86_400_000).toISOString().slice(0, 10);

/** Leases that run today, whenever that is: the pages show no warning of one that ended. */
function renewLeases(): void {
  const folder = join(root, 'config/dev');
  for (const file of readdirSync(folder).map((name) => join(folder, name))) {
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/^since: .*$/m, `since: ${day(-7)}`).replace(/^until: .*$/m, `until: ${day(60)}`));
  }
}

/** Without spaces at the ends of lines, which pages do not show. */
const trimmed = (text: string): string => `${text.replaceAll(/ +$/gm, '').trimEnd()}\n`;

beforeAll(() => {
  root = copyData();
  renewLeases();
  writeFileSync(join(root, '.gitignore'), 'node_modules\n.tandem/\n*.out/\n');
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '-m', 'start');
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('what the pages show', () => {
  it.each(sections)('$page, $title', async ({ steps }) => {
    git('checkout', '--', 'config');
    for (const step of steps) {
      if ('file' in step) {
        const file = join(root, step.file);
        writeFileSync(file, applyEdit(readFileSync(file, 'utf8'), step));
      } else {
        const [command = '', target] = step.command.split(' > ');
        const words = command.split(' ').slice(2);
        expect(command).toBe(`npx tandem ${words.join(' ')}`);
        // This process has another working folder.
        const args = words.map((word) =>
          existsSync(join(root, word)) && word.endsWith('.json') ? join(root, word) : word,
        );
        const { code, stdout, stderr } = await tandemInProcess(root, args);
        // What is shown may be a failure.
        if (step.output === '...') expect(code, stderr).toBe(0);
        if (target !== undefined) writeFileSync(join(root, target), stdout);
        expect(trimmed(stdout), stderr).toMatch(patternOf(step.output));
      }
    }
  });

  it('is checked in both pages', () => {
    expect(new Set(sections.map(({ page }) => page))).toEqual(new Set(pages));
  });
});
