import { AwsError } from '../aws-error.ts';
import type { Json, JsonObject } from '../json.ts';
import { isList, isObject } from '../json.ts';
import type { Realm, Resource } from '../world.ts';

/** Types by the prefix of their ids, with the code and words for one that is not there. */
const OWNERS: Readonly<Record<string, readonly [type: string, code: string, noun: string]>> = {
  vpc: ['AWS::EC2::VPC', 'InvalidVpcID.NotFound', 'vpc ID'],
  subnet: ['AWS::EC2::Subnet', 'InvalidSubnetID.NotFound', 'subnet ID'],
  sg: ['AWS::EC2::SecurityGroup', 'InvalidGroup.NotFound', 'security group'],
  rtb: ['AWS::EC2::RouteTable', 'InvalidRouteTableID.NotFound', 'routeTable ID'],
  igw: ['AWS::EC2::InternetGateway', 'InvalidInternetGatewayID.NotFound', 'internetGateway ID'],
  eigw: ['AWS::EC2::EgressOnlyInternetGateway', 'InvalidGatewayID.NotFound', 'gateway ID'],
  nat: ['AWS::EC2::NatGateway', 'InvalidNatGatewayID.NotFound', 'NatGateway'],
  vgw: ['AWS::EC2::VPNGateway', 'InvalidVpnGatewayID.NotFound', 'vpnGateway ID'],
  cgw: ['AWS::EC2::CustomerGateway', 'InvalidCustomerGatewayID.NotFound', 'customerGateway ID'],
  lt: ['AWS::EC2::LaunchTemplate', 'InvalidLaunchTemplateId.NotFound', 'launch template'],
};

const RESOLVER = 'AWS::Route53Resolver::ResolverEndpoint';

/** Which resources keep another from being deleted, by the id's prefix; of EC2 where nothing else stands. */
const BLOCKERS: Readonly<Record<string, readonly string[]>> = {
  vpc: [
    'Subnet',
    'SecurityGroup',
    'RouteTable',
    'VPCEndpoint',
    'VPCGatewayAttachment',
    'TransitGatewayAttachment',
    'EgressOnlyInternetGateway',
    'AWS::Route53::HostedZone',
    'AWS::Route53Resolver::ResolverRuleAssociation',
  ],
  subnet: ['NatGateway', 'VPCEndpoint', 'TransitGatewayAttachment', 'SubnetRouteTableAssociation', RESOLVER],
  sg: ['VPCEndpoint', 'SecurityGroup', RESOLVER],
  rtb: ['SubnetRouteTableAssociation', 'VPNGatewayRoutePropagation'],
  vgw: ['VPCGatewayAttachment', 'VPNConnection', 'VPNGatewayRoutePropagation'],
  cgw: ['VPNConnection'],
  igw: ['VPCGatewayAttachment'],
  eipalloc: ['NatGateway'],
};

const ID = /^([a-z]+)-[0-9a-f]{17}$/;

/** Refuses properties that name something of EC2's that does not exist here. */
export function requireReferenced(realm: Realm, properties: JsonObject): void {
  for (const value of texts(properties)) {
    const [, prefix = ''] = ID.exec(value) ?? [];
    const owner = OWNERS[prefix];
    if (owner === undefined) continue;
    const [type, code, noun] = owner;
    // A VPC brings a group, a list and a table of its own, which are no resources here.
    if (realm.find(type, value) === undefined && !isDefaultOf(realm, value))
      throw new AwsError(code, `The ${noun} '${value}' does not exist`);
  }
}

/** Refuses to delete what something else still needs. */
export function requireUnused(realm: Realm, resource: Resource): void {
  const allocation = resource.attributes['AllocationId'];
  const id = typeof allocation === 'string' ? allocation : resource.physicalId;
  const [prefix = ''] = id.split('-', 1);
  const blockers = (BLOCKERS[prefix] ?? []).map((name) => (name.includes('::') ? name : `AWS::EC2::${name}`));
  if (blockers.length === 0) return;
  for (const other of realm.resources.values()) {
    if (other === resource || !blockers.includes(other.type) || !texts(other.properties).includes(id)) continue;
    throw new AwsError('DependencyViolation', `resource ${id} has a dependent object (${other.physicalId})`);
  }
}

function isDefaultOf(realm: Realm, id: string): boolean {
  return realm.ofType('AWS::EC2::VPC').some(({ attributes }) => Object.values(attributes).includes(id));
}

function texts(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (isList(value)) return value.flatMap(texts);
  return isObject(value) ? Object.values(value).flatMap(texts) : [];
}
