import { Cidr } from '../../net/cidr.ts';
import { counted, plural } from '../../text/plural.ts';
import type { Problem } from '../diagnostic.ts';
import type { Entity } from '../project.ts';
import type { Environment } from '../schema/environment.ts';
import type { RuleInput } from './rule.ts';

/** AWS keeps the first four addresses of a subnet and its last. */
const KEPT_BY_AWS = 5;
const WIDEST_VPC = 16;
const NARROWEST_VPC = 28;

/**
 * A VPC holds its subnets, and they hold the fleet twice over (replacing every instance at once needs the new beside the old)
 * after a zone was lost.
 */
export function checkEnvironmentNetwork({ environments }: RuleInput): Problem[] {
  return [...environments.values()].flatMap((environment) => {
    const vpc = vpcProblem(environment);
    return vpc === undefined ? roomProblems(environment) : [vpc];
  });
}

function vpcProblem({ value, origin }: Entity<Environment>): Problem | undefined {
  const { cidr } = value.cluster.network;
  const { prefixLength } = Cidr.parse(cidr);
  if (prefixLength >= WIDEST_VPC && prefixLength <= NARROWEST_VPC) return undefined;
  const message = `got ${cidr}; AWS accepts a VPC from /${WIDEST_VPC} to /${NARROWEST_VPC}`;
  return origin
    .at('cluster', 'network', 'cidr')
    .problem('vpc-size', message, `write a /${prefixLength < WIDEST_VPC ? WIDEST_VPC : NARROWEST_VPC}`);
}

function roomProblems({ value, origin }: Entity<Environment>): Problem[] {
  const { network, capacity } = value.cluster;
  const zones = value.aws.zones.length;
  const surviving = Math.max(1, zones - 1);
  const wanted = 2 * capacity.maximum;
  const room = (prefixLength: number) => surviving * (2 ** (32 - prefixLength) - KEPT_BY_AWS);
  const vpc = Cidr.parse(network.cidr);
  const problems: Problem[] = [];
  let needed = network.subnetPrefixLength;
  while (needed > 8 && room(needed) < wanted) needed -= 1;
  if (needed < network.subnetPrefixLength) {
    const message = `got ${network.subnetPrefixLength} for ${capacity.maximum} instances in ${counted(zones, 'zone')}; ${plural(zones, 'they hold', 'after losing one they hold')} ${room(network.subnetPrefixLength)} addresses, and replacing all at once takes ${wanted}`;
    problems.push(
      origin.at('cluster', 'network', 'subnetPrefixLength').problem('subnets-too-small', message, `write ${needed}`),
    );
  }
  // Public subnets of NAT gateways are cut from what the private ones leave.
  const blocks = zones + (network.egress === 'nat' ? 1 : 0);
  const prefixLength = needed - Math.ceil(Math.log2(blocks));
  if (vpc.prefixLength > prefixLength) {
    const message = `got ${network.cidr}; ${zones} subnets of /${needed}${network.egress === 'nat' ? ' and those of the NAT gateways' : ''} do not fit into it`;
    const fix =
      prefixLength < WIDEST_VPC
        ? `lower capacity.maximum: a VPC is at most a /${WIDEST_VPC}`
        : `write a /${prefixLength}`;
    problems.push(origin.at('cluster', 'network', 'cidr').problem('vpc-too-small', message, fix));
  }
  return problems;
}
