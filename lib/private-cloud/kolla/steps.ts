import { RELEASE } from './release.ts';
import type { Placement } from './restarts.ts';
import { NOTHING_SWITCHED, type Switched } from './switches.ts';

/** One run of kolla-ansible. */
export interface KollaStep {
  /** Unique within a deployment and stable: what a resume goes by. */
  readonly key: string;
  readonly verb: 'bootstrap-servers' | 'prechecks' | 'deploy' | 'reconfigure' | 'stop';
  /** Empty: all. */
  readonly tags: readonly string[];
  /** Hosts, in the inventory's order. Empty: all. */
  readonly limit: readonly string[];
  /** One host after the other within each task. @default false */
  readonly oneByOne?: boolean;
  /** Variables over those of the tree. @default none */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Containers whose units are disabled on these hosts once it ended well: kolla-ansible stops them, and a reboot would start them. @default none */
  readonly disabled?: readonly string[];
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
  ...['kolla-toolbox', 'cron', 'fluentd', 'collectd', 'iscsid', 'multipathd', 'hacluster-pacemaker-remote'],
  ...Object.keys(RELEASE.services).filter((name) => /^prometheus-.*(?:-exporter|cadvisor)$/.test(name)),
]);

/**
 * What kolla-ansible runs so that exactly the named services take their new settings: prechecks first, then balancers, databases and
 * queues, what is switched on, the APIs one host after the other, compute hosts together, and last what is switched off, once nobody
 * is sent there any more. Pure.
 * @param restarts `service@host`, as a plan has them. @param placement where services run from now on
 */
export function updateSteps(
  restarts: readonly string[],
  placement: Placement,
  switched: Switched = NOTHING_SWITCHED,
): KollaStep[] {
  const serial = new Map<string, Set<string>>();
  const together = new Map<string, Set<string>>();
  const started = new Map<string, Set<string>>();
  for (const { name, tag, group } of placement.services) {
    const hosts = hostsOf(name, restarts);
    const isWhole = WHOLE_GROUPS.has(tag);
    if (hosts.length > 0)
      add(OWN_HOST.has(name) || isWhole ? together : serial, tag, isWhole ? placement.members(group) : hosts);
    const fresh = hostsOf(name, switched.started);
    if (fresh.length > 0) add(started, tag, isWhole ? placement.members(group) : fresh);
  }
  const order = placement.hosts;
  const inOrder = (hosts: Iterable<string>) => [...hosts].sort((a, b) => order.indexOf(a) - order.indexOf(b));
  const known = [...new Set(placement.services.map(({ tag }) => tag))];
  const tags = known.filter((tag) => serial.has(tag) || together.has(tag) || started.has(tag));
  const stops = stopSteps(switched, placement, inOrder);
  if (tags.length === 0) return stops;
  const all = new Set([serial, together, started].flatMap((map) => [...map.values()].flatMap((each) => [...each])));
  const steps: KollaStep[] = [{ key: 'prechecks', verb: 'prechecks', tags, limit: inOrder(all) }];
  const run = (tag: string, hosts: Iterable<string>): KollaStep => ({
    ...{ key: `reconfigure ${tag}`, verb: 'reconfigure', tags: [tag], limit: inOrder(hosts) },
    ...(tag === 'ovn-db' ? { oneByOne: true } : {}),
  });
  const hostsTogether = (tag: string) => [...(together.get(tag) ?? [])];
  for (const tag of tags) if (WHOLE_GROUPS.has(tag) && together.has(tag)) steps.push(run(tag, hostsTogether(tag)));
  for (const tag of tags) {
    const hosts = started.get(tag);
    if (hosts !== undefined) steps.push({ key: `deploy ${tag}`, verb: 'deploy', tags: [tag], limit: inOrder(hosts) });
  }
  for (const host of inOrder(new Set([...serial.values()].flatMap((each) => [...each])))) {
    const own = tags.filter((tag) => serial.get(tag)?.has(host));
    steps.push({ key: `reconfigure ${own.join(',')} on ${host}`, verb: 'reconfigure', tags: own, limit: [host] });
  }
  for (const tag of tags) {
    const rest = hostsTogether(tag).filter((host) => serial.get(tag)?.has(host) !== true);
    if (!WHOLE_GROUPS.has(tag) && rest.length > 0) steps.push(run(tag, rest));
  }
  return [...steps, ...stops];
}

/** What is switched off is stopped as the release stops it, with its switch as it was and all that goes on of its role passed by. */
function stopSteps(
  { stopped, before }: Switched,
  placement: Placement,
  inOrder: (hosts: Iterable<string>) => string[],
): KollaStep[] {
  const tags = new Map<string, Set<string>>();
  const containers = new Map<string, Set<string>>();
  for (const [name, { role, container }] of Object.entries(RELEASE.services)) {
    const hosts = hostsOf(name, stopped);
    if (hosts.length === 0) continue;
    add(tags, role, hosts);
    add(containers, role, [container ?? name]);
  }
  return [...tags].map(([tag, hosts]) => {
    const going = placement.services.filter((each) => each.tag === tag).map(({ container }) => container);
    return {
      ...{ key: `stop ${tag}`, verb: 'stop', tags: [tag], limit: inOrder(hosts) },
      variables: { ...before, skip_stop_containers: going },
      disabled: [...(containers.get(tag) ?? [])].filter((each) => !going.includes(each)),
    };
  });
}

function hostsOf(service: string, where: readonly string[]): string[] {
  return where.filter((each) => each.startsWith(`${service}@`)).map((each) => each.slice(service.length + 1));
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

/** A unit of a container, as kolla-ansible names it. */
const unitOf = (container: string): string => `kolla-${container}-container.service`;

/** Arguments of `ansible` that disable the units of stopped containers on a step's hosts, where they are. Undefined where there are none. */
export function disablingArguments({ disabled = [], limit }: KollaStep, folder: string): string[] | undefined {
  if (disabled.length === 0) return undefined;
  const units = disabled.map(unitOf).join(' ');
  // Of several hosts not every one has each.
  const script = `for unit in ${units}; do [ ! -e "/etc/systemd/system/$unit" ] || systemctl disable "$unit" || exit 1; done`;
  return [
    ...[limit.join(','), '--inventory', `${folder}/inventory/multinode`, '--become'],
    ...['--module-name', 'ansible.builtin.shell', '--args', script],
  ];
}

/** Arguments of kolla-ansible, for a tree in a folder. */
export function argumentsOf(step: Pick<KollaStep, 'verb' | 'tags' | 'limit' | 'variables'>, folder: string): string[] {
  return [
    step.verb,
    ...['--configdir', folder, '--inventory', `${folder}/inventory/multinode`],
    ...(step.tags.length > 0 ? ['--tags', step.tags.join(',')] : []),
    ...(step.limit.length > 0 ? ['--limit', step.limit.join(',')] : []),
    ...(step.variables === undefined ? [] : ['--extra-vars', JSON.stringify(step.variables)]),
    ...(step.verb === 'stop' ? ['--ignore-missing', '--yes-i-really-really-mean-it'] : []),
  ];
}
