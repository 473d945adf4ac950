import { AwsError } from '../aws-error.ts';
import { covers, prefixOf } from '../cloudformation/cidr.ts';
import { text } from '../json.ts';
import { inModel, modelOf } from '../model/model.ts';
import type { Realm, StoreKey } from '../world.ts';
import { property, simple, withId } from './define.ts';
import type { Making, ResourceType } from './resource-type.ts';
import { checkAttachment } from './vpn.ts';

const ec2 = (name: string): string => `AWS::EC2::${name}`;

function checkVpc(making: Making): void {
  const prefix = prefixOf(property(making, 'CidrBlock'));
  if (prefix < 16 || prefix > 28)
    throw new AwsError('InvalidVpc.Range', `The CIDR '${property(making, 'CidrBlock')}' is invalid.`);
}

/** Inside its VPC, and beside the other subnets. */
function checkSubnet(making: Making): void {
  const { realm } = making;
  const block = text(making.properties['CidrBlock']);
  const vpc = realm.find(ec2('VPC'), property(making, 'VpcId'));
  if (block === undefined || vpc === undefined) return;
  const outer = text(vpc.properties['CidrBlock']) ?? '0.0.0.0/0';
  if (!covers(outer, block) || prefixOf(block) > 28)
    throw new AwsError('InvalidSubnet.Range', `The CIDR '${block}' is invalid.`);
  for (const other of realm.ofType(ec2('Subnet'))) {
    if (other.properties['VpcId'] !== making.properties['VpcId']) continue;
    const theirs = text(other.properties['CidrBlock']) ?? '';
    const itself = other.attributes['LogicalOwner'] === `${making.stackId} ${making.logicalId}`;
    if (!itself && (covers(theirs, block) || covers(block, theirs)))
      throw new AwsError('InvalidSubnet.Conflict', `The CIDR '${block}' conflicts with another subnet`);
  }
}

/** Elastic addresses by number: several are made at once. */
const ADDRESSES: StoreKey<{ next(): number }> = {
  name: 'elastic-addresses',
  create: () => {
    let last = 0;
    return { next: () => (last += 1) };
  },
};

const zoneOf = ({ properties, realm }: Making): string => text(properties['AvailabilityZone']) ?? `${realm.region}a`;

const fakeIpv6 = (making: Making): string =>
  `2600:1f16:${making.realm.world.ids.hex(4)}:${making.realm.world.ids.hex(2)}00::/56`;

