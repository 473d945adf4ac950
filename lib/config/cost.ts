import type { Demand } from './demand.ts';
import type { Cloud, Flavor } from './schema/cloud.ts';
import type { Prices } from './schema/prices.ts';

/** One thing that is paid for, and how much of it. */
export interface CostItem {
  /** `servers`, `volumes of type standard`. */
  readonly what: string;
  /** In words, for comparison: equal quantities cost the same. */
  readonly quantity: string;
  /** A month, in the organisation's currency: at the least, and at the most. Undefined where there is no price. */
  readonly monthly: { readonly least: number; readonly most: number } | undefined;
}

/** What an environment costs a month by the cloud's price list; undefined where it has none, or a volume type without price. */
export function monthlyCost(demand: Demand, prices: Omit<Prices, 'hardware' | 'asOf'> | undefined): number | undefined {
  let total = 0;
  for (const { monthly } of leaseCosts(demand, prices)) {
    if (monthly === undefined) return undefined;
    total += monthly.most;
  }
  return prices === undefined ? undefined : cents(total);
}

/** What a lease is charged for. */
export function leaseCosts(demand: Demand, prices: Omit<Prices, 'hardware' | 'asOf'> | undefined): CostItem[] {
  const { servers, floatingAddresses, loadBalancers, volumeGiBByType } = demand;
  const vcpus = servers.reduce((sum, server) => sum + server.vcpus, 0);
  const memoryMiB = servers.reduce((sum, server) => sum + server.memoryMiB, 0);
  return [
    item('servers', `${vcpus} vCPUs, ${memoryMiB} MiB`, prices && serverCost({ vcpus, memoryMiB }, prices)),
    item('floating addresses', `${floatingAddresses}`, prices && floatingAddresses * prices.floatingAddress),
    item('load balancers', `${loadBalancers}`, prices && loadBalancers * prices.loadBalancer),
    ...Object.entries(volumeGiBByType).map(([type, gib]) => {
      const price = prices?.volumeGiB[type];
      return item(`volumes of type ${type}`, `${gib} GiB`, price === undefined ? undefined : gib * price);
    }),
  ];
}

/** Hours by which a price of a month is divided: a year's by twelve. */
export const HOURS_A_MONTH = 730;

/** What was used, and for how many hours. */
export interface Usage {
  readonly servers: readonly { readonly vcpus: number; readonly memoryMiB: number; readonly hours: number }[];
  readonly volumes: readonly { readonly type: string; readonly sizeGiB: number; readonly hours: number }[];
  readonly floatingAddresses: readonly number[];
  readonly balancers: readonly number[];
}

/** What a cloud charges for what was used; undefined where a volume type has no price. Pure. */
export function usageCost(usage: Usage, prices: Omit<Prices, 'hardware' | 'asOf'>): number | undefined {
  let total = 0;
  for (const { hours, ...server } of usage.servers) total += serverCost(server, prices) * hours;
  for (const { type, sizeGiB, hours } of usage.volumes) {
    const price = prices.volumeGiB[type];
    if (price === undefined) return undefined;
    total += price * sizeGiB * hours;
  }
  for (const hours of usage.floatingAddresses) total += prices.floatingAddress * hours;
  for (const hours of usage.balancers) total += prices.loadBalancer * hours;
  return total / HOURS_A_MONTH;
}

/** What the organisation pays for the hosts of a cloud. */
export function hostCosts({ hosts }: Pick<Cloud, 'hosts'>, prices: Pick<Prices, 'hardware'> | undefined): CostItem[] {
  const counts = new Map<string, number>();
  for (const { hardware, count } of Object.values(hosts)) counts.set(hardware, (counts.get(hardware) ?? 0) + count);
  return [...counts].map(([hardware, count]) => {
    const price = prices?.hardware[hardware];
    return item(`hosts of kind ${hardware}`, `${count}`, price === undefined ? undefined : count * price);
  });
}

/** An amount of money, to the cent. */
export function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}

function item(what: string, quantity: string, amount: number | undefined): CostItem {
  return { what, quantity, monthly: amount === undefined ? undefined : { least: amount, most: amount } };
}

function serverCost(server: Pick<Flavor, 'vcpus' | 'memoryMiB'>, prices: Pick<Prices, 'vcpu' | 'memoryGiB'>): number {
  return server.vcpus * prices.vcpu + (server.memoryMiB / 1024) * prices.memoryGiB;
}
