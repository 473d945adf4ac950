import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ValueDifference } from '../../../../../lib/plan/render/values/model.ts';
import { valueDifference } from '../../../../../lib/plan/render/values/value-difference.ts';
import { firstHidden } from '../../../../../lib/text/printable.ts';
import { growth, LINEAR } from '../../../../growth.ts';

/** What a reader sees of each side. */
function sides(found: ValueDifference): { before: string[]; after: string[] } {
  switch (found.kind) {
    case 'values':
      return { before: [found.before], after: [found.after] };
    case 'lines': {
      const lines = found.hunks.flatMap((hunk) => hunk.lines);
      const of = (sign: string): string[] => lines.filter((line) => line.startsWith(sign)).map((line) => line.slice(1));
      return { before: of('-'), after: of('+') };
    }
    case 'parts': {
      const inner = found.changed.map(({ difference }) => sides(difference));
      return {
        before: [...found.removed, ...inner.flatMap(({ before }) => before)],
        after: [...found.added, ...inner.flatMap(({ after }) => after)],
      };
    }
  }
}

const lines = (count: number, special: Readonly<Record<number, string>> = {}): string =>
  `${Array.from({ length: count }, (_, at) => special[at] ?? `line ${at}`).join('\n')}\n`;

const lineChange = {
  kind: 'lines',
  hunks: [{ lines: [' line 298', ' line 299', '-line 300', '+late', ' line 301', ' line 302'] }],
};

describe('maps', () => {
  it.each(['constructor', 'valueOf', 'toString', 'hasOwnProperty'])('may have an entry called %s, or none', (key) => {
    const found = { kind: 'parts', removed: [`${key}: 1`], added: [], changed: [], left: 0 };
    expect(valueDifference({ [key]: 1, a: 2 }, { a: 2 })).toEqual(found);
  });
});

describe('values in one line', () => {
  it('are cut around what differs, not at their end', () => {
    const url = (name: string): string => `https://images.example.org/${'mirror/'.repeat(40)}${name}.qcow2`;
    expect(valueDifference(url('debian-12-a'), url('debian-12-b'), { width: 60 })).toEqual({
      kind: 'values',
      before: '…mirror/mirror/mirror/mirror/mirror/debian-12-a.qcow2',
      after: '…mirror/mirror/mirror/mirror/mirror/debian-12-b.qcow2',
    });
  });

  it('show the beginning and the end of a difference that is longer than the line', () => {
    const found = valueDifference(`a ${'x'.repeat(400)} end`, `a ${'y'.repeat(300)}z end`, { width: 60 });
    expect(found).toMatchObject({ before: /^a x+…x+…$/, after: /^a y+…y+z…$/ } satisfies Record<string, RegExp>);
  });

  it.each([
    ['5', 5, '"5"', '5'],
    ['true', true, '"true"', 'true'],
    ['x', ['x'], '"x"', '["x"]'],
    [null, '(none)', '(none)', '"(none)"'],
    [null, '', '(none)', '""'],
    ['a b', 'a  b', 'a b', 'a··b'],
    ['a', 'a ', '"a"', '"a "'],
    ['а', 'a', '\\u0430', 'a'],
    ['é', 'e\u0301', '\\u00e9', 'e\\u0301'],
    ['x', 'x\u200d', 'x', 'x\\u200d'],
    ['a\u202eb', 'ab', 'a\\u202eb', 'ab'],
    ['a\\u001b', 'a\u001b', 'a\\\\u001b', 'a\\u001b'],
    ['привет', 'пакет', 'привет', 'пакет'],
    [{ Ref: 'Vpc' }, '${Vpc}', '${Vpc}', '"${Vpc}"'],
    [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, { Ref: 'Queue' }, '${Queue.Arn}', '${Queue}'],
  ])('tell %j from %j', (before, after, left, right) => {
    expect(valueDifference(before, after)).toEqual({ kind: 'values', before: left, after: right });
  });
});

