import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, resolve } from '../../../../lib/private-cloud/kolla/condition.ts';

const VARIABLES: Readonly<Record<string, unknown>> = {
  ...{ yes: true, no: false, written: 'yes', off: 'no', plugin: 'ovn', empty: [], two: ['a', 'b'] },
  back: [
    { name: 'lvm', enabled: false },
    { name: 'rbd', enabled: true },
  ],
};
const value = (text: string) => evaluate(text, (name) => VARIABLES[name]);

describe('a condition of Kolla', () => {
  it.each([
    ['yes', true],
    ['written | bool', true],
    ['off | bool', false],
    ['not off | bool', true],
    ["plugin == 'ovn' and yes", true],
    ["plugin != 'ovn'", false],
    ["plugin in ['openvswitch', 'ovn']", true],
    ["plugin not in ['ovn']", false],
    ['empty | length > 0', false],
    ['(two | length > 1 and off | bool) or yes', true],
    ["'a' if off | bool else 'b' if yes else 'c'", 'b'],
    ["back | selectattr('enabled', 'equalto', true) | list | length", 1],
    ["(back | selectattr('enabled', 'equalto', true) + two) | length", 3],
    ["nobody | default('x')", 'x'],
  ])('%s is %j', (text, expected) => {
    expect(value(text)).toEqual(expected);
  });

  it.each([
    'nobody',
    'nobody and yes',
    'nobody or no',
    "inventory_hostname in groups['compute']",
    'yes |',
    "lookup('x')",
  ])('%s is not known', (text) => {
    expect(value(text)).toBeUndefined();
  });

  it.each([
    ['nobody and no', false],
    ['nobody or yes', true],
    ["(inventory_hostname in groups['compute'] or nobody) and no", false],
  ])('%s is %j all the same', (text, expected) => {
    expect(value(text)).toBe(expected);
  });

  it('ends for any text', () => {
    const word = fc.constantFrom(
      'yes',
      'nobody',
      '(',
      ')',
      '[',
      ']',
      'if',
      'else',
      '|',
      'bool',
      'in',
      'not',
      ',',
      "'x'",
      '.',
      '+',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        const text = words.join(' ');
        expect(() => value(text)).not.toThrow();
        expect(() => resolve(`{{ ${text} }}`, (name) => VARIABLES[name])).not.toThrow();
      }),
    );
  });
});
