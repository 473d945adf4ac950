import type { Cloud } from './schema/cloud.ts';

type HostGroup = Cloud['hosts'][string];

/** One host of a cloud: the name that its group gives it, or the group's own with its place in it, `compute-a-1`. */
export interface Host {
  readonly name: string;
  readonly group: string;
  /** Place in its group, from 1. */
  readonly index: number;
  readonly rack: string;
  readonly roles: HostGroup['roles'];
  readonly hardware: string;
}

/** Every host of a cloud, in the order of the configuration. */
export function hostsOf(cloud: Pick<Cloud, 'hosts'>): Host[] {
  return Object.entries(cloud.hosts).flatMap(([group, { rack, roles, hardware, count, names }]) =>
    Array.from({ length: count }, (_, at) => ({
      name: names?.[at] ?? `${group}-${at + 1}`,
      group,
      index: at + 1,
      rack,
      roles,
      hardware,
    })),
  );
}

type PlaneName = keyof Cloud['planes'];

/** Interface of a group's hosts on a plane; undefined where the cloud has no such plane. */
export function interfaceOf(
  { hosts, planes }: Pick<Cloud, 'hosts' | 'planes'>,
  group: string,
  plane: PlaneName,
): string | undefined {
  const own = planes[plane];
  return own === undefined ? undefined : (hosts[group]?.interfaces[plane] ?? own.interface);
}

/** Whether a group's hosts reach a plane through their internal address: it is on the same interface, and no network of its own there. */
export function isThroughInternal(cloud: Pick<Cloud, 'hosts' | 'planes'>, group: string, plane: PlaneName): boolean {
  const isOwn = Object.values(cloud.hosts[group]?.interfaces ?? {}).some((each) => each !== undefined);
  return isOwn && plane !== 'internal' && interfaceOf(cloud, group, plane) === interfaceOf(cloud, group, 'internal');
}

/** The compute hosts of an availability zone: those in its racks. */
export function hostsOfZone(cloud: Pick<Cloud, 'hosts' | 'zones'>, zone: string): Host[] {
  const racks = cloud.zones[zone]?.racks ?? [];
  return hostsOf(cloud).filter((host) => host.roles.includes('compute') && racks.includes(host.rack));
}
