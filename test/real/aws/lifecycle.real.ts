import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsEndpoint, labCredentials, startAwsEndpoint } from '../../../lab/aws/index.ts';
import { cdk } from './cdk.ts';
import { type AwsOperator, createBootstrap, createDeployRole, openOperator } from './operator.ts';

const ACCOUNT = '222233334444';
const REGION = 'eu-west-3';
const STAGING = 'config/environments/staging.yaml';
const FOREVER = ['AWS::EC2::VPC', 'AWS::SQS::Queue', 'AWS::DynamoDB::Table', 'AWS::KMS::Key'];

/** An environment that was used goes and comes back, in the hands of `tandem`; each test goes on from where the last one ended. */
describe('an environment that was used', () => {
  let endpoint: AwsEndpoint;
  let operator: AwsOperator;
  const of = (type: string) => endpoint.state.realm(ACCOUNT, REGION).ofType(type);
  const ids = (...types: string[]) => types.flatMap((type) => of(type).map(({ physicalId }) => physicalId)).sort();
  const bucket = () => ids('AWS::S3::Bucket').find((name) => name.startsWith('aws-staging-cluster')) ?? '';
  const jobs = () => ids('AWS::SQS::Queue').find((url) => url.endsWith('acme-staging-jobs')) ?? '';
  const client = () => ({ endpoint: endpoint.url, region: REGION, credentials: labCredentials(ACCOUNT) });
  /** One job that is done and one that waits. */
  const use = async () => {
    const s3 = new S3Client({ ...client(), forcePathStyle: true });
    const written = { Bucket: bucket(), Key: 'results/job-1', Body: 'done', IfNoneMatch: '*' };
    await s3.send(new PutObjectCommand(written));
    await s3.send(new PutObjectCommand({ Bucket: bucket(), Key: 'documents/a', Body: 'a' }));
    await s3.send(new PutObjectCommand({ Bucket: bucket(), Key: 'documents/a', Body: 'b' }));
    await new SQSClient(client()).send(new SendMessageCommand({ QueueUrl: jobs(), MessageBody: '{}' }));
  };
  const deploy = async () => {
    const { code, log } = await operator.tandem('deploy', 'staging', '--yes');
    expect(code, log).toBe(0);
    return log;
  };

  beforeAll(async () => {
    endpoint = await startAwsEndpoint({ stepMilliseconds: 10 });
    operator = openOperator(endpoint.url, ACCOUNT, REGION);
    await createDeployRole(endpoint.url, ACCOUNT, REGION);
    await createBootstrap(endpoint.url, ACCOUNT, REGION);
  });
  afterAll(async () => {
    await endpoint.close();
    operator.remove();
  });

  it('is not destroyed by a yes; what would be lost is said, and nothing is touched', async () => {
    await deploy();
    await use();
    const before = ids(...FOREVER);
    const { code, log } = await operator.tandem('destroy', 'staging', '--yes');
    expect(code).toBe(1);
    expect(log).toContain('it holds 2 objects, 1 earlier version');
    expect(log).toContain('it holds 1 message');
    expect(log).toContain(
      'error holds-data: data would be lost: in aws/staging/cluster, queue acme-staging-jobs holds 1',
    );
    expect(log).toContain('`tandem destroy aws/staging/cluster --empty`');
    expect(ids(...FOREVER)).toEqual(before);
  });

  it('is destroyed with --empty, though it is killed on the way', async () => {
    const killed = await operator.killedAt(/cluster \w+: deleted/, 'destroy', 'staging', '--empty', '--yes');
    expect(killed.code).toBeNull();
    const { code, log } = await operator.tandem('deploy', '--resume', '--yes');
    expect(code, log).toBe(0);
    expect([...ids(...FOREVER), bucket()]).toEqual(['']);
    expect((await operator.tandem('list', 'staging')).out).toMatch(/cluster +new\b.*\n.*network +new\b/);
  });

  it('is destroyed by the command that a failed deletion advises', async () => {
    await deploy();
    // A worker that still ran put something in, after the look and before the deletion of the bucket.
    const message = 'The bucket you tried to delete is not empty (Service: S3, Status Code: 409, Request ID: 7C1)';
    endpoint.faults.failResource({ action: 'delete', type: 'AWS::S3::Bucket', message });
    const { code, log } = await operator.tandem('destroy', 'staging', '--yes');
    expect(code).toBe(1);
    expect(log).toMatch(/destroying aws\/staging\/cluster failed: \w+: The bucket you tried to delete is not empty/);
    // The network's, and that of the data, which is needed to read what is left.
    expect(ids('AWS::KMS::Key')).toHaveLength(2);
    const [, advised = ''] = /next: `tandem ([^`]+)`/.exec(log) ?? [];
    expect(advised).toBe('destroy aws/staging/cluster --empty');
    const repeated = await operator.tandem(...advised.split(' '), '--yes');
    expect(repeated.code, repeated.log).toBe(0);
    expect((await operator.tandem('destroy', 'staging', '--yes')).code).toBe(0);
    expect([...ids(...FOREVER), bucket()]).toEqual(['']);
  });

  it('keeps its data where the configuration says so, and comes back with it', async () => {
    operator.edit(STAGING, (text) => text.replace('retainData: false', 'retainData: true'));
    await deploy();
    await use();
    const kept = [...ids('AWS::SQS::Queue', 'AWS::DynamoDB::Table').filter(isWork), bucket()];
    const destroyed = await operator.tandem('destroy', 'staging', '--yes');
    expect(destroyed.code, destroyed.log).toBe(0);
    expect(destroyed.log).toContain('it holds 2 objects, 1 earlier version');
    expect(destroyed.log).toMatch(/kept, it costs about 0\.86 EUR a month/);
    expect(destroyed.log).toContain('`tandem deploy aws/staging/cluster` imports it again');
    expect([...ids('AWS::SQS::Queue', 'AWS::DynamoDB::Table').filter(isWork), bucket()]).toEqual(kept);
    const planned = JSON.parse(await operator.ok('plan', 'staging', '--live', '--json')) as PlanJson;
    const imported = planned.stacks.flatMap(({ changes }) => changes.filter(({ action }) => action === 'import'));
    expect(imported.map(({ type }) => type).sort()).toEqual([
      ...['AWS::DynamoDB::Table', 'AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::SQS::Queue', 'AWS::SQS::Queue'],
    ]);
    expect(await deploy()).toMatch(/cluster \w+: imported/);
    expect([...ids('AWS::SQS::Queue', 'AWS::DynamoDB::Table').filter(isWork), bucket()]).toEqual(kept);
    expect((await operator.tandem('deploy', 'staging', '--yes')).out).toBe(
      'aws/staging/network unchanged\naws/staging/cluster unchanged\n',
    );
  });

  it('gives what `npx cdk deploy` gives, after it came back', async () => {
    const output = join(operator.root, 'cdk.out');
    const app = `node ${join(import.meta.dirname, '../../../stacks/aws/main.ts')}`;
    const { exitCode, output: said } = await cdk(['deploy', 'aws-staging-*', '--require-approval', 'never'], {
      ...{ url: endpoint.url, account: ACCOUNT, output, app, cwd: operator.root },
    });
    expect(exitCode, said).toBe(0);
    expect(said).toContain('aws-staging-cluster (no changes)');
  });
});

/** Heartbeats are nobody's work. */
const isWork = (id: string): boolean => !/heartbeats/i.test(id);

interface PlanJson {
  readonly stacks: readonly { readonly changes: readonly { readonly action: string; readonly type: string }[] }[];
}
