import type { Demand } from './demand.ts';
import type { Flavor } from './schema/cloud.ts';
import type { Prices } from './schema/prices.ts';

/** What an environment costs a month by the cloud's price list; undefined where it has none, or a volume type without price. */
export function monthlyCost(demand: Demand, prices: Omit<Prices, 'hardware'> | undefined): number | undefined {
  if (prices === undefined) return undefined;
  let total = demand.floatingAddresses * prices.floatingAddress + demand.loadBalancers * prices.loadBalancer;
  for (const server of demand.servers) total += serverCost(server, prices);
  for (const [type, gib] of Object.entries(demand.volumeGiBByType)) {
    const price = prices.volumeGiB[type];
    if (price === undefined) return undefined;
    total += gib * price;
  }
  return Math.round(total * 100) / 100;
}

function serverCost(server: Pick<Flavor, 'vcpus' | 'memoryMiB'>, prices: Pick<Prices, 'vcpu' | 'memoryGiB'>): number {
  return server.vcpus * prices.vcpu + (server.memoryMiB / 1024) * prices.memoryGiB;
}