export const networkTypes: readonly ResourceType[] = [
  simple(ec2('VPC'), {
    id: withId('vpc'),
    check: checkVpc,
    // Only a change from default to dedicated needs a new one.
    replaces: (_, before, after) => (before ?? 'default') === 'default' && after === 'dedicated',
    update: ({ attributes }) => attributes,
    attributes: (making, id) => ({
      VpcId: id,
      CidrBlock: property(making, 'CidrBlock'),
      CidrBlockAssociations: [`vpc-cidr-assoc-${making.realm.world.ids.hex(17)}`],
      DefaultNetworkAcl: withId('acl')(making),
      DefaultSecurityGroup: withId('sg')(making),
      Ipv6CidrBlocks: [],
    }),
  }),
  simple(ec2('VPCCidrBlock'), {
    id: withId('vpc-cidr-assoc'),
    attributes: (_, id) => ({ Id: id }),
    make: (making) => {
      const vpc = making.realm.find(ec2('VPC'), property(making, 'VpcId'));
      if (vpc !== undefined && text(making.properties['AmazonProvidedIpv6CidrBlock']) === 'true')
        vpc.attributes = { ...vpc.attributes, Ipv6CidrBlocks: [fakeIpv6(making)] };
    },
  }),
  simple(ec2('Subnet'), {
    id: withId('subnet'),
    check: checkSubnet,
    make: (making, SubnetId) =>
      modelOf(making.realm).world.addSubnet({
        SubnetId,
        AvailabilityZone: zoneOf(making),
        CidrBlock: property(making, 'CidrBlock'),
        VpcId: property(making, 'VpcId'),
      }),
    attributes: (making, id) => ({
      SubnetId: id,
      VpcId: property(making, 'VpcId'),
      AvailabilityZone: zoneOf(making),
      CidrBlock: property(making, 'CidrBlock'),
      NetworkAclAssociationId: `aclassoc-${id.slice(7)}`,
      Ipv6CidrBlocks: making.properties['Ipv6CidrBlock'] === undefined ? [] : [making.properties['Ipv6CidrBlock']],
      LogicalOwner: `${making.stackId} ${making.logicalId}`,
    }),
  }),
  simple(ec2('RouteTable'), { id: withId('rtb'), attributes: (_, id) => ({ RouteTableId: id }) }),
  simple(ec2('Route'), {
    id: (making) => `${property(making, 'RouteTableId')}|${destination(making)}`,
    attributes: (making) => ({ CidrBlock: destination(making) }),
  }),
  simple(ec2('SubnetRouteTableAssociation'), { id: withId('rtbassoc'), attributes: (_, id) => ({ Id: id }) }),
  simple(ec2('InternetGateway'), { id: withId('igw'), attributes: (_, id) => ({ InternetGatewayId: id }) }),
  simple(ec2('EgressOnlyInternetGateway'), { id: withId('eigw'), attributes: (_, id) => ({ Id: id }) }),
  simple(ec2('VPCGatewayAttachment'), {
    id: (making) =>
      `${making.properties['InternetGatewayId'] === undefined ? 'VGW' : 'IGW'}|${property(making, 'VpcId')}`,
    check: checkAttachment,
    attributes: (_, id) => ({ AttachmentType: id.slice(0, 3) }),
  }),
  simple(ec2('EIP'), {
    id: ({ realm }) => `203.0.113.${realm.store(ADDRESSES).next()}`,
    attributes: (making, id) => ({ PublicIp: id, AllocationId: withId('eipalloc')(making) }),
    update: ({ attributes }) => attributes,
  }),
  simple(ec2('NatGateway'), {
    id: withId('nat'),
    attributes: (making, id) => ({ NatGatewayId: id, EniId: withId('eni')(making) }),
    update: ({ attributes }) => attributes,
  }),
  simple(ec2('TransitGatewayAttachment'), { id: withId('tgw-attach'), attributes: (_, id) => ({ Id: id }) }),
  simple(ec2('VPCEndpoint'), {
    id: withId('vpce'),
    check: checkEndpoint,
    attributes: (making, id) => ({
      Id: id,
      CreationTimestamp: new Date(making.realm.world.clock.now()).toISOString(),
      NetworkInterfaceIds: [],
      DnsEntries: [`Z2E726K9Y6RL4W:${id}.${property(making, 'ServiceName').split('.').reverse().join('.')}`],
    }),
  }),
  simple(ec2('SecurityGroup'), {
    id: withId('sg'),
    attributes: (making, id) => ({ Id: id, GroupId: id, VpcId: property(making, 'VpcId') }),
    check: (making) => {
      const rules = ['SecurityGroupIngress', 'SecurityGroupEgress'].map((name) => making.properties[name]);
      // Quota "Inbound or outbound rules per security group".
      if (rules.some((list) => Array.isArray(list) && list.length > 60))
        throw new AwsError(
          'RulesPerSecurityGroupLimitExceeded',
          'The maximum number of rules per security group has been reached.',
        );
    },
  }),
  simple(ec2('NetworkInterface'), {
    id: withId('eni'),
    attributes: ({ realm, properties }, id) => {
      const subnet = text(properties['SubnetId']) ?? '';
      const known = realm.find(ec2('NetworkInterface'), id)?.attributes['PrimaryPrivateIpAddress'];
      const address = text(known) ?? inModel(() => modelOf(realm).world.addInterface(id, subnet));
      return {
        Id: id,
        PrimaryPrivateIpAddress: address,
        VpcId: realm.find(ec2('Subnet'), subnet)?.attributes['VpcId'] ?? '',
      };
    },
    remove: ({ physicalId }, realm) => removeInterface(realm, physicalId),
  }),
  simple(ec2('FlowLog'), { id: withId('fl'), attributes: (_, id) => ({ Id: id }) }),
];

/** Between two looks, and how many, until an interface that is still in use is refused. */
const [LOOK_SECONDS, LOOKS] = [5, 60];

/** CloudFormation deletes a group once its instances are gone. Here they still shut down then: this waits for them. */
async function removeInterface(realm: Realm, id: string): Promise<void> {
  for (let look = 1; ; look += 1)
    try {
      inModel(() => modelOf(realm).world.removeInterface(id));
      return;
    } catch (error) {
      if (look === LOOKS || !(error instanceof AwsError && error.code === 'InvalidNetworkInterface.InUse')) throw error;
      await realm.world.clock.sleep(LOOK_SECONDS * 1000);
    }
}

function destination({ properties }: Making): string {
  const names = ['DestinationCidrBlock', 'DestinationIpv6CidrBlock', 'DestinationPrefixListId'];
  return names.map((name) => text(properties[name])).find((value) => value !== undefined) ?? '';
}

function checkEndpoint(making: Making): void {
  const { properties, realm } = making;
  const service = property(making, 'ServiceName');
  if (service.startsWith('com.amazonaws.') && !service.startsWith(`com.amazonaws.${realm.region}.`))
    throw new AwsError('InvalidServiceName', `The Vpc Endpoint Service '${service}' does not exist`);
  const kind = text(properties['VpcEndpointType']) ?? 'Gateway';
  if (kind === 'Gateway' && properties['SubnetIds'] !== undefined)
    throw new AwsError('InvalidParameter', 'Gateway endpoints do not take subnets');
  if (kind === 'Interface' && properties['RouteTableIds'] !== undefined)
    throw new AwsError('InvalidParameter', 'Interface endpoints do not take route tables');
}
