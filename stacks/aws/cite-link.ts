import type { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import type { Node } from 'constructs';
import type { LinkAlarms } from '../../lib/aws/link-alarms.ts';
import type { LinkConnections } from '../../lib/aws/link-connections.ts';
import type { LinkDiscovery } from '../../lib/aws/link-discovery.ts';
import type { LinkNames } from '../../lib/aws/link-names.ts';
import { cite } from '../../lib/stack/cite.ts';
import { ref } from '../../lib/stack/config-ref.ts';
import type { LinkInputs } from './link-inputs.ts';

/** The parts of the stack. */
export interface LinkParts {
  readonly connections: LinkConnections;
  readonly alarms: LinkAlarms;
  readonly names: LinkNames | undefined;
  readonly discovery: LinkDiscovery | undefined;
  readonly logGroup: CfnLogGroup;
  readonly node: Node;
}

/** Which values of a link, and of its environment, each part of the AWS side was made from; attributes as CloudFormation names them. */
export function citeLink(
  { connections, alarms, names, discovery, logGroup, node }: LinkParts,
  { link, environment, organisation }: LinkInputs,
): void {
  const from = ref('link', link.name);
  const cluster = ref('environment', environment.name).at('cluster');
  const tunnels = from.at('tunnels');
  cite(node.findChild('Key'), tunnels.at('logsDays'));
  cite(logGroup, tunnels.at('logsDays'), { RetentionInDays: tunnels.at('logsDays') });
  cite(connections, from.at('tunnels'));
  if (connections.vpnGateway !== undefined)
    cite(connections.vpnGateway, from.at('aws', 'gateway'), { AmazonSideAsn: from.at('aws', 'asn') });
  for (const each of connections.customerGateways) cite(each, from.at('asn'), { BgpAsn: from.at('asn') });
  const inside = tunnels.at('inside');
  for (const each of connections.connections) {
    cite(each, inside, {
      VpnTunnelOptionsSpecifications: [{ TunnelInsideCidr: inside }, { TunnelInsideCidr: inside }],
    });
  }
  cite(alarms, cluster.at('alarms'));
  for (const [index, subscription] of alarms.subscriptions.entries()) {
    const contact = ref('organisation', organisation.name).at('organisation', 'contact');
    const value = index === 0 ? contact : cluster.at('alarms', 'email', index - 1);
    cite(subscription, value, { Endpoint: value });
  }
  if (discovery !== undefined) citeDiscovery(discovery, link.name);
  if (names === undefined) return;
  const zone = from.at('names');
  cite(names, zone);
  cite(names.hostedZone, zone, { Name: from.at('names', 'zone') });
}

function citeDiscovery(discovery: LinkDiscovery, link: string): void {
  const from = ref('link', link).at('discovery');
  cite(discovery, from);
  const type = from.at('instanceType');
  for (const each of discovery.templates) cite(each, type, { LaunchTemplateData: { InstanceType: type } });
}
