import { Cidr } from '../net/cidr.ts';
import { parseIpv4 } from '../net/ipv4.ts';
import type { Cloud } from './schema/cloud.ts';

/** What a cloud can give to instances. */
export interface Capacity {
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly diskGiB: number;
}

/** A group of compute hosts and the zone that its servers are in. */
export interface ComputeHosts extends Capacity {
  readonly zone: string;
  readonly count: number;
}

/** Compute hosts by group, overcommit applied to the sums of each; hosts in no zone get no servers and are left out. */
export function computeHostsOf(cloud: Cloud): ComputeHosts[] {
  const zoneOf = new Map(
    Object.entries(cloud.zones).flatMap(([zone, { racks }]) => racks.map((rack) => [rack, zone] as const)),
  );
  return Object.values(cloud.hosts).flatMap((host) => {
    const zone = zoneOf.get(host.rack);
    const hardware = Object.hasOwn(cloud.hardware, host.hardware) ? cloud.hardware[host.hardware] : undefined;
    if (!host.roles.includes('compute') || zone === undefined || hardware === undefined) return [];
    return {
      zone,
      count: host.count,
      vcpus: Math.floor(host.count * hardware.vcpus * cloud.overcommit.vcpus),
      memoryMiB: Math.floor(
        host.count * Math.max(0, hardware.memoryGiB - hardware.reservedMemoryGiB) * 1024 * cloud.overcommit.memory,
      ),
      diskGiB: host.count * hardware.diskGiB,
    };
  });
}

/** Capacity of one zone, or of all. */
export function capacityOf(cloud: Cloud, zone?: string): Capacity {
  const hosts = computeHostsOf(cloud).filter((each) => zone === undefined || each.zone === zone);
  const sum = (key: keyof Capacity) => hosts.reduce((total, host) => total + host[key], 0);
  return { vcpus: sum('vcpus'), memoryMiB: sum('memoryMiB'), diskGiB: sum('diskGiB') };
}

/** How many addresses the cloud's external networks give out. */
export function floatingAddressesOf(cloud: Cloud): number {
  return Object.values(cloud.networks)
    .filter((network) => network.external)
    .reduce(
      (sum, { allocation }) => sum + Math.max(0, parseIpv4(allocation.last) - parseIpv4(allocation.first) + 1),
      0,
    );
}

/** How many addresses the cloud's pools have for tenant networks. */
export function tenantAddressesOf(cloud: Cloud): number {
  return Object.values(cloud.tenants).reduce((sum, { cidr }) => sum + Cidr.parse(cidr).size, 0);
}

/** Prefix length of the cloud's largest tenant pool; infinite where it has none. */
export function largestPoolOf(cloud: Cloud): number {
  return Math.min(...Object.values(cloud.tenants).map(({ cidr }) => Cidr.parse(cidr).prefixLength));
}
