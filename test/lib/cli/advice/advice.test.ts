import { execFileSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeVerbs } from '../../../../lib/cli/describe-verbs.ts';
import { DRILL_NAMES } from '../../../../lib/private-cloud/drill/drills.ts';
import { tandemInProcess } from '../in-process.ts';
import { isFlag, problemOf } from './dry-parse.ts';
import {
  codeTexts,
  commandsIn,
  flagsIn,
  type Mention,
  pageTexts,
  shellCommands,
  tandemIn,
  typedIn,
} from './mentions.ts';

const root = join(import.meta.dirname, '../../../..');
/** Made from the verbs and errors themselves, which are looked at below; and what was true once. */
const OTHERS = /^(?:docs\/(?:commands|errors)\.md|docs\/decisions\/.*|CHANGELOG\.md)$/;
const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((page) => page !== '' && !OTHERS.test(page));
const code = codeTexts(root, ['lib', 'lab', 'stacks']);

/** @param isSpokenOf verbs may stand alone */
async function problemsOf(mentions: readonly Mention[], isSpokenOf: boolean): Promise<string[]> {
  const problems: string[] = [];
  for (const { at, text } of mentions) {
    for (const args of isSpokenOf ? commandsIn(text) : tandemIn(shellCommands(text))) {
      const problem = await problemOf(args, isSpokenOf);
      if (problem !== undefined) problems.push(`${at}: \`tandem ${args.join(' ')}\`: ${problem}`);
    }
  }
  return problems;
}

/** What is shipped, drills, the name that the tour gives to a lease of its own, and what stands for no base. */
const NAMES = new Set([
  ...globSync('config/*/*.yaml', { cwd: root }).map((file) => basename(file, '.yaml')),
  ...['alice', 'none', ...DRILL_NAMES],
]);

/** Words of a command that name something of the project, where it is not there. */
async function namesOfNothing(args: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const [index, word] of args.entries()) {
    if (!/^(?:[a-z][a-z-]*|(?:config|kolla|aws|openstack)\/.*)$/.test(word) || NAMES.has(word)) continue;
    const { stdout } = await tandemInProcess(root, ['complete', ...args.slice(0, index), word]);
    const isProposed = stdout.split('\n').some((line) => line.startsWith(`${word}\t`));
    if (!isProposed && !existsSync(join(root, word.replace(/:\d+$/, '')))) found.push(word);
  }
  return found;
}

describe('commands that people are advised to run', () => {
  it('are commands that the parser rejects where they are none', async () => {
    expect(await problemOf(['nonsense'])).toMatch(/no verb/);
    expect(await problemOf(['env', 'nonsense', 'x'])).toMatch(/no verb/);
    expect(await problemOf(['plan', '--nonsense'])).toMatch(/--nonsense/);
    expect(await problemOf(['unlock', 'a', 'b', 'c'])).toBeDefined();
    expect(await problemOf(['--project', 'x', 'plan', '--base', 'HEAD'])).toBeUndefined();
  });

  it('exist, with the flags and arguments that messages and advice give them', async () => {
    expect(code.flatMap(({ text }) => commandsIn(text)).length).toBeGreaterThan(50);
    expect(await problemsOf(code, true)).toEqual([]);
  });

  it('exist as the pages show them', async () => {
    expect(await problemsOf(pageTexts(root, pages), true)).toEqual([]);
  });

  it('can be run as the blocks of pages have them', async () => {
    const typed = pages.flatMap((page) => typedIn(root, page));
    expect(typed.length).toBeGreaterThan(40);
    expect(await problemsOf(typed, false)).toEqual([]);
  });

  it('name what is shipped, in README and tour', async () => {
    for (const { at, text } of ['README.md', 'docs/tour.md'].flatMap((page) => typedIn(root, page)))
      for (const args of tandemIn(shellCommands(text)))
        expect(await namesOfNothing(args), `${at}: ${text}`).toEqual([]);
    expect(await namesOfNothing(['link', 'status', 'nowhere'])).toEqual(['nowhere']);
    expect(await namesOfNothing(['deploy', 'kolla/nowhere', 'staging'])).toEqual(['kolla/nowhere']);
  });

  it('exist as the help of each verb shows them', async () => {
    const examples = describeVerbs().flatMap(({ path, examples }) =>
      examples.map(({ command }) => ({ at: path.join(' '), text: command })),
    );
    expect(examples.filter(({ text }) => tandemIn(shellCommands(text)).length !== 1)).toEqual([]);
    expect(await problemsOf(examples, false)).toEqual([]);
  });

  it('have the flags that errors name beside them', () => {
    const errors = code.filter(({ at }) => /errors\.ts:/.test(at));
    const unknown = errors.flatMap(({ at, text }) =>
      flagsIn(text)
        .filter((name) => !isFlag(name))
        .map((name) => `${at}: --${name}`),
    );
    expect(unknown).toEqual([]);
  });
});
