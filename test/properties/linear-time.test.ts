/** What a field or a file takes to check grows with its size, whatever stands in it. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadAndCheck } from '../../lib/config/check.ts';
import { memoryFiles } from '../../lib/config/files.ts';
import { textProblem } from '../../lib/config/scalar.ts';
import { secretIn } from '../../lib/config/secret-in-text.ts';
import { sample } from '../chaos.ts';
import { growth, LINEAR } from '../growth.ts';
import { minimal, TODAY } from '../lib/config/minimal.ts';
import { examples, KINDS } from './example.ts';
import { stringFields } from './schema-strings.ts';

const MEGABYTE = 1024 * 1024;

/** What patterns are made of, and what they stumble over. */
const PARTS = [
  ...['a', 'A', '0', '-', '.', '/', '_', ' ', '@', '=', '+', ':', '*', ',', '%', '$', '{', '}', '"', "'", '\n', '\t'],
  ...[
    'a-',
    'a.',
    'a@',
    'a=',
    '0.',
    '1,',
    '1-',
    '*/',
    '/a',
    '//',
    '://',
    ':@',
    'a:b@',
    '--',
    '-a ',
    '{{',
    '${',
    '\\',
    'é',
    '👩',
  ],
  ...[
    'password',
    'password=',
    'token: ',
    '--secret ',
    '-u a:',
    'authorization: basic ',
    '-----BEGIN ',
    'eyJ',
    'ghp_',
    'AKIA',
  ],
];
const STARTS = [
  '',
  'a',
  'A',
  '1',
  '/',
  'secret:',
  'https://',
  'a@',
  'ssh-rsa ',
  'ssh-ed25519 A',
  'tgw-',
  '2026-01-01',
  '0 0 * * ',
  '--',
  '10.0.0.0/',
];
const ENDS = ['', '!', ' x y'];

/** Texts of any size: each part, with starts that lead a pattern into it and ends that make it fail. */
function* texts(starts: readonly string[], ends: readonly string[]): Generator<(size: number) => string> {
  for (const part of PARTS)
    for (const start of starts)
      for (const end of ends) yield (size) => `${start}${part.repeat(Math.ceil(size / part.length))}${end}`;
}

const files = examples();
const fields = KINDS.flatMap(({ file, schema }) => stringFields(schema, files[file]));
/** Fields share patterns: one of each is enough. */
const patterns = new Map(
  fields.map((field) => [JSON.stringify(z.toJSONSchema(field.schema, { unrepresentable: 'any' })), field]),
);

/** What a quadratic pattern needs minutes for at a megabyte, it needs a second for at a thirtieth. */
const SMALL = MEGABYTE / 32;
const HARD = sample([...texts(STARTS, ['!', ' x y'])], 200);
const PLAIN = [...texts([''], ['!'])];

/** The first text whose time grows too fast, as it begins. */
function slow(given: Iterable<(size: number) => string>, size: number, work: (text: string) => void) {
  for (const text of given) {
    const prepare = (length: number) => {
      const made = text(length);
      return () => work(made);
    };
    if (growth(prepare, size) > LINEAR) return JSON.stringify(text(20));
  }
  return undefined;
}

describe('a megabyte in a field', () => {
  it.each([...patterns.values()].map((field) => [field.name, field] as const))('%s', (_name, { schema }) => {
    const work = (text: string) => void schema.safeParse(text);
    expect(slow(HARD, SMALL, work)).toBeUndefined();
    expect(slow(PLAIN, MEGABYTE, work)).toBeUndefined();
  });

  it('is refused before that', () => {
    expect(slow(texts([''], ['']), MEGABYTE, (text) => void textProblem(text))).toBeUndefined();
    for (const text of texts([''], [''])) expect(textProblem(text(MEGABYTE))?.code).toBe('text-too-long');
  });
});

describe('the largest text that a field takes, or user data has', () => {
  it('is searched for secrets in time', () => {
    const given = sample([...texts(STARTS, ENDS)], 200);
    expect(slow(given, 40 * 1024, (text) => void secretIn(text))).toBeUndefined();
  });
});

describe('a large file', () => {
  it.each<[string, (size: number) => string]>([
    ['a key', (size) => `${'x'.repeat(size)}: 1\n`],
    ['a name', (size) => `tiers: {${'x'.repeat(size)}: {}}\n`],
    ['a quoted key', (size) => `"${'x'.repeat(size)}": 1\n`],
    ['a value', (size) => `blueprint: ${'x'.repeat(size)}\n`],
    ['a comment', (size) => `blueprint: app # ${'x'.repeat(size)}\n`],
    ['lines', (size) => 'a\n'.repeat(size / 2)],
    ['a folded text', (size) => `purpose: >\n${'  x\n'.repeat(size / 4)}`],
    ['escapes', (size) => `purpose: "${'\\n'.repeat(size / 2)}"\n`],
    ['an anchor', (size) => `purpose: &${'x'.repeat(size)} x\n`],
    ['a tag', (size) => `purpose: !${'x'.repeat(size)} x\n`],
    ['an unclosed quote', (size) => `purpose: "${'x'.repeat(size)}\n`],
    ['an entry list', (size) => `users: [${'a,'.repeat(size / 2)}]\n`],
    ['spaces', (size) => `purpose: ${' '.repeat(size)}x\n`],
    ['dashes', (size) => `purpose:\n${'-\n'.repeat(size / 2)}`],
  ])('%s is refused in a time that grows with its size', (_name, content) => {
    let [problems, runs] = [0, 0];
    const work = (size: number) => {
      const text = content(size);
      // What was parsed last is not parsed again: each run has a text of its own.
      const given = () => ({ ...minimal(), 'config/dev/alice.yaml': `# ${(runs += 1)}\n${text}` });
      return () => void (problems = loadAndCheck(memoryFiles(given()), TODAY).problems.length);
    };
    expect(growth(work, MEGABYTE / 4)).toBeLessThan(LINEAR);
    expect(problems).toBeGreaterThan(0);
  });
});
