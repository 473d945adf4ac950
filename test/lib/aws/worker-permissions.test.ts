import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { workerBootstrap } from '../../../lib/aws/worker-bootstrap.ts';
import { clusterTemplate } from './example.ts';
import { allows, statementsOf } from './policy.ts';

const template = clusterTemplate();
const statements = statementsOf(Object.values(template.findResources('AWS::IAM::Policy')) as never[]);

function arn(type: string, word: string): string {
  const id = Object.keys(template.findResources(type)).find((each) => each.includes(word)) ?? '';
  return `<${id}.Arn>`;
}

const bucket = arn('AWS::S3::Bucket', 'Results');
const jobs = arn('AWS::SQS::Queue', 'Jobs');
const deadLetters = arn('AWS::SQS::Queue', 'DeadLetters');
const jobsTable = arn('AWS::DynamoDB::Table', 'JobsTable');
const heartbeats = arn('AWS::DynamoDB::Table', 'Heartbeats');
const dataKey = arn('AWS::KMS::Key', 'DataKey');
const operationsKey = arn('AWS::KMS::Key', 'OperationsKey');
const group = (name: string) =>
  `arn:<AWS::Partition>:autoscaling:eu-west-3:111122223333:autoScalingGroup:1-2:autoScalingGroupName/${name}`;
const parameter = (name: string) => `arn:<AWS::Partition>:ssm:eu-west-3:111122223333:parameter${name}`;
const assets = (key: string) => `arn:<AWS::Partition>:s3:::assets/${key}`;

describe('a worker may', () => {
  test.each([
    ['sqs:ReceiveMessage', jobs],
    ['sqs:DeleteMessage', jobs],
    ['sqs:ChangeMessageVisibility', jobs],
    ['sqs:SendMessage', jobs],
    ['s3:GetObject', `${bucket}/documents/a.txt`],
    ['s3:GetObject', `${bucket}/results/a.json`],
    ['s3:PutObject', `${bucket}/results/a.json`],
    ['s3:GetObject', assets('agent-1.2.3.mjs')],
    ['s3:GetObject', assets('tandem-node/v24.21.0/linux-arm64.gz')],
    ['dynamodb:PutItem', heartbeats],
    ['dynamodb:Scan', heartbeats],
    ['dynamodb:UpdateItem', jobsTable],
    ['dynamodb:GetItem', jobsTable],
    ['s3:GetObject', `${bucket}/jobs/a.json`],
    ['kms:Decrypt', dataKey],
    ['kms:GenerateDataKey', dataKey],
    ['ssm:GetParameter', parameter('/tandem/example/worker')],
    ['autoscaling:CompleteLifecycleAction', group('example-workers')],
    ['autoscaling:RecordLifecycleActionHeartbeat', group('example-workers')],
    ['autoscaling:SetInstanceProtection', group('example-workers')],
    ['autoscaling:SetInstanceHealth', group('example-workers')],
    ['logs:PutLogEvents', arn('AWS::Logs::LogGroup', 'WorkerLogs')],
    ['cloudwatch:PutMetricData', '*'],
    ['ssmmessages:OpenDataChannel', '*'],
  ])('%s on %s', (action, resource) => expect(allows(statements, action, resource)).toBe(true));
});

describe('a worker may not', () => {
  test.each([
    ['sqs:SendMessage', deadLetters],
    ['sqs:PurgeQueue', jobs],
    ['sqs:ReceiveMessage', deadLetters],
    ['s3:PutObject', `${bucket}/documents/a.txt`],
    ['s3:DeleteObject', `${bucket}/results/a.json`],
    ['s3:DeleteObjectVersion', `${bucket}/results/a.json`],
    ['s3:PutBucketPolicy', bucket],
    ['s3:GetObject', assets('agent-1.2.2.mjs')],
    ['s3:GetObject', assets('tandem-node/v24.21.0/linux-x64.gz')],
    ['s3:PutObject', assets('agent-1.2.3.mjs')],
    ['dynamodb:DeleteTable', heartbeats],
    ['dynamodb:PutItem', jobsTable],
    ['dynamodb:GetItem', heartbeats],
    ['logs:DescribeLogStreams', arn('AWS::Logs::LogGroup', 'WorkerLogs')],
    ['dynamodb:Scan', jobsTable],
    ['s3:PutObject', `${bucket}/jobs/a.json`],
    ['kms:Decrypt', operationsKey],
    ['kms:ScheduleKeyDeletion', dataKey],
    ['ssm:GetParameter', parameter('/tandem/other/worker')],
    ['ssm:PutParameter', parameter('/tandem/example/worker')],
    ['autoscaling:SetDesiredCapacity', group('example-workers')],
    ['autoscaling:CompleteLifecycleAction', group('other-workers')],
    ['ec2:TerminateInstances', '*'],
    ['ec2:RunInstances', '*'],
    ['iam:PassRole', '*'],
    ['sts:AssumeRole', '*'],
    ['secretsmanager:GetSecretValue', '*'],
  ])('%s on %s', (action, resource) => expect(allows(statements, action, resource)).toBe(false));
});

