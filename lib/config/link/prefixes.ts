import { Cidr } from '../../net/cidr.ts';
import type { Cloud } from '../schema/cloud.ts';
import type { Environment } from '../schema/environment.ts';
import type { Link } from '../schema/link.ts';

/** What each side tells the other. */
export interface LinkPrefixes {
  /** The link's own network, from which names are asked for, and tenant pools of the cloud, each whole: a lease more changes no route. */
  readonly cloud: readonly string[];
  /** The tenant pools among them. */
  readonly pools: readonly string[];
  /** Halves of those, told by the gateway alone that took over: more specific, they win at once over what a dead one told. */
  readonly halves: readonly string[];
  /** Range that routes of the environment may lie in. */
  readonly environment: string;
}

/**
 * Routes that a virtual private gateway takes from one session of BGP (AWS Site-to-Site VPN quotas), and that are propagated into one route
 * table (Amazon VPC quotas), read November 2026.
 */
export const MOST_ROUTES = 100;

export function linkPrefixes(link: Link, cloud: Cloud, environment: Environment): LinkPrefixes {
  const pools = (link.prefixes ?? Object.keys(cloud.tenants).sort()).flatMap((pool) => cloud.tenants[pool]?.cidr ?? []);
  const told = [link.network, ...pools];
  return {
    cloud: told,
    pools,
    halves: told.flatMap((pool) => {
      const whole = Cidr.parse(pool);
      return whole.subnets(whole.prefixLength + 1).map(String);
    }),
    environment: link.growth ?? environment.cluster.network.cidr,
  };
}
