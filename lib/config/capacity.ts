import { Cidr } from '../net/cidr.ts';
import { countIn, without } from '../net/ranges.ts';
import { externalNetworkOf } from './choices.ts';
import { hostsOf } from './hosts.ts';
import { ownEntry } from './own-entry.ts';
import type { Cloud } from './schema/cloud.ts';

/** Room for servers. */
export interface Capacity {
  readonly vcpus: number;
  readonly memoryMiB: number;
  /** For root disks. Where Ceph keeps them, the whole pool's. */
  readonly diskGiB: number;
}

/** A host that runs servers, and what it gives out: overcommit applied, the host's own memory left out. */
export interface ComputeHost extends Capacity {
  readonly name: string;
  /** Undefined only on a running cloud, where Nova knows a host of no zone. */
  readonly zone: string | undefined;
}

const computeHostsOf = new WeakMap<Cloud, readonly ComputeHost[]>();

/** Compute hosts in the order of the configuration. Those in no zone get no servers and are left out. */
export function computeHosts(cloud: Cloud): readonly ComputeHost[] {
  let hosts = computeHostsOf.get(cloud);
  if (hosts === undefined) computeHostsOf.set(cloud, (hosts = countComputeHosts(cloud)));
  return hosts;
}

function countComputeHosts(cloud: Cloud): ComputeHost[] {
  const zoneOf = new Map(
    Object.entries(cloud.zones).flatMap(([zone, { racks }]) => racks.map((rack) => [rack, zone] as const)),
  );
  const { overcommit } = cloud;
  return hostsOf(cloud).flatMap(({ name, rack, roles, hardware }) => {
    const zone = zoneOf.get(rack);
    const kind = ownEntry(cloud.hardware, hardware);
    if (!roles.includes('compute') || zone === undefined || kind === undefined) return [];
    return {
      name,
      zone,
      vcpus: Math.floor(kind.vcpus * overcommit.vcpus),
      memoryMiB: Math.floor(Math.max(0, kind.memoryGiB - kind.reservedMemoryGiB) * 1024 * overcommit.memory),
      diskGiB: isRootDiskInCeph(cloud) ? cloud.storage.usableGiB : kind.diskGiB,
    };
  });
}

/** Whether Nova keeps root disks in Ceph. Each host then offers the whole pool: what they take is counted once, in the storage. */
export function isRootDiskInCeph({ storage }: Pick<Cloud, 'storage'>): boolean {
  return storage.backend === 'ceph';
}

/** Capacity of one zone, or of all. */
export function capacityOf(cloud: Cloud, zone?: string): Capacity {
  const hosts = computeHosts(cloud).filter((each) => zone === undefined || each.zone === zone);
  const sum = (key: keyof Capacity) => hosts.reduce((total, host) => total + host[key], 0);
  return { vcpus: sum('vcpus'), memoryMiB: sum('memoryMiB'), diskGiB: sum('diskGiB') };
}

/** How many addresses the external network that leases use gives out: they take none of another. */
export function floatingAddressesOf(cloud: Cloud): number {
  const allocation = cloud.networks[externalNetworkOf(cloud) ?? '']?.allocation;
  return allocation === undefined ? 0 : countIn(without(allocation, allocation.except));
}

/** How many addresses the cloud's pools have for tenant networks. */
export function tenantAddressesOf(cloud: Cloud): number {
  return Object.values(cloud.tenants).reduce((sum, { cidr }) => sum + Cidr.parse(cidr).size, 0);
}

/** Prefix length of the cloud's largest tenant pool; infinite where it has none. */
export function largestPoolOf(cloud: Cloud): number {
  return Math.min(...Object.values(cloud.tenants).map(({ cidr }) => Cidr.parse(cidr).prefixLength));
}
