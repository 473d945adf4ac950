import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { endpointNames } from '../../../lib/config/schema/environment-network.ts';
import { networkTemplate, only } from './example.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: { readonly StringEquals?: Record<string, string> };
}

const template = networkTemplate({ endpoints: endpointNames });
const endpoints = Object.values(template.findResources('AWS::EC2::VPCEndpoint')).map(({ Properties }) => ({
  service: String(Properties.ServiceName).replace('com.amazonaws.eu-west-3.', ''),
  statements: Properties.PolicyDocument.Statement as Statement[],
  properties: Properties as Record<string, unknown>,
}));

test('S3 and DynamoDB are reached by routes of every zone', () => {
  const gateways = endpoints.filter(({ properties }) => properties['VpcEndpointType'] === 'Gateway');
  expect(gateways.map(({ service }) => service).sort()).toEqual(['dynamodb', 's3']);
  for (const { properties } of gateways) expect(properties['RouteTableIds']).toHaveLength(3);
});

test('the others are reached by their usual names in every zone', () => {
  const interfaces = endpoints.filter(({ properties }) => properties['VpcEndpointType'] === 'Interface');
  expect(interfaces).toHaveLength(endpointNames.length - 2);
  for (const { properties } of interfaces) {
    expect(properties['PrivateDnsEnabled']).toBe(true);
    expect(properties['SubnetIds']).toHaveLength(3);
  }
});

test('their group lets the network in by HTTPS, and nobody else', () => {
  const group = only(template, 'AWS::EC2::SecurityGroup');
  expect(group.Properties['SecurityGroupIngress']).toEqual([
    { CidrIp: '10.0.0.0/21', Description: 'HTTPS from this network', FromPort: 443, IpProtocol: 'tcp', ToPort: 443 },
  ]);
});

test('their group lets nothing out', () => {
  template.hasResourceProperties('AWS::EC2::SecurityGroup', {
    SecurityGroupEgress: [Match.objectLike({ CidrIp: '255.255.255.255/32' })],
  });
});

describe.each(endpoints)('the policy of $service', ({ service, statements }) => {
  test('names every action', () => {
    for (const { Action } of statements) for (const action of [Action].flat()) expect(action).toMatch(/^[\w-]+:\w+$/);
  });

  test("lets nobody through but this account's principals, except to Amazon Linux's packages", () => {
    const open = statements.filter(
      (each) => each.Effect === 'Allow' && each.Condition?.StringEquals?.['aws:PrincipalAccount'] !== '111122223333',
    );
    if (service !== 's3') expect(open).toEqual([]);
    else
      expect(open.map(({ Action, Resource }) => [Action, Resource])).toEqual([
        [
          's3:GetObject',
          [
            'arn:aws:s3:::al2023-repos-eu-west-3-de612dc2/*',
            'arn:aws:s3:::amazon-ssm-eu-west-3/*',
            'arn:aws:s3:::aws-ssm-eu-west-3/*',
          ],
        ],
      ]);
  });
});

test.each(['s3', 'dynamodb', 'sqs', 'logs', 'kms', 'secretsmanager'])(
  'nothing of another account is reached through %s',
  (service) => {
    const own = endpoints.find((each) => each.service === service)?.statements[0];
    expect(own?.Condition?.StringEquals?.['aws:ResourceAccount']).toBe('111122223333');
  },
);

test("what a service of AWS signs passes for others than this account's principals, and nothing else of the addition", () => {
  const layers = 'arn:aws:s3:::prod-eu-west-3-starport-layer-bucket/*';
  const own = { actions: ['s3:GetObject', 'sns:Publish'], resources: ['arn:aws:s3:::models/*'] };
  const endpointAdditions = [own, { actions: ['s3:GetObject'], resources: [layers], byOthers: true }];
  const policy = networkTemplate({ endpoints: ['s3', 'sqs'], endpointAdditions });
  const added = Object.values(policy.findResources('AWS::EC2::VPCEndpoint')).flatMap(({ Properties }) =>
    (Properties.PolicyDocument.Statement as (Statement & { Sid?: string })[]).filter(({ Sid }) => Sid === undefined),
  );
  const condition = { StringEquals: { 'aws:PrincipalAccount': '111122223333' } };
  const read = { Action: 's3:GetObject', Effect: 'Allow', Principal: { AWS: '*' } };
  expect(added).toEqual([
    { ...read, Resource: 'arn:aws:s3:::models/*', Condition: condition },
    { ...read, Resource: layers },
  ]);
});
