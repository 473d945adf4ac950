import { CfnDeletionPolicy, CfnParameter, Fn } from 'aws-cdk-lib';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { LinkAlarms } from '../../lib/aws/link-alarms.ts';
import { LinkConnections, type LinkGateway } from '../../lib/aws/link-connections.ts';
import type { LinkDiscovery } from '../../lib/aws/link-discovery.ts';
import { LinkNames } from '../../lib/aws/link-names.ts';
import { logRetentionDays } from '../../lib/aws/log-retention.ts';
import { OperationsKey } from '../../lib/aws/operations-key.ts';
import { linkNetworkOf, tunnelsOf } from '../../lib/config/link/tunnels.ts';
import { RESOLVER_ADDRESSES } from '../../lib/config/link/zones.ts';
import type { Environment } from '../../lib/config/schema/environment.ts';
import type { Link } from '../../lib/config/schema/link.ts';
import { citeLink } from './cite-link.ts';
import { discoveryOf } from './link-discovery.ts';
import type { LinkInputs } from './link-inputs.ts';
import { networkParameters } from './network-parameters.ts';
import { TandemAwsStack } from './tandem-aws-stack.ts';

/** Parameters with the public addresses of the gateways, known once their cloud has given them. */
const GATEWAY_ADDRESSES = ['Gateway1Address', 'Gateway2Address'] as const;

/** The AWS side of a link to a private cloud. */
export class LinkStack extends TandemAwsStack {
  readonly connections: LinkConnections;
  readonly alarms: LinkAlarms;
  readonly names: LinkNames | undefined;
  readonly discovery: LinkDiscovery | undefined;
  readonly logGroup: CfnLogGroup;

  constructor(scope: Construct, inputs: LinkInputs) {
    super(scope, 'link', inputs);
    const { environment, organisation, link } = inputs;
    const { value } = link;
    const network = networkParameters(this.prefix);
    const vpcId = this.fromParameter('VpcId', 'AWS::EC2::VPC::Id', network.vpcId).valueAsString;
    const logGroupName = `/tandem/${this.prefix}/link`;
    const { key } = new OperationsKey(this, 'Key', { logGroupPrefix: logGroupName, publishers: ['cloudwatch'] });
    this.logGroup = new CfnLogGroup(this, 'Logs', {
      logGroupName,
      retentionInDays: logRetentionDays(value.tunnels.logsDays),
      kmsKeyId: key.keyArn,
    });
    // A retained group of a fixed name would make the next creation of the link fail.
    this.logGroup.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
    this.logGroup.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.DELETE;
    const gateway = gatewayOf(value, environment.value);
    this.connections = new LinkConnections(this, 'Connections', {
      ...{ name: `${this.prefix}-link`, vpcId, gateway, logGroup: this.logGroup },
      routeTableIds:
        gateway.kind === 'transit'
          ? []
          : this.fromParameter('RouteTableIds', 'List<String>', network.privateRouteTableIds).valueAsList,
      peer: { asn: value.asn, addresses: GATEWAY_ADDRESSES.map((id) => this.#address(id)) },
      tunnels: tunnelsOf(link.name, value),
      dpdTimeoutSeconds: value.tunnels.dpdTimeoutSeconds,
      lifecycleControl: value.tunnels.lifecycleControl,
    });
    const subnetIds =
      value.discovery === undefined && value.names === undefined
        ? []
        : this.fromParameter('SubnetIds', 'List<AWS::EC2::Subnet::Id>', network.privateSubnetIds).valueAsList;
    this.discovery = discoveryOf(this, inputs, { vpcId, subnetIds });
    const { email } = environment.value.cluster.alarms;
    this.alarms = new LinkAlarms(this, 'Alarms', {
      ...{ name: this.prefix, key, connections: this.connections.connections, servers: this.discovery?.groups ?? [] },
      email: [organisation.value.organisation.contact, ...email],
    });
    this.names = value.names === undefined ? undefined : this.#names(value.names.zone, { vpcId, subnetIds }, inputs);
    citeLink(this, inputs);
  }

  #names(
    zone: string,
    { vpcId, subnetIds }: { readonly vpcId: string; readonly subnetIds: readonly string[] },
    { environment, link, zones }: LinkInputs,
  ): LinkNames {
    const last = environment.value.aws.zones.length - 1;
    return new LinkNames(this, 'Names', {
      ...{ name: `${this.prefix}-link`, vpcId, zone },
      subnetIds: Array.from({ length: RESOLVER_ADDRESSES }, (_, at) => Fn.select(Math.min(at, last), [...subnetIds])),
      forwarded: zones.flatMap((each) => (each.inEnvironment === 'itself' ? [] : [each])),
      askers: link.value.network,
      resolvers: linkNetworkOf(link.value).gateways,
    });
  }

  #address(id: string): string {
    return new CfnParameter(this, id, {
      type: 'String',
      allowedPattern: String.raw`\d{1,3}(\.\d{1,3}){3}`,
      description: 'Public address of a gateway of the private cloud',
    }).valueAsString;
  }
}

function gatewayOf({ aws }: Link, { cluster }: Environment): LinkGateway {
  if (aws.gateway === 'virtual-private') return { kind: 'virtual-private', asn: aws.asn };
  const { transitGateway } = cluster.network;
  if (transitGateway === undefined) throw new TypeError('a link by transit gateway without one; the rules ask for it');
  return { kind: 'transit', transitGatewayId: transitGateway, acceleration: aws.acceleration };
}
