import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeOutOfBand } from '../../../lab/aws/control.ts';
import { type AwsEndpoint, labCredentials, startAwsEndpoint } from '../../../lab/aws/index.ts';
import { cdk } from './cdk.ts';
import { type AwsOperator, createDeployRole, openOperator } from './operator.ts';

const ACCOUNT = '222233334444';
const REGION = 'eu-west-3';
const NETWORK = 'aws/staging/network';
const CLUSTER = 'aws/staging/cluster';
const STAGING = 'config/environments/staging.yaml';

/** The life of `staging` in the hands of `tandem`; each test goes on from where the last one ended. */
describe('tandem on AWS', () => {
  let endpoint: AwsEndpoint;
  let operator: AwsOperator;
  const told: string[] = [];
  const of = (type: string) => endpoint.state.realm(ACCOUNT, REGION).ofType(type);
  const jobs = () => of('AWS::SQS::Queue').find(({ physicalId }) => physicalId.endsWith('acme-staging-jobs'))!;
  const tandem = async (...args: string[]) => {
    const run = await operator.tandem(...args);
    told.push(run.out, run.log);
    return run;
  };
  /** What remains when nothing is deployed: the bootstrap and the role that deploys. */
  const foundation = () => ['AWS::EC2::VPC', 'AWS::SQS::Queue', 'AWS::DynamoDB::Table', 'AWS::KMS::Key'].flatMap(of);

  beforeAll(async () => {
    endpoint = await startAwsEndpoint({ stepMilliseconds: 25 });
    operator = openOperator(endpoint.url, ACCOUNT, REGION);
  });
  afterAll(async () => {
    await endpoint.close();
    operator.remove();
  });

  it('refuses credentials of another account, and another Region, before anything is touched', async () => {
    const { accessKeyId, secretAccessKey } = labCredentials('111122223333');
    const stranger = operator.as({ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
    for (const verb of ['deploy', 'destroy']) {
      const { code, log } = await stranger.tandem(verb, 'staging', '--yes');
      expect([code, log]).toEqual([1, expect.stringContaining('error wrong-account: environment staging')]);
      expect(log).toContain('account 222233334444; the credentials are of account 111122223333');
    }
    const { code, log } = await operator.as({ AWS_REGION: 'us-east-1' }).tandem('deploy', 'staging', '--yes');
    expect([code, log]).toEqual([1, expect.stringContaining('error wrong-region')]);
    expect(endpoint.state.realms().flatMap((realm) => [...realm.resources.values()])).toEqual([]);
  });

  it('names the role that is missing, and then the bootstrap', async () => {
    expect((await tandem('deploy', 'staging', '--yes')).log).toContain('error wrong-role');
    await createDeployRole(endpoint.url, ACCOUNT, REGION);
    // The one goes with the request, the other is too large and goes through a bucket.
    for (const stack of [NETWORK, CLUSTER])
      expect((await tandem('deploy', stack, '--yes')).log).toContain(
        `next: \`npx cdk bootstrap aws://${ACCOUNT}/${REGION}\``,
      );
    const output = await mkdtemp(join(tmpdir(), 'cdk-bootstrap-'));
    const { exitCode } = await cdk(['bootstrap', `aws://${ACCOUNT}/${REGION}`], {
      ...{ url: endpoint.url, account: ACCOUNT, output, app: 'node test/real/aws/cdk-app/main.ts' },
    });
    await rm(output, { recursive: true, force: true });
    expect(exitCode).toBe(0);
  });

  it('does not make a cluster without its network', async () => {
    const { code, log } = await tandem('deploy', CLUSTER, '--yes');
    expect([code, log]).toEqual([1, expect.stringContaining('error inputs-missing')]);
    expect(log).toContain(`tandem deploy ${NETWORK} ${CLUSTER}`);
    expect(of('AWS::SQS::Queue')).toEqual([]);
  });

  it('creates network and cluster in order, with the agent in the bucket', async () => {
    const { code, out, log } = await tandem('deploy', 'staging', '--yes');
    expect(code, log).toBe(0);
    expect(log).toContain('waits for VPC and subnets from aws/staging/network');
    expect(log.indexOf(`${NETWORK}: done`)).toBeLessThan(log.indexOf(`${CLUSTER}: applying`));
    expect(log).toContain('tandem-worker-agent-0.3.0.mjs');
    expect(out).toMatch(new RegExp(`${NETWORK} applied: 27 changes in .*\\n${CLUSTER} applied: 61 changes`));
    expect(jobs().properties['VisibilityTimeout']).toBe(300);
    expect(JSON.parse(await operator.ok('output', CLUSTER, '--json'))).toMatchObject({
      outputs: { JobsQueueUrl: jobs().physicalId, FleetName: 'acme-staging-workers' },
    });
  });

  it('changes nothing the second time', async () => {
    const { out } = await tandem('deploy', 'staging', '--yes');
    expect(out).toBe(`${NETWORK} unchanged\n${CLUSTER} unchanged\n`);
  });

  it('gives what `npx cdk deploy` gives', async () => {
    const { exitCode, output } = await shipped('deploy', 'aws-staging-*', '--require-approval', 'never');
    expect(exitCode, output).toBe(0);
    expect(output).toContain('aws-staging-network (no changes)');
    expect(output).toContain('aws-staging-cluster (no changes)');
  });

  it('updates in place what was changed', async () => {
    const before = jobs().physicalId;
    operator.edit(STAGING, (text) => `${text}  queues: { jobs: { visibilityTimeoutSeconds: 240 } }\n`);
    operator.edit(STAGING, (text) => text.replace('  alarms:\n', '  alarms:\n    email: [one@example.org]\n'));
    const { code, log } = await tandem('deploy', 'staging', '--yes');
    expect(code, log).toBe(0);
    expect(log).toMatch(/VisibilityTimeout: 300 -> 240/);
    expect([jobs().physicalId, jobs().properties['VisibilityTimeout']]).toEqual([before, 240]);
  });

  it('says what will be replaced, and replaces it', async () => {
    const subscribers = () => of('AWS::SNS::Subscription').map(({ properties }) => properties['Endpoint']);
    expect(subscribers()).toEqual(['cloud@acme.example.org', 'one@example.org']);
    operator.edit(STAGING, (text) => text.replace('one@example.org', 'two@example.org'));
    const { code, log } = await tandem('deploy', 'staging', '--yes');
    expect(code, log).toBe(0);
    expect(log).toContain('0 to create, 0 to update, 1 to replace, 0 to delete');
    expect(log).toMatch(/Endpoint: one@example\.org -> two@example\.org/);
    expect(log).toContain('Endpoint cannot be changed in place');
    expect(subscribers()).toEqual(['cloud@acme.example.org', 'two@example.org']);
  });

  it('fails where a service refuses, names resource and reason, and rolls back', async () => {
    const message = 'The queue is being moved (Service: Sqs, Status Code: 400, Request ID: 1f0e-77)';
    endpoint.faults.failResource({ action: 'update', type: 'AWS::SQS::Queue', message });
    operator.edit(STAGING, (text) => text.replace('visibilityTimeoutSeconds: 240', 'visibilityTimeoutSeconds: 200'));
    const { code, log } = await tandem('deploy', 'staging', '--yes');
    expect(code).toBe(1);
    expect(log).toMatch(
      /error stack-failed: applying aws\/staging\/cluster failed: \w*Jobs\w*: The queue is being moved/,
    );
    expect(log).toContain('[request 1f0e-77]');
    expect(jobs().properties['VisibilityTimeout']).toBe(240);
    expect((await tandem('list', CLUSTER)).out).toContain('unfinished');
  });

  it('goes on with --resume once the cause is fixed', async () => {
    expect((await tandem('deploy', '--resume', '--yes')).code).toBe(0);
    expect(jobs().properties['VisibilityTimeout']).toBe(200);
    expect((await tandem('deploy', '--resume', '--yes')).log).toContain('error nothing-to-resume');
  });

  it('continues a rollback that failed', async () => {
    operator.edit(STAGING, (text) => text.replace('visibilityTimeoutSeconds: 200', 'visibilityTimeoutSeconds: 180'));
    // The update fails, and so does taking the queue back.
    endpoint.faults.failResource({ action: 'update', type: 'AWS::SQS::Queue', message: 'not now', times: 2 });
    const failed = await tandem('deploy', CLUSTER, '--yes');
    expect(failed.code).toBe(1);
    const { code, log } = await tandem('deploy', '--resume', '--yes');
    expect(code, log).toBe(0);
    expect(log).toContain('its rollback failed');
    expect(jobs().properties['VisibilityTimeout']).toBe(180);
  });

  it('tells one of two operators at once who works', async () => {
    operator.edit(STAGING, (text) => text.replace('visibilityTimeoutSeconds: 180', 'visibilityTimeoutSeconds: 170'));
    const runs = await Promise.all([tandem('deploy', 'staging', '--yes'), tandem('deploy', 'staging', '--yes')]);
    const refused = runs.filter(({ code }) => code !== 0);
    for (const { log } of refused) expect(log).toMatch(/error state-locked: .* is locked by/);
    expect(runs.some(({ code }) => code === 0)).toBe(true);
    expect(jobs().properties['VisibilityTimeout']).toBe(170);
  });

  it('shows what was changed by hand', async () => {
    expect((await tandem('drift', 'staging')).out).toBe('2 of 2 stacks are as applied.\n');
    changeOutOfBand(endpoint.state, jobs().physicalId, { VisibilityTimeout: 5 });
    const { code, out } = await tandem('drift', 'staging', '--detailed-exitcode');
    expect([code, out]).toEqual([2, expect.stringMatching(/changed {2}\w*Jobs\w*\n\s+VisibilityTimeout: 170 -> 5/)]);
    changeOutOfBand(endpoint.state, jobs().physicalId, { VisibilityTimeout: 170 });
  });

  it('waits out throttling', async () => {
    endpoint.faults.failCall({
      call: 'cloudformation:DescribeStacks',
      code: 'Throttling',
      message: 'Rate exceeded',
      times: 3,
    });
    expect((await tandem('deploy', 'staging', '--yes')).code).toBe(0);
  });

  it('destroys in reverse, and leaves nothing', async () => {
    const { code, log } = await tandem('destroy', 'staging', '--yes');
    expect(code, log).toBe(0);
    expect(log.indexOf(`${CLUSTER}: done`)).toBeLessThan(log.indexOf(`${NETWORK}: applying`));
    expect(foundation()).toEqual([]);
    expect(of('AWS::S3::Bucket').map(({ physicalId }) => physicalId)).toEqual([
      `cdk-hnb659fds-assets-${ACCOUNT}-${REGION}`,
    ]);
    expect((await tandem('list', 'staging')).out).toMatch(/cluster +new\b.*\n.*network +new\b/);
  });

  it.each([/network \w+: created/, /cluster: applying/, /cluster \w+: created/])(
    'killed at %s, it finishes with --resume',
    async (moment) => {
      const killed = await operator.killedAt(moment, 'deploy', 'staging', '--yes');
      expect(killed.code).toBeNull();
      const resumed = await tandem('deploy', '--resume', '--yes');
      expect(resumed.code, resumed.log).toBe(0);
      expect((await tandem('deploy', 'staging', '--yes')).out).toBe(`${NETWORK} unchanged\n${CLUSTER} unchanged\n`);
      expect(of('AWS::EC2::VPC')).toHaveLength(1);
      expect(of('AWS::AutoScaling::AutoScalingGroup')).toHaveLength(1);
      const gone = await operator.killedAt(/cluster \w+: deleted/, 'destroy', 'staging', '--yes');
      expect(gone.code).toBeNull();
      expect((await tandem('deploy', '--resume', '--yes')).code).toBe(0);
      expect(foundation()).toEqual([]);
    },
  );

  it('keeps data where the configuration says so, and names what stays', async () => {
    operator.edit(STAGING, (text) => text.replace('retainData: false', 'retainData: true'));
    expect((await tandem('deploy', 'staging', '--yes')).code).toBe(0);
    const { code, log } = await tandem('destroy', 'staging', '--yes');
    expect(code, log).toBe(0);
    expect(log).toMatch(/stays in the account: AWS::SQS::Queue \S*acme-staging-jobs/);
    const left = ['AWS::SQS::Queue', 'AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::EC2::VPC', 'AWS::DynamoDB::Table'];
    expect(left.map((type) => [type, of(type).length])).toEqual([
      ['AWS::SQS::Queue', 2],
      ['AWS::KMS::Key', 1],
      ['AWS::S3::Bucket', 2],
      ['AWS::EC2::VPC', 0],
      // That of jobs; what heartbeats say is over.
      ['AWS::DynamoDB::Table', 1],
    ]);
  });

  it('kept no secret in state, record, journal, log or error', () => {
    const { secretAccessKey } = labCredentials(ACCOUNT);
    const all = `${told.join('\n')}\n${operator.kept()}`;
    expect(all.length).toBeGreaterThan(100_000);
    expect(all).not.toContain(secretAccessKey);
    expect(all).not.toMatch(/SecretAccessKey|SessionToken|X-Amz-Security-Token/i);
  });

  /** The real CDK CLI on the shipped application, in the operator's checkout. */
  const shipped = async (...args: string[]) => {
    const output = join(operator.root, 'cdk.out');
    const app = `node ${join(import.meta.dirname, '../../../stacks/aws/main.ts')}`;
    return cdk(args, { url: endpoint.url, account: ACCOUNT, output, app, cwd: operator.root });
  };
});
