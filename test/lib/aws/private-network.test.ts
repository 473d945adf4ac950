import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { Cidr } from '../../../lib/net/cidr.ts';
import { all, networkTemplate } from './example.ts';

describe('a private network', () => {
  test('has one subnet a zone, cut from its addresses in order', () => {
    const subnets = all(networkTemplate(), 'AWS::EC2::Subnet');
    expect(subnets.map((subnet) => [subnet['AvailabilityZone'], subnet['CidrBlock']])).toEqual([
      ['eu-west-3a', '10.0.0.0/23'],
      ['eu-west-3b', '10.0.2.0/23'],
      ['eu-west-3c', '10.0.4.0/23'],
    ]);
  });

  test('gives a zone the same range whatever the order, and whatever other zones there are', () => {
    const ranges = (...letters: string[]) => {
      const zones = letters.map((letter) => `eu-west-3${letter}`);
      const options = { availabilityZones: zones, egress: { kind: 'nat' }, cidr: Cidr.parse('10.0.0.0/20') } as const;
      const subnets = all(networkTemplate(options), 'AWS::EC2::Subnet');
      return new Map(subnets.map((each) => [JSON.stringify(each['Tags']), each['CidrBlock']]));
    };
    const some = ranges('c', 'a');
    expect([...some.values()]).toEqual(['10.0.0.0/23', '10.0.4.0/23', '10.0.14.0/28', '10.0.14.32/28']);
    expect(Object.fromEntries(ranges('a', 'c'))).toEqual(Object.fromEntries(some));
    expect(Object.fromEntries(ranges('d', 'b', 'c', 'a'))).toMatchObject(Object.fromEntries(some));
  });

  test('gives no instance a public IPv4 address', () => {
    networkTemplate().allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
  });

  test('has no way to the internet by default', () => {
    const template = networkTemplate();
    template.resourceCountIs('AWS::EC2::InternetGateway', 0);
    template.resourceCountIs('AWS::EC2::Route', 0);
  });

  test('fails where the zones do not fit', () => {
    expect(() => networkTemplate({ cidr: Cidr.parse('10.0.0.0/22') })).toThrow(
      '10.0.0.0/22 has room for 2 subnets of /23; zone eu-west-3c has number 3',
    );
  });

  test('keeps flow logs of all traffic, encrypted', () => {
    const template = networkTemplate();
    template.hasResourceProperties('AWS::EC2::FlowLog', { TrafficType: 'ALL', ResourceType: 'VPC' });
    template.hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: Match.anyValue() });
  });

  test('keeps flow logs at least as long as asked for', () => {
    networkTemplate({ flowLogsDays: 31 }).hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 60 });
  });

  test('lets flow logs write to their own group only', () => {
    const [policy] = Object.values(networkTemplate().findResources('AWS::IAM::Policy'));
    const [group] = Object.keys(networkTemplate().findResources('AWS::Logs::LogGroup'));
    expect(policy?.['Properties'].PolicyDocument.Statement).toHaveLength(1);
    expect(policy?.['Properties'].PolicyDocument.Statement[0].Resource).toEqual({ 'Fn::GetAtt': [group, 'Arn'] });
  });

  test('puts its tags on everything that takes tags', () => {
    const template = networkTemplate({ tags: { owner: 'ops' }, endpoints: ['s3', 'sqs'], egress: { kind: 'nat' } });
    for (const type of ['VPC', 'Subnet', 'RouteTable', 'VPCEndpoint', 'SecurityGroup', 'NatGateway', 'EIP', 'FlowLog'])
      template.allResourcesProperties(`AWS::EC2::${type}`, {
        Tags: Match.arrayWith([{ Key: 'owner', Value: 'ops' }]),
      });
  });
});

describe('egress by NAT', () => {
  const template = networkTemplate({ egress: { kind: 'nat' } });

  test('has a gateway a zone, so that a lost zone takes only itself away', () => {
    template.resourceCountIs('AWS::EC2::NatGateway', 3);
  });

  test('cuts public subnets from what the private ones leave', () => {
    template.hasResourceProperties('AWS::EC2::Subnet', { CidrBlock: '10.0.6.0/28', MapPublicIpOnLaunch: false });
  });

  test('sends each private subnet out by the gateway of its zone', () => {
    const pairs = all(template, 'AWS::EC2::Route')
      .filter((route) => 'NatGatewayId' in route)
      .map((route) => JSON.stringify([route['RouteTableId'], route['NatGatewayId']]).match(/(?:Routes|Nat)[ABC]/g));
    expect(pairs).toEqual(['A', 'B', 'C'].map((zone) => [`Routes${zone}`, `Nat${zone}`]));
  });

  test('fails where nothing is left for public subnets', () => {
    const zones = ['eu-west-3a', 'eu-west-3b'];
    expect(() =>
      networkTemplate({ egress: { kind: 'nat' }, cidr: Cidr.parse('10.0.0.0/22'), availabilityZones: zones }),
    ).toThrow('no room for the public subnets of 2 NAT gateways');
  });

  test('lets IPv6 out, and nothing in', () => {
    const both = networkTemplate({ egress: { kind: 'nat' }, ipv6: true });
    both.resourceCountIs('AWS::EC2::EgressOnlyInternetGateway', 1);
    both.resourcePropertiesCountIs(
      'AWS::EC2::Route',
      { DestinationIpv6CidrBlock: '::/0', GatewayId: Match.anyValue() },
      0,
    );
  });
});

describe('egress by a transit gateway', () => {
  const template = networkTemplate({ egress: { kind: 'transit', transitGatewayId: 'tgw-0123456789abcdef0' } });

  test('has no internet gateway of its own', () => {
    template.resourceCountIs('AWS::EC2::InternetGateway', 0);
  });

  test('sends every zone to it, once it is attached', () => {
    const [attachment] = Object.keys(template.findResources('AWS::EC2::TransitGatewayAttachment'));
    template.resourceCountIs('AWS::EC2::Route', 3);
    template.allResources('AWS::EC2::Route', {
      Properties: { TransitGatewayId: 'tgw-0123456789abcdef0' },
      DependsOn: [attachment],
    });
  });
});

describe('IPv6', () => {
  test('is absent by default', () => {
    networkTemplate().resourceCountIs('AWS::EC2::VPCCidrBlock', 0);
  });

  test('gives each subnet a /64 of its own', () => {
    const blocks = all(networkTemplate({ ipv6: true }), 'AWS::EC2::Subnet').map((subnet) => subnet['Ipv6CidrBlock']);
    expect(blocks).toMatchObject([0, 1, 2].map((index) => ({ 'Fn::Select': [index, {}] })));
  });

  test('waits for the block before it makes a subnet', () => {
    const template = networkTemplate({ ipv6: true });
    const [block] = Object.keys(template.findResources('AWS::EC2::VPCCidrBlock'));
    template.allResources('AWS::EC2::Subnet', { DependsOn: [block] });
  });
});
