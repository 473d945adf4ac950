import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import type { Context } from '../../lib/aws/conditions.ts';
import { allows, type Statement, textOf } from '../../lib/aws/policy.ts';
import { environments, linkInputsOf, stacksOfEnvironment } from './environments.ts';

interface Resource {
  readonly Properties: Readonly<Record<string, unknown>>;
}

interface Role {
  readonly stack: string;
  /** Logical id without its hash. */
  readonly name: string;
  readonly trust: readonly (Statement & { readonly Principal: unknown })[];
  readonly statements: readonly Statement[];
  readonly properties: Resource['Properties'];
  /** `<LogicalId.Arn>` of the only resource of a type whose id contains a word. */
  readonly arn: (type: string, word: string) => string;
}

const bare = (id: string): string => id.replace(/[0-9A-F]{8}$/, '');

function rolesOf(name: keyof typeof environments): Role[] {
  return stacksOfEnvironment(name).flatMap((stack) => {
    const template = Template.fromStack(stack);
    const found = (type: string) => Object.entries(template.findResources(type) as Record<string, Resource>);
    const policies = [...found('AWS::IAM::Policy'), ...found('AWS::IAM::ManagedPolicy')].map(
      ([, each]) => each.Properties,
    );
    return found('AWS::IAM::Role').map(([id, { Properties }]) => ({
      stack: stack.stackName,
      name: bare(id),
      trust: (Properties['AssumeRolePolicyDocument'] as { Statement: Role['trust'] }).Statement,
      statements: policies
        .filter((policy) => JSON.stringify(policy['Roles'] ?? []).includes(`"${id}"`))
        .flatMap((policy) => (policy['PolicyDocument'] as { Statement: Statement[] }).Statement),
      properties: Properties,
      arn: (type: string, word: string) => {
        const ids = found(type).flatMap(([each]) => (each.includes(word) ? [each] : []));
        if (ids.length !== 1) throw new Error(`${ids.length} of ${type} have "${word}" in their id`);
        return `<${ids[0] ?? ''}.Arn>`;
      },
    }));
  });
}

type Case = [action: string, resource: (role: Role) => string, context?: Context];

interface Entry {
  /** The service that may assume it, and under which conditions it may not. */
  readonly principal: string;
  readonly trusted: Context;
  readonly distrusted: readonly Context[];
  readonly may: readonly Case[];
  /** Where the link of the environment has discovery; elsewhere it may not. @default - nothing more */
  readonly mayWithDiscovery?: readonly Case[];
  readonly mayNot: readonly Case[];
  /** Actions on any resource: why there is no narrower one. */
  readonly everywhere: Readonly<Record<string, string>>;
}

const NO_RESOURCE = 'the service authorization reference lists no resource for it';
const at = (text: string) => (): string => text;
const logs = (word: string) => (role: Role) => role.arn('AWS::Logs::LogGroup', word);
const jobs = (role: Role) => role.arn('AWS::SQS::Queue', 'QueueJobs');
const deadLetters = (role: Role) => role.arn('AWS::SQS::Queue', 'DeadLetters');
const inBucket = (key: string) => (role: Role) => `${role.arn('AWS::S3::Bucket', 'Results')}${key}`;
const bucket = inBucket('');
const heartbeats = (role: Role) => role.arn('AWS::DynamoDB::Table', 'Heartbeats');
const dataKey = (role: Role) => role.arn('AWS::KMS::Key', 'DataKey');
const operationsKey = (role: Role) => role.arn('AWS::KMS::Key', 'OperationsKey');
const via = (service: string): Context => ({ 'kms:ViaService': `${service}.eu-west-3.amazonaws.com` });

const ofConsul = (what: string) =>
  at(`arn:aws:ssm:eu-west-3:111122223333:parameter/tandem/acme-ENVIRONMENT/discovery/${what}`);
const consul = (machine: string) =>
  at(`arn:aws:s3:::cdk-hnb659fds-assets-111122223333-eu-west-3/tandem-consul-1.14.4-${machine}.zip`);

/** Actions that have no resource, which the agent of Systems Manager on an instance needs. */
const CHANNELS: Entry['everywhere'] = Object.fromEntries(
  ['CreateControlChannel', 'CreateDataChannel', 'OpenControlChannel', 'OpenDataChannel'].map((call) => [
    `ssmmessages:${call}`,
    NO_RESOURCE,
  ]),
);
const GROUP = 'arn:aws:autoscaling:eu-west-3:111122223333:autoScalingGroup:0a1b:autoScalingGroupName/acme-most-workers';

