import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TandemError } from '../../../lib/errors/tandem-error.ts';
import { choose } from '../../../lib/fleet/choose.ts';
import { fieldNames } from '../../../lib/fleet/selector-fields.ts';
import { matches, parseSelector, type Selector } from '../../../lib/fleet/selectors.ts';
import { fleet, machine, NOW } from './machines.ts';

const DAY = 86_400_000;

function has(text: string, changes: Parameters<typeof machine>[0] = {}): boolean {
  return matches(parseSelector(text), machine(changes), NOW);
}

function failure(text: string): { message: string; next: string } {
  try {
    parseSelector(text);
  } catch (error) {
    if (error instanceof TandemError) return { message: error.message, next: error.next };
    throw error;
  }
  throw new Error(`"${text}" was taken`);
}

describe('what a selector matches', () => {
  test.each<[string, Parameters<typeof machine>[0], boolean]>([
    ['zone=a', {}, true],
    ['zone=eu-west-3a', {}, true],
    ['zone=b', {}, false],
    ['zone!=b', {}, true],
    ['zone in (b, a)', {}, true],
    ['age>30d', { launchedAt: NOW - 31 * DAY }, true],
    ['age>30d', { launchedAt: NOW - 30 * DAY }, false],
    ['age>=30d', { launchedAt: NOW - 30 * DAY }, true],
    ['age<12h', {}, false],
    ['zone=a and age>30d', {}, false],
    ['zone=b or age>12h', {}, true],
    ['not zone=b and not type=m7g.xlarge', {}, true],
    ['not (zone=a or zone=b)', {}, false],
    ['zone=b and zone=c or zone=a', {}, true],
    ['zone=b and (zone=c or zone=a)', {}, false],
    ['state=busy', {}, true],
    ['state=InService', {}, true],
    ['state=terminating', { lifecycleState: 'Terminating:Wait' }, true],
    ['state=lost', { heartbeat: { at: NOW - 46_000, state: 'busy', version: '1' } }, true],
    ['state=busy', { heartbeat: { at: NOW - 46_000, state: 'busy', version: '1' } }, false],
    ['state=none', { heartbeat: undefined }, true],
    ['state=warm', { heartbeat: { at: NOW, state: 'warm', version: '1' } }, true],
    ['health=impaired', { health: 'impaired-system' }, true],
    ['health!=healthy', {}, false],
    ['template<12', { templateVersion: '9' }, true],
    ['program<1.10.0', { program: '1.9.0' }, true],
    ['program>=1.10.0', { program: '1.9.0' }, false],
    ['program<1.10.0', { program: undefined }, false],
    ['program=none', { program: undefined }, true],
    ['version=0.3.0', {}, true],
    ['job=none', {}, false],
    ['job="job-1"', {}, true],
    ['purchase=spot', {}, false],
    ['warm=no', {}, true],
    ['id in (i-00000000000000001)', {}, true],
    ['ZONE=a AND NOT zone=b', {}, true],
  ])('%s', (text, changes, expected) => {
    expect(has(text, changes)).toBe(expected);
  });
});

describe('what is wrong with a selector', () => {
  test.each([
    ['', 'it ends at character 1, where a field', 'zone=a'],
    ['zon=a', '"zon" stands at character 1, where a field', 'did you mean zone?'],
    ['zone', 'it ends at character 5, where one of = != < > <= >= or "in"', 'zone=a'],
    ['zone<a', '"<" stands at character 5, where = or !=, because zone has no order,', 'zone=a'],
    ['zone=', 'it ends at character 6, where a value of zone', 'zone=a'],
    ['zone=a an age>1d', '"an" stands at character 8, where "and", "or" or the end', 'did you mean and?'],
    ['(zone=a', 'it ends at character 8, where ")", "and" or "or"', 'zone=a'],
    ['age>soon', '"soon" stands at character 5, where a time like 90s', 'zone=a'],
    ['state=bussy', '"bussy" stands at character 7, where one of pending', 'did you mean busy?'],
    ['purchase=sopt', '"sopt" stands at character 10', 'did you mean spot?'],
    ['zone in a', '"a" stands at character 9, where "("', 'zone=a'],
    ['zone in (a b)', '"b" stands at character 12, where "," or ")"', 'zone=a'],
    ['job="x', 'it ends at character 7, where the closing "', 'zone=a'],
    ['zone=$x', '"$" stands at character 6', 'zone=a'],
    [`${'('.repeat(5000)}zone=a`, 'more than 100 deep', 'zone=a'],
  ])('%s', (text, message, next) => {
    const found = failure(text);
    expect(found.message).toContain(message);
    expect(found.next).toContain(next);
  });
});

const value = { age: '3d', template: '7', state: 'busy', health: 'healthy', purchase: 'spot', warm: 'no' } as const;
const comparison = fc.constantFrom(...fieldNames).map(
  (field): Selector => ({
    kind: 'compare',
    field,
    operator: '=',
    value: field in value ? value[field as keyof typeof value] : 'x1',
  }),
);
const { selector } = fc.letrec<{ selector: Selector }>((tie) => ({
  selector: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    comparison,
    fc.record({ kind: fc.constant('not' as const), part: tie('selector') }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      parts: fc.array(tie('selector'), { minLength: 2, maxLength: 3 }),
    }),
  ),
}));

function write(each: Selector): string {
  if (each.kind === 'not') return `not (${write(each.part)})`;
  if (each.kind === 'in') return `${each.field} in (${each.values.join(',')})`;
  if (each.kind === 'compare') return `${each.field}${each.operator}${each.value}`;
  return each.parts.map((part) => `(${write(part)})`).join(` ${each.kind} `);
}

describe('any selector', () => {
  test('means what its text says, after it was written and parsed', () => {
    fc.assert(
      fc.property(selector, (each) => {
        expect(parseSelector(write(each))).toEqual(each);
      }),
    );
  });

  test('is taken or refused with a position within it, whatever is written', () => {
    const scrap = fc.constantFrom(
      'zone',
      '=',
      'a',
      ' and ',
      ' or ',
      'not ',
      '(',
      ')',
      ',',
      '"',
      'age>3d',
      ' in ',
      '<',
      '💥',
      '\u0000',
    );
    fc.assert(
      fc.property(fc.array(scrap, { maxLength: 12 }), (scraps) => {
        const text = scraps.join('');
        try {
          parseSelector(text);
        } catch (error) {
          expect(error).toBeInstanceOf(TandemError);
          const position = Number((error as TandemError).details['position']);
          expect(position).toBeGreaterThanOrEqual(0);
          expect(position).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('choose', () => {
  test('takes the oldest first, up to a count or a share', () => {
    const view = fleet(10);
    const where = parseSelector('zone in (a, b)');
    expect(choose(view, { where, count: 2 }).map(({ id }) => id)).toEqual([
      'i-00000000000000001',
      'i-00000000000000002',
    ]);
    expect(choose(view, { percent: 25 })).toHaveLength(3);
    expect(choose(view, { count: 50 })).toHaveLength(10);
  });

  test('leaves the warm pool alone unless it is spoken of, and what goes already', () => {
    const view = fleet(6, (index) => [{ warm: true }, { lifecycleState: 'Terminating:Wait' as const }, {}][index % 3]!);
    expect(choose(view, {})).toHaveLength(2);
    expect(choose(view, { where: parseSelector('warm=yes') })).toHaveLength(2);
  });

  test('fails for an id that the fleet does not have', () => {
    expect(() => choose(fleet(3), { ids: ['i-00000000000000009'] })).toThrow('no instance i-00000000000000009');
  });
});
