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
/** Services that serve their own host alone: all hosts at once. */
const OWN_HOST: ReadonlySet<string> = new Set([
  ...['nova-compute', 'nova-libvirt', 'nova-ssh', 'neutron-ovn-metadata-agent', 'ovn-controller'],
  ...['openvswitch-db-server', 'openvswitch-vswitchd', 'prometheus-server', 'prometheus-alertmanager'],
  ...KOLLA_SERVICES.map(({ name }) => name).filter((name) => /^prometheus-.*(?:-exporter|cadvisor)$/.test(name)),
]);

/**
 * What kolla-ansible runs so that exactly the named services take their new settings: prechecks first, then databases and queues,
 * balancers, the APIs one host after the other, compute hosts together. Pure.
 * @param restarts `service@host`, as a plan has them. @param placement where services run from now on
 */
export function updateSteps(restarts: readonly string[], placement: Placement): KollaStep[] {
  const serial = new Map<string, Set<string>>();
  const together = new Map<string, Set<string>>();
  for (const { name, tag, group } of KOLLA_SERVICES) {
    const hosts = restarts.filter((each) => each.startsWith(`${name}@`)).map((each) => each.slice(name.length + 1));
    if (hosts.length === 0) continue;
    const isTogether = OWN_HOST.has(name) || WHOLE_GROUPS.has(tag);
    add(isTogether ? together : serial, tag, WHOLE_GROUPS.has(tag) ? placement.members(group) : hosts);
  }
  const order = placement.hosts;
  const inOrder = (hosts: Iterable<string>) => [...hosts].sort((a, b) => order.indexOf(a) - order.indexOf(b));
  const tags = [...new Set(KOLLA_SERVICES.map(({ tag }) => tag))].filter((tag) => serial.has(tag) || together.has(tag));
  if (tags.length === 0) return [];
  const all = new Set([...serial.values(), ...together.values()].flatMap((each) => [...each]));
  const steps: KollaStep[] = [{ key: 'prechecks', verb: 'prechecks', tags, limit: inOrder(all) }];
  const run = (tag: string, hosts: Iterable<string>): KollaStep => ({
    ...{ key: `reconfigure ${tag}`, verb: 'reconfigure', tags: [tag], limit: inOrder(hosts) },
    ...(tag === 'ovn-db' ? { oneByOne: true } : {}),
  });
  for (const tag of tags) if (WHOLE_GROUPS.has(tag)) steps.push(run(tag, together.get(tag) ?? []));
  for (const host of inOrder(new Set([...serial.values()].flatMap((each) => [...each])))) {
    const own = tags.filter((tag) => serial.get(tag)?.has(host));
    steps.push({ key: `reconfigure ${own.join(',')} on ${host}`, verb: 'reconfigure', tags: own, limit: [host] });
  }
  for (const tag of tags) {
    const rest = [...(together.get(tag) ?? [])].filter((host) => serial.get(tag)?.has(host) !== true);
    if (!WHOLE_GROUPS.has(tag) && rest.length > 0) steps.push(run(tag, rest));
  }
  return steps;
}

function add(map: Map<string, Set<string>>, tag: string, hosts: readonly string[]): void {
  map.set(tag, new Set([...(map.get(tag) ?? []), ...hosts]));
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
