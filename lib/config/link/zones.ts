import type { Named } from '../project.ts';
import type { Cloud } from '../schema/cloud.ts';
import type { Link } from '../schema/link.ts';
import { linkDiscovery } from './discovery.ts';
import { linkNetworkOf } from './tunnels.ts';

/** What names of Consul end in, on both sides: it is Consul's own default. */
export const CONSUL_ZONE = 'consul';

/** An end point of Route 53's resolver has at least two, in zones of their own. */
export const RESOLVER_ADDRESSES = 2;

/** One zone of names, and how each side asks. */
export interface LinkZone {
  readonly zone: string;
  /** `environment`: the AWS side's own servers know the names; all others, the cloud's. A side never asks the other one for its own. */
  readonly kind: 'cloud' | 'environment' | 'consul';
  /** Whom the gateways ask: addresses, or Route 53's resolver, whose addresses AWS alone gives. */
  readonly inCloud: readonly string[] | 'resolver';
  /** Whom Route 53's resolver asks: addresses of the gateways, or nobody, for it answers by itself. */
  readonly inEnvironment: readonly string[] | 'itself';
}

/**
 * Every zone that a link knows: both the gateways' resolvers and Route 53's rules are made of this list. Where Consul runs on both sides, its
 * servers in the cloud answer for both, and ask those on AWS themselves. A cloud that tells no name servers has nobody to ask. Pure.
 */
export function linkZones(link: Named<Link>, { dns }: Pick<Cloud, 'dns'>): LinkZone[] {
  const { names } = link.value;
  const discovery = linkDiscovery(link);
  const byGateways = { inEnvironment: linkNetworkOf(link.value).gateways } as const;
  return [
    ...(dns.nameServers.length === 0
      ? []
      : [{ zone: dns.zone, kind: 'cloud' as const, ...byGateways, inCloud: dns.nameServers }]),
    ...(names === undefined
      ? []
      : [
          {
            ...{ zone: names.zone, kind: 'environment' as const },
            ...{ inCloud: 'resolver' as const, inEnvironment: 'itself' as const },
          },
        ]),
    ...(discovery === undefined
      ? []
      : [{ zone: CONSUL_ZONE, kind: 'consul' as const, ...byGateways, inCloud: discovery.cloud.addresses }]),
  ];
}
