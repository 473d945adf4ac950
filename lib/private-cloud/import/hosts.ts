import { formatIpv4, parseIpv4 } from '../../net/ipv4.ts';
import { listed } from '../../text/listed.ts';
import type { Role } from '../topology/topology.ts';
import type { Facts } from './facts.ts';
import { Open } from './open.ts';

interface ImportedHost {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly rack: string | undefined;
  readonly address: string | undefined;
}

/** Names of groups of hosts, by what they do first of all. */
const NAMES: readonly (readonly [role: Role, name: string])[] = [
  ['control', 'control'],
  ['database', 'database'],
  ['queue', 'queue'],
  ['ovn', 'ovn'],
  ['network', 'network'],
  ['load-balancer', 'balancer'],
  ['compute', 'compute'],
  ['storage', 'storage'],
  ['monitoring', 'monitoring'],
];

/** Hosts with the same roles in the same rack whose addresses follow each other are one group. */
export function hostGroups(roles: ReadonlyMap<string, readonly Role[]>, facts: Facts): Record<string, unknown> {
  const hosts = [...roles].map(([name, own]): ImportedHost => {
    return { name, roles: own, rack: facts.rack(name), address: facts.address(name) };
  });
  const runs: ImportedHost[][] = [];
  for (const host of hosts) {
    const run = runs.find((each) => follows(each, host));
    if (run === undefined) runs.push([host]);
    else run.push(host);
  }
  const groups: Record<string, unknown> = {};
  // Where addresses are not known, a stand-in for each group that overlaps no other.
  let standIn = 10;
  for (const run of runs) {
    const [first] = run;
    if (first === undefined) continue;
    const base = nameOf(first.roles);
    const count = Object.keys(groups).filter((each) => each === base || each.startsWith(`${base}-`)).length;
    const name = count === 0 ? base : `${base}-${count + 1}`;
    const names = run.map((host) => host.name);
    groups[name] = {
      rack:
        first.rack ?? new Open(`which rack is ${listed(names, 3)} in? Rules and predictions of failures need it`, 'a'),
      roles: first.roles,
      hardware: base,
      ...(run.length === 1 ? {} : { count: run.length }),
      names,
      firstAddress:
        first.address ??
        new Open(`which address has ${names[0] ?? ''}? The inventory has its name alone`, `192.0.2.${standIn}`),
    };
    standIn += run.length;
  }
  return groups;
}

function follows(run: readonly ImportedHost[], host: ImportedHost): boolean {
  const last = run.at(-1);
  if (last === undefined || last.rack !== host.rack || last.roles.join() !== host.roles.join()) return false;
  if (last.address === undefined || host.address === undefined) return last.address === host.address;
  return formatIpv4(parseIpv4(last.address) + 1) === host.address;
}

function nameOf(roles: readonly Role[]): string {
  if (roles.includes('control') && roles.includes('compute')) return 'all-in-one';
  return NAMES.find(([role]) => roles.includes(role))?.[1] ?? 'other';
}
