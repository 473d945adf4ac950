import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KINDS, kindOf } from '../../../lib/openstack-api/kinds/index.ts';
import type { Item } from '../../../lib/openstack-api/kinds/kind.ts';
import { valuesAt } from '../../../lib/openstack-api/kinds/kind.ts';
import { unknownExtensions, unknownServices } from '../../../lib/openstack-api/kinds/neutron-extensions.ts';
import { RESOURCE_KINDS } from '../../../lib/openstack-api/resource-kinds.ts';
import { toContents } from '../../../lib/openstack-api/to-contents.ts';

const item = (kind: string, id: string, more: Item = {}, project = 'mine') => {
  const known = kindOf(kind);
  return { kind: known, item: { [known.id ?? 'id']: id, [known.project ?? 'project_id']: project, ...more } };
};
const idsOf = (found: Parameters<typeof toContents>[0]) => toContents(found, 'mine').map(({ id }) => id);
const BALANCER = '0e552f55-4b2c-4050-96dc-4f82dadf85b4';

describe('the kinds', () => {
  it('are all that the cloud’s port names, each once, those of Keystone apart', () => {
    const names = KINDS.map(({ kind }) => kind);
    expect(new Set(names).size).toBe(names.length);
    expect([...names, 'application-credential', 'trust'].sort()).toEqual([...RESOURCE_KINDS].sort());
  });

  it('are told apart from extensions that bring nothing; what nobody knows is named', () => {
    const known = ['quotas', 'trunk', 'qos-fip', 'fwaas_v2', 'standard-attr-tag', 'rbac-bgpvpn', 'router'];
    expect(unknownExtensions([...known, 'vendor-tunnels'])).toEqual(['vendor-tunnels']);
    expect(unknownServices(['metric', 'messaging', 'share'])).toEqual(['messaging']);
  });
});

describe('what a project holds', () => {
  it('is only what its own service says is the project’s', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...KINDS.filter(({ project }) => project !== undefined)), fc.boolean())),
        (picks) => {
          const found = picks.map(([{ kind }, isOwn], n) => item(kind, `id-${n}`, {}, isOwn ? 'mine' : 'yours'));
          const wanted = picks.flatMap(([, isOwn], n) => (isOwn ? [`id-${n}`] : []));
          expect(idsOf(found).sort()).toEqual(wanted.sort());
        },
      ),
    );
    expect(toContents([item('port', 'p', {}, '')], '')).toEqual([]);
  });

  it('leaves ports of routers, DHCP, metadata and balancers to these, while these are there', () => {
    const ports = [
      item('port', 'interface', { device_owner: 'network:router_interface', device_id: 'router', network_id: 'net' }),
      item('port', 'dhcp', { device_owner: 'network:dhcp', device_id: 'dhcp1-net', network_id: 'net' }),
      item('port', 'metadata', { device_owner: 'network:distributed', device_id: 'ovnmeta-net', network_id: 'net' }),
      item('port', 'vip', { name: `ovn-lb-vip-${BALANCER}`, network_id: 'net' }),
    ];
    const takers = [item('router', 'router'), item('network', 'net'), item('load-balancer', BALANCER)];
    expect(idsOf([...ports, ...takers]).sort()).toEqual([BALANCER, 'net', 'router'].sort());
    expect(idsOf(ports)).toEqual(['interface', 'dhcp', 'metadata', 'vip']);
  });

  it('is not deceived by a port with the name or owner of OpenStack’s own', () => {
    const deceivers = [
      item('port', 'a', { name: `octavia-lb-${BALANCER}`, network_id: 'net' }),
      item('port', 'b', { device_owner: 'network:router_interface', device_id: 'no-router', network_id: 'net' }),
      item('port', 'c', { device_owner: 'network:distributed', device_id: 'mine', network_id: 'net' }),
      item('port', 'd', { device_owner: 'whatever:else', network_id: 'net' }),
    ];
    expect(idsOf([...deceivers, item('network', 'net')])).toEqual(['a', 'b', 'c', 'd', 'net']);
  });

  it('uses through what goes along: a router its networks, a network the pool of its subnets', () => {
    const contents = toContents(
      [
        item('router', 'r'),
        item('port', 'i', { device_owner: 'network:router_interface', device_id: 'r', network_id: 'n' }),
        item('network', 'n'),
        item('subnet', 's', { network_id: 'n', subnetpool_id: 'pool' }),
        item('subnet-pool', 'pool', { address_scope_id: 'scope' }),
        item('address-scope', 'scope'),
      ],
      'mine',
    );
    const uses = Object.fromEntries(contents.map((each) => [each.id, each.uses]));
    expect(uses).toEqual({ r: ['n'], n: ['pool'], pool: ['scope'], scope: [] });
  });

  it('says who uses whom where the used one tells it, and for things with an address', () => {
    const address = 'http://keys.example.org:9311/v1';
    const contents = toContents(
      [
        item('server', 'server', { 'os-extended-volumes:volumes_attached': [{ id: 'volume' }] }),
        item('port', 'port', { device_id: 'server', network_id: 'elsewhere' }),
        item('volume', 'volume', { attachments: [{ server_id: 'server' }] }),
        item('secret-container', `${address}/containers/c`, { secret_refs: [{ secret_ref: `${address}/secrets/s` }] }),
        item('secret', `${address}/secrets/s`),
      ],
      'mine',
    );
    const uses = Object.fromEntries(contents.map((each) => [each.id, each.uses]));
    expect(uses).toEqual({ server: ['volume', 'port'], port: ['elsewhere'], volume: [], c: ['s'], s: [] });
  });
});

it('finds values through lists and objects', () => {
  const trunk = { port_id: 'a', sub_ports: [{ port_id: 'b' }, { port_id: 'c' }], none: null };
  expect(valuesAt(trunk, 'sub_ports.port_id')).toEqual(['b', 'c']);
  expect([valuesAt(trunk, 'none'), valuesAt(trunk, 'none.x'), valuesAt(trunk, 'port_id')]).toEqual([[], [], ['a']]);
});
