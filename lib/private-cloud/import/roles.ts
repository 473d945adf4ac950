import type { Role } from '../topology/topology.ts';
import { type KollaSource, membersIn } from './kolla-source.ts';

/** Groups whose hosts have a role wherever they are. */
const GROUPS: readonly (readonly [group: string, role: Role])[] = [
  ['control', 'control'],
  ['network', 'network'],
  ['compute', 'compute'],
  ['storage', 'storage'],
  ['monitoring', 'monitoring'],
];

/** Groups that are `control`'s unless they have hosts of their own. */
const APART: readonly (readonly [group: string, role: Role])[] = [
  ['mariadb', 'database'],
  ['rabbitmq', 'queue'],
  ['ovn-database', 'ovn'],
  ['loadbalancer', 'load-balancer'],
];

/**
 * The roles of each host, in the order in which the tree names them. Hosts that no group of Kolla has are none of the cloud's: the
 * deployment host, and what other playbooks look after.
 */
export function rolesOf(source: KollaSource): ReadonlyMap<string, readonly Role[]> {
  const roles = new Map<string, Role[]>();
  const give = (group: string, role: Role) => {
    for (const host of membersIn(source, group)) roles.set(host, [...(roles.get(host) ?? []), role]);
  };
  for (const [group, role] of GROUPS) give(group, role);
  const control = membersIn(source, 'control');
  for (const [group, role] of APART) if (!isSame(membersIn(source, group), control)) give(group, role);
  const order = source.inventory.hosts;
  return new Map([...roles].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b)));
}

export function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((each) => right.includes(each));
}
