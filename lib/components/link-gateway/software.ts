import type { TierSoftware } from '../../bring-up/tier-software.ts';
import { linkNameOf } from '../../config/link/name.ts';
import { linkPrefixes } from '../../config/link/prefixes.ts';
import { segmentSize } from '../../config/link/sizes.ts';
import { linkNetworkOf, tunnelsOf } from '../../config/link/tunnels.ts';
import { type LinkZone, linkZones } from '../../config/link/zones.ts';
import type { Named } from '../../config/project.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import type { Environment } from '../../config/schema/environment.ts';
import { GATEWAYS, type Link } from '../../config/schema/link.ts';
import { serverNameOf } from '../../config/server-name.ts';
import { linkTierSoftware } from '../shared/link-tier.ts';
import { linkGateway } from './component.ts';
import { PREFERENCE, PRIORITY } from './numbers.ts';
import { pieces } from './pieces.ts';
import type { LinkGatewaySettings } from './settings.ts';

/** Tier of the two gateways: their servers are `link-<name>-gateway-1` and `-2`. */
export const GATEWAY_TIER = 'gateway';

/** What a gateway learns from others' stacks, at the deploy alone. Terraform's expressions are fine. */
export interface GivenToGateway {
  /** Its own floating address, which AWS knows it by. */
  readonly address: string;
  /** Outside addresses of AWS for its two tunnels. */
  readonly tunnelAddresses: readonly [string, string];
  /** Of the inbound end point of Route 53's resolver; none where no names are forwarded. */
  readonly resolverAddresses: readonly string[];
}

/** What both gateways of a link run. Pure; the same for both, and the same texts of files for every link. */
export function linkGatewaySoftware(
  link: Named<Link>,
  cloud: Named<Cloud>,
  environment: Named<Environment>,
): TierSoftware {
  const { flavor, zones } = link.value.gateways;
  return linkTierSoftware(link, cloud, {
    ...{ tier: GATEWAY_TIER, count: GATEWAYS, zones, flavor },
    component: linkGateway,
    settings: settingsOf(link, cloud.value, environment.value),
  });
}

/** `link-main-gateway-1`: name of the server. */
export function gatewayServerName(link: string, gateway: number): string {
  return serverNameOf(linkNameOf(link), GATEWAY_TIER, gateway);
}

/**
 * Metadata of one gateway, beside what `bringUpMetadata` says of both.
 * @throws TandemError `metadata-value-too-long`
 */
export function linkGatewayMetadata(
  link: Named<Link>,
  gateway: 1 | 2,
  given: GivenToGateway,
): Readonly<Record<string, string>> {
  const own = tunnelsOf(link.name, link.value).filter((tunnel) => tunnel.gateway === gateway);
  const which = gateway === 1 ? 'first' : 'second';
  const { localPreference, med, prepends } = PREFERENCE[which];
  const values: Record<string, string | number> = {
    'floating-address': given.address,
    'local-preference': localPreference,
    med,
    prepends,
    priority: PRIORITY[which],
    ...pieces('resolvers', given.resolverAddresses),
  };
  const { probes } = linkNetworkOf(link.value);
  for (const { id, index, awsAddress, gatewayAddress } of own) {
    values[`tunnel-${index}-outside`] = given.tunnelAddresses[index - 1] ?? '';
    values[`tunnel-${index}-far`] = awsAddress;
    values[`tunnel-${index}-near`] = gatewayAddress;
    values[`tunnel-${index}-probe`] = probes[id] ?? '';
  }
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`${linkGateway.name}.${name}`, String(value)]),
  );
}

function settingsOf(named: Named<Link>, cloud: Cloud, environment: Environment): LinkGatewaySettings {
  const link = named.value;
  const zones = linkZones(named, cloud);
  const own = zones.find(({ kind }) => kind === 'cloud');
  const theirs = zones.find(({ kind }) => kind === 'environment');
  const consul = zones.find(({ kind }) => kind === 'consul');
  const { router, vip } = linkNetworkOf(link);
  const { cloud: told, halves, environment: range } = linkPrefixes(link, cloud, environment);
  const { timers, mtu } = link.tunnels;
  return {
    asn: link.asn,
    awsAsn: link.aws.asn,
    network: link.network,
    router,
    vip,
    told: [...told],
    halves: [...halves],
    environment: range,
    mtu,
    segment: segmentSize(mtu),
    ...timers,
    operators: link.gateways.sshFrom.flatMap((source) => cloud.sources[source] ?? []),
    environmentZone: theirs?.zone,
    cloudZone: own?.zone,
    nameServers: askedInCloud(own),
    consul: askedInCloud(consul),
  };
}

/** Addresses that gateways ask; those of Route 53's resolver are learned at the deploy. */
function askedInCloud(zone: LinkZone | undefined): string[] {
  return zone === undefined || zone.inCloud === 'resolver' ? [] : [...zone.inCloud];
}
