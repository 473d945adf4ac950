import type { Blueprint } from '../config/schema/blueprint.ts';
import type { Cloud } from '../config/schema/cloud.ts';
import type { Lease } from '../config/schema/lease.ts';
import { serverZone } from '../config/server-zone.ts';

/** One server that will need room on a host. */
export interface ServerDemand {
  /** Its name within the environment: `web-1`. */
  readonly name: string;
  readonly tier: string;
  readonly flavor: string;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly diskGiB: number;
  /** Availability zone; undefined where any will do. */
  readonly zone: string | undefined;
  /** Servers of the same lease with the same group never share a host; undefined where they may. */
  readonly apart: string | undefined;
}

/** What a dev environment takes of its cloud. */
export interface Demand {
  readonly lease: string;
  readonly servers: readonly ServerDemand[];
  readonly volumes: number;
  readonly volumeGiB: number;
  /** GiB by volume type, for the price. */
  readonly volumeGiBByType: Readonly<Record<string, number>>;
  readonly floatingAddresses: number;
  /** Addresses of the external network: floating ones, and the router's own. */
  readonly externalAddresses: number;
  readonly loadBalancers: number;
  readonly networks: number;
  readonly routers: number;
  readonly ports: number;
  readonly prefixLength: number;
}

export interface DemandInputs {
  readonly name: string;
  readonly lease: Pick<Lease, 'tiers' | 'state'>;
  readonly blueprint: Blueprint;
  readonly cloud: Pick<Cloud, 'zones' | 'flavors' | 'storage'>;
}

/**
 * What a lease takes, from the configuration alone. A frozen one gives its hosts' room back and keeps the rest. Tiers with an
 * unknown flavor count as nothing: validation reports them.
 */
export function demandOf({ name, lease, blueprint, cloud }: DemandInputs): Demand {
  const zones = Object.keys(cloud.zones);
  const [defaultType = 'standard'] = Object.keys(cloud.storage.volumeTypes);
  const servers: ServerDemand[] = [];
  const byType: Record<string, number> = {};
  let count = 0;
  let volumes = 0;
  let floating = 0;
  let balancers = 0;
  for (const [tierName, tier] of Object.entries(blueprint.tiers)) {
    const override = lease.tiers[tierName];
    const replicas = override?.count ?? tier.count;
    const flavorName = override?.flavor ?? tier.flavor;
    const flavor = cloud.flavors[flavorName];
    count += replicas;
    if (tier.floatingAddress) floating += replicas;
    if (tier.loadBalancer !== undefined && replicas > 0) {
      balancers += 1;
      if (tier.loadBalancer.public) floating += 1;
    }
    for (const volume of Object.values(tier.volumes)) {
      const type = volume.type ?? defaultType;
      volumes += replicas;
      byType[type] = (byType[type] ?? 0) + replicas * volume.sizeGiB;
    }
    if (flavor === undefined || lease.state === 'frozen') continue;
    const spread = tier.placement === 'spread';
    for (let index = 0; index < replicas; index += 1) {
      servers.push({
        name: `${tierName}-${index + 1}`,
        tier: tierName,
        flavor: flavorName,
        ...flavor,
        zone: spread ? serverZone(zones, name, tierName, index + 1) : undefined,
        apart: spread ? tierName : undefined,
      });
    }
  }
  return {
    lease: name,
    servers,
    volumes,
    volumeGiB: Object.values(byType).reduce((sum, gib) => sum + gib, 0),
    volumeGiBByType: byType,
    floatingAddresses: floating,
    externalAddresses: floating + 1,
    loadBalancers: balancers,
    networks: 1,
    routers: 1,
    // The router's, the one that answers DHCP and metadata, and of a load balancer its address and the one that it probes from.
    ports: count + 2 * balancers + 2,
    prefixLength: blueprint.prefixLength,
  };
}
