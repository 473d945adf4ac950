import { computeHosts } from '../capacity.ts';
import type { Problem } from '../diagnostic.ts';
import { placedLeases } from '../placed-leases.ts';
import type { RuleInput } from './rule.ts';

/** Servers that are never two on one host need as many hosts; an environment network needs an address for each. */
export function checkLeaseSizes(input: RuleInput): Problem[] {
  const told = new Set<string>();
  return placedLeases(input).flatMap(({ lease, blueprint, cloud, demand }) => {
    const hosts = computeHosts(cloud.value).length;
    const problems = demand.tiers.flatMap(({ name, tier, count }) => {
      if (tier.placement !== 'spread' || count <= hosts || hosts === 0) return [];
      const own = lease.value.tiers[name]?.count !== undefined;
      const at = (own ? lease : blueprint).origin.at('tiers', name, 'count');
      const message = `got ${count}; placement spread puts never two on one host, and the zones of cloud ${cloud.name} have ${hosts}`;
      return [at.problem('spread-too-wide', message, `write ${hosts} or less, or placement: any`)];
    });
    const needed = demand.instances + demand.loadBalancers + KEPT_ADDRESSES;
    if (needed > 2 ** (32 - blueprint.value.prefixLength)) {
      const enough = 32 - Math.ceil(Math.log2(needed));
      const message = `got ${blueprint.value.prefixLength}; lease ${lease.name} needs ${needed} addresses, and this has ${2 ** (32 - blueprint.value.prefixLength)}`;
      problems.push(blueprint.origin.at('prefixLength').problem('network-too-small', message, `write ${enough}`));
    }
    // What the blueprint says is told once, whatever number of leases repeat it.
    return problems.filter((problem) => {
      const key = `${problem.code} ${problem.file}:${problem.line}:${problem.column}`;
      return told.has(key) ? false : told.add(key).has(key);
    });
  });
}

/** Network, broadcast and gateway address, and those of Neutron's DHCP and metadata ports. */
const KEPT_ADDRESSES = 5;
