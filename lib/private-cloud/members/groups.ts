import { type InventoryGroup, membersOf } from '../kolla/inventory.ts';
import { Placement } from '../kolla/restarts.ts';
import type { KollaService } from '../kolla/running.ts';

/** Groups of the inventory whose hosts come and go. */
export const MOVING = [
  ...(['mariadb', 'rabbitmq', 'ovn-database', 'loadbalancer'] as const),
  ...(['control', 'network', 'storage', 'compute', 'monitoring'] as const),
] as const;
export type Moving = (typeof MOVING)[number];
/** Those whose members agree by majority. */
export const QUORUMS = ['mariadb', 'rabbitmq', 'ovn-database'] as const satisfies readonly Moving[];
/**
 * Those whose members other services name, and call, and are told of no more before they leave. OVN's databases are not among them: Neutron
 * takes the leader alone, which may be one that leaves until it has left (seen: a Neutron that never started again).
 */
export const NAMED = ['mariadb', 'rabbitmq', 'control'] as const satisfies readonly Moving[];
export type QuorumGroup = (typeof QUORUMS)[number];

/** Who is in each group, in the inventory's order. */
export type Members = Readonly<Record<Moving, readonly string[]>>;

export function membersIn(groups: readonly InventoryGroup[]): Members {
  return byGroup((name) => membersOf(groups, name));
}

export function byGroup(hostsOf: (group: Moving) => readonly string[]): Members {
  return Object.fromEntries(MOVING.map((name) => [name, hostsOf(name)])) as unknown as Members;
}

/** Every host of any group, each once. */
export function hostsIn(members: Members): string[] {
  return [...new Set(MOVING.flatMap((name) => members[name]))];
}

/** An inventory with other members in those groups; whoever is in one of them is set up by Kolla. */
export function withMembers(groups: readonly InventoryGroup[], members: Members): InventoryGroup[] {
  return groups.map((group) => {
    const hosts = MOVING.find((name) => name === group.name);
    if (hosts !== undefined) return { ...group, hosts: members[hosts], children: [] };
    if (group.name !== 'common' && group.name !== 'baremetal' && group.name !== 'tls-backend') return group;
    return { ...group, children: union(group.children, [...QUORUMS, 'loadbalancer']) };
  });
}

/** One inventory that names the hosts of two, those of the first before the others of each group. */
export function inventoryOfBoth(one: readonly InventoryGroup[], other: readonly InventoryGroup[]): InventoryGroup[] {
  const names = [...new Set([...one, ...other].map(({ name }) => name))];
  const pick = (groups: readonly InventoryGroup[], name: string) => groups.find((group) => group.name === name);
  return names.map((name) => {
    const [a, b] = [pick(one, name), pick(other, name)];
    return {
      name,
      hosts: union(a?.hosts ?? [], b?.hosts ?? []),
      children: union(a?.children ?? [], b?.children ?? []),
    };
  });
}

/**
 * Tags of all that runs on a host because it is in one of these groups alone, in the order of a deployment.
 * @param groups the inventory, whoever is in it. @param services as `Placement` has them
 */
export function tagsOf(
  groups: readonly InventoryGroup[],
  group: Moving,
  services: readonly KollaService[] | undefined,
): string[] {
  return [...new Set(servicesOf(groups, group, services).map(({ tag }) => tag))];
}

function servicesOf(groups: readonly InventoryGroup[], group: Moving, services: readonly KollaService[] | undefined) {
  const alone = withMembers(
    groups,
    byGroup((name) => (name === group ? ['it'] : [])),
  );
  const bare = alone.map((each) => (MOVING.some((name) => name === each.name) ? each : { ...each, hosts: [] }));
  const placement = new Placement(bare, services ?? new Placement(groups).services);
  return placement.services.filter(({ group: own }) => placement.members(own).length > 0);
}

/** The group whose hosts come and go that a group of the inventory has its hosts from; undefined where it has several, or none. */
export function movingOf(groups: readonly InventoryGroup[], name: string): Moving | undefined {
  const own = MOVING.find((group) => group === name);
  if (own !== undefined) return own;
  const { children = [] } = groups.find((group) => group.name === name) ?? {};
  const found = new Set(children.map((child) => movingOf(groups, child)));
  return found.size === 1 ? [...found][0] : undefined;
}

/** Those of the first that are not in the second. */
export function without(hosts: readonly string[], others: readonly string[]): string[] {
  return hosts.filter((host) => !others.includes(host));
}

export function union(hosts: readonly string[], others: readonly string[]): string[] {
  return [...hosts, ...without(others, hosts)];
}
