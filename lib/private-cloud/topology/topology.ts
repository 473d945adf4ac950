import { hostsOf, isThroughInternal } from '../../config/hosts.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import { Cidr } from '../../net/cidr.ts';

export type Role = Cloud['hosts'][string]['roles'][number];
export type PlaneName = keyof Cloud['planes'];

/** One host, with all that may take it away. */
export interface TopologyHost {
  /** `control-a-1`. Also its name in the inventory. */
  readonly name: string;
  /** Group of the configuration that it comes from: `control-a`. */
  readonly group: string;
  readonly rack: string;
  readonly roles: readonly Role[];
  readonly hardware: string;
  /** Its address on each plane that the cloud has: the same offset on every one; its internal one where it reaches the plane through that. */
  readonly addresses: Readonly<Partial<Record<PlaneName, string>>>;
  /** It is off once all of these are. */
  readonly powerFeeds: readonly string[];
  /** It is cut off once all of these are off. */
  readonly switches: readonly string[];
}

/** Who stands where: what checks, renderers, simulations and pictures start from. */
export interface Topology {
  readonly cloud: string;
  readonly layout: Cloud['layout'];
  /** In the order of the configuration. */
  readonly hosts: readonly TopologyHost[];
  readonly racks: readonly string[];
  /** Every power feed and every switch that a rack names; a rack that names none has one of its own: `power-a`, `switch-a`. */
  readonly powerFeeds: readonly string[];
  readonly switches: readonly string[];
  /** Planes that the cloud has, `internal` first. */
  readonly planes: readonly PlaneName[];
}

export const PLANES: readonly PlaneName[] = ['internal', 'external', 'tunnel', 'storage', 'storageCluster'];

/** Pure. Expects a configuration without errors: racks that exist, addresses inside their planes. */
export function topologyOf(name: string, cloud: Cloud): Topology {
  const planes = PLANES.filter((plane) => cloud.planes[plane] !== undefined);
  const ranges = new Map(planes.map((plane) => [plane, Cidr.parse(cloud.planes[plane]?.cidr ?? '')] as const));
  const hosts = hostsOf(cloud).map((host): TopologyHost => {
    const first = cloud.hosts[host.group]?.firstAddress ?? '';
    const own = cloud.hosts[host.group]?.switches ?? [];
    const offset = (ranges.get('internal')?.offsetOf(first) ?? 0) + host.index - 1;
    return {
      name: host.name,
      group: host.group,
      rack: host.rack,
      roles: host.roles,
      hardware: host.hardware,
      addresses: Object.fromEntries(
        [...ranges].map(([plane, range]) => [
          plane,
          (isThroughInternal(cloud, host.group, plane) ? (ranges.get('internal') ?? range) : range).address(offset),
        ]),
      ),
      powerFeeds: powerFeedsOf(cloud, host.rack),
      switches: own.length > 0 ? own : switchesOf(cloud, host.rack),
    };
  });
  const racks = Object.keys(cloud.racks);
  return {
    cloud: name,
    layout: cloud.layout,
    hosts,
    racks,
    powerFeeds: unique(racks.flatMap((rack) => powerFeedsOf(cloud, rack))),
    switches: unique(racks.flatMap((rack) => switchesOf(cloud, rack))),
    planes,
  };
}

/** The hosts that carry a role: those that name it, else the `control` hosts, which carry whatever has none of its own. */
export function hostsFor(topology: Pick<Topology, 'hosts'>, role: Role): readonly TopologyHost[] {
  const own = topology.hosts.filter((host) => host.roles.includes(role));
  const falls = role !== 'compute' && role !== 'storage' && role !== 'monitoring' && role !== 'deployment';
  return own.length > 0 || !falls ? own : topology.hosts.filter((host) => host.roles.includes('control'));
}

function powerFeedsOf(cloud: Cloud, rack: string): readonly string[] {
  const named = cloud.racks[rack]?.powerFeeds ?? [];
  return named.length > 0 ? named : [`power-${rack}`];
}

function switchesOf(cloud: Cloud, rack: string): readonly string[] {
  const named = cloud.racks[rack]?.switches ?? [];
  return named.length > 0 ? named : [`switch-${rack}`];
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

/** The hosts that Kolla-Ansible looks after: all but those that are Ceph's alone. */
export function managed(topology: Topology, cephOutside: boolean): Topology['hosts'] {
  return topology.hosts.filter((host) => !cephOutside || host.roles.some((role) => role !== 'storage'));
}
