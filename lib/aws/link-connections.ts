import {
  CfnCustomerGateway,
  CfnVPCGatewayAttachment,
  CfnVPNConnection,
  CfnVPNGateway,
  CfnVPNGatewayRoutePropagation,
} from 'aws-cdk-lib/aws-ec2';
import type { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Tunnel } from '../config/link/tunnels.ts';
import { AFTER_DEPLOYMENT, type AfterDeployment } from '../stack/after-deployment.ts';
import { LOOKED_UP_OUTPUTS, type LookedUpOutputs } from '../stack/looked-up-outputs.ts';
import { nameTag } from './name-tag.ts';

/** Where tunnels end in AWS. */
export type LinkGateway =
  /** The VPC's own gateway. A VPC has one. */
  | { readonly kind: 'virtual-private'; readonly asn: number }
  /** A transit gateway that exists already, and that the VPC is attached to. */
  | { readonly kind: 'transit'; readonly transitGatewayId: string; readonly acceleration: boolean };

export interface LinkConnectionsProps {
  /** `acme-prod`: part of the names of all. */
  readonly name: string;
  readonly vpcId: string;
  /** Tables that learn the routes to the other side; of a transit gateway, none need to. */
  readonly routeTableIds: readonly string[];
  readonly gateway: LinkGateway;
  /** Of the other side: its autonomous system, and the public addresses of its gateways, one connection each. */
  readonly peer: { readonly asn: number; readonly addresses: readonly string[] };
  /** Of all gateways. */
  readonly tunnels: readonly Tunnel[];
  /** Seconds without an answer until a gateway counts as dead, 30 or more.
   * @remarks A change is made one tunnel after another, and interrupts each for some minutes. */
  readonly dpdTimeoutSeconds: number;
  /** Whether AWS asks before it replaces an end point. */
  readonly lifecycleControl: boolean;
  readonly logGroup: CfnLogGroup;
}

/**
 * What both sides agree on for IKE and ESP: the strongest that AWS offers, and nothing else
 * (vpn/latest/s2svpn/VPNTunnels.html). With GCM, what is called integrity here chooses the pseudo-random function.
 */
const CIPHERS = {
  ikeVersions: [{ value: 'ikev2' }],
  phase1EncryptionAlgorithms: [{ value: 'AES256-GCM-16' }],
  phase2EncryptionAlgorithms: [{ value: 'AES256-GCM-16' }],
  phase1IntegrityAlgorithms: [{ value: 'SHA2-384' }],
  phase2IntegrityAlgorithms: [{ value: 'SHA2-384' }],
  phase1DhGroupNumbers: [{ value: 20 }],
  phase2DhGroupNumbers: [{ value: 20 }],
};

/** Site-to-Site VPN with dynamic routes: a connection of two tunnels for each gateway of the other side. */
export class LinkConnections extends Construct {
  readonly vpnGateway: CfnVPNGateway | undefined;
  readonly propagation: CfnVPNGatewayRoutePropagation | undefined;
  readonly customerGateways: readonly CfnCustomerGateway[];
  readonly connections: readonly CfnVPNConnection[];

  constructor(scope: Construct, id: string, props: LinkConnectionsProps) {
    super(scope, id);
    const { gateway, peer, name } = props;
    const end =
      gateway.kind === 'virtual-private'
        ? this.#ownGateway(gateway.asn, props)
        : { transitGatewayId: gateway.transitGatewayId, enableAcceleration: gateway.acceleration };
    this.vpnGateway = 'gateway' in end ? end.gateway : undefined;
    this.propagation = 'propagation' in end ? end.propagation : undefined;
    this.customerGateways = peer.addresses.map(
      (ipAddress, index) =>
        new CfnCustomerGateway(this, `Gateway${index + 1}`, {
          type: 'ipsec.1',
          ipAddress,
          ...(peer.asn > 0x7fff_ffff ? { bgpAsnExtended: peer.asn } : { bgpAsn: peer.asn }),
          tags: [nameTag(`${name}-gateway-${index + 1}`)],
        }),
    );
    const to = this.vpnGateway === undefined ? end : { vpnGatewayId: this.vpnGateway.attrVpnGatewayId };
    this.connections = this.customerGateways.map((customer, index) => this.#connection(index + 1, customer, to, props));
  }

  #ownGateway(asn: number, { name, vpcId, routeTableIds }: LinkConnectionsProps) {
    const gateway = new CfnVPNGateway(this, 'Vpn', { type: 'ipsec.1', amazonSideAsn: asn, tags: [nameTag(name)] });
    const vpnGatewayId = gateway.attrVpnGatewayId;
    const attachment = new CfnVPCGatewayAttachment(this, 'Attachment', { vpcId, vpnGatewayId });
    const propagation = new CfnVPNGatewayRoutePropagation(this, 'Propagation', {
      routeTableIds: [...routeTableIds],
      vpnGatewayId,
    });
    propagation.addResourceDependency(attachment);
    return { gateway, propagation };
  }

  #connection(
    number: number,
    customer: CfnCustomerGateway,
    to: object,
    { name, tunnels, dpdTimeoutSeconds, lifecycleControl, logGroup }: LinkConnectionsProps,
  ): CfnVPNConnection {
    const own = tunnels.filter(({ gateway }) => gateway === number);
    const connection = new CfnVPNConnection(this, `Connection${number}`, {
      type: 'ipsec.1',
      customerGatewayId: customer.attrCustomerGatewayId,
      staticRoutesOnly: false,
      ...to,
      vpnTunnelOptionsSpecifications: own.map(({ inside, keyName }) => ({
        tunnelInsideCidr: inside,
        // Read by CloudFormation when it makes the connection; no template, change set or event has the value.
        preSharedKey: `{{resolve:secretsmanager:tandem/${keyName}}}`,
        ...CIPHERS,
        // Gateways have addresses that may change their place: they begin, and AWS begins anew what it lost.
        startupAction: 'add',
        dpdTimeoutAction: 'restart',
        logOptions: {
          cloudwatchLogOptions: {
            ...{ logEnabled: true, logGroupArn: logGroup.attrArn, logOutputFormat: 'json' },
            ...{ bgpLogEnabled: true, bgpLogGroupArn: logGroup.attrArn, bgpLogOutputFormat: 'json' },
          },
        },
      })),
      tags: [nameTag(`${name}-${number}`)],
    });
    const TunnelOptions = { DPDTimeoutSeconds: dpdTimeoutSeconds, EnableTunnelLifecycleControl: lifecycleControl };
    connection.addMetadata(AFTER_DEPLOYMENT, { TunnelOptions } satisfies AfterDeployment);
    connection.addMetadata(LOOKED_UP_OUTPUTS, {
      TunnelAddresses: Object.fromEntries(
        own.map(({ inside, gateway, index }) => [inside, `TunnelAddress${gateway}${index}`]),
      ),
    } satisfies LookedUpOutputs);
    return connection;
  }
}
