import { KOLLA_SERVICES } from './kolla-services.ts';
import type { Placement } from './restarts.ts';

/** One run of kolla-ansible. */
export interface KollaStep {
  /** Unique within a deployment and stable: what a resume goes by. */
  readonly key: string;
  readonly verb: 'bootstrap-servers' | 'prechecks' | 'deploy' | 'reconfigure';
  /** Empty: all. */
  readonly tags: readonly string[];
  /** Hosts, in the inventory's order. Empty: all. */
  readonly limit: readonly string[];
  /** One host after the other within each task. @default false */
  readonly oneByOne?: boolean;
}

/**
 * Tags that are given every member at once. Kolla finds out from those in its limit whether a cluster exists, and would make a new
 * one for a member that it sees alone; it restarts a third of them at a time by itself (`serial: 33%`), and the balancers with the
 * holder of the address last. OVN's databases it refuses to touch in part, and restarts together: there it works host by host.
 */
const WHOLE_GROUPS: ReadonlySet<string> = new Set(['mariadb', 'rabbitmq', 'valkey', 'ovn-db', 'loadbalancer']);
/** Tags whose hosts serve nobody but themselves: all at once. */
const INDEPENDENT: ReadonlySet<string> = new Set(['nova-cell', 'ovn-controller', 'openvswitch', 'prometheus']);

/**
 * What kolla-ansible runs so that exactly the named services take their new settings: prechecks first, then databases and queues,
 * balancers, the APIs one host after the other, compute hosts together. Pure.
 * @param restarts `service@host`, as a plan has them. @param placement where services run from now on
 */
export function updateSteps(restarts: readonly string[], placement: Placement): KollaStep[] {
  const hostsByTag = new Map<string, Set<string>>();
  const isIndependent = new Map<string, boolean>();
  for (const { name, tag, group } of KOLLA_SERVICES) {
    const hosts = restarts.filter((each) => each.startsWith(`${name}@`)).map((each) => each.slice(name.length + 1));
    if (hosts.length === 0) continue;
    const known = hostsByTag.get(tag) ?? new Set<string>();
    for (const host of WHOLE_GROUPS.has(tag) ? placement.members(group) : hosts) known.add(host);
    hostsByTag.set(tag, known);
    const alone = INDEPENDENT.has(tag) && placement.members(group).join(' ') !== placement.members('control').join(' ');
    isIndependent.set(tag, (isIndependent.get(tag) ?? true) && alone);
  }
  if (hostsByTag.size === 0) return [];
  const tags = [...hostsByTag.keys()];
  const order = placement.hosts;
  const inOrder = (hosts: Iterable<string>) => [...hosts].sort((a, b) => order.indexOf(a) - order.indexOf(b));
  const all = inOrder(new Set([...hostsByTag.values()].flatMap((each) => [...each])));
  const steps: KollaStep[] = [{ key: 'prechecks', verb: 'prechecks', tags, limit: all }];
  for (const tag of tags.filter((each) => WHOLE_GROUPS.has(each)))
    steps.push({
      ...{ key: `reconfigure ${tag}`, verb: 'reconfigure', tags: [tag], limit: inOrder(hostsByTag.get(tag) ?? []) },
      ...(tag === 'ovn-db' ? { oneByOne: true } : {}),
    });
  const rest = tags.filter((each) => !WHOLE_GROUPS.has(each));
  const serial = rest.filter((each) => isIndependent.get(each) !== true);
  for (const host of inOrder(new Set(serial.flatMap((tag) => [...(hostsByTag.get(tag) ?? [])])))) {
    const own = serial.filter((tag) => hostsByTag.get(tag)?.has(host));
    steps.push({ key: `reconfigure ${own.join(',')} on ${host}`, verb: 'reconfigure', tags: own, limit: [host] });
  }
  for (const tag of rest.filter((each) => isIndependent.get(each) === true))
    steps.push({
      key: `reconfigure ${tag}`,
      verb: 'reconfigure',
      tags: [tag],
      limit: inOrder(hostsByTag.get(tag) ?? []),
    });
  return steps;
}

/** A cloud that was never deployed. */
export function firstSteps(): KollaStep[] {
  return (['bootstrap-servers', 'prechecks', 'deploy'] as const).map((verb) => ({
    key: verb,
    verb,
    tags: [],
    limit: [],
  }));
}

/** Arguments of kolla-ansible, for a tree in a folder. */
export function argumentsOf(step: Pick<KollaStep, 'verb' | 'tags' | 'limit'>, folder: string): string[] {
  return [
    step.verb,
    ...['--configdir', folder, '--inventory', `${folder}/inventory/multinode`],
    ...(step.tags.length > 0 ? ['--tags', step.tags.join(',')] : []),
    ...(step.limit.length > 0 ? ['--limit', step.limit.join(',')] : []),
  ];
}
