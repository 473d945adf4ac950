import type { Cloud } from '../../config/schema/cloud.ts';
import { type Service, servicesOf } from '../topology/services.ts';
import { hostsFor, type PlaneName, type Topology } from '../topology/topology.ts';

/** A service whose outage clients notice: one of Kolla-Ansible's, or what servers use of the hosts themselves. */
export interface ClientVisibleService extends Service {
  /** Planes without which it is down, however many members are healthy. */
  readonly planes: readonly PlaneName[];
  /** Where copies are kept: it is down once more domains than `spareDomains` have lost a member. */
  readonly copies?: { readonly domain: 'host' | 'rack'; readonly spareDomains: number };
}

/**
 * Services as failures are judged by: those of the cloud, and
 * - `public-api`: the external VIP, where it is one of its own;
 * - `east-west`: traffic between servers of different hosts;
 * - `port-binding`: ports of servers that start or move, and new chassis: what OVN's southbound database takes up;
 * - `volumes`: reads and writes of volumes, by the storage's copies;
 * - `root-disks`: those of running servers, where Nova keeps them in Ceph: without it servers hang, on hosts that are up, too.
 * A service without members is none.
 */
export function clientVisibleServicesOf(cloud: Cloud, topology: Topology): readonly ClientVisibleService[] {
  const on = (plane: PlaneName): PlaneName => (topology.planes.includes(plane) ? plane : 'internal');
  const services = servicesOf(cloud, topology).map((service): ClientVisibleService => {
    if (service.name === 'ovn-gateway') return { ...service, planes: [on('tunnel')] };
    if (service.name === 'ceph-mon') return { ...service, planes: [on('storage')] };
    return { ...service, planes: ['internal'] };
  });
  return [...services, ...dataServices(cloud, topology, on)].filter(({ members }) => members.length > 0);
}

function dataServices(cloud: Cloud, topology: Topology, on: (plane: PlaneName) => PlaneName): ClientVisibleService[] {
  const plain = { quorum: 'any', needs: [], behindVip: false } as const;
  const services: ClientVisibleService[] = [
    {
      ...plain,
      name: 'east-west',
      role: 'compute',
      members: hostsFor(topology, 'compute'),
      planes: [on('tunnel')],
    },
    {
      ...plain,
      name: 'port-binding',
      role: 'compute',
      needs: ['ovn-sb-db', 'ovn-northd'],
      members: hostsFor(topology, 'compute'),
      planes: ['internal'],
    },
  ];
  if (cloud.vips?.external !== undefined)
    services.push({
      ...plain,
      name: 'public-api',
      role: 'load-balancer',
      needs: ['vip'],
      members: hostsFor(topology, 'load-balancer'),
      planes: [on('external')],
    });
  const { backend, replicas, failureDomain } = cloud.storage;
  if (backend === 'ceph' || backend === 'lvm')
    services.push({
      ...plain,
      name: 'volumes',
      role: 'storage',
      needs: backend === 'ceph' ? ['ceph-mon'] : [],
      members: hostsFor(topology, 'storage'),
      planes: backend === 'ceph' ? [on('storage'), on('storageCluster')] : [on('storage')],
      // Ceph answers while min_size copies are there, by default the larger half; LVM keeps one copy on one host.
      copies:
        backend === 'ceph'
          ? { domain: failureDomain, spareDomains: Math.floor(replicas / 2) }
          : { domain: 'host', spareDomains: 0 },
    });
  if (backend === 'ceph')
    services.push({
      ...plain,
      name: 'root-disks',
      role: 'compute',
      needs: ['volumes'],
      members: hostsFor(topology, 'compute'),
      planes: [on('storage')],
    });
  return services;
}
