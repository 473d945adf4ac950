import { type Demand, totalOf } from '../../../lib/config/demand.ts';
import type { ProjectQuotas } from '../../../lib/openstack/quotas.ts';
import type { AccessRule } from './access.ts';

/** Neutron makes a group named `default` in every project, with four rules. */
const DEFAULT_GROUP = { groups: 1, rules: 4 };

/** What an environment takes of each quota. */
export function quotaNeed(demand: Demand, rules: readonly AccessRule[]): ProjectQuotas {
  const { tiers, servers, instances, serverGroups, serverGroupMembers, volumes, volumeGiB } = demand;
  const { networks, routers, ports, floatingAddresses, loadBalancers, members } = demand;
  return {
    instances,
    vcpus: totalOf(servers, 'vcpus'),
    memoryMiB: totalOf(servers, 'memoryMiB'),
    serverGroups,
    serverGroupMembers,
    volumes,
    volumeGiB,
    networks,
    subnets: networks,
    routers,
    ports,
    floatingAddresses,
    securityGroups: tiers.length + DEFAULT_GROUP.groups,
    // One more for each tier: what its servers may connect to.
    securityGroupRules: rules.length + tiers.length + DEFAULT_GROUP.rules,
    loadBalancers,
    members,
  };
}
