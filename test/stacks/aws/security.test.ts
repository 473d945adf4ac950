import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { environmentSchema } from '../../../lib/config/schema/environment.ts';
import { filesBelow, root, temporaryFolder } from '../folders.ts';
import { environments, linkInputsOf, stacksOfEnvironment } from './environments.ts';

const templates = (Object.keys(environments) as (keyof typeof environments)[]).flatMap((name) =>
  stacksOfEnvironment(name).map((stack: Stack) => ({ name: stack.stackName, template: Template.fromStack(stack) })),
);

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

/** Every statement of every policy, whatever resource it is on. */
function statementsIn(value: unknown): Statement[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'Effect' in value && 'Action' in value ? [value as Statement] : [];
  return [...own, ...Object.values(value).flatMap(statementsIn)];
}

describe.each(templates)('$name', ({ name, template }) => {
  const text = JSON.stringify(template.toJSON());

  test('opens nothing to the world', () => {
    const ingress = Object.values(template.findResources('AWS::EC2::SecurityGroup')).flatMap(
      ({ Properties }) => (Properties.SecurityGroupIngress ?? []) as { CidrIp?: string; CidrIpv6?: string }[],
    );
    expect(ingress.filter(({ CidrIp, CidrIpv6 }) => CidrIp === '0.0.0.0/0' || CidrIpv6 !== undefined)).toEqual([]);
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  });

  test('gives nothing a public address but NAT gateways', () => {
    expect(text).not.toMatch(/"(?:MapPublicIpOnLaunch|AssociatePublicIpAddress)":(?:true|"true")/);
    expect(Object.keys(template.findResources('AWS::EC2::EIP')).length).toBe(
      Object.keys(template.findResources('AWS::EC2::NatGateway')).length,
    );
  });

  test('allows no wildcard of actions, except the account to its own keys', () => {
    const wild = statementsIn(template.toJSON()).filter(
      ({ Effect, Action }) => Effect === 'Allow' && [Action].flat().some((action) => action.includes('*')),
    );
    for (const { Action, Principal } of wild) {
      expect(Action).toBe('kms:*');
      expect(JSON.stringify(Principal)).toContain(':iam::111122223333:root');
    }
  });

  test('lets nobody in without a condition who is not of the account', () => {
    const open = statementsIn(template.toJSON()).filter(
      ({ Effect, Principal, Condition }) =>
        Effect === 'Allow' && JSON.stringify(Principal ?? null).includes('"*"') && Condition === undefined,
    );
    // Packages of Amazon Linux, fetched without a signature.
    for (const statement of open)
      expect(statement).toMatchObject({ Sid: 'AmazonLinuxPackages', Action: 's3:GetObject' });
  });

  test('encrypts every queue, topic, table, bucket and log group with a key of its own', () => {
    const keyOf: Readonly<Record<string, string>> = {
      'AWS::SQS::Queue': 'KmsMasterKeyId',
      'AWS::SNS::Topic': 'KmsMasterKeyId',
      'AWS::DynamoDB::Table': 'SSESpecification',
      'AWS::S3::Bucket': 'BucketEncryption',
      'AWS::Logs::LogGroup': 'KmsKeyId',
    };
    for (const [type, property] of Object.entries(keyOf))
      for (const { Properties } of Object.values(template.findResources(type)))
        expect(JSON.stringify(Properties[property]), type).toContain('Key');
  });

  test('keeps no log for ever', () => {
    for (const { Properties } of Object.values(template.findResources('AWS::Logs::LogGroup')))
      expect(Properties).toHaveProperty('RetentionInDays');
  });

  test('names no secret but the keys of tunnels, which CloudFormation reads itself', () => {
    const named = [...text.matchAll(/\{\{resolve:(?:secretsmanager|ssm-secure):[^}]*\}\}/g)].map(([each]) => each);
    const ids = name.endsWith('-link') ? ['1-1', '1-2', '2-1', '2-2'] : [];
    expect(named).toEqual(ids.map((id) => `{{resolve:secretsmanager:tandem/link/main/tunnel-${id}}}`));
    expect(text).not.toMatch(/AKIA[0-9A-Z]{16}|BEGIN [A-Z ]*PRIVATE KEY/);
  });
});

test.each([
  ['least', []],
  ['most', ['TransitGatewayId']],
  ['nat', ['EgressOnlyInternetGatewayId', 'GatewayId', 'NatGatewayId']],
] as const)('the network of "%s" leads nowhere that was not named', (name, ways) => {
  const [network] = stacksOfEnvironment(name).map((stack) => Template.fromStack(stack));
  const routes = Object.values(network!.findResources('AWS::EC2::Route')).map(({ Properties }) =>
    Object.keys(Properties as Record<string, unknown>),
  );
  const used = routes.flat().filter((key) => key.endsWith('Id') && key !== 'RouteTableId');
  expect([...new Set(used)].sort()).toEqual(ways);
  for (const type of ['VPCPeeringConnection', 'VPNGateway', 'ClientVpnEndpoint', 'VPCEndpointService'])
    network!.resourceCountIs(`AWS::EC2::${type}`, 0);
});

