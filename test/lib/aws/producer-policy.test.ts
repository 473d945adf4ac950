import { describe, expect, test } from 'vitest';
import { clusterTemplate } from './example.ts';
import { allows, statementsOf } from './policy.ts';

const template = clusterTemplate({ queues: { jobs: {}, urgent: { priority: 9, timeoutSeconds: 60 } } });
const statements = statementsOf(Object.values(template.findResources('AWS::IAM::ManagedPolicy')) as never[]);

function arns(type: string, word: string): string[] {
  return Object.keys(template.findResources(type)).flatMap((id) => (id.includes(word) ? [`<${id}.Arn>`] : []));
}
const [bucket = ''] = arns('AWS::S3::Bucket', 'Results');
const [table = ''] = arns('AWS::DynamoDB::Table', 'JobsTable');
const [heartbeats = ''] = arns('AWS::DynamoDB::Table', 'Heartbeats');
const dead = arns('AWS::SQS::Queue', 'DeadLetters');
const queues = arns('AWS::SQS::Queue', '').filter((queue) => !dead.includes(queue));
const parameter = 'arn:<AWS::Partition>:ssm:eu-west-3:111122223333:parameter/tandem/example/worker';

test('there are two queues, each with dead letters of its own', () =>
  expect([queues.length, dead.length]).toEqual([2, 2]));

describe('a producer may', () => {
  test.each([
    ...queues.map((queue) => ['sqs:SendMessage', queue]),
    ['s3:PutObject', `${bucket}/jobs/a`],
    ['s3:PutObject', `${bucket}/documents/a.txt`],
    ['s3:GetObject', `${bucket}/results/a`],
    ['dynamodb:PutItem', table],
    ['dynamodb:UpdateItem', table],
    ['dynamodb:Query', `${table}/index/by-state`],
    ['ssm:GetParameter', parameter],
  ])('%s on %s', (action, resource) => expect(allows(statements, action, resource)).toBe(true));
});

describe('a producer may not', () => {
  test.each([
    ...queues.flatMap((queue) =>
      ['ReceiveMessage', 'DeleteMessage', 'PurgeQueue', 'SetQueueAttributes'].map((call) => [`sqs:${call}`, queue]),
    ),
    ...dead.flatMap((queue) =>
      ['SendMessage', 'ReceiveMessage', 'StartMessageMoveTask'].map((call) => [`sqs:${call}`, queue]),
    ),
    ['s3:PutObject', `${bucket}/results/a`],
    ['s3:DeleteObject', `${bucket}/jobs/a`],
    ['dynamodb:DeleteItem', table],
    ['dynamodb:Scan', table],
    ['dynamodb:PutItem', heartbeats],
    ['ssm:PutParameter', parameter],
    ['autoscaling:SetDesiredCapacity', '*'],
    ['iam:PassRole', '*'],
  ])('%s on %s', (action, resource) => expect(allows(statements, action, resource)).toBe(false));
});

test('no action is a wildcard, and none is allowed on everything', () => {
  expect(statements.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
  expect(statements.filter(({ Resource }) => Resource === '*')).toEqual([]);
});
