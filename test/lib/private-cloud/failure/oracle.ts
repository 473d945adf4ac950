import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import type { Failure } from '../../../../lib/private-cloud/failure/failures.ts';
import { servicesOf } from '../../../../lib/private-cloud/topology/services.ts';
import {
  hostsFor,
  type PlaneName,
  type Topology,
  type TopologyHost,
} from '../../../../lib/private-cloud/topology/topology.ts';

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
    return (service.behindVip && isDown('vip')) || service.needs.some(isDown);
  };

  const storage = hostsFor(topology, 'storage');
  const { backend, replicas, failureDomain } = cloud.storage;
  const hurt = new Set(storage.filter(isGone).map((host) => (failureDomain === 'rack' ? host.rack : host.name))).size;
  const compute = hostsFor(topology, 'compute');
  const balancers = hostsFor(topology, 'load-balancer');
  const more: [string, boolean][] = [
    ['east-west', compute.length > 0 && (planeOff('tunnel') || compute.every(isGone))],
    [
      'public-api',
      cloud.vips?.external !== undefined &&
        balancers.length > 0 &&
        (planeOff('external') || balancers.every(isGone) || isDown('vip')),
    ],
    [
      'volumes',
      storage.length > 0 &&
        (backend === 'ceph'
          ? planeOff('storage', 'storageCluster') ||
            storage.every(isGone) ||
            hurt > replicas - (replicas - Math.floor(replicas / 2)) ||
            isDown('ceph-mon')
          : backend === 'lvm' && (planeOff('storage') || storage.some(isGone))),
    ],
  ];
  return [
    ...services.map(({ name }) => name).filter(isDown),
    ...more.filter(([, down]) => down).map(([name]) => name),
  ].sort();
}