describe('texts', () => {
  it('are compared line by line, a late one too', () => {
    expect(valueDifference(lines(400), lines(400, { 300: 'late' }))).toMatchObject({
      ...lineChange,
      left: 0,
      hunks: [{ before: 299, after: 299 }],
    });
  });

  it.each([
    ['base64', (text: string) => Buffer.from(text).toString('base64')],
    ['gzip in base64', (text: string) => gzipSync(text).toString('base64')],
    [
      'Fn::Base64 of Fn::Join',
      (text: string) => ({ 'Fn::Base64': { 'Fn::Join': ['', [text, { Ref: 'Bucket' }, '\n']] } }),
    ],
    ['Fn::Sub', (text: string) => ({ 'Fn::Sub': `${text}\${Bucket}\n` })],
    [
      'a multipart message with encoded parts',
      (text: string) =>
        `Content-Type: multipart/mixed; boundary="B"\nMIME-Version: 1.0\n\n--B\nContent-Type: text/cloud-config\nContent-Transfer-Encoding: base64\n\n${Buffer.from(text).toString('base64')}\n--B--\n`,
    ],
  ])('are read through %s', (_name, pack) => {
    expect(valueDifference(pack(lines(400)), pack(lines(400, { 300: 'late' })))).toMatchObject({
      kind: 'lines',
      hunks: [{ lines: lineChange.hunks[0]?.lines }],
    });
  });

  it('cut long lines around what differs in them', () => {
    const long = (end: string): string => `first\n${'word '.repeat(200)}${end}\n`;
    const found = valueDifference(long('one'), long('two'), { width: 40 });
    expect(sides(found)).toEqual({
      before: [expect.stringMatching(/^….*word one$/)],
      after: [expect.stringMatching(/^….*word two$/)],
    });
  });

  it('say what is left out, and give both sides their share', () => {
    const found = valueDifference(lines(500), lines(500).replaceAll('line', 'row'), { lines: 10 });
    expect(found).toMatchObject({ left: 990 });
    expect(sides(found).before).toHaveLength(5);
    expect(sides(found).after).toHaveLength(5);
  });

  it('tell a last line with a line break from one without', () => {
    expect(sides(valueDifference('a\nb\n', 'a\nb'))).toEqual({
      before: ['b'],
      after: ['b (no line break at its end)'],
    });
  });
});

describe('policies', () => {
  const policy = (...statements: object[]): object => ({ Version: '2012-10-17', Statement: statements });
  const read = { Sid: 'Read', Effect: 'Allow', Action: ['s3:GetObject', 's3:List*'], Resource: '*' };
  const queue = { Effect: 'Allow', Action: 'sqs:*', Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] } };

  it('are compared by statement, and statements by what they say', () => {
    const after = { ...read, Action: ['s3:List*', 's3:PutObject'], Principal: { AWS: '*' } };
    const deny = { Effect: 'Deny', Action: 'ec2:*', Resource: '*' };
    expect(valueDifference(policy(read, queue), policy(deny, after))).toEqual({
      ...{ kind: 'parts', left: 0 },
      removed: ['Allow sqs:* on ${Queue.Arn}'],
      added: ['Deny ec2:* on *'],
      changed: [
        {
          name: 'statement "Read"',
          difference: {
            ...{ kind: 'parts', left: 0, changed: [] },
            removed: ['action s3:GetObject'],
            added: ['action s3:PutObject', 'principal AWS *'],
          },
        },
      ],
    });
  });

  it.each([
    ['a string', (value: object) => JSON.stringify(value)],
    [
      'Fn::Join',
      (value: object) => ({
        'Fn::Join': [
          '',
          [
            ...JSON.stringify(value)
              .split('{"Fn::GetAtt":["Queue","Arn"]}')
              .flatMap((part, at) => (at === 0 ? [part] : ['"', { 'Fn::GetAtt': ['Queue', 'Arn'] }, '"', part])),
          ],
        ],
      }),
    ],
  ])('are found in the JSON of %s', (_name, pack) => {
    const found = valueDifference(pack(policy(read, queue)), pack(policy(read, { ...queue, Action: 'sqs:Send*' })));
    expect(found).toMatchObject({
      kind: 'parts',
      changed: [{ name: 'Allow sqs:Send*', difference: { removed: ['action sqs:*'], added: ['action sqs:Send*'] } }],
    });
  });

  it('do not change by the order of their actions', () => {
    const found = valueDifference(policy(read), policy({ ...read, Action: [...read.Action].reverse() }));
    expect(found.kind).toBe('values');
  });
});

describe('lists', () => {
  it('are compared by what names their elements: tags, rules', () => {
    const tag = (Key: string, Value: string) => ({ Key, Value });
    const rule = (CidrIp: string) => ({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp });
    const before = { Tags: [tag('a', '1'), tag('b', '2')], Ingress: [rule('10.0.0.0/8')] };
    const after = { Tags: [tag('b', '3'), tag('c', '1')], Ingress: [rule('0.0.0.0/0')] };
    expect(valueDifference(before, after)).toEqual({
      ...{ kind: 'parts', left: 0 },
      removed: ['Tags.a: 1'],
      added: ['Tags.c: 1'],
      changed: [
        { name: 'Tags.b', difference: { kind: 'values', before: '2', after: '3' } },
        {
          name: 'Ingress.0',
          difference: { kind: 'values', before: 'tcp 443 with 10.0.0.0/8', after: 'tcp 443 with 0.0.0.0/0' },
        },
      ],
    });
  });

  it('never show an element that goes and one that comes alike', () => {
    const long = (end: string): object => [{ [`a${'x'.repeat(500)}`]: 1, b: end, c: end, d: end }];
    const { before, after } = sides(valueDifference(long('one'), [...(long('two') as object[]), 'y'], { width: 60 }));
    for (const text of before) expect(after).not.toContain(text);
  });
});

