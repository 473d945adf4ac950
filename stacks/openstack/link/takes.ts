import { TUNNELS_PER_GATEWAY } from '../../../lib/config/link/tunnels.ts';
import { GATEWAYS, type Link } from '../../../lib/config/schema/link.ts';
import { StackId } from '../../../lib/stack/id.ts';
import type { Take } from '../../../lib/stack/synthesized.ts';

// Without the CDK of Terraform, which takes long to load: every command reads the catalogue of stacks, and few synthesize.

/** Outputs of the addresses that gateways and Consul's servers are made with, and variables of theirs. */
export const portOf = (gateway: number): string => `gateway_${gateway}_port`;
export const addressOf = (gateway: number): string => `gateway_${gateway}_address`;
export const PROJECT = 'project';
export const NETWORK = 'network';
export const SUBNET = 'subnet';

/** Variables of what AWS tells the gateways. */
export const RESOLVERS = 'resolver_addresses';
export const tunnelAddressOf = (gateway: number, index: number): string => `tunnel_${gateway}${index}_address`;

/** Values that gateways are made with, which one cloud or the other tells first. Pure. */
export function linkTakes(cloud: string, environment: string, link: Pick<Link, 'names'>): Take[] {
  const [addresses, aws] = [StackId.linkAddresses(cloud), StackId.awsLink(environment)];
  const gateways = Array.from({ length: GATEWAYS }, (_, at) => at + 1);
  const own = [
    { name: PROJECT, what: 'project' },
    ...gateways.flatMap((gateway) => [
      { name: portOf(gateway), what: 'ports of the gateways' },
      { name: addressOf(gateway), what: 'addresses of the gateways' },
    ]),
  ];
  const far = gateways.flatMap((gateway) =>
    Array.from({ length: TUNNELS_PER_GATEWAY }, (_, at) => ({
      name: tunnelAddressOf(gateway, at + 1),
      output: `TunnelAddress${gateway}${at + 1}`,
      what: 'addresses of the tunnels',
    })),
  );
  const names =
    link.names === undefined
      ? []
      : [{ name: RESOLVERS, output: 'ResolverAddresses', what: 'addresses of the resolver' }];
  return [
    ...own.map((each): Take => ({ ...each, from: addresses, output: each.name })),
    ...[...far, ...names].map((each): Take => ({ ...each, from: aws })),
  ];
}

/** What Consul's servers are made with: nothing of the other side. Pure. */
export function linkDiscoveryTakes(cloud: string): Take[] {
  const from = StackId.linkAddresses(cloud);
  return [
    { name: PROJECT, from, output: PROJECT },
    ...[NETWORK, SUBNET].map((name) => ({ name, from, output: name, what: 'network of the link' })),
  ];
}
