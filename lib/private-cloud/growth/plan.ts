import type { InventoryGroup } from '../kolla/inventory.ts';
import { KOLLA_SERVICES, servicesOfMembers } from '../kolla/kolla-services.ts';
import { Placement } from '../kolla/restarts.ts';
import { updateSteps } from '../kolla/steps.ts';
import { type Members, MOVING, type Moving, QUORUMS, union, withMembers, without } from './members.ts';
import { type MoveContext, moveQuorum } from './quorum.ts';
import { check, type GrowStep, kolla, onHost } from './step.ts';

export interface GrowRequest {
  readonly from: Members;
  readonly to: Members;
  /** The inventory that names every host of both. */
  readonly inventory: readonly InventoryGroup[];
  readonly engine: string;
  /** Address on the internal plane. */
  readonly addressOf: (host: string) => string;
}

/** Services on the controllers that clients reach through the balancers. */
const API_TAGS = [
  'memcached',
  'valkey',
  'keystone',
  'glance',
  'placement',
  'nova',
  'neutron',
  'cinder',
  'octavia',
  'designate',
  'horizon',
];
const COMMON_TAGS = ['logs', 'kolla_toolbox', 'cron', 'fluentd'];

/**
 * The steps from one placement of services to another, in order: hosts are prepared, then each service moves, its new members before
 * its old ones go. Empty where nothing moves. Pure.
 */
export function planGrowth({ from, to, inventory, engine, addressOf }: GrowRequest): GrowStep[] {
  const everybody = Object.fromEntries(MOVING.map((name) => [name, union(from[name], to[name])])) as unknown as Members;
  const news = without(hostsOf(to), hostsOf(from));
  const context: MoveContext = { engine, addressOf, tell: (group, members) => tell(group, members, inventory) };
  const steps: GrowStep[] = [];
  if (news.length > 0)
    steps.push({
      key: `prepare ${news.join(', ')}`,
      members: everybody,
      commands: [
        kolla('bootstrap-servers', [], news),
        kolla('prechecks', [], news),
        kolla('deploy', COMMON_TAGS, news),
      ],
      effects: [],
      unavailable: [],
    });
  let members = from;
  const move = (group: Moving, made: readonly GrowStep[]): void => {
    steps.push(...made);
    members = { ...members, [group]: to[group] };
  };
  for (const group of QUORUMS) move(group, moveQuorum(group, members, to[group], context));
  move('loadbalancer', moveBalancers(members, to.loadbalancer));
  move('control', moveControl(members, to.control));
  move('network', moveGateways(members, to.network, context));
  return steps.map((step, index) => ({ ...step, key: `${String(index + 1).padStart(2, '0')} ${step.key}` }));
}

function hostsOf(members: Members): string[] {
  return [...new Set(MOVING.flatMap((name) => members[name]))];
}

/** Reconfigures everything that names the members of a group, but not the members themselves. */
function tell(group: Moving, members: Members, inventory: readonly InventoryGroup[]): GrowStep[] {
  const placement = new Placement(withMembers(inventory, members));
  const groups = group === 'ovn-database' ? ['ovn-nb-db', 'ovn-sb-db', 'ovn-sb-db-relay'] : [group];
  const own = new Set(
    KOLLA_SERVICES.filter((each) => [...groups, 'ovn-northd'].includes(each.group)).map(({ name }) => name),
  );
  const services = groups.flatMap((each) => servicesOfMembers(each)).filter((name) => !own.has(name));
  const runs = updateSteps(placement.everywhere(services), placement).filter(({ verb }) => verb === 'reconfigure');
  return runs.map((run, index) => ({
    key: `reconfigure ${run.tags.join(', ')} on ${run.limit.length > 3 ? `${run.limit.length} hosts` : run.limit.join(', ')} for the members of ${group}`,
    members,
    commands: [kolla(run.verb, run.tags, run.limit)],
    effects: index === runs.length - 1 ? [{ kind: 'told', group, hosts: members[group] }] : [],
    unavailable: [],
  }));
}

