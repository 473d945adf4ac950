import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import type { Failure, Part } from '../../../../lib/private-cloud/failure/failures.ts';
import { servicesOf } from '../../../../lib/private-cloud/topology/services.ts';
import {
  hostsFor,
  type PlaneName,
  type Topology,
  type TopologyHost,
} from '../../../../lib/private-cloud/topology/topology.ts';

/**
 * What stands on others beyond the table of services, in words:
 * - Cinder keeps a lock on each volume, Designate one on each zone and its share of zones, in Valkey, whose sentinels decide by majority: without it
 *   `cinder-volume`, `designate-central` and `designate-producer` do nothing, nor `designate-api`, which only passes on to central. A cloud
 *   with amphorae builds them through Valkey as well; where they are switched on, Gnocchi and Masakari's API agree there too.
 * - A port is bound once the southbound database takes it up, after northd translated it.
 * - A server whose root disk is in Ceph hangs with Ceph's volumes.
 */
const STANDS_ON: Readonly<Record<string, readonly string[]>> = {
  'cinder-volume': ['valkey'],
  'designate-central': ['valkey'],
  'designate-producer': ['valkey'],
  'designate-api': ['designate-central'],
  'octavia-worker': ['valkey'],
  'gnocchi-api': ['valkey'],
  'gnocchi-metricd': ['valkey'],
  'masakari-api': ['valkey'],
};

/** What is down, thought through host by host and service by service, with sets and recursion: slow, and plain to read. */
export function naivelyDown(cloud: Cloud, topology: Topology, failure: Failure): string[] {
  const off = (kind: string, name: string): boolean => failure.some((part) => part.kind === kind && part.name === name);
  const isGone = (host: TopologyHost): boolean =>
    off('host', host.name) ||
    off('rack', host.rack) ||
    host.powerFeeds.every((feed) => off('power', feed)) ||
    host.switches.every((name) => off('switch', name));
  const services = servicesOf(cloud, topology).filter(({ members }) => members.length > 0);
  const planeOff = (...planes: PlaneName[]): boolean =>
    planes.some((plane) => off('plane', topology.planes.includes(plane) ? plane : 'internal'));
  const planeOf = (name: string): PlaneName =>
    name === 'ovn-gateway' ? 'tunnel' : name === 'ceph-mon' ? 'storage' : 'internal';

  const isDown = (name: string): boolean => {
    const service = services.find((each) => each.name === name);
    if (service === undefined) return false;
    const up = service.members.filter((host) => !isGone(host)).length;
    if (planeOff(planeOf(name)) || up === 0) return true;
    if (service.quorum === 'majority' && up * 2 <= service.members.length) return true;
    // Each queue has three brokers, nobody knows which: two that are gone may be two of a queue's three.
    if (name === 'rabbitmq' && service.members.length - up >= 2) return true;
    const needs = [...service.needs.filter((need) => need !== 'valkey'), ...(STANDS_ON[name] ?? [])];
    return (service.behindVip && isDown('vip')) || needs.some(isDown);
  };

  const storage = hostsFor(topology, 'storage');
  const { backend, replicas, failureDomain } = cloud.storage;
  const hurt = new Set(storage.filter(isGone).map((host) => (failureDomain === 'rack' ? host.rack : host.name))).size;
  const compute = hostsFor(topology, 'compute');
  const balancers = hostsFor(topology, 'load-balancer');
  const volumesDown =
    storage.length > 0 &&
    (backend === 'ceph'
      ? planeOff('storage', 'storageCluster') ||
        storage.every(isGone) ||
        hurt > replicas - (replicas - Math.floor(replicas / 2)) ||
        isDown('ceph-mon')
      : backend === 'lvm' && (planeOff('storage') || storage.some(isGone)));
  const computeGone = compute.every(isGone);
  const more: [string, boolean][] = [
    [
      'port-binding',
      compute.length > 0 && (planeOff('internal') || computeGone || isDown('ovn-sb-db') || isDown('ovn-northd')),
    ],
    ['root-disks', backend === 'ceph' && compute.length > 0 && (planeOff('storage') || computeGone || volumesDown)],
    ['east-west', compute.length > 0 && (planeOff('tunnel') || computeGone)],
    [
      'public-api',
      cloud.vips?.external !== undefined &&
        balancers.length > 0 &&
        (planeOff('external') || balancers.every(isGone) || isDown('vip')),
    ],
    ['volumes', volumesDown],
  ];
  return [
    ...services.map(({ name }) => name).filter(isDown),
    ...more.filter(([, down]) => down).map(([name]) => name),
  ].sort();
}

/** Every two parts. */
export function pairsOf(parts: readonly Part[]): Failure[] {
  return parts.flatMap((first, at) => parts.slice(at + 1).map((second) => [first, second]));
}
