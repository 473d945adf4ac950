import {
  CfnEgressOnlyInternetGateway,
  CfnEIP,
  CfnInternetGateway,
  CfnNatGateway,
  CfnRoute,
  type CfnRouteTable,
  CfnSubnet,
  CfnSubnetRouteTableAssociation,
  CfnRouteTable as CfnTable,
  CfnTransitGatewayAttachment,
  type CfnVPC,
  CfnVPCGatewayAttachment,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { Cidr } from '../net/cidr.ts';
import { placeOf } from '../net/zone-place.ts';
import { nameTag } from './name-tag.ts';

/** How a private network reaches the internet. */
export type Egress =
  /** Not at all: no internet gateway exists. */
  | { readonly kind: 'none' }
  /** By a NAT gateway a zone; about 35 USD a month each, and its traffic. */
  | { readonly kind: 'nat' }
  /** By a transit gateway that exists already. */
  | { readonly kind: 'transit'; readonly transitGatewayId: string };

export interface NetworkEgressProps {
  readonly name: string;
  readonly vpc: CfnVPC;
  /** Sorted. */
  readonly zones: readonly string[];
  readonly subnets: readonly CfnSubnet[];
  readonly routeTables: readonly CfnRouteTable[];
  /** Where the public subnets of NAT gateways are cut from, a /28 each; undefined where the VPC has no room for them. */
  readonly publicCidr: Cidr | undefined;
  readonly egress: Egress;
  readonly ipv6: boolean;
}

/** The smallest subnet of a VPC; it holds one NAT gateway. */
const PUBLIC_PREFIX_LENGTH = 28;

/** The egress of a private network, and the default routes to it. It allows no inbound traffic. */
export class NetworkEgress extends Construct {
  /** Routes that must exist before an instance can reach the internet. */
  readonly routes: readonly CfnRoute[];
  readonly transitAttachment: CfnTransitGatewayAttachment | undefined;

  constructor(scope: Construct, id: string, props: NetworkEgressProps) {
    super(scope, id);
    const { egress } = props;
    this.transitAttachment =
      egress.kind === 'transit'
        ? new CfnTransitGatewayAttachment(this, 'Transit', {
            transitGatewayId: egress.transitGatewayId,
            vpcId: props.vpc.attrVpcId,
            subnetIds: props.subnets.map((subnet) => subnet.attrSubnetId),
            options: { DnsSupport: 'enable', Ipv6Support: props.ipv6 ? 'enable' : 'disable' },
            tags: [nameTag(props.name)],
          })
        : undefined;
    if (egress.kind === 'transit') this.routes = this.#toTransit(egress.transitGatewayId, props);
    else this.routes = egress.kind === 'nat' ? this.#toNat(props) : [];
  }

  #toTransit(transitGatewayId: string, { routeTables, zones, ipv6 }: NetworkEgressProps): CfnRoute[] {
    const routes = routeTables.flatMap((table, index) => [
      new CfnRoute(this, `Default${placeOf(zones[index] ?? '') + 1}`, {
        routeTableId: table.attrRouteTableId,
        destinationCidrBlock: '0.0.0.0/0',
        transitGatewayId,
      }),
      ...(ipv6
        ? [
            new CfnRoute(this, `Default6${placeOf(zones[index] ?? '') + 1}`, {
              routeTableId: table.attrRouteTableId,
              destinationIpv6CidrBlock: '::/0',
              transitGatewayId,
            }),
          ]
        : []),
    ]);
    if (this.transitAttachment !== undefined)
      for (const route of routes) route.addResourceDependency(this.transitAttachment);
    return routes;
  }

  #toNat(props: NetworkEgressProps): CfnRoute[] {
    const { name, vpc, zones } = props;
    const blocks = props.publicCidr?.subnets(PUBLIC_PREFIX_LENGTH) ?? [];
    if (blocks.length <= placeOf(zones.at(-1) ?? ''))
      throw new RangeError(`no room for the public subnets of ${zones.length} NAT gateways; use a wider VPC`);
    const gateway = new CfnInternetGateway(this, 'Gateway', { tags: [nameTag(name)] });
    const attachment = new CfnVPCGatewayAttachment(this, 'Attachment', {
      vpcId: vpc.attrVpcId,
      internetGatewayId: gateway.attrInternetGatewayId,
    });
    const publicTable = new CfnTable(this, 'Public', { vpcId: vpc.attrVpcId, tags: [nameTag(`${name}-public`)] });
    const toInternet = new CfnRoute(this, 'PublicDefault', {
      routeTableId: publicTable.attrRouteTableId,
      destinationCidrBlock: '0.0.0.0/0',
      gatewayId: gateway.attrInternetGatewayId,
    });
    toInternet.addResourceDependency(attachment);
    const routes = zones.map((zone, index) => {
      const nat = this.#natGateway(zone, String(blocks[placeOf(zone)]), publicTable, props);
      nat.addResourceDependency(toInternet);
      return new CfnRoute(this, `Default${placeOf(zone) + 1}`, {
        routeTableId: props.routeTables[index]?.attrRouteTableId ?? '',
        destinationCidrBlock: '0.0.0.0/0',
        natGatewayId: nat.attrNatGatewayId,
      });
    });
    return props.ipv6 ? [...routes, ...this.#ipv6Out(props)] : routes;
  }

  #natGateway(zone: string, cidrBlock: string, table: CfnTable, { name, vpc }: NetworkEgressProps): CfnNatGateway {
    const letter = zone.slice(-1).toUpperCase();
    const tags = [nameTag(`${name}-public-${zone}`)];
    const subnet = new CfnSubnet(this, `Public${letter}`, {
      vpcId: vpc.attrVpcId,
      availabilityZone: zone,
      cidrBlock,
      mapPublicIpOnLaunch: false,
      tags,
    });
    new CfnSubnetRouteTableAssociation(this, `PublicRoute${letter}`, {
      subnetId: subnet.attrSubnetId,
      routeTableId: table.attrRouteTableId,
    });
    const address = new CfnEIP(this, `Address${letter}`, { domain: 'vpc', tags });
    return new CfnNatGateway(this, `Nat${letter}`, {
      subnetId: subnet.attrSubnetId,
      allocationId: address.attrAllocationId,
      tags,
    });
  }

  /** IPv6 has no NAT; an egress-only gateway allows no inbound connections. */
  #ipv6Out({ vpc, zones, routeTables }: NetworkEgressProps): CfnRoute[] {
    const gateway = new CfnEgressOnlyInternetGateway(this, 'Ipv6Gateway', { vpcId: vpc.attrVpcId });
    return routeTables.map(
      (table, index) =>
        new CfnRoute(this, `Default6${placeOf(zones[index] ?? '') + 1}`, {
          routeTableId: table.attrRouteTableId,
          destinationIpv6CidrBlock: '::/0',
          egressOnlyInternetGatewayId: gateway.attrId,
        }),
    );
  }
}
