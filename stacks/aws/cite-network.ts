import type { PrivateNetwork } from '../../lib/aws/private-network.ts';
import { cite } from '../../lib/stack/cite.ts';
import { ref } from '../../lib/stack/config-ref.ts';

/** Which values of an environment each part of its network was made from. @param letters of its zones, as they are written */
export function citeNetwork(network: PrivateNetwork, environment: string, letters: readonly string[]): void {
  const whole = ref('environment', environment);
  const from = whole.at('cluster', 'network');
  const zones = whole.at('aws', 'zones');
  cite(network, from);
  cite(network.vpc, from.at('cidr'), { CidrBlock: from.at('cidr') });
  if (network.ipv6Block !== undefined) cite(network.ipv6Block, from.at('ipv6'));
  for (const subnet of network.subnets) {
    const letter = subnet.availabilityZone?.slice(-1) ?? '';
    cite(subnet, from.at('subnetPrefixLength'), {
      CidrBlock: from.at('subnetPrefixLength'),
      AvailabilityZone: zones.at(letters.indexOf(letter)),
      Ipv6CidrBlock: from.at('ipv6'),
      AssignIpv6AddressOnCreation: from.at('ipv6'),
    });
  }
  for (const table of network.routeTables) cite(table, zones);
  cite(network.egress, from.at('egress'));
  if (network.egress.transitAttachment !== undefined) {
    cite(network.egress.transitAttachment, from.at('egress'), { TransitGatewayId: from.at('transitGateway') });
  }
  cite(network.endpoints, from.at('endpoints'));
  cite(network.endpoints.securityGroup, from.at('endpoints'), { SecurityGroupIngress: [{ CidrIp: from.at('cidr') }] });
  cite(network.flowLogs, from.at('flowLogsDays'));
  cite(network.flowLogs.logGroup, from.at('flowLogsDays'), { RetentionInDays: from.at('flowLogsDays') });
}
