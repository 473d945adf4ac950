import { Cidr } from '../../net/cidr.ts';
import { placeOf } from '../../net/zone-place.ts';
import { counted } from '../../text/plural.ts';
import type { Problem } from '../diagnostic.ts';
import type { Entity } from '../project.ts';
import type { Environment } from '../schema/environment.ts';
import { SUBNET_PREFIX_LENGTHS } from '../schema/environment-network.ts';
import { freeRange } from './address-plan.ts';
import type { RuleInput } from './rule.ts';
import { problemAtNearest } from './sides.ts';

/** AWS keeps the first four addresses of a subnet and its last. */
const KEPT_BY_AWS = 5;
const WIDEST_VPC = 16;
const NARROWEST_VPC = 28;

/**
 * A VPC holds its subnets, and they hold the fleet twice over (replacing every instance at once needs the new beside the old)
 * after a zone was lost.
 */
export function checkEnvironmentNetwork(input: RuleInput): Problem[] {
  // Two problems of one run are not given the same range.
  const proposed: Cidr[] = [];
  const propose = (own: Cidr, prefixLength: number): string => {
    const free = freeRange(input, own, prefixLength, proposed);
    if (free === undefined) return `write a free /${prefixLength}`;
    proposed.push(free);
    return `write ${free.toString()}, which is free`;
  };
  return [...input.environments.values()].flatMap((environment) => {
    const subnets = subnetsFor(environment.value);
    const problems = [subnetProblem(environment, subnets), vpcProblem(environment, subnets, propose)];
    return problems.filter((problem) => problem !== undefined);
  });
}

/** What the checks and their advice both count with. */
interface Subnets {
  /** Prefix length that holds the fleet, at most the configured one; the largest there is where none does. */
  readonly prefixLength: number;
  /** The most instances that the largest subnets hold. */
  readonly mostInstances: number;
  /** Prefix length of a VPC that holds them. */
  readonly vpcPrefixLength: number;
  /** Addresses that are left after the loss of a zone. */
  readonly room: (prefixLength: number) => number;
}

function subnetsFor({ aws, cluster: { network, capacity } }: Environment): Subnets {
  const zones = aws.zones.length;
  const room = (prefixLength: number) => Math.max(1, zones - 1) * (2 ** (32 - prefixLength) - KEPT_BY_AWS);
  let prefixLength = network.subnetPrefixLength;
  while (prefixLength > SUBNET_PREFIX_LENGTHS.largest && room(prefixLength) < 2 * capacity.maximum) prefixLength -= 1;
  // Each letter has a range of its own. Public subnets of NAT gateways are cut from the last one, which no zone may have.
  const blocks = placeOf(highestOf(aws.zones)) + 1 + (network.egress === 'nat' ? 1 : 0);
  const vpcPrefixLength = prefixLength - Math.ceil(Math.log2(blocks));
  return { prefixLength, mostInstances: Math.floor(room(SUBNET_PREFIX_LENGTHS.largest) / 2), vpcPrefixLength, room };
}

function highestOf(zones: readonly string[]): string {
  return [...zones].sort().at(-1) ?? 'a';
}

function subnetProblem({ value, origin }: Entity<Environment>, subnets: Subnets): Problem | undefined {
  const { network, capacity } = value.cluster;
  const { prefixLength, mostInstances, room } = subnets;
  const has = room(network.subnetPrefixLength);
  if (has >= 2 * capacity.maximum) return undefined;
  const zones = value.aws.zones.length;
  const message = `got ${network.subnetPrefixLength} for ${counted(capacity.maximum, 'instance')} in ${counted(zones, 'zone')}; ${zones === 1 ? 'they hold' : 'after losing one they hold'} ${has} addresses, and replacing all at once takes ${2 * capacity.maximum}`;
  const at = origin.at('cluster', 'network', 'subnetPrefixLength');
  const isEnough = room(prefixLength) >= 2 * capacity.maximum;
  const most = Math.floor(has / 2);
  const larger = isEnough ? `, or cluster.network.subnetPrefixLength: ${prefixLength}` : '';
  return problemAtNearest('subnets-too-small', [
    {
      at,
      message,
      fix: isEnough
        ? `write ${prefixLength}`
        : `${prefixLength < network.subnetPrefixLength ? `write ${prefixLength} and ` : ''}lower cluster.capacity.maximum to ${mostInstances}, or use more zones`,
    },
    {
      at: origin.at('cluster', 'capacity', 'maximum'),
      message: `got ${capacity.maximum}; subnets of /${network.subnetPrefixLength} in ${counted(zones, 'zone')} hold ${has} addresses${zones === 1 ? '' : ' after losing one'}, and replacing all at once takes ${2 * capacity.maximum}`,
      fix: `write ${most} or less${larger}`,
    },
    {
      at: origin.at('aws', 'zones'),
      message: `got ${counted(zones, 'zone')}; subnets of /${network.subnetPrefixLength} hold ${has} addresses in ${zones === 1 ? 'it' : 'them after losing one'}, and replacing ${capacity.maximum} instances at once takes ${2 * capacity.maximum}`,
      fix: `write more zones${larger}`,
    },
  ]);
}

function vpcProblem(
  { value, origin }: Entity<Environment>,
  subnets: Subnets,
  propose: (own: Cidr, prefixLength: number) => string,
): Problem | undefined {
  const { cidr, egress } = value.cluster.network;
  const own = Cidr.parse(cidr);
  const at = origin.at('cluster', 'network', 'cidr');
  if (own.prefixLength < WIDEST_VPC || own.prefixLength > NARROWEST_VPC) {
    const message = `got ${cidr}; AWS accepts a VPC from /${WIDEST_VPC} to /${NARROWEST_VPC}`;
    return at.problem(
      'vpc-size',
      message,
      propose(own, own.prefixLength < WIDEST_VPC ? WIDEST_VPC : subnets.vpcPrefixLength),
    );
  }
  if (own.prefixLength <= subnets.vpcPrefixLength) return undefined;
  const highest = highestOf(value.aws.zones);
  const gaps = placeOf(highest) + 1 - value.aws.zones.length;
  const needed = `${counted(placeOf(highest) + 1, 'subnet')} of /${subnets.prefixLength}${gaps > 0 ? `, one for each zone from a to ${highest}` : ''}`;
  const message = `got ${cidr}; ${needed}${egress === 'nat' ? ' and those of the NAT gateways' : ''} do not fit into it`;
  const fix = propose(own, subnets.vpcPrefixLength);
  const elsewhere = { message: message.replace(/^got /, 'the VPC has '), fix: `${fix}, as cluster.network.cidr` };
  return problemAtNearest('vpc-too-small', [
    { at, message, fix },
    { at: origin.at('cluster', 'network', 'subnetPrefixLength'), ...elsewhere },
    { at: origin.at('cluster', 'capacity', 'maximum'), ...elsewhere },
    { at: origin.at('aws', 'zones'), ...elsewhere },
    { at: origin.at('cluster', 'network', 'egress'), ...elsewhere },
  ]);
}
