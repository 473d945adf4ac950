import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { CONTROLLERS, type Controller, hostNamed } from './hosts.ts';
import type { HaLayout } from './layout.ts';

/** Groups of Kolla's inventory that the lab knows. */
export const GROUPS = ['control', 'mariadb', 'rabbitmq', 'ovn-database', 'loadbalancer'] as const;
export type Group = (typeof GROUPS)[number];

/** Who is in each group, in the inventory's order. */
export type HaMembers = Readonly<Record<Group, readonly string[]>>;

/** The same hosts in every group, as in a converged cloud. */
export function everywhere(names: readonly string[]): HaMembers {
  return Object.fromEntries(GROUPS.map((group) => [group, names])) as unknown as HaMembers;
}

export const STARTING: HaMembers = everywhere(CONTROLLERS.map(({ name }) => name));

/** A group of Kolla's inventory. */
export interface InventoryGroup {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly children: readonly string[];
}

/** An inventory's groups, as far as the lab knows them. */
export function membersInInventory(inventory: readonly InventoryGroup[]): HaMembers {
  const byName = new Map(inventory.map((group) => [group.name, group]));
  const walk = (name: string): readonly string[] => {
    const group = byName.get(name);
    return group === undefined ? [] : [...group.hosts, ...group.children.flatMap(walk)];
  };
  return Object.fromEntries(GROUPS.map((group) => [group, [...new Set(walk(group))]])) as unknown as HaMembers;
}

/** Every host of any group. */
export function hostsOf(members: HaMembers): readonly Controller[] {
  return [...new Set(GROUPS.flatMap((group) => members[group]))].map(hostNamed);
}

/** Who the lab's services know at the moment: as the last play had it. @default - those it begins with */
export function currentMembers(layout: HaLayout): HaMembers {
  return existsSync(layout.members) ? (JSON.parse(readFileSync(layout.members, 'utf8')) as HaMembers) : STARTING;
}

export function keepMembers(layout: HaLayout, members: HaMembers): void {
  writeFileSync(layout.members, JSON.stringify(members, undefined, 1));
}
