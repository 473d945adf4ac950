import type { Cloud } from '../../config/schema/cloud.ts';
import { EXTRA_KINDS } from './extra-services.ts';
import { api, type ServiceKind, worker } from './service-kind.ts';
import { hostsFor, type Topology, type TopologyHost } from './topology.ts';

/** A service of one cloud, and where it runs. */
export interface Service extends Omit<ServiceKind, 'when'> {
  readonly members: readonly TopologyHost[];
}

const hasVip = (cloud: Cloud): boolean => cloud.vips !== undefined;
/** Cinder and Designate on several hosts agree through valkey who does what. */
const hasSeveralControllers = ({ hosts }: Cloud): boolean =>
  Object.values(hosts).reduce((sum, { roles, count }) => sum + (roles.includes('control') ? count : 0), 0) > 1;
/**
 * What every cloud runs, by the names of Kolla-Ansible 2026.1. Ceph is not Kolla's: its monitors stand on storage hosts, one a rack
 * first.
 */
const SERVICES: readonly ServiceKind[] = [
  { name: 'mariadb', role: 'database', quorum: 'majority', needs: [], behindVip: true },
  { name: 'rabbitmq', role: 'queue', quorum: 'majority', needs: [], behindVip: false, membersOfPart: 3 },
  { name: 'memcached', role: 'control', quorum: 'any', needs: [], behindVip: false },
  { name: 'vip', role: 'load-balancer', quorum: 'any', needs: [], behindVip: false, when: hasVip },
  { name: 'ovn-nb-db', role: 'ovn', quorum: 'majority', needs: [], behindVip: false },
  { name: 'ovn-sb-db', role: 'ovn', quorum: 'majority', needs: [], behindVip: false },
  { name: 'ovn-northd', role: 'ovn', quorum: 'any', needs: ['ovn-nb-db', 'ovn-sb-db'], behindVip: false },
  { name: 'ovn-gateway', role: 'network', quorum: 'any', needs: [], behindVip: false },
  { name: 'valkey', role: 'control', quorum: 'majority', needs: [], behindVip: false, when: hasSeveralControllers },
  {
    name: 'ceph-mon',
    role: 'storage',
    quorum: 'majority',
    needs: [],
    behindVip: false,
    when: ({ storage }) => storage.backend === 'ceph',
  },
  api('keystone'),
  api('glance-api', 'keystone'),
  api('placement-api', 'keystone'),
  api('nova-api', 'keystone', 'rabbitmq', 'placement-api'),
  worker('nova-scheduler', 'placement-api'),
  worker('nova-conductor'),
  api('neutron-server', 'keystone', 'rabbitmq', 'ovn-nb-db'),
  api('cinder-api', 'keystone', 'rabbitmq'),
  worker('cinder-scheduler'),
  // Its lock on each volume, and Designate's on each zone; amphorae are built by a board of jobs, which OVN's provider has not.
  worker('cinder-volume', 'valkey'),
  api('octavia-api', 'keystone', 'rabbitmq'),
  { ...worker('octavia-worker', 'valkey'), when: ({ loadBalancer }) => loadBalancer.provider === 'amphora' },
  worker('designate-central', 'valkey'),
  worker('designate-producer', 'valkey'),
  worker('designate-worker'),
  api('designate-api', 'keystone', 'rabbitmq', 'designate-central'),
  { name: 'prometheus', role: 'monitoring', quorum: 'any', needs: [], behindVip: false },
];

/** How many members may be lost, whichever they are, before a part of a service is without its majority. */
export function spareOfParts({
  membersOfPart,
  members,
}: Pick<Service, 'membersOfPart' | 'members'>): number | undefined {
  return membersOfPart === undefined ? undefined : Math.floor((Math.min(membersOfPart, members.length) - 1) / 2);
}

/** Every service that the cloud has, with its members. A service without a host to stand on has none. */
export function servicesOf(cloud: Cloud, topology: Topology): readonly Service[] {
  return [...SERVICES, ...EXTRA_KINDS]
    .filter(({ when }) => when?.(cloud) ?? true)
    .map(({ when: _, ...kind }) => ({
      ...kind,
      members: kind.name === 'ceph-mon' ? monitorsOf(cloud, topology) : hostsFor(topology, kind.role),
    }));
}

/** How many members may be gone at once. */
export function spare(service: Pick<Service, 'quorum' | 'members'>): number {
  const count = service.members.length;
  return service.quorum === 'majority' ? Math.floor((count - 1) / 2) : count - 1;
}

/** Those that the configuration names; else five where there are five racks, or three: one a rack, in turn. */
function monitorsOf({ storage: { monitors } }: Cloud, topology: Topology): readonly TopologyHost[] {
  if (monitors !== undefined) return topology.hosts.filter((host) => monitors.includes(host.name));
  const storage = hostsFor(topology, 'storage');
  const byRack = topology.racks
    .map((rack) => storage.filter((host) => host.rack === rack))
    .filter((hosts) => hosts.length > 0);
  const wanted = Math.min(storage.length, byRack.length >= 5 ? 5 : 3);
  const picked: TopologyHost[] = [];
  for (let turn = 0; picked.length < wanted; turn += 1) {
    for (const hosts of byRack) {
      const host = hosts[turn];
      if (host !== undefined && picked.length < wanted) picked.push(host);
    }
  }
  return picked;
}

/** Of services whose loss stops no work at once, and which may have a single member. */
export const MAY_STAND_ALONE: ReadonlySet<Service['role']> = new Set(['monitoring', 'deployment']);
