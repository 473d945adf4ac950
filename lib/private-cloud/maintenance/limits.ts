import { computeHosts } from '../../config/capacity.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import { listed } from '../../text/listed.ts';
import { MAY_STAND_ALONE, type Service, servicesOf, spare } from '../topology/services.ts';
import { hostsFor, type Topology } from '../topology/topology.ts';

/** How many of some hosts may be off at once on purpose. */
export interface Limit {
  /** What they carry, as an operator names it: `mariadb`, `keystone, glance-api and 9 more`. */
  readonly what: string;
  readonly hosts: ReadonlySet<string>;
  /** 0: each of them stops it alone. */
  readonly most: number;
}

/**
 * What a cloud's services allow. Of a majority, one member fewer than could be lost goes on purpose, where there are enough: a failure
 * meanwhile is then survived too. Of gateways, balancers and APIs at most a third goes, and two stay where there are three; of a zone's
 * compute hosts half. Pure.
 */
export function limitsOf(cloud: Cloud, topology: Topology): readonly Limit[] {
  const services = servicesOf(cloud, topology).filter(({ members }) => members.length > 0);
  const alike = Map.groupBy(services, (service) => `${mostOf(service)} ${service.members.map(nameOf).join(' ')}`);
  return [
    ...[...alike.values()].flatMap((each) => {
      const [first] = each;
      if (first === undefined) return [];
      const names = each.map(({ name }) => name);
      const what = listed(names, 3);
      return [{ what, hosts: new Set(first.members.map(nameOf)), most: mostOf(first) }];
    }),
    ...storageLimits(cloud, topology),
    ...[...Map.groupBy(computeHosts(cloud), ({ zone }) => zone ?? '')].map(([zone, hosts]) => ({
      ...{ what: `compute hosts of zone ${zone}`, hosts: new Set(hosts.map(nameOf)) },
      most: Math.floor(hosts.length / 2),
    })),
  ];
}

function mostOf(service: Service): number {
  const { name, role, quorum, members } = service;
  const lost = spare(service);
  if (quorum === 'any') {
    if (members.length === 1) return MAY_STAND_ALONE.has(role) ? 1 : 0;
    return Math.max(1, Math.min(members.length - 2, Math.floor(members.length / 3)));
  }
  // Quorum queues have three members however many brokers there are, and nothing says which: two brokers may be a queue's majority.
  if (name === 'rabbitmq') return Math.min(1, lost);
  return lost > 1 ? lost - 1 : lost;
}

/** A group never spans racks: where two replicas never share one, a rack's storage hosts go together. */
function storageLimits({ storage }: Cloud, topology: Topology): Limit[] {
  const hosts = new Set(hostsFor(topology, 'storage').map(nameOf));
  if (hosts.size === 0 || storage.backend === 'nfs' || storage.backend === 'fake') return [];
  const copies = storage.backend === 'ceph' ? storage.replicas : 1;
  if (copies === 1) return [{ what: 'volumes', hosts, most: 0 }];
  return storage.failureDomain === 'host' ? [{ what: 'replicas of Ceph', hosts, most: 1 }] : [];
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}
