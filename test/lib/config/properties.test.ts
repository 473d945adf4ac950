import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { loadAndCheck } from '../../../lib/config/check.ts';
import { type Problem, sortProblems } from '../../../lib/config/diagnostic.ts';
import { memoryFiles } from '../../../lib/config/files.ts';
import { draws } from '../../chaos.ts';
import { minimal, TODAY } from './minimal.ts';
import { validConfiguration } from './valid-configuration.ts';

const lines = (text: string) => text.split('\n');

/** Small damages to a text, such as people, merges and editors do. */
const damage: fc.Arbitrary<(text: string) => string> = fc.oneof(
  fc.nat().map(
    (at) => (text: string) =>
      lines(text)
        .toSpliced(at % lines(text).length, 1)
        .join('\n'),
  ),
  fc.nat().map(
    (at) => (text: string) =>
      lines(text)
        .toSpliced(at % lines(text).length, 0, lines(text)[at % lines(text).length] ?? '')
        .join('\n'),
  ),
  fc.tuple(fc.nat(), fc.string({ unit: 'binary', maxLength: 3 })).map(
    ([at, what]) =>
      (text: string) =>
        text.slice(0, at % text.length) + what + text.slice(at % text.length),
  ),
  fc.tuple(fc.nat(), fc.nat(9)).map(
    ([at, length]) =>
      (text: string) =>
        text.slice(0, at % text.length) + text.slice((at % text.length) + length),
  ),
  fc.nat().map((at) => (text: string) => text.slice(0, at % text.length)),
  fc
    .tuple(
      fc.nat(),
      fc.constantFrom(
        'null',
        '[]',
        '{}',
        '-1',
        '1e400',
        '.nan',
        '"',
        '*x',
        '&x',
        '!!binary x',
        '{ a: { b: [c] } }',
        'yes',
        '0x1F',
        '2026-01-01',
        '__proto__',
        '<<',
      ),
    )
    .map(([at, value]) => (text: string) => {
      const places = [...text.matchAll(/: (\S[^\n]*)/g)];
      const place = places[at % Math.max(1, places.length)];
      return place === undefined
        ? text
        : `${text.slice(0, place.index + 2)}${value}${text.slice(place.index + place[0].length)}`;
    }),
);

const damaged = fc
  .array(fc.tuple(fc.constantFrom(...Object.keys(minimal())), damage), { minLength: 1, maxLength: 4 })
  .map((damages) => {
    const files = minimal();
    for (const [file, harm] of damages) files[file] = harm(files[file] ?? '');
    return files;
  });

describe('any configuration', () => {
  it('that is valid loads without a problem', () => {
    fc.assert(
      fc.property(validConfiguration, (files) => {
        const texts = Object.fromEntries(Object.entries(files).map(([file, value]) => [file, stringify(value)]));
        expect(loadAndCheck(memoryFiles(texts), TODAY).problems).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('that is damaged gives diagnostics at places that exist, and never throws', () => {
    fc.assert(
      fc.property(damaged, (files) => {
        const { problems } = loadAndCheck(memoryFiles(files), TODAY);
        expect(problems).toEqual(sortProblems(problems));
        for (const problem of problems) expectSound(problem, files);
        const places = problems.map((each) =>
          JSON.stringify([each.file, each.line, each.column, each.path, each.code, each.message]),
        );
        expect(new Set(places).size).toBe(places.length);
      }),
      draws(200),
    );
  });

  it('of any bytes gives diagnostics, and never throws', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(minimal())), fc.uint8Array({ maxLength: 200 }), (file, bytes) => {
        const { problems } = loadAndCheck(memoryFiles({ ...minimal(), [file]: bytes }), TODAY);
        expect(problems.length).toBeGreaterThan(0);
      }),
      draws(200),
    );
  });
});

function expectSound(
  { file, line, column, message, fix, code }: Problem,
  files: Readonly<Record<string, string>>,
): void {
  const text = files[file];
  // A file that is wanted and not there has no lines.
  if (text !== undefined) {
    expect(line).toBeLessThanOrEqual(lines(text).length);
    expect(column).toBeLessThanOrEqual((lines(text)[line - 1] ?? '').length + 1);
  }
  expect(Math.min(line, column)).toBeGreaterThanOrEqual(1);
  expect(code).toMatch(/^[a-z][a-z0-9-]*$/);
  expect(message).not.toMatch(/\n|undefined|NaN|\[object|;;/);
  expect(fix).not.toMatch(/^$|\n|undefined|NaN|\[object|;;/);
}