test('no action of a worker is a wildcard', () => {
  expect(statements.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
});

test('only calls that have no resource are allowed on all of them', () => {
  const everywhere = statements.filter(({ Resource }) => Resource === '*').flatMap(({ Action }) => Action);
  expect(everywhere.sort()).toEqual([
    'cloudwatch:PutMetricData',
    'ssmmessages:CreateControlChannel',
    'ssmmessages:CreateDataChannel',
    'ssmmessages:OpenControlChannel',
    'ssmmessages:OpenDataChannel',
  ]);
});

test('metrics go to the own namespace only, and keys serve three services only', () => {
  const conditions = JSON.stringify(statements.map(({ Condition }) => Condition));
  expect(conditions).toContain('"cloudwatch:namespace":"Tandem/example"');
  expect(conditions).toContain(
    '"kms:ViaService":["sqs.eu-west-3.amazonaws.com","s3.eu-west-3.amazonaws.com","dynamodb.eu-west-3.amazonaws.com"]',
  );
});

describe('what a worker may', () => {
  const root = join(import.meta.dirname, '../../../packages/worker-agent/src');
  const sources = globSync('**/*.ts', { cwd: root }).map((file) => readFileSync(join(root, file), 'utf8'));
  const actions = [...new Set(statements.flatMap(({ Action }) => Action))];

  test('is what its agent, its first boot and the agent of Systems Manager call, and nothing else', () => {
    const called = new Set([...sources.flatMap(callsOf), ...shellCallsOf(bootstrap), ...OF_OTHERS]);
    expect([...called].sort()).toEqual(actions.sort());
  });

  test('is found in the sources of the agent', () => {
    expect(callsOf("import { GetItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';")).toEqual([
      'dynamodb:GetItem',
      'dynamodb:Scan',
    ]);
    expect(shellCallsOf('again aws s3 cp --region x "s3://a/b" c\naws ssm get-parameter --name x')).toEqual([
      's3:GetObject',
      'ssm:GetParameter',
    ]);
  });
});

const bootstrap = workerBootstrap({ parameterName: '/tandem/example/worker', region: 'eu-west-3' });

/** Prefixes of IAM's actions, where the client has another name. */
const PREFIXES: Readonly<Record<string, string>> = {
  'auto-scaling': 'autoscaling',
  'cloudwatch-logs': 'logs',
};

/** Calls that are allowed by the action of another one (service authorization reference of Amazon S3). */
const ALLOWED_BY: Readonly<Record<string, string>> = {
  's3:ListObjectsV2': 's3:ListBucket',
  's3:CreateMultipartUpload': 's3:PutObject',
  's3:UploadPart': 's3:PutObject',
  's3:CompleteMultipartUpload': 's3:PutObject',
};

/** Called by others than Tandem: the agent of Systems Manager; and S3, SQS and DynamoDB, which use the key in the worker's name. */
const OF_OTHERS = [
  ...['ssm:UpdateInstanceInformation', 'kms:Decrypt', 'kms:GenerateDataKey'],
  ...['CreateControlChannel', 'CreateDataChannel', 'OpenControlChannel', 'OpenDataChannel'].map(
    (call) => `ssmmessages:${call}`,
  ),
];

/** The actions of IAM behind the commands and paginators that a source imports from clients of AWS. */
function callsOf(source: string): string[] {
  return [...source.matchAll(/import (?:type )?\{([^}]*)\} from '@aws-sdk\/client-([\w-]+)'/g)].flatMap(
    ([, names = '', client = '']) =>
      [...names.matchAll(/\b(?:(\w+)Command|paginate(\w+))\b/g)].map(([, command, paginated]) => {
        const call = `${PREFIXES[client] ?? client}:${command ?? paginated ?? ''}`;
        return ALLOWED_BY[call] ?? call;
      }),
  );
}

/** The same of `aws SERVICE CALL`; `aws s3 cp` from a bucket is a download. */
function shellCallsOf(script: string): string[] {
  return [...script.matchAll(/\baws ([a-z0-9]+) ([a-z-]+)/g)].map(([, service = '', call = '']) =>
    service === 's3' && call === 'cp'
      ? 's3:GetObject'
      : `${service}:${call.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}`,
  );
}
