import type { ConfigPath } from '../../config/origin.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import { hostsFor, managed, type Role, type Topology } from '../topology/topology.ts';
import { RELEASE } from './release.ts';
import { headOf, type RenderedFile } from './tree.ts';

/** Groups of Kolla that take hosts of their own where the cloud has some for the role; else they stay below `control`. */
const OWN_HOSTS: readonly (readonly [group: string, role: Role])[] = [
  ['mariadb', 'database'],
  ['rabbitmq', 'queue'],
  ['ovn-database', 'ovn'],
  ['loadbalancer', 'load-balancer'],
];

export interface InventoryGroup {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly children: readonly string[];
}

/**
 * Every group of the release's multinode inventory, filled with the cloud's hosts, and one group for each rack (`rack-a`) and each
 * group of the configuration (`hosts-compute-a`). Ceph's own hosts are not Kolla's: `storage` has hosts only where Kolla serves
 * volumes from them. Pure.
 */
export function inventoryGroups(topology: Topology, cephOutside: boolean): InventoryGroup[] {
  const hostsOf = (role: Role) => topology.hosts.filter((host) => host.roles.includes(role)).map((host) => host.name);
  const own = new Map(
    OWN_HOSTS.map(([group, role]) => [group, hostsOf(role)] as const).filter(([, hosts]) => hosts.length > 0),
  );
  const top = new Map<string, readonly string[]>([
    ['control', hostsOf('control')],
    ['network', hostsFor(topology, 'network').map((host) => host.name)],
    ['compute', hostsOf('compute')],
    ['monitoring', hostsOf('monitoring')],
    ['storage', cephOutside ? [] : hostsOf('storage')],
    ['deployment', hostsOf('deployment')],
  ]);
  // What every host that Kolla sets up is in, wherever its services come from.
  const everywhere = new Set(['baremetal', 'common', 'tls-backend', 'prometheus-node-exporter', 'prometheus-cadvisor']);
  const groups = Object.entries(RELEASE.groups).map(([name, children]): InventoryGroup => {
    const hosts = top.get(name) ?? own.get(name);
    if (hosts !== undefined) return { name, hosts, children: [] };
    // Network hosts of a cloud without balancers of its own are control hosts, or the network hosts that Kolla means.
    if (name === 'loadbalancer') return { name, hosts: [], children: ['control'] };
    // It tells of the databases' raft, too, wherever those stand.
    if (name === 'prometheus-openstack-network-exporter')
      return { name, hosts: [], children: [...children, 'ovn-database'] };
    return { name, hosts: [], children: everywhere.has(name) ? [...children, ...own.keys()] : children };
  });
  const racks = topology.racks.map((rack) => ({
    name: `rack-${rack}`,
    hosts: managed(topology, cephOutside)
      .filter((host) => host.rack === rack)
      .map((host) => host.name),
    children: [],
  }));
  const kinds = [...new Set(managed(topology, cephOutside).map((host) => host.group))].map((group) => ({
    name: `hosts-${group}`,
    hosts: topology.hosts.filter((host) => host.group === group).map((host) => host.name),
    children: [],
  }));
  return [...groups, ...racks, ...kinds];
}

/** Every host of a group, through its children, each once, in Ansible's order. */
export function membersOf(groups: readonly InventoryGroup[], name: string): string[] {
  const byName = new Map(groups.map((group) => [group.name, group]));
  const walk = (each: string): readonly string[] => {
    const group = byName.get(each);
    return group === undefined ? [] : [...group.hosts, ...group.children.flatMap(walk)];
  };
  return [...new Set(walk(name))];
}

/**
 * Group of every host, for what Tandem derives and some host has otherwise. In `all` of an inventory it would be nothing: Kolla's own
 * `group_vars/all` lies beside its playbooks, and comes after it. Of groups at one depth, Ansible takes the last by name.
 */
export const DEFAULTS = '0_defaults';

const FROM: readonly ConfigPath[] = [['hosts'], ['racks'], ['layout'], ['storage', 'backend']];

type OwnInventory = NonNullable<Cloud['kolla']>['inventory'];

/** Groups as `kolla.inventory` has them: those of the same name stand in their place, others behind. Pure. */
export function withOwnGroups(groups: readonly InventoryGroup[], own: OwnInventory['groups']): InventoryGroup[] {
  const stated = Object.entries(own).flatMap(([name, { hosts, children }]): InventoryGroup[] =>
    name === 'all' || (hosts === undefined && children === undefined)
      ? []
      : [{ name, hosts: hosts ?? [], children: children ?? [] }],
  );
  const byName = new Map(stated.map((group) => [group.name, group]));
  const known = new Set(groups.map(({ name }) => name));
  const added = stated.filter(({ name }) => !known.has(name));
  const all = [...groups.map((group) => byName.get(group.name) ?? group), ...added];
  // Ansible refuses a child that is defined nowhere, and a group may have variables and no members.
  const defined = new Set(all.map(({ name }) => name));
  const named = [...Object.keys(own).filter((name) => name !== 'all'), ...all.flatMap(({ children }) => children)];
  const missing = [...new Set(named)].filter((name) => !defined.has(name));
  return [...all, ...missing.map((name) => ({ name, hosts: [], children: [] }))];
}

export function inventoryFile(cloud: string, groups: readonly InventoryGroup[]): RenderedFile {
  const about = `Inventory for Kolla-Ansible ${RELEASE.version} (${RELEASE.release}): every group of its multinode example.`;
  const lines = headOf(cloud, FROM, about);
  for (const { name, hosts, children } of groups) {
    if (name === 'deployment' && hosts.length + children.length === 0) {
      lines.push('', '[deployment]', 'localhost ansible_connection=local');
      continue;
    }
    if (hosts.length > 0 || children.length === 0) lines.push('', `[${name}]`, ...hosts);
    if (children.length > 0) lines.push('', `[${name}:children]`, ...children);
  }
  return { path: 'inventory/multinode', content: `${lines.join('\n')}\n`, from: FROM, keys: {} };
}
