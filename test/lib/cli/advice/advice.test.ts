import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeVerbs } from '../../../../lib/cli/describe-verbs.ts';
import { isFlag, problemOf } from './dry-parse.ts';
import { codeTexts, commandsIn, flagsIn, type Mention, pageTexts } from './mentions.ts';

const root = join(import.meta.dirname, '../../../..');
/** From the verbs and errors themselves, which are looked at below. */
const GENERATED = new Set(['commands.md', 'errors.md']);
const code = codeTexts(root, ['lib', 'lab', 'stacks']);
const WRITTEN = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md') && !GENERATED.has(name));
const pages = pageTexts(root, [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/drill/README.md', 'docs/reference', 'docs/blueprints'],
  ...['lab/ha/README.md', 'stacks/policies/README.md', ...WRITTEN.map((name) => `docs/${name}`)],
]);

async function problemsOf(mentions: readonly Mention[]): Promise<string[]> {
  const problems: string[] = [];
  for (const { at, text } of mentions) {
    for (const args of commandsIn(text)) {
      const problem = await problemOf(args);
      if (problem !== undefined) problems.push(`${at}: \`tandem ${args.join(' ')}\`: ${problem}`);
    }
  }
  return problems;
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
    expect(await problemsOf(code)).toEqual([]);
  });

  it('exist as the pages show them', async () => {
    expect(await problemsOf(pages)).toEqual([]);
  });

  it('exist as the help of each verb shows them', async () => {
    const examples = describeVerbs().flatMap(({ path, examples }) =>
      examples.map(({ command }) => ({ at: path.join(' '), text: `\`${command}\`` })),
    );
    expect(examples.flatMap(({ text }) => commandsIn(text)).length).toBeGreaterThan(10);
    expect(await problemsOf(examples)).toEqual([]);
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