/** The existing load balancers learn of the new ones first: one that hears no adverts takes the VIP, and then two would have it. */
function moveBalancers(members: Members, to: readonly string[]): GrowStep[] {
  const now = members.loadbalancer;
  const [joining, leaving] = [without(to, now), without(now, to)];
  if (joining.length === 0 && leaving.length === 0) return [];
  const group = 'loadbalancer';
  const all = { ...members, loadbalancer: union(now, to) };
  const vip = ['the VIP, for one failover'];
  const steps: GrowStep[] = [];
  if (joining.length > 0) {
    const add = kolla('deploy', [group], joining);
    steps.push(
      {
        key: `reconfigure ${now.join(', ')} for new load balancers`,
        ...{ members: all, commands: [kolla('reconfigure', [group], now), check([group], now)] },
        effects: [{ kind: 'restarts', group, hosts: now }],
        unavailable: vip,
      },
      {
        key: `add load balancers ${joining.join(', ')}`,
        ...{ members: all, commands: [add, check([group], joining)] },
        effects: [{ kind: 'joins', group, hosts: joining }],
        unavailable: [],
      },
    );
  }
  for (const host of leaving)
    steps.push({
      key: `remove load balancer ${host}`,
      members: all,
      commands: [
        kolla('stop', [group], [host], '--ignore-missing', '--yes-i-really-really-mean-it'),
        check([group], to),
      ],
      effects: [{ kind: 'stops', group, hosts: [host] }],
      unavailable: vip,
    });
  if (leaving.length > 0)
    steps.push({
      key: `reconfigure load balancers on ${to.join(', ')}`,
      members: { ...members, loadbalancer: to },
      commands: [kolla('reconfigure', [group], to), check([group], to)],
      effects: [{ kind: 'restarts', group, hosts: to }],
      unavailable: vip,
    });
  return steps;
}

/** Controllers are only added: fewer of them is another cloud. Kolla distributes Fernet keys only among those that it sees together. */
function moveControl(members: Members, to: readonly string[]): GrowStep[] {
  const joining = without(to, members.control);
  if (joining.length === 0) return [];
  const all = { ...members, control: to };
  const balancers = members.loadbalancer;
  return [
    {
      key: `add controllers ${joining.join(', ')}`,
      members: all,
      commands: [kolla('deploy', API_TAGS, to), check(API_TAGS, to)],
      effects: [{ kind: 'joins', group: 'control', hosts: joining }],
      unavailable: members.control.length < 2 ? ['every API, while the only controller restarts it'] : [],
    },
    {
      key: `reconfigure load balancers for controllers ${to.join(', ')}`,
      members: all,
      commands: [kolla('reconfigure', ['loadbalancer'], balancers)],
      effects: [{ kind: 'told', group: 'control', hosts: to }],
      unavailable: [],
    },
  ];
}

/** Containers of a gateway, on a host that keeps its other services. */
const GATEWAY_CONTAINERS = [
  'neutron_ovn_metadata_agent',
  'ovn_controller',
  'designate_mdns',
  'openvswitch_vswitchd',
  'openvswitch_db',
];

function moveGateways(members: Members, to: readonly string[], { engine }: MoveContext): GrowStep[] {
  const group = 'network';
  const [joining, leaving] = [without(to, members.network), without(members.network, to)];
  const all = { ...members, network: union(members.network, to) };
  const steps: GrowStep[] = [];
  if (joining.length > 0)
    steps.push({
      key: `add gateways ${joining.join(', ')}`,
      members: all,
      commands: [
        kolla('deploy', ['openvswitch', 'ovn-controller', 'neutron', 'designate'], joining),
        check(['openvswitch', 'ovn-controller', 'neutron'], joining),
      ],
      effects: [{ kind: 'joins', group, hosts: joining }],
      unavailable: [],
    });
  for (const host of leaving)
    steps.push({
      key: `remove gateway ${host}`,
      members: all,
      commands: [
        onHost(
          host,
          `${engine} exec openvswitch_vswitchd ovs-vsctl --no-wait remove Open_vSwitch . external_ids ovn-cms-options`,
        ),
        onHost(host, `${engine} stop ${GATEWAY_CONTAINERS.join(' ')}`),
        check(['openvswitch', 'ovn-controller'], to),
      ],
      effects: [{ kind: 'stops', group, hosts: [host] }],
      unavailable: ['floating addresses whose router was on this gateway, until another gateway takes it over'],
    });
  return steps;
}
