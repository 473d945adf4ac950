import { describe, expect, it } from 'vitest';
import {
  wantedIn as importable,
  existingIn as resourcesOf,
} from '../../../lib/engines/cloudformation/retained/existing.ts';
import { IDENTIFIERS } from '../../../lib/engines/cloudformation/retained/kept.ts';
import { type Existing, matchExisting } from '../../../lib/engines/match-existing.ts';
import { existingIn, wantedIn } from '../../../lib/engines/terraform/adopt/existing.ts';

const network = (address: string, id: string, attributes: object): Existing => ({
  ...{ address: `openstack_networking_network_v2.${address}`, type: 'openstack_networking_network_v2', id },
  attributes: { id, ...attributes },
});
const wanted = (address: string, attributes: object) => ({
  ...{ address: `openstack_networking_network_v2.${address}`, type: 'openstack_networking_network_v2' },
  attributes: attributes as Record<string, unknown>,
});

describe('what exists is matched with what is asked for', () => {
  it('by name and equal attributes, and tells what differs', () => {
    const found = matchExisting(
      [network('b', '2', { name: 'blue', mtu: 1500 }), network('r', '1', { name: 'red', mtu: 1400 })],
      [wanted('first', { name: 'red', mtu: 1500 }), wanted('second', { name: 'blue', mtu: 1500 })],
    );
    expect(found.matches.map(({ to, id, differs }) => [to.split('.')[1], id, differs])).toEqual([
      ['first', '1', ['mtu']],
      ['second', '2', []],
    ]);
    expect([found.ambiguous, found.missing, found.left]).toEqual([[], [], []]);
  });

  it('never where a name contradicts, however alike the rest is', () => {
    const found = matchExisting(
      [network('a', '1', { name: 'red', mtu: 1500 })],
      [wanted('a', { name: 'blue', mtu: 1500 })],
    );
    expect(found).toEqual({
      ...{ matches: [], ambiguous: [] },
      missing: ['openstack_networking_network_v2.a'],
      left: ['openstack_networking_network_v2.a'],
    });
  });

  it('not where several fit alike, but where the others have found theirs', () => {
    const twins = [network('x', '1', { mtu: 1500 }), network('y', '2', { mtu: 1500 })];
    const unclear = matchExisting(twins, [wanted('w', { mtu: 1500 })]);
    expect(unclear.ambiguous).toEqual([
      {
        to: 'openstack_networking_network_v2.w',
        candidates: ['openstack_networking_network_v2.x', 'openstack_networking_network_v2.y'],
      },
    ]);
    const clear = matchExisting(twins, [wanted('w', { mtu: 1500 }), wanted('y', { mtu: 1500 })]);
    expect(clear.matches.map(({ to, id }) => [to.split('.')[1], id])).toEqual([
      ['w', '1'],
      ['y', '2'],
    ]);
  });

  it('reads a state and what `show -json` prints of it alike, without data sources and what has no id', () => {
    const attributes = { id: 'n-1', name: 'web' };
    const state = {
      version: 4,
      resources: [
        { mode: 'managed', module: 'module.net', type: 'net', name: 'web', instances: [{ index_key: 0, attributes }] },
        { mode: 'managed', type: 'net', name: 'lost', instances: [{ attributes: {} }] },
        { mode: 'data', type: 'net', name: 'seen', instances: [{ attributes }] },
      ],
    };
    const resource = {
      mode: 'managed',
      type: 'net',
      name: 'web',
      address: 'module.net.net.web[0]',
      values: attributes,
    };
    const shown = { format_version: '1.0', values: { root_module: { child_modules: [{ resources: [resource] }] } } };
    const expected = [{ address: 'module.net.net.web[0]', type: 'net', id: 'n-1', attributes }];
    expect(existingIn(JSON.stringify(state))).toEqual(expected);
    expect(existingIn(JSON.stringify(shown))).toEqual(expected);
    expect(existingIn('{"hello": 1}')).toBeUndefined();
  });

  it('takes of an artefact what it writes out, and no reference', () => {
    const root = {
      resource: { net: { web: { name: 'web', mtu: 9000, of: '${net.other.id}', lifecycle: {}, tags: ['a'] } } },
    };
    expect(wantedIn(JSON.stringify(root))).toEqual([
      { address: 'net.web', type: 'net', attributes: { name: 'web', mtu: 9000 } },
    ]);
  });

  it('reads the resources of a CloudFormation stack, as far as it can import them', () => {
    const list = {
      StackResourceSummaries: [
        { LogicalResourceId: 'Old', PhysicalResourceId: 'acme-results', ResourceType: 'AWS::S3::Bucket' },
        { LogicalResourceId: 'Role', PhysicalResourceId: 'r', ResourceType: 'AWS::IAM::Role' },
        {
          LogicalResourceId: 'Away',
          PhysicalResourceId: 'b',
          ResourceType: 'AWS::S3::Bucket',
          ResourceStatus: 'DELETE_COMPLETE',
        },
      ],
    };
    const template = {
      Resources: { Results: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'acme-results' } } },
    };
    const existing = resourcesOf(JSON.stringify(list)) ?? [];
    expect(existing.map(({ address }) => address)).toEqual(['Old']);
    const { matches } = matchExisting(existing, importable(JSON.stringify(template)), IDENTIFIERS);
    expect(matches).toEqual([{ to: 'Results', type: 'AWS::S3::Bucket', id: 'acme-results', from: 'Old', differs: [] }]);
    expect(resourcesOf('[]')).toBeUndefined();
  });
});
