import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { clusterTemplate, only } from './example.ts';

const template = clusterTemplate({ results: { expireDays: 30, undoDays: 3 } });
const bucket = only(template, 'AWS::S3::Bucket');

function denied(condition: object) {
  template.hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Condition: condition })]) },
  });
}

describe('a results bucket', () => {
  test('is closed to the public in all four ways', () => {
    expect(bucket.Properties['PublicAccessBlockConfiguration']).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
  });

  test('is encrypted with the data key', () => {
    expect(JSON.stringify(bucket.Properties['BucketEncryption'])).toContain('DataKey');
  });

  test('refuses what is not TLS', () => denied({ Bool: { 'aws:SecureTransport': 'false' } }));

  test('refuses TLS before 1.2', () => denied({ NumericLessThan: { 's3:TlsVersion': 1.2 } }));

  test('refuses to write a result that may be there already', () =>
    denied({ Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } }));

  test('deletes results after their time, bodies of jobs with their records, and nothing else', () => {
    const { Rules } = bucket.Properties['LifecycleConfiguration'] as { Rules: readonly Record<string, unknown>[] };
    expect(Rules.flatMap(({ Prefix, ExpirationInDays: days }) => (days === undefined ? [] : [[Prefix, days]]))).toEqual(
      [
        ['results/', 30],
        ['jobs/', 44],
      ],
    );
  });

  test('brings back what was deleted for some days', () => {
    expect(bucket.Properties['VersioningConfiguration']).toEqual({ Status: 'Enabled' });
    expect(bucket.Properties['LifecycleConfiguration']).toMatchObject({
      Rules: [{}, { NoncurrentVersionExpiration: { NoncurrentDays: 3 } }, {}],
    });
  });

  test('outlives its stack, and so does its key', () => {
    expect(bucket['DeletionPolicy']).toBe('Retain');
    expect(only(template, 'AWS::KMS::Key', 'DataKey')['DeletionPolicy']).toBe('Retain');
  });
});
