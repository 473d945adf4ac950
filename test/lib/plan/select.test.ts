import { describe, expect, it } from 'vitest';
import type { StackId } from '../../../lib/stack/id.ts';
import { selectIds } from '../../../lib/stack/select.ts';

const ids: StackId[] = [
  'aws/prod/cluster',
  'aws/prod/network',
  'custom/reports',
  'kolla/paris',
  'openstack/paris/base',
  'openstack/paris/dev/alice',
  'openstack/paris/dev/bruno',
];

describe('selecting stacks', () => {
  it.each([
    ['everything where nothing is named', [], ids],
    ['an id', ['aws/prod/network'], ['aws/prod/network']],
    ['a glob', ['openstack/*/dev/*'], ['openstack/paris/dev/alice', 'openstack/paris/dev/bruno']],
    ['a narrower glob', ['openstack/*/dev/a*'], ['openstack/paris/dev/alice']],
    ["a cloud's short name, without leases", ['paris'], ['kolla/paris', 'openstack/paris/base']],
    ["an environment's short name", ['prod'], ['aws/prod/cluster', 'aws/prod/network']],
    ["a lease's short name", ['alice'], ['openstack/paris/dev/alice']],
    ["a custom stack's short name", ['reports'], ['custom/reports']],
    ['several at once', ['alice', 'prod'], ['aws/prod/cluster', 'aws/prod/network', 'openstack/paris/dev/alice']],
  ] as const)('gives %s', (_, selectors, expected) => {
    expect([...selectIds(ids, selectors)].sort()).toEqual(expected);
  });

  it('fails with the nearest names where nothing matches', () => {
    expect(() => selectIds(ids, ['alise'])).toThrow(
      expect.objectContaining({
        code: 'no-such-stack',
        next: expect.stringContaining('openstack/paris/dev/alice') as string,
      }) as Error,
    );
    expect(() => selectIds(ids, ['openstack/*/dev/z*'])).toThrow(
      expect.objectContaining({ code: 'no-such-stack' }) as Error,
    );
  });
});