const ROLES: Readonly<Record<string, Entry>> = {
  NetworkFlowLogsRole: {
    principal: 'vpc-flow-logs.amazonaws.com',
    trusted: {
      'aws:SourceAccount': '111122223333',
      'aws:SourceArn': 'arn:aws:ec2:eu-west-3:111122223333:vpc-flow-log/fl-1',
    },
    distrusted: [
      {},
      {
        'aws:SourceAccount': '999999999999',
        'aws:SourceArn': 'arn:aws:ec2:eu-west-3:111122223333:vpc-flow-log/fl-1',
      },
      {
        'aws:SourceAccount': '111122223333',
        'aws:SourceArn': 'arn:aws:ec2:eu-west-3:999999999999:vpc-flow-log/fl-1',
      },
    ],
    may: [
      ['logs:CreateLogStream', logs('FlowLogs')],
      ['logs:PutLogEvents', logs('FlowLogs')],
      ['logs:DescribeLogStreams', logs('FlowLogs')],
    ],
    mayNot: [
      ['logs:PutLogEvents', at('arn:aws:logs:eu-west-3:111122223333:log-group:other')],
      ['logs:CreateLogGroup', logs('FlowLogs')],
      ['logs:DeleteLogGroup', logs('FlowLogs')],
      ['logs:GetLogEvents', logs('FlowLogs')],
      ['s3:PutObject', at('arn:aws:s3:::any/key')],
      ['sts:AssumeRole', at('*')],
    ],
    everywhere: {},
  },
  ClusterFleetAccessRole: {
    principal: 'ec2.amazonaws.com',
    trusted: {},
    distrusted: [],
    may: [
      ['sqs:ReceiveMessage', jobs],
      ['sqs:DeleteMessage', jobs],
      ['sqs:SendMessage', jobs],
      ['s3:GetObject', inBucket('/documents/a')],
      ['s3:PutObject', inBucket('/results/a')],
      ['s3:ListBucket', bucket, { 's3:prefix': 'results/a' }],
      ['dynamodb:PutItem', heartbeats],
      ['kms:Decrypt', dataKey, via('sqs')],
      ['kms:GenerateDataKey', dataKey, via('s3')],
      ['cloudwatch:PutMetricData', at('*'), { 'cloudwatch:namespace': 'Tandem/acme-ENVIRONMENT' }],
      ['logs:PutLogEvents', logs('WorkerLogs')],
      ['ssmmessages:OpenDataChannel', at('*')],
    ],
    mayWithDiscovery: [
      ['ssm:GetParameter', ofConsul('client')],
      ['ssm:GetParameter', ofConsul('client-secrets')],
      ['s3:GetObject', consul('arm64')],
    ],
    mayNot: [
      ['ssm:GetParameter', ofConsul('server-secrets')],
      ['s3:GetObject', consul('amd64')],
      ['sqs:SendMessage', deadLetters],
      ['sqs:ReceiveMessage', deadLetters],
      ['s3:PutObject', inBucket('/documents/a')],
      ['s3:DeleteObject', inBucket('/results/a')],
      ['s3:ListBucket', bucket, { 's3:prefix': '' }],
      ['s3:ListBucket', bucket],
      ['kms:Decrypt', dataKey],
      ['kms:Decrypt', dataKey, via('secretsmanager')],
      ['kms:Decrypt', operationsKey, via('sqs')],
      ['cloudwatch:PutMetricData', at('*'), { 'cloudwatch:namespace': 'AWS/EC2' }],
      ['logs:PutLogEvents', logs('EventsGroup')],
      ['ssm:GetParameter', at('arn:aws:ssm:eu-west-3:111122223333:parameter/other')],
      ['secretsmanager:GetSecretValue', at('*')],
      ['ec2:RunInstances', at('*')],
      ['iam:PassRole', at('*')],
      ['sts:AssumeRole', at('*')],
    ],
    everywhere: {
      'cloudwatch:PutMetricData': `${NO_RESOURCE}; a condition holds it to one namespace`,
      ...CHANNELS,
    },
  },
  ClusterScalerRole: {
    principal: 'lambda.amazonaws.com',
    trusted: {},
    distrusted: [],
    may: [
      ['sqs:GetQueueAttributes', jobs],
      ['autoscaling:DescribeAutoScalingGroups', at('*')],
      ['autoscaling:SetDesiredCapacity', at(GROUP)],
      ['cloudwatch:GetMetricData', at('*')],
      ['dynamodb:GetItem', heartbeats, { 'dynamodb:LeadingKeys': 'fleet-scaler' }],
      ['dynamodb:UpdateItem', heartbeats, { 'dynamodb:LeadingKeys': 'fleet-scaler' }],
      ['kms:Decrypt', dataKey, via('dynamodb')],
      ['logs:PutLogEvents', logs('ScalerLogs')],
    ],
    mayNot: [
      ['sqs:ReceiveMessage', jobs],
      ['sqs:GetQueueAttributes', deadLetters],
      ['autoscaling:SetDesiredCapacity', at(`${GROUP}-of-others`)],
      ['autoscaling:UpdateAutoScalingGroup', at(GROUP)],
      ['autoscaling:TerminateInstanceInAutoScalingGroup', at(GROUP)],
      ['dynamodb:UpdateItem', heartbeats, { 'dynamodb:LeadingKeys': 'i-0123456789abcdef0' }],
      ['dynamodb:Scan', heartbeats],
      ['dynamodb:PutItem', heartbeats, { 'dynamodb:LeadingKeys': 'fleet-scaler' }],
      ['kms:Decrypt', dataKey, via('sqs')],
      ['kms:Decrypt', dataKey],
      ['logs:PutLogEvents', logs('WorkerLogs')],
      ['logs:CreateLogGroup', logs('ScalerLogs')],
      ['ec2:RunInstances', at('*')],
      ['iam:PassRole', at('*')],
    ],
    everywhere: {
      'autoscaling:DescribeAutoScalingGroups': NO_RESOURCE,
      'cloudwatch:GetMetricData': NO_RESOURCE,
    },
  },
};

