import { describe, expect, it } from 'vitest';
import { readPlan } from '../../../../lib/engines/terraform/plan-json.ts';
import { unmanagedChanges } from '../../../../lib/engines/terraform/unmanaged.ts';
import type { Opening } from '../../../../lib/openstack-api/openings.ts';
import { unmanagedIn, unmanagedText } from '../../../../lib/plan/difference/unmanaged.ts';
import { resource } from '../../openstack-api/fake-cloud.ts';

const opening = (id: string, more: Partial<Opening> = {}): Opening => ({
  ...{ kind: 'security-group-rule', id, of: 'web', lets: 'tcp 22 from 0.0.0.0/0', isWide: true, createdAt: '' },
  ...more,
});

describe('what nobody manages in a lease', () => {
  it('is what the state does not know, open to everybody first, then what is reachable', () => {
    const things = [
      resource('volume', 'p', { id: 'v', name: 'scratch' }),
      resource('floating-address', 'p', { id: 'f', name: '203.0.113.7', createdAt: '2026-11-28T06:00:00Z' }),
      resource('server', 'p', { id: 'managed' }),
    ];
    const openings = [opening('narrow', { lets: 'tcp 22 from 192.0.2.0/24', isWide: false }), opening('wide')];
    const drift = unmanagedChanges({ things, openings }, new Set(['managed']));
    expect(drift.map(({ address }) => address)).toEqual([
      'security-group-rule/wide',
      'floating-address/f',
      'security-group-rule/narrow',
      'volume/v',
    ]);
    expect(unmanagedIn({ drift })).toEqual([
      'web lets tcp 22 from 0.0.0.0/0 through (security-group-rule/wide)',
      'floating address 203.0.113.7, made 2026-11-28T06:00:00Z (floating-address/f)',
      'web lets tcp 22 from 192.0.2.0/24 through (security-group-rule/narrow)',
      'volume scratch (volume/v)',
    ]);
    expect(drift.every(({ action }) => action === 'create')).toBe(true);
  });

  it('is told even of a managed port, where its filter is off', () => {
    const off = opening('port-1', { kind: 'port', of: 'x-web-1', lets: 'everything: its port security is off' });
    const [change] = unmanagedChanges({ things: [], openings: [off] }, new Set(['port-1']));
    expect(change && unmanagedText(change)).toContain('x-web-1 lets everything: its port security is off through');
  });

  it('leaves out what every project has, secrets of servers that boot, ways in, and the ports of servers that are told themselves', () => {
    const server = resource('server', 'p', { id: 's', uses: ['of-s'] });
    const things = [
      server,
      resource('port', 'p', { id: 'of-s' }),
      resource('port', 'p', { id: 'hm', name: 'ovn-lb-hm-1' }),
      resource('security-group', 'p', { name: 'default' }),
      resource('application-credential', 'p'),
      resource('secret', 'p', { name: 'tandem-boot-966a9afcadc5' }),
    ];
    expect(unmanagedChanges({ things, openings: [] }, new Set()).map(({ address }) => address)).toEqual(['server/s']);
  });
});

it('knows from a plan what the state manages, in modules and behind joined ids too', () => {
  const root_module = {
    resources: [
      { mode: 'managed', type: 'openstack_identity_project_v3', values: { id: 'p-1' } },
      { mode: 'managed', type: 'openstack_compute_volume_attach_v2', values: { id: 'server/volume' } },
      { mode: 'data', type: 'openstack_images_image_v2', values: { id: 'image' } },
    ],
    child_modules: [{ resources: [{ mode: 'managed', type: 'x', values: { id: 'below' } }] }],
  };
  const { managed, ownProject } = readPlan(
    JSON.stringify({ format_version: '1.2', prior_state: { values: { root_module } } }),
  );
  expect([...managed].sort()).toEqual(['below', 'p-1', 'server', 'server/volume', 'volume']);
  expect(ownProject).toBe('p-1');
});
