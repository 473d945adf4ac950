import { monthlyCost } from '../../config/cost.ts';
import { type Demand, demandOf, type ServerDemand, storedGiB } from '../../config/demand.ts';
import { demandsOn } from '../../config/placed-leases.ts';
import type { Project } from '../../config/project.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import type { Prices } from '../../config/schema/prices.ts';
import { survivedDomains } from '../topology/failure-domains.ts';
import { topologyOf } from '../topology/topology.ts';
import { placeOnCloud } from './placement.ts';
import { type HostShortage, shortageOf } from './survival.ts';

/** What more environments need. */
export interface Sizing {
  /** Hosts to add, by group of hosts. Empty where everything fits on the existing hosts, even after the worst failure. */
  readonly hosts: readonly {
    readonly group: string;
    readonly hardware: string;
    readonly count: number;
    readonly monthly: number | undefined;
  }[];
  /** GiB of volumes, and of root disks in Ceph, that storage has too little. */
  readonly volumeGiB: number;
  /** Whether adding hosts helps at all; false where a group of servers, or a flavor, fits on no number of them. */
  readonly isEnough: boolean;
  /** What the environments are charged a month; undefined where the cloud has no prices. */
  readonly chargedMonthly: number | undefined;
}

/** An upper bound: a larger extension would be another cloud. */
const MOST_HOSTS = 500;

/**
 * Hosts to add for more environments of some blueprints, so that all leases survive the worst failure: one at a time, where a server
 * finds no room, of the kind that stands there. The least for Tandem's placement, not for every placement. Pure.
 */
export function sizingFor(
  project: Project,
  cloudName: string,
  wanted: ReadonlyMap<string, number>,
): Sizing | undefined {
  const cloud = project.clouds.get(cloudName)?.value;
  if (cloud === undefined) return undefined;
  const more = [...wanted].flatMap(([name, count]) => {
    const blueprint = project.blueprints.get(name)?.value;
    if (blueprint === undefined) return [];
    return Array.from({ length: count }, (_, at) => demandOf({ name: `${name}+${at + 1}`, blueprint, cloud }));
  });
  const demands = [...demandsOn(project, cloudName), ...more];
  const servers = demands.flatMap((demand) => demand.servers);
  const added = new Map<string, number>();
  let grown = unaddressed(cloud);
  let shortage = shortageIn(grown, servers);
  for (let count = 0; shortage !== undefined && count < MOST_HOSTS; count += 1) {
    const group = groupFor(grown, shortage);
    if (group === undefined) break;
    added.set(group, (added.get(group) ?? 0) + 1);
    grown = withOneMore(grown, group);
    shortage = shortageIn(grown, servers);
  }
  const prices = project.prices.get(cloudName)?.value;
  return {
    hosts: [...added].map(([group, count]) => {
      const hardware = cloud.hosts[group]?.hardware ?? '';
      const price = prices?.hardware[hardware];
      return { group, hardware, count, monthly: price === undefined ? undefined : price * count };
    }),
    volumeGiB: Math.max(
      0,
      demands.reduce((sum, demand) => sum + storedGiB(cloud, demand), 0) - cloud.storage.usableGiB,
    ),
    isEnough: shortage === undefined,
    chargedMonthly: chargeOf(more, prices),
  };
}

function shortageIn(cloud: Cloud, servers: readonly ServerDemand[]): HostShortage | undefined {
  return shortageOf(placeOnCloud(cloud, servers), survivedDomains(cloud, topologyOf('', cloud)));
}

/** A group of compute hosts in the zone of the first server without a host, or anywhere where it asks for none. */
function groupFor(cloud: Cloud, { unplaced }: HostShortage): string | undefined {
  return smallestGroup(cloud, unplaced[0]?.server.zone);
}

/** The smallest group of compute hosts in a zone, or in any. */
function smallestGroup({ zones, hosts }: Cloud, zone?: string): string | undefined {
  const racks = Object.entries(zones).flatMap(([name, each]) =>
    zone === undefined || name === zone ? each.racks : [],
  );
  return Object.entries(hosts)
    .filter(([, { roles, rack }]) => roles.includes('compute') && racks.includes(rack))
    .sort(([, a], [, b]) => a.count - b.count)[0]?.[0];
}

function withOneMore(cloud: Cloud, group: string): Cloud {
  const host = cloud.hosts[group];
  return host === undefined
    ? cloud
    : { ...cloud, hosts: { ...cloud.hosts, [group]: { ...host, count: host.count + 1 } } };
}

/** The cloud with so many more compute hosts, each in the smallest group of them at that moment. Pure. */
export function withMoreHosts(cloud: Cloud, count: number): Cloud {
  let grown = count === 0 ? cloud : unaddressed(cloud);
  for (let added = 0; added < count; added += 1) {
    const group = smallestGroup(grown);
    if (group === undefined) return grown;
    grown = withOneMore(grown, group);
  }
  return grown;
}

/** Without the limits of address ranges, which would run out before the hosts do. */
function unaddressed(cloud: Cloud): Cloud {
  const internal = { ...cloud.planes.internal, cidr: '10.0.0.0/8' };
  const hosts = Object.entries(cloud.hosts).map(
    ([name, host]) => [name, { ...host, firstAddress: '10.0.0.1' }] as const,
  );
  return { ...cloud, planes: { internal }, hosts: Object.fromEntries(hosts) };
}

function chargeOf(demands: readonly Demand[], prices: Prices | undefined): number | undefined {
  const costs = demands.map((demand) => monthlyCost(demand, prices));
  const total = costs.reduce<number | undefined>(
    (sum, cost) => (sum === undefined || cost === undefined ? undefined : sum + cost),
    prices === undefined ? undefined : 0,
  );
  return total === undefined ? undefined : Math.round(total * 100) / 100;
}