describe('any two values', () => {
  const odd = fc.constantFrom(
    '',
    ' ',
    '\t',
    '\n',
    '\r\n',
    '\u0000',
    '\u001b[31m',
    '\u202e',
    '\u200b',
    '…',
    '·',
    '(none)',
    '"',
    '\\',
    '\\u0000',
    'é',
    'e\u0301',
    '\ud83d\ude00',
    '\ud800',
    'а',
    'a',
    '${A}',
    '{"a":1}',
    '5',
  );
  const text = fc.oneof(
    odd,
    fc.string({ unit: 'binary' }),
    fc.array(odd, { maxLength: 12 }).map((parts) => parts.join('')),
    fc
      .tuple(fc.string({ maxLength: 9 }), fc.integer({ min: 1, max: 90 }), odd)
      .map(([part, count, end]) => part.repeat(count) + end),
    fc.string().map((value) => Buffer.from(value.repeat(5)).toString('base64')),
  );
  const value = fc.oneof(
    { arbitrary: text, weight: 4 },
    fc.jsonValue(),
    fc.jsonValue().map((inner) => JSON.stringify(inner)),
    fc.record({
      Statement: fc.array(fc.record({ Effect: fc.constantFrom('Allow', 'Deny'), Action: text }), { maxLength: 3 }),
    }),
    fc.constantFrom(null, 5, true, { Ref: 'A' }, { 'Fn::Sub': '${A}' }, { 'Fn::Join': [',', ['a', { Ref: 'A' }]] }),
  );
  const pair = fc.oneof(
    fc.tuple(value, value),
    // Two texts that share much.
    fc
      .tuple(text, text, text, text)
      .map(([start, one, other, end]) => [start + one + end, start + other + end] as const),
  );

  it('never look the same where they differ, and nothing in them is obeyed by a terminal', () => {
    fc.assert(
      fc.property(pair, fc.integer({ min: 16, max: 100 }), ([before, after], width) => {
        fc.pre(JSON.stringify(before) !== JSON.stringify(after));
        const shown = sides(valueDifference(before, after, { width, lines: 6 }));
        expect(shown.before).not.toEqual(shown.after);
        for (const line of [...shown.before, ...shown.after]) {
          expect(firstHidden(line)).toBeUndefined();
          expect(line).not.toMatch(/[\n\t]/);
        }
      }),
      { numRuns: 3000 },
    );
  });

  const numbers = (count: number, step: number) => JSON.stringify(Array.from({ length: count }, (_, at) => at * step));
  const base64 = (bytes: string | Buffer) => Buffer.from(bytes).toString('base64');

  it.each<[string, (size: number) => [unknown, unknown]]>([
    ['one line', (size) => ['x'.repeat(size), `${'x'.repeat(size)}y`]],
    ['what is not shown', (size) => ['\u001b'.repeat(size), ' '.repeat(size)]],
    ['many lines', (size) => ['a\n'.repeat(size / 2), 'b\n'.repeat(size / 2)]],
    ['lines of which some change', (size) => [lines(size / 10), lines(size / 10).replaceAll('7', 'seven')]],
    ['JSON', (size) => [numbers(size / 20, 1), numbers(size / 20, 2)]],
    ['expressions with no end', (size) => [`[${' '.repeat(size)}\${`, `[${' '.repeat(size)}$`]],
    ['what is open', (size) => ['['.repeat(size), '['.repeat(size - 1)]],
    ['base64', (size) => [base64('a\n'.repeat(size / 3)), base64('b\n'.repeat(size / 3))]],
    ['what is packed', (size) => [base64(gzipSync('a'.repeat(50 * size))), base64(gzipSync('b'.repeat(50 * size)))]],
  ])('of a megabyte of %s take few lines, and a time that grows with them', (_, pair) => {
    const work = (size: number) => {
      const [before, after] = pair(size);
      return () => void valueDifference(before, after);
    };
    expect(growth(work, 400_000)).toBeLessThan(LINEAR);
    expect(JSON.stringify(valueDifference(...pair(1_000_000))).length).toBeLessThan(20_000);
  });
});