/** The servers of Consul, where the link has discovery. */
const DISCOVERY: Readonly<Record<string, Entry>> = {
  DiscoveryRole: {
    principal: 'ec2.amazonaws.com',
    trusted: {},
    distrusted: [],
    may: [
      ['ssm:GetParameter', ofConsul('server')],
      ['ssm:GetParameter', ofConsul('server-secrets')],
      ['ssmmessages:OpenDataChannel', at('*')],
    ],
    mayNot: [
      ['ssm:GetParameter', ofConsul('client-secrets')],
      ['ssm:GetParameter', at('arn:aws:ssm:eu-west-3:111122223333:parameter/tandem/acme-ENVIRONMENT/worker')],
      ['ssm:PutParameter', ofConsul('server-secrets')],
      ['s3:GetObject', at('arn:aws:s3:::cdk-hnb659fds-assets-111122223333-eu-west-3/other.zip')],
      ['kms:Decrypt', at('*')],
      ['ec2:AttachNetworkInterface', at('*')],
      ['sts:AssumeRole', at('*')],
    ],
    everywhere: CHANNELS,
  },
};
/** A role that only clusters with a scaler have. */
const SCALED = ['most'];

describe.each(Object.keys(environments) as (keyof typeof environments)[])('environment "%s"', (environment) => {
  const roles = rolesOf(environment);
  const hasDiscovery = linkInputsOf(environment).link.value.discovery !== undefined;
  const table = { ...ROLES, ...(hasDiscovery ? DISCOVERY : {}) };
  const named = (resource: string): string => resource.replace('ENVIRONMENT', environment);
  const fill = (context: Context = {}): Context =>
    Object.fromEntries(Object.entries(context).map(([key, value]) => [key, value.replace('ENVIRONMENT', environment)]));

  test('has the roles of the table, and no other', () => {
    const wanted = Object.keys(table).filter((name) => name !== 'ClusterScalerRole' || SCALED.includes(environment));
    expect(roles.map(({ name }) => name).sort()).toEqual(wanted.sort());
  });

  describe.each(roles.map((role) => [role.name, role] as const))('%s', (name, role) => {
    const entry = table[name];
    if (entry === undefined) return;

    test('is assumed by one service, as this account', () => {
      expect(role.trust.map(({ Principal }) => Principal)).toEqual([{ Service: entry.principal }]);
      const trust = role.trust.map((each) => ({ ...each, Resource: '*' }));
      expect(allows(trust, 'sts:AssumeRole', '*', entry.trusted)).toBe(true);
      for (const context of entry.distrusted) expect(allows(trust, 'sts:AssumeRole', '*', context)).toBe(false);
    });

    test.each(entry.may.map((each) => [each[0], each] as const))('may %s', (_, [action, resource, context]) => {
      expect(allows(role.statements, action, named(resource(role)), fill(context))).toBe(true);
    });

    test.each((entry.mayWithDiscovery ?? []).map((each) => [each[0], each] as const))(
      'may %s where there is discovery, and nowhere else',
      (_, [action, resource, context]) => {
        expect(allows(role.statements, action, named(resource(role)), fill(context))).toBe(hasDiscovery);
      },
    );

    test.each(entry.mayNot.map((each) => [each[0], each] as const))('may not %s', (_, [action, resource, context]) => {
      expect(allows(role.statements, action, named(resource(role)), fill(context))).toBe(false);
    });

    test('has nothing but these statements: no policy of AWS, none inline', () => {
      expect(role.properties).not.toHaveProperty('ManagedPolicyArns');
      expect(role.properties).not.toHaveProperty('Policies');
      expect(role.statements.length).toBeGreaterThan(0);
    });

    test('has no wildcard of actions', () => {
      const actions = role.statements.flatMap(({ Action }) => Action);
      expect(actions.filter((action) => action.includes('*'))).toEqual([]);
      expect(role.statements.filter((each) => 'NotAction' in each || 'NotResource' in each)).toEqual([]);
    });

    test('may do on every resource what has a reason for it', () => {
      const everywhere = role.statements
        .filter(({ Resource: resource }) => [resource].flat().some((each) => textOf(each) === '*'))
        .flatMap(({ Action }) => Action);
      expect(everywhere.sort()).toEqual(Object.keys(entry.everywhere).sort());
    });
  });
});