test.each(Object.keys(environments) as (keyof typeof environments)[])(
  'workers of "%s" are let out by HTTPS only, and nothing is let in, but for the gossip of Consul in the VPC where there is discovery',
  (name) => {
    const [, cluster] = stacksOfEnvironment(name).map((stack) => Template.fromStack(stack));
    const groups = Object.values(cluster!.findResources('AWS::EC2::SecurityGroup'));
    expect(groups).toHaveLength(1);
    const { SecurityGroupIngress = [], SecurityGroupEgress = [] } = groups[0]?.['Properties'] as Rules;
    const { cidr } = environments[name].cluster.network;
    const gossip = [`tcp 8301 ${cidr}`, `udp 8301 ${cidr}`];
    const hasDiscovery = linkInputsOf(name).link.value.discovery !== undefined;
    expect(SecurityGroupIngress.map(shownOf)).toEqual(hasDiscovery ? gossip : []);
    const https = SecurityGroupEgress.map(shownOf).filter((rule) => /^tcp 443 (?:0\.0\.0\.0|::)\/0$/.test(rule));
    expect(https.length).toBeGreaterThan(0);
    expect(SecurityGroupEgress.map(shownOf)).toEqual([
      ...https,
      ...(hasDiscovery ? [`tcp 8300 ${cidr}`, ...gossip] : []),
    ]);
    cluster!.resourceCountIs('AWS::EC2::SecurityGroupEgress', 0);
  },
);

interface Rules {
  readonly SecurityGroupIngress?: readonly Rule[];
  readonly SecurityGroupEgress?: readonly Rule[];
}

interface Rule {
  readonly IpProtocol: string;
  readonly FromPort: number;
  readonly ToPort: number;
  readonly CidrIp?: string;
  readonly CidrIpv6?: string;
}

function shownOf({ IpProtocol, FromPort, ToPort, CidrIp, CidrIpv6 }: Rule): string {
  return `${IpProtocol} ${FromPort === ToPort ? FromPort : `${FromPort}-${ToPort}`} ${CidrIp ?? CidrIpv6 ?? ''}`;
}

test('servers of Consul answer the VPC, and the servers of the other side alone', () => {
  const [, , link] = stacksOfEnvironment('least').map((stack) => Template.fromStack(stack));
  const [group] = Object.entries(link!.findResources('AWS::EC2::SecurityGroup')).flatMap(([id, { Properties }]) =>
    id.startsWith('Discovery') ? [Properties as Rules] : [],
  );
  const far = ['10.9.0.9/32', '10.9.0.10/32', '10.9.0.11/32'];
  const both = (port: number, cidr: string) => [`tcp ${port} ${cidr}`, `udp ${port} ${cidr}`];
  const ports = [
    ...['10.0.0.0/21', ...far].map((cidr) => `tcp 8300 ${cidr}`),
    ...both(8301, '10.0.0.0/21'),
    ...['10.0.0.0/21', ...far].flatMap((cidr) => both(8302, cidr)),
  ];
  expect(group?.SecurityGroupIngress?.map(shownOf)).toEqual(ports);
  expect(group?.SecurityGroupEgress?.map(shownOf)).toEqual(['tcp 443 0.0.0.0/0', ...ports]);
});

test('no secret of the environment reaches an artefact or a log', () => {
  const output = join(temporaryFolder(), 'cdk.out');
  const canary = 'canary-5d1f0c8e';
  const names = ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'OS_PASSWORD', 'VAULT_TOKEN', 'PGPASSWORD'];
  const env = { ...process.env, ...Object.fromEntries(names.map((name) => [name, canary])), CDK_OUTDIR: output };
  const main = join(root, 'stacks/aws/main.ts');
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin/node'), [main], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  expect(Object.keys(filesBelow(output)).length).toBeGreaterThan(4);
  expect(JSON.stringify(filesBelow(output)) + stdout + stderr).not.toContain(canary);
});

test.each([
  ['an address that is public', { associatePublicIpAddress: true }],
  ['IMDSv1', { httpTokens: 'optional' }],
  ['a key pair', { keyName: 'mine' }],
])('fails to configure %s', (_, extra) => {
  const { least } = environments;
  const instances = { ...least.cluster.instances, ...extra };
  expect(
    environmentSchema.safeParse({ ...least, cluster: { ...least.cluster, instances } }).error?.issues,
  ).toMatchObject([{ code: 'unrecognized_keys', path: ['cluster', 'instances'] }]);
});
