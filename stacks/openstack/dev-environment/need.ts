import type { TierDemand } from '../../../lib/config/demand.ts';
import type { ProjectQuotas } from '../../../lib/openstack/quotas.ts';
import type { AccessRule } from './access.ts';

/** Neutron makes a group named `default` in every project, with four rules. */
const DEFAULT_GROUP = { groups: 1, rules: 4 };
/** Ports of a network that no server has: the router's, and OVN's own for metadata. */
const NETWORK_PORTS = 2;
/** Ports of a balancer: its address, and the one that OVN probes members from. */
const BALANCER_PORTS = 2;

/** What an environment takes of each quota. */
export function quotaNeed(tiers: readonly TierDemand[], rules: readonly AccessRule[]): ProjectQuotas {
  const sum = (amount: (demand: TierDemand) => number) => tiers.reduce((total, each) => total + amount(each), 0);
  const balanced = tiers.filter(({ tier, count }) => tier.loadBalancer !== undefined && count > 0);
  const spread = tiers.filter(({ tier }) => tier.placement === 'spread');
  const instances = sum(({ count }) => count);
  return {
    instances,
    vcpus: sum(({ count, flavor }) => count * (flavor?.vcpus ?? 0)),
    memoryMiB: sum(({ count, flavor }) => count * (flavor?.memoryMiB ?? 0)),
    serverGroups: spread.length,
    serverGroupMembers: Math.max(0, ...spread.map(({ count }) => count)),
    volumes: sum(({ tier, count }) => count * Object.keys(tier.volumes).length),
    volumeGiB: sum(
      ({ tier, count }) => count * Object.values(tier.volumes).reduce((total, { sizeGiB }) => total + sizeGiB, 0),
    ),
    networks: 1,
    subnets: 1,
    routers: 1,
    ports: instances + NETWORK_PORTS + balanced.length * BALANCER_PORTS,
    floatingAddresses:
      sum(({ tier, count }) => (tier.floatingAddress ? count : 0)) +
      balanced.filter(({ tier }) => tier.loadBalancer?.public === true).length,
    securityGroups: tiers.length + DEFAULT_GROUP.groups,
    // One more for each tier: what its servers may connect to.
    securityGroupRules: rules.length + tiers.length + DEFAULT_GROUP.rules,
    loadBalancers: balanced.length,
    members: balanced.reduce((total, { count }) => total + count, 0),
  };
}
