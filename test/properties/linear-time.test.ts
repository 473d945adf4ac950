/** No field takes long to check, whatever stands in it. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadAndCheck } from '../../lib/config/check.ts';
import { memoryFiles } from '../../lib/config/files.ts';
import { textProblem } from '../../lib/config/scalar.ts';
import { secretIn } from '../../lib/config/secret-in-text.ts';
import { sample } from '../chaos.ts';
import { minimal, TODAY } from '../lib/config/minimal.ts';
import { examples, KINDS } from './example.ts';
import { stringFields } from './schema-strings.ts';

const MEGABYTE = 1024 * 1024;
const LIMIT_MS = 100;

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

/** Milliseconds of the processor, whatever else the machine does. */
function spent(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The slowest of a few runs is noise of the collector; the fastest is the pattern's. What is soon done by the clock took no longer of the processor. */
function fastest(work: () => void): number {
  const started = performance.now();
  work();
  const first = performance.now() - started;
  return first < LIMIT_MS ? first : Math.min(spent(work), spent(work), spent(work));
}

/** Large texts: each part, with starts that lead a pattern into it and ends that make it fail. */
function* texts(starts: readonly string[], ends: readonly string[], size: number): Generator<string> {
  for (const part of PARTS)
    for (const start of starts)
      for (const end of ends) yield `${start}${part.repeat(Math.ceil(size / part.length))}${end}`;
}

const files = examples();
const fields = KINDS.flatMap(({ file, schema }) => stringFields(schema, files[file]));
/** Fields share patterns: one of each is enough. */
const patterns = new Map(
  fields.map((field) => [JSON.stringify(z.toJSONSchema(field.schema, { unrepresentable: 'any' })), field]),
);

/** Made once for all fields. What a quadratic pattern needs minutes for at a megabyte, it needs a second for at a thirtieth. */
const SMALL = sample([...texts(STARTS, ['!', ' x y'], MEGABYTE / 32)], 200);
const LARGE = [...texts([''], ['!'], MEGABYTE)];

/** The first text that takes too long, as it begins. */
function slow(given: Iterable<string>, work: (text: string) => void): string | undefined {
  for (const text of given) if (fastest(() => work(text)) >= LIMIT_MS) return JSON.stringify(text.slice(0, 20));
  return undefined;
}

describe('a megabyte in a field', () => {
  it.each([...patterns.values()].map((field) => [field.name, field] as const))('%s', (_name, { schema }) => {
    expect(slow([...SMALL, ...LARGE], (text) => void schema.safeParse(text))).toBeUndefined();
  });

  it('is refused before that', () => {
    for (const text of texts([''], [''], MEGABYTE)) {
      expect(fastest(() => void textProblem(text))).toBeLessThan(LIMIT_MS);
      expect(textProblem(text)?.code).toBe('text-too-long');
    }
  });
});

describe('the largest text that a field takes, or user data has', () => {
  it('is searched for secrets in time', () => {
    expect(slow(sample([...texts(STARTS, ENDS, 40 * 1024)], 200), (text) => void secretIn(text))).toBeUndefined();
  });
});

describe('a file of a megabyte', () => {
  const long = 'x'.repeat(MEGABYTE - 200);
  it.each([
    ['a key', `${long}: 1\n`],
    ['a name', `tiers: {${long}: {}}\n`],
    ['a quoted key', `"${long}": 1\n`],
    ['a value', `blueprint: ${long}\n`],
    ['a comment', `blueprint: app # ${long}\n`],
    ['lines', 'a\n'.repeat(MEGABYTE / 2 - 100)],
    ['a folded text', `purpose: >\n${'  x\n'.repeat(MEGABYTE / 4 - 100)}`],
    ['escapes', `purpose: "${'\\n'.repeat(MEGABYTE / 2 - 100)}"\n`],
    ['an anchor', `purpose: &${long} x\n`],
    ['a tag', `purpose: !${long} x\n`],
    ['an unclosed quote', `purpose: "${long}\n`],
    ['an entry list', `users: [${'a,'.repeat(MEGABYTE / 2 - 100)}]\n`],
    ['spaces', `purpose: ${' '.repeat(MEGABYTE - 200)}x\n`],
    ['dashes', `purpose:\n${'-\n'.repeat(MEGABYTE / 2 - 100)}`],
  ])('%s is refused in seconds', (_name, content) => {
    let problems = 0;
    const milliseconds = spent(() => {
      problems = loadAndCheck(memoryFiles({ ...minimal(), 'config/dev/alice.yaml': content }), TODAY).problems.length;
    });
    expect(problems).toBeGreaterThan(0);
    expect(milliseconds).toBeLessThan(10_000);
  });
});
