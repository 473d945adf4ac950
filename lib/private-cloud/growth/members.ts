import { type InventoryGroup, membersOf } from '../kolla/inventory.ts';

/** Groups of the inventory that move between layouts. */
export const MOVING = ['control', 'network', 'mariadb', 'rabbitmq', 'ovn-database', 'loadbalancer'] as const;
export type Moving = (typeof MOVING)[number];
/** Those whose members agree by majority. */
export const QUORUMS: readonly Moving[] = ['mariadb', 'rabbitmq', 'ovn-database'];

/** Who is in each group, in the inventory's order. */
export type Members = Readonly<Record<Moving, readonly string[]>>;

export function membersIn(groups: readonly InventoryGroup[]): Members {
  return Object.fromEntries(MOVING.map((name) => [name, membersOf(groups, name)])) as unknown as Members;
}

/** An inventory with other members in those groups; whoever is in one of them is set up by Kolla. */
export function withMembers(groups: readonly InventoryGroup[], members: Members): InventoryGroup[] {
  return groups.map((group) => {
    const hosts = MOVING.find((name) => name === group.name);
    if (hosts !== undefined) return { ...group, hosts: members[hosts], children: [] };
    if (group.name !== 'common' && group.name !== 'baremetal' && group.name !== 'tls-backend') return group;
    return { ...group, children: [...new Set([...group.children, ...QUORUMS, 'loadbalancer'])] };
  });
}

/** Those of the first that are not in the second. */
export function without(hosts: readonly string[], others: readonly string[]): string[] {
  return hosts.filter((host) => !others.includes(host));
}

export function union(hosts: readonly string[], others: readonly string[]): string[] {
  return [...hosts, ...without(others, hosts)];
}
