import type { PrivateNetwork } from '../../lib/aws/private-network.ts';
import { cite } from '../../lib/stack/cite.ts';
import { type ConfigRef, ref } from '../../lib/stack/config-ref.ts';

/** Which values of an environment each part of its network was made from. */
export function citeNetwork(network: PrivateNetwork, environment: string): void {
  const from = (...path: (string | number)[]): ConfigRef =>
    ref('environment', environment, 'cluster', 'network', ...path);
  const zones = ref('environment', environment, 'aws', 'zones');
  cite(network, from());
  cite(network.vpc, from('cidr'), { CidrBlock: from('cidr') });
  if (network.ipv6Block !== undefined) cite(network.ipv6Block, from('ipv6'));
  network.subnets.forEach((subnet, index) => {
    const zone = ref('environment', environment, 'aws', 'zones', index);
    cite(subnet, from('subnetPrefixLength'), {
      CidrBlock: from('subnetPrefixLength'),
      AvailabilityZone: zone,
      Ipv6CidrBlock: from('ipv6'),
      AssignIpv6AddressOnCreation: from('ipv6'),
    });
  });
  for (const table of network.routeTables) cite(table, zones);
  cite(network.egress, from('egress'));
  if (network.egress.transitAttachment !== undefined) {
    cite(network.egress.transitAttachment, from('egress'), { TransitGatewayId: from('transitGateway') });
  }
  cite(network.endpoints, from('endpoints'));
  cite(network.endpoints.securityGroup, from('endpoints'), { 'SecurityGroupIngress[0].CidrIp': from('cidr') });
  cite(network.flowLogs, from('flowLogsDays'));
  cite(network.flowLogs.logGroup, from('flowLogsDays'), { RetentionInDays: from('flowLogsDays') });
}
