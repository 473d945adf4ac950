import { computeHosts, largestPoolOf } from '../capacity.ts';
import type { Demand } from '../demand.ts';
import type { Problem } from '../diagnostic.ts';
import { type PlacedLease as Placed, placedLeases } from '../placed-leases.ts';
import type { RuleInput } from './rule.ts';

/** Servers that are never two on one host need as many hosts; an environment network needs an address for each. */
export function checkLeaseSizes(input: RuleInput): Problem[] {
  const placed = placedLeases(input);
  // What a blueprint says is told once: of the lease that asks for the most, so that the advice is enough for all of them.
  const bySize = [...placed].sort((a, b) => addressesFor(b.demand) - addressesFor(a.demand));
  const byHosts = [...placed].sort((a, b) => hostsOf(a) - hostsOf(b));
  const told = new Set<string>();
  return [...byHosts.flatMap(spreadProblems), ...bySize.flatMap(networkProblems)].filter((problem) => {
    const key = `${problem.code} ${problem.file}:${problem.line}:${problem.column}`;
    return told.has(key) ? false : told.add(key).has(key);
  });
}

function hostsOf({ cloud }: Placed): number {
  return computeHosts(cloud.value).length;
}

function spreadProblems(placed: Placed): Problem[] {
  const { lease, blueprint, cloud, demand } = placed;
  const hosts = hostsOf(placed);
  return demand.tiers.flatMap(({ name, tier, count }) => {
    if (tier.placement !== 'spread' || count <= hosts || hosts === 0) return [];
    const own = lease.value.tiers[name]?.count !== undefined;
    const at = (own ? lease : blueprint).origin.at('tiers', name, 'count');
    const message = `got ${count}; placement: spread never puts two on one host, and the zones of cloud ${cloud.name} have ${hosts}`;
    const other = own ? `placement: any in blueprint ${blueprint.name}` : 'placement: any';
    return [at.problem('spread-too-wide', message, `write ${hosts} or less, or ${other}`)];
  });
}

function networkProblems({ lease, blueprint, cloud, demand }: Placed): Problem[] {
  const { prefixLength } = blueprint.value;
  const needed = addressesFor(demand);
  if (needed <= 2 ** (32 - prefixLength)) return [];
  const enough = smallestNetworkFor(demand);
  const message = `got ${prefixLength}; lease ${lease.name} needs ${needed} addresses, and this has ${2 ** (32 - prefixLength)}`;
  const fix =
    enough >= largestPoolOf(cloud.value)
      ? `write ${enough}`
      : `lower the counts, or add a pool of a /${enough} to tenants in ${cloud.file}`;
  return [blueprint.origin.at('prefixLength').problem('network-too-small', message, fix)];
}

/** Network, broadcast and gateway address, and those of Neutron's DHCP and metadata ports. */
const KEPT_ADDRESSES = 5;

function addressesFor({ instances, loadBalancers }: Demand): number {
  return instances + loadBalancers + KEPT_ADDRESSES;
}

/** Prefix length of the smallest network that has an address for everything. */
export function smallestNetworkFor(demand: Demand): number {
  return 32 - Math.ceil(Math.log2(addressesFor(demand)));
}
