import { describe, expect, test } from 'vitest';
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
    ['s3:PutObject', assets('agent-1.2.3.mjs')],
    ['dynamodb:DeleteTable', heartbeats],
    ['dynamodb:PutItem', jobsTable],
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
