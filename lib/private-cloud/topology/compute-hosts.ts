import { hostsOf } from '../../config/hosts.ts';
import type { Cloud } from '../../config/schema/cloud.ts';

/** A host that runs servers, and what it gives out: overcommit applied, the host's own memory left out. */
export interface ComputeHost {
  readonly name: string;
  readonly rack: string;
  readonly zone: string;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly diskGiB: number;
}

/** Compute hosts in the order of the configuration. Those in no zone get no servers and are left out. */
export function computeHosts(cloud: Cloud): ComputeHost[] {
  const zoneOf = new Map(
    Object.entries(cloud.zones).flatMap(([zone, { racks }]) => racks.map((rack) => [rack, zone] as const)),
  );
  const { overcommit } = cloud;
  return hostsOf(cloud).flatMap(({ name, rack, roles, hardware }) => {
    const zone = zoneOf.get(rack);
    const kind = Object.hasOwn(cloud.hardware, hardware) ? cloud.hardware[hardware] : undefined;
    if (!roles.includes('compute') || zone === undefined || kind === undefined) return [];
    return {
      name,
      rack,
      zone,
      vcpus: Math.floor(kind.vcpus * overcommit.vcpus),
      memoryMiB: Math.floor(Math.max(0, kind.memoryGiB - kind.reservedMemoryGiB) * 1024 * overcommit.memory),
      diskGiB: kind.diskGiB,
    };
  });
}
