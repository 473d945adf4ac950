import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differences } from '../../../../lib/plan/difference/differences.ts';
import { canonical } from '../../../../lib/plan/difference/json.ts';

const scalar = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('a', 'b', ''), fc.boolean());
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    // Every object inherits something under the last two.
    fc.dictionary(fc.constantFrom('name', 'x', 'y', 'constructor', 'valueOf'), tie('value'), { maxKeys: 3 }),
  ),
}));
const body = fc.dictionary(fc.constantFrom('a', 'b', 'c'), value as fc.Arbitrary<unknown>, { maxKeys: 3 });

describe('differences', () => {
  it('are none between a value and itself', () => {
    fc.assert(
      fc.property(body, (a) => {
        expect(differences(a, structuredClone(a))).toEqual([]);
      }),
    );
  });

  it('are some exactly where two values mean different things', () => {
    fc.assert(
      fc.property(body, body, (a, b) => {
        expect(differences(a, b).length > 0).toBe(canonical(a) !== canonical(b));
      }),
    );
  });

  it('lead from one value of maps to the other when they are applied', () => {
    const maps = fc.dictionary(fc.constantFrom('a', 'b'), fc.dictionary(fc.constantFrom('c', 'd'), scalar), {
      minKeys: 1,
    });
    fc.assert(
      fc.property(maps, maps, (a, b) => {
        expect(canonical(withoutEmpty(applied(a, b)))).toBe(canonical(withoutEmpty(b)));
      }),
    );
  });

  it('show one element put into a list as one difference, whatever stands behind it', () => {
    const lists = fc.array(scalar, { maxLength: 12 });
    fc.assert(
      fc.property(lists, fc.nat({ max: 12 }), (list, at) => {
        const index = Math.min(at, list.length);
        const longer = [...list.slice(0, index), 'new', ...list.slice(index)];
        expect(differences({ list }, { list: longer })).toEqual([
          { path: `list.${index}`, before: null, after: 'new' },
        ]);
        expect(differences({ list: longer }, { list })).toEqual([
          { path: `list.${index}`, before: 'new', after: null },
        ]);
      }),
    );
  });

  it('do not see the order of a set, and see it in a list', () => {
    const options = { isSet: (path: string) => path === 'groups' };
    expect(differences({ groups: ['a', 'b', 'b'] }, { groups: ['b', 'a', 'b'] }, options)).toEqual([]);
    expect(differences({ groups: ['a', 'b', 'b'] }, { groups: ['a', 'b'] }, options)).toHaveLength(1);
    expect(differences({ names: ['a', 'b'] }, { names: ['b', 'a'] }, options)).not.toEqual([]);
  });

  it('go inside an element that stayed the same thing', () => {
    const before = [
      { port: 22, from: 'office' },
      { port: 80, from: 'world' },
      { port: 443, from: 'world' },
    ];
    const after = [
      { port: 80, from: 'world' },
      { port: 443, from: 'office' },
    ];
    expect(differences({ rule: before }, { rule: after })).toEqual([
      { path: 'rule.0', before: before[0], after: null },
      { path: 'rule.1.from', before: 'world', after: 'office' },
    ]);
    const named = differences(
      { d: [{ name: 'a', size: 1 }] },
      {
        d: [
          { name: 'b', size: 1 },
          { name: 'a', size: 2 },
        ],
      },
    );
    expect(named).toEqual([
      { path: 'd.0', before: null, after: { name: 'b', size: 1 } },
      { path: 'd.1.size', before: 1, after: 2 },
    ]);
  });

  it('take null for absence', () => {
    expect(differences({ a: null, b: { c: null } }, { b: {} })).toEqual([]);
  });

  it('stay quick for long lists that have nothing in common', () => {
    const left = Array.from({ length: 5000 }, (_, index) => `a${index}`);
    expect(differences({ list: left }, { list: left.map((each) => `b${each}`) }).length).toBe(5000);
  });
});

type Maps = Record<string, Record<string, unknown>>;

function applied(before: Maps, after: Maps): Maps {
  const result = structuredClone(before);
  for (const { path, after: value } of differences(before, after)) {
    const [outer = '', inner] = path.split('.');
    if (inner === undefined) {
      if (value === null) Reflect.deleteProperty(result, outer);
      else result[outer] = value as Record<string, unknown>;
    } else if (value === null) Reflect.deleteProperty(result[outer] ?? {}, inner);
    else result[outer] = { ...result[outer], [inner]: value };
  }
  return result;
}

function withoutEmpty(maps: Maps): Maps {
  return Object.fromEntries(Object.entries(maps).filter(([, inner]) => Object.keys(inner).length > 0));
}
