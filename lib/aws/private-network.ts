import { Fn, Tags } from 'aws-cdk-lib';
import { CfnRouteTable, CfnSubnet, CfnSubnetRouteTableAssociation, CfnVPC, CfnVPCCidrBlock } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { EndpointName } from '../config/schema/environment-network.ts';
import type { Cidr } from '../net/cidr.ts';
import { placeOf } from '../net/zone-place.ts';
import { AFTER_DEPLOYMENT, type AfterDeployment } from '../stack/after-deployment.ts';
import type { PolicyAddition } from './endpoint-policies.ts';
import { nameTag } from './name-tag.ts';
import { type Egress, NetworkEgress } from './network-egress.ts';
import { NetworkEndpoints } from './network-endpoints.ts';
import { FlowLogs } from './network-flow-logs.ts';

export interface PrivateNetworkProps {
  /** Name of the VPC; part of the names of all that is in it. */
  readonly name: string;
  /** Addresses of the VPC, /16 to /28.
   * @remarks CAUTION: a change replaces the VPC and all that is in it. */
  readonly cidr: Cidr;
  /** Names of the zones, e.g. `eu-west-3a`: nothing is looked up. Each letter has a range of its own, in whatever order they stand and
   * whichever others there are. */
  readonly availabilityZones: readonly string[];
  /** Prefix length of the private subnet of a zone.
   * @default - 23: 507 addresses a zone; three zones hold 500 instances twice over after one zone is lost
   * @remarks CAUTION: a change replaces the subnets, and so every instance in them. */
  readonly subnetPrefixLength?: number;
  /** How instances reach the internet.
   * @default - not at all
   * @remarks CAUTION: without it, instances reach the endpoints only. */
  readonly egress?: Egress;
  /** Services that are reached by an endpoint of the VPC, each with a least-privilege policy.
   * @default - none */
  readonly endpoints?: readonly EndpointName[];
  /** What may pass the endpoints besides what workers need.
   * @default - nothing */
  readonly endpointAdditions?: readonly PolicyAddition[];
  /** Days that flow logs are kept, rounded up to what CloudWatch Logs offers.
   * @default - 30 */
  readonly flowLogsDays?: number;
  /** Whether instances have an IPv6 address too. No address is reachable from outside.
   * @default - false */
  readonly ipv6?: boolean;
  /** Tags of everything.
   * @default - none but names */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A VPC with one private subnet a zone: no instance in it has a public IPv4 address, and none is reached from outside. */
export class PrivateNetwork extends Construct {
  readonly vpc: CfnVPC;
  readonly ipv6Block: CfnVPCCidrBlock | undefined;
  /** One a zone, by their letters. */
  readonly subnets: readonly CfnSubnet[];
  /** One a zone, so that each zone leaves by its own way. */
  readonly routeTables: readonly CfnRouteTable[];
  readonly endpoints: NetworkEndpoints;
  readonly egress: NetworkEgress;
  readonly flowLogs: FlowLogs;

  constructor(scope: Construct, id: string, props: PrivateNetworkProps) {
    super(scope, id);
    const { name, cidr } = props;
    const zones = [...props.availabilityZones].sort();
    for (const [key, value] of Object.entries(props.tags ?? {})) Tags.of(this).add(key, value);
    const prefixLength = props.subnetPrefixLength ?? 23;
    const blocks = cidr.subnets(prefixLength);
    const last = zones.at(-1) ?? '';
    if (blocks.length <= placeOf(last))
      throw new RangeError(
        `${cidr.toString()} has room for ${blocks.length} subnets of /${prefixLength}; zone ${last} has number ${placeOf(last) + 1}`,
      );
    this.vpc = new CfnVPC(this, 'Vpc', {
      cidrBlock: cidr.toString(),
      enableDnsSupport: true,
      // The private names of the endpoints need both.
      enableDnsHostnames: true,
      tags: [nameTag(name)],
    });
    // Nothing uses the default group, and whatever is started without a group of its own gets it.
    this.vpc.addMetadata(AFTER_DEPLOYMENT, { DefaultSecurityGroup: 'closed' } satisfies AfterDeployment);
    this.ipv6Block =
      props.ipv6 === true
        ? new CfnVPCCidrBlock(this, 'Ipv6', { vpcId: this.vpc.attrVpcId, amazonProvidedIpv6CidrBlock: true })
        : undefined;
    const made = zones.map((zone) => this.#subnet(zone, String(blocks[placeOf(zone)]), props));
    this.subnets = made.map(({ subnet }) => subnet);
    this.routeTables = made.map(({ table }) => table);
    this.egress = new NetworkEgress(this, 'Egress', {
      name,
      vpc: this.vpc,
      zones,
      routeTables: this.routeTables,
      subnets: this.subnets,
      // What the private subnets leave, whichever zone comes next: the last block.
      publicCidr: blocks.length - 1 > placeOf(last) ? blocks.at(-1) : undefined,
      egress: props.egress ?? { kind: 'none' },
      ipv6: props.ipv6 ?? false,
    });
    this.endpoints = new NetworkEndpoints(this, 'Endpoints', {
      name,
      vpc: this.vpc,
      cidr,
      subnets: this.subnets,
      routeTables: this.routeTables,
      services: props.endpoints ?? [],
      additions: props.endpointAdditions ?? [],
    });
    this.flowLogs = new FlowLogs(this, 'FlowLogs', { name, vpc: this.vpc, days: props.flowLogsDays ?? 30 });
  }

  #subnet(zone: string, cidrBlock: string, { name }: PrivateNetworkProps) {
    const letter = zone.slice(-1).toUpperCase();
    const subnet = new CfnSubnet(this, `Private${letter}`, {
      vpcId: this.vpc.attrVpcId,
      availabilityZone: zone,
      cidrBlock,
      mapPublicIpOnLaunch: false,
      ...(this.ipv6Block === undefined
        ? {}
        : {
            ipv6CidrBlock: Fn.select(placeOf(zone), Fn.cidr(Fn.select(0, this.vpc.attrIpv6CidrBlocks), 16, '64')),
            assignIpv6AddressOnCreation: true,
          }),
      tags: [nameTag(`${name}-private-${zone}`)],
    });
    if (this.ipv6Block !== undefined) subnet.addResourceDependency(this.ipv6Block);
    const table = new CfnRouteTable(this, `Routes${letter}`, {
      vpcId: this.vpc.attrVpcId,
      tags: [nameTag(`${name}-private-${zone}`)],
    });
    new CfnSubnetRouteTableAssociation(this, `Route${letter}`, {
      subnetId: subnet.attrSubnetId,
      routeTableId: table.attrRouteTableId,
    });
    return { subnet, table };
  }

  get vpcId(): string {
    return this.vpc.attrVpcId;
  }

  /** One a zone. */
  get subnetIds(): readonly string[] {
    return this.subnets.map((subnet) => subnet.attrSubnetId);
  }
}
