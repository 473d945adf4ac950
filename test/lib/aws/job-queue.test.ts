import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { clusterTemplate, only } from './example.ts';

const template = clusterTemplate();
const jobs = only(template, 'AWS::SQS::Queue', 'Jobs');
const deadLetters = only(template, 'AWS::SQS::Queue', 'DeadLetters');
const [deadLettersId] = Object.keys(template.findResources('AWS::SQS::Queue', { Properties: deadLetters.Properties }));

describe('a job queue', () => {
  test('gives up on a job after five deliveries', () => {
    expect(jobs.Properties['RedrivePolicy']).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': [deadLettersId, 'Arn'] },
      maxReceiveCount: 5,
    });
  });

  test('is itself no dead-letter queue', () => {
    expect(jobs.Properties['RedriveAllowPolicy']).toEqual({ redrivePermission: 'denyAll' });
  });

  test('has a dead-letter queue for itself alone', () => {
    expect(deadLetters.Properties['RedriveAllowPolicy']).toMatchObject({ redrivePermission: 'byQueue' });
    expect(JSON.stringify(deadLetters.Properties['RedriveAllowPolicy'])).toContain(
      ':sqs:eu-west-3:111122223333:example-jobs',
    );
  });

  test('keeps dead letters as long as SQS can', () => {
    expect(deadLetters.Properties['MessageRetentionPeriod']).toBe(14 * 86_400);
  });

  test('is encrypted with the data key, both halves', () => {
    template.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: Match.anyValue() });
  });

  test('refuses what is not TLS, both halves', () => {
    template.resourcePropertiesCountIs(
      'AWS::SQS::QueuePolicy',
      {
        PolicyDocument: {
          Statement: [Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
        },
      },
      2,
    );
  });

  test('waits for jobs as long as a poll can', () => {
    expect(jobs.Properties['ReceiveMessageWaitTimeSeconds']).toBe(20);
  });

  test('outlives its stack', () => {
    expect([jobs['DeletionPolicy'], deadLetters['DeletionPolicy']]).toEqual(['Retain', 'Retain']);
  });

  test('goes with its stack where that was chosen', () => {
    const chosen = only(clusterTemplate({ retainData: false }), 'AWS::SQS::Queue', 'Jobs');
    expect(chosen['DeletionPolicy']).toBe('Delete');
  });
});
